-- @include lib/seating
-- Write which of the pool's seats its row says are sold. `kept_until`: the end of the pool's keys, 0 where it is not known.
-- Returns what `numbered` is to be: 0 where seats are counted, 1, or -1 where the hall is to be loaded; and what changes.
local function write_sold(pool, row, kept_until)
  local seating = pool .. ':seating'
  if row.plan == '' then
    redis.call('DEL', seating)
    redis.call('XTRIM', pool .. ':changes', 'MAXLEN', 0)  -- whoever knows seats of the pool looks at it anew
    return 0, ''
  end
  local known = redis.call('HMGET', seating, 'loaded', 'map', 'sold', 'plan')
  redis.call('HSET', seating, 'plan', row.plan, 'sold', row.sold_cells)
  if known[1] ~= row.plan or not known[2] then
    if kept_until > 0 then
      redis.call('PEXPIREAT', seating, kept_until)
    end
    return -1, ''
  end
  if known[4] ~= row.plan then
    return 1, (redraw(pool))
  elseif known[3] == row.sold_cells then
    return 1, ''
  end
  local before, marks = bytes_of(known[3]), {}
  for i, bit in ipairs(bytes_of(row.sold_cells)) do
    if bit ~= before[i] and bit ~= SOLD then
      return 1, (redraw(pool))  -- who came to have it is not known here
    elseif bit ~= before[i] then
      marks[i - 1] = 'x'
    end
  end
  local map, changes = draw(known[2], marks)
  redis.call('HSET', seating, 'map', map)
  return 1, changes
end
