-- @include lib/seating
-- Take the hold out of the pool: its seats come free. Does nothing where it is out already. Returns what that changes of
-- numbered seats.
local function remove_hold(pool, holds, hold, id)
  redis.call('DEL', hold)
  redis.call('ZREM', holds, id)
  local count, numbered = unpack(redis.call('HMGET', pool, 'seats:' .. id, 'numbered'))
  if count then
    redis.call('HDEL', pool, 'seats:' .. id)
    redis.call('HINCRBY', pool, 'free', count)
  end
  return (numbered or '0') ~= '0' and leave_cells(pool, {id}) or ''
end
