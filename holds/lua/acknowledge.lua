#!lua flags=allow-oom
-- Forget offers that are recorded in Postgres, and write the row as it was after that. The line is to be loaded then, even
-- if that row was known already: an entry that was put back was left out of the line while its offer was there.
--
-- KEYS[1]  the pool
-- KEYS[2]  the offers of its line: entry -> end in ms
-- KEYS[3]  what its line is made of
-- ARGV[1]  the row's version
-- ARGV[2]  its capacity
-- ARGV[3]  its seats sold
-- ARGV[4]  the end of its sales in ms
-- ARGV[5]  the version of its line
-- ARGV[6]  its seat plan, '' where seats are counted
-- ARGV[7]  for each cell of that '1' where the seat is sold, else '0'
-- ARGV[8…] the entries
--
-- Returns 1 when the row was accepted, 0 when the pool is absent or knows a newer one.
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/register
for i = 8, #ARGV do
  if redis.call('ZREM', KEYS[2], ARGV[i]) == 1 then
    redis.call('HDEL', KEYS[3], ARGV[i])
  end
end
local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5],
  plan = ARGV[6], sold_cells = ARGV[7]}
local accepted, changes = write_register(KEYS[1], row, false, 0, current_ms())
if (redis.call('HGET', KEYS[1], 'wants') or '-2') ~= '-2' then
  redis.call('HSET', KEYS[1], 'wants', -1)
end
note_change(KEYS[1], current_ms(), changes)
return accepted and 1 or 0
