#!lua flags=allow-oom
-- Remove open holds of one pool, all or none. Holds that are gone already do not matter.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3…] the holds
-- ARGV[1]  owner
-- ARGV[2…] the holds' ids
--
-- Returns {1}
--         {-5, n}  the n-th hold is not the owner's
--         {-6, n}  the n-th hold is claimed
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/remove
local now = current_ms()
for i = 3, #KEYS do
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'claim_ends_at')
  if hold[1] and hold[1] ~= ARGV[1] then
    return {-5, i - 2}
  end
  if hold[2] and tonumber(hold[2]) > now then
    return {-6, i - 2}
  end
end
local changes = {}
for i = 3, #KEYS do
  changes[#changes + 1] = remove_hold(KEYS[1], KEYS[2], KEYS[i], ARGV[i - 1])
end
note_change(KEYS[1], now, joined(changes))
return {1}
