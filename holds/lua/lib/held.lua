-- Add `seats` (may be negative) to the pool's sum of held seats. A pool that is absent stays absent: `load` sums anew.
local function add_held(pool, seats)
  if seats ~= 0 and redis.call('EXISTS', pool) == 1 then
    redis.call('HINCRBY', pool, 'held', seats)
  end
end

-- Take the hold out of the pool. Does nothing where it is out already.
local function remove_hold(pool, holds, seats, hold, id)
  redis.call('DEL', hold)
  redis.call('ZREM', holds, id)
  local count = tonumber(redis.call('HGET', seats, id) or 0)
  redis.call('HDEL', seats, id)
  add_held(pool, -count)
end
