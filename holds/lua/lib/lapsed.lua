-- Note holds that ended though nobody sold or released them, for whoever keeps their history: each 'id seats end', and
-- 'id seats end owner' where the pool was dropped under it. If nobody takes them, they are forgotten
-- LAPSED_KEPT_MS after the last one.
local MAX_LAPSED, LAPSED_KEPT_MS = 20000, 900000

local function note_lapsed(pool, notes)
  local list = pool .. ':lapsed'
  local count = redis.call('RPUSH', list, unpack(notes))
  redis.call('PEXPIRE', list, LAPSED_KEPT_MS)
  if count > MAX_LAPSED then
    redis.call('LTRIM', list, -MAX_LAPSED, -1)
  end
end
