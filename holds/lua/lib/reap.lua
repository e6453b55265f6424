-- @include lib/held
-- Take the holds that have ended out of the pool's sums, at most REAP_CHUNK of them.
-- Returns the seats that came free, and whether more holds may be due.
local REAP_CHUNK = 200

local function reap(pool, holds, seats, now)
  local due = redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'LIMIT', 0, REAP_CHUNK)
  if #due == 0 then
    return 0, false
  end
  local freed = 0
  for _, count in ipairs(redis.call('HMGET', seats, unpack(due))) do
    freed = freed + (tonumber(count) or 0)
  end
  redis.call('ZREM', holds, unpack(due))
  redis.call('HDEL', seats, unpack(due))
  add_held(pool, -freed)
  return freed, #due == REAP_CHUNK
end
