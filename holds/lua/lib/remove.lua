-- Take the hold out of the pool: its seats come free. Does nothing where it is out already.
local function remove_hold(pool, holds, hold, id)
  redis.call('DEL', hold)
  redis.call('ZREM', holds, id)
  local count = redis.call('HGET', pool, 'seats:' .. id)
  if count then
    redis.call('HDEL', pool, 'seats:' .. id)
    redis.call('HINCRBY', pool, 'free', count)
  end
end
