-- Take the holds that have ended out of the pool, at most REAP_CHUNK of them.
-- Returns the seats that came free, and whether more holds may be due.
local REAP_CHUNK = 200

local function reap(pool, holds, now)
  local due = redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, REAP_CHUNK)
  if #due == 0 then
    return 0, false
  end
  local fields, freed = {}, 0
  for i, id in ipairs(due) do
    fields[i] = 'seats:' .. id
  end
  for _, count in ipairs(redis.call('HMGET', pool, unpack(fields))) do
    freed = freed + (tonumber(count) or 0)
  end
  redis.call('ZREM', holds, unpack(due))
  redis.call('HDEL', pool, unpack(fields))
  if freed > 0 then
    redis.call('HINCRBY', pool, 'free', freed)
  end
  return freed, #due == REAP_CHUNK
end
