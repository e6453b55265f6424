#!lua flags=no-writes
-- What the pool's register says and what its holds add up to, at one moment. Nothing is changed, not even reaped.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- ARGV[1]  how many holds are summed at most
--
-- Returns {1, now, fresh_until, capacity, sold, held, sales_end, version,
--          holds: how many there are by their ends, lapsed ones too, indexed: how many by their seats,
--          its plan and for each cell of that '1' where the seat is sold, both '' where seats are counted,
--          then, unless there are too many, seats: their sum, lapsed: how many of these are past their end and not reaped}
--         {-1, now}  the pool is absent
--
-- @include lib/clock
-- @include lib/sums
local CHUNK = 1000  -- as many as fit on the stack, with room to spare
local now = current_ms()
local register = redis.call('HMGET', KEYS[1], 'fresh_until', 'capacity', 'sold', 'free', 'sales_end', 'version')
if not register[1] then
  return {-1, now}
end
for i = 1, 6 do
  register[i] = tonumber(register[i] or 0)
end
local fresh_until, capacity, sold, free, sales_end, version = unpack(register)
local holds, indexed = redis.call('ZCARD', KEYS[2]), count_seated(KEYS[1])
local seating = redis.call('HMGET', KEYS[1] .. ':seating', 'plan', 'sold')
local reply = {1, now, fresh_until, capacity, sold, capacity - sold - free, sales_end, version, holds, indexed,
  seating[1] or '', seating[2] or ''}
if math.max(holds, indexed) > tonumber(ARGV[1]) then
  return reply
end

local lapsed, first = 0, 0
local due
repeat
  due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', first, CHUNK)
  if #due > 0 then
    for i, id in ipairs(due) do
      due[i] = 'seats:' .. id
    end
    for _, count in ipairs(redis.call('HMGET', KEYS[1], unpack(due))) do
      lapsed = lapsed + (tonumber(count) or 0)
    end
  end
  first = first + CHUNK
until #due == 0
reply[#reply + 1], reply[#reply + 2] = sum_seats(KEYS[1]), lapsed
return reply
