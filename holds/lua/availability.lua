#!lua flags=allow-oom
-- What the pool knows of itself, after reaping.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
--
-- Returns {1, now, fresh_until, capacity, sold, held, sales_end, version}
--         {-1, now}  the pool is absent
--         {-2}       more holds are due for reaping: call again
--
-- @include lib/clock
-- @include lib/reap
local now = current_ms()
local _, more_due = reap(KEYS[1], KEYS[2], now)
if more_due then
  return {-2}
end
local register = redis.call('HMGET', KEYS[1], 'fresh_until', 'capacity', 'sold', 'free', 'sales_end', 'version')
if not register[1] then
  return {-1, now}
end
for i, value in ipairs(register) do
  register[i] = tonumber(value)
end
local fresh_until, capacity, sold, free, sales_end, version = unpack(register)
return {1, now, fresh_until, capacity, sold, capacity - sold - free, sales_end, version}
