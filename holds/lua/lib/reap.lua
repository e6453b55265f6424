-- @include lib/changes
-- @include lib/lapsed
-- Take the holds that have ended out of the pool, at most REAP_CHUNK of them.
-- Returns the seats that came free, and whether more holds may be due.
local REAP_CHUNK = 200

local function reap(pool, holds, now)
  local ended = redis.call('ZRANGEBYSCORE', holds, '-inf', now, 'WITHSCORES', 'LIMIT', 0, REAP_CHUNK)
  if #ended == 0 then
    return 0, false
  end
  local due, fields, notes, freed = {}, {}, {}, 0
  for i = 1, #ended, 2 do
    due[#due + 1] = ended[i]
    fields[#fields + 1] = 'seats:' .. ended[i]
  end
  local known = redis.call('HMGET', pool, 'numbered', unpack(fields))
  for i = 1, #due do
    local count = known[i + 1]
    freed = freed + (tonumber(count) or 0)
    notes[i] = due[i] .. ' ' .. (count or 0) .. ' ' .. ended[2 * i]
  end
  note_lapsed(pool, notes)
  redis.call('ZREM', holds, unpack(due))
  redis.call('HDEL', pool, unpack(fields))
  local changes = ''
  if (known[1] or '0') ~= '0' then
-- @include lib/seating
    changes = leave_cells(pool, due)
  end
  if freed > 0 then
    redis.call('HINCRBY', pool, 'free', freed)
  end
  if freed > 0 or changes ~= '' then
    note_change(pool, now, changes)
  end
  return freed, #due == REAP_CHUNK
end
