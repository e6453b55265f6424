#!lua flags=allow-oom
-- List the pool's holds that lapsed, after reaping, and forget those that were listed before.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its lapsed holds
-- ARGV[1]  how many to forget, the oldest first
-- ARGV[2]  the last one of these; where it is another one by now, none is forgotten
-- ARGV[3]  how many to list at most
--
-- Returns {1 when more holds are due for reaping, else 0; then the oldest lapsed holds as lib/lapsed notes them}
--
-- @include lib/clock
-- @include lib/reap
local more_due = false
if redis.call('EXISTS', KEYS[1]) == 1 then
  local _
  _, more_due = reap(KEYS[1], KEYS[2], current_ms())
end
if ARGV[1] ~= '0' and redis.call('LINDEX', KEYS[3], ARGV[1] - 1) == ARGV[2] then
  redis.call('LTRIM', KEYS[3], ARGV[1], -1)
end
return {more_due and 1 or 0, unpack(redis.call('LRANGE', KEYS[3], 0, ARGV[3] - 1))}
