-- Tell those who watch the pool what became of it, in its stream: nothing is written where nobody does, nor twice the same.
-- `cells` is what became of its numbered seats, '' for none. `certain`: it is another than before, and need not be compared.
-- Whoever follows the pool makes the stream, and gives it its end.
local MAX_CHANGES = 1000  -- nearly: whole nodes of the stream are forgotten

local function note_change(pool, now, cells, certain)
  local known = redis.call('HMGET', pool, 'watched_until', 'capacity', 'sold', 'free')
  if (known[1] or 0) - now <= 0 then
    return
  end
  local changes, held = pool .. ':changes', tostring(known[2] - known[3] - known[4])
  if not certain and cells == '' then
    local last = redis.call('XREVRANGE', changes, '+', '-', 'COUNT', 1)[1]
    local told = last and last[2] or {}
    if told[2] == known[4] and told[4] == known[3] and told[6] == held then
      return
    end
  end
  redis.call('XADD', changes, 'NOMKSTREAM', 'MAXLEN', '~', MAX_CHANGES, '*',
    'free', known[4], 'sold', known[3], 'held', held, 'cells', cells)
end
