-- Find the seats of the live holds in the hall by their labels, which the holds' own keys have. Seats of another plan that
-- this one does not have are nobody's, though they still count.
local function seat_holds(pool, holds, hold_prefix)
  local seating = pool .. ':seating'
  for _, field in ipairs(redis.call('HKEYS', seating)) do
    if string.sub(field, 1, 3) == 'of:' then
      redis.call('HDEL', seating, field)
    end
  end
  local ids = redis.call('ZRANGE', holds, 0, -1)
  if #ids == 0 then
    return
  end

  local cells, labels = unpack(redis.call('HMGET', seating, 'cells', 'labels'))
  local width, free = math.floor(#labels / #cells), {}
  for at, label in string.gmatch(labels, '()(%S+)') do
    free[label] = math.floor((at - 1) / width)
  end
  for _, id in ipairs(ids) do
    local hold = redis.call('HMGET', hold_prefix .. id, 'owner', 'closes_at', 'labels')
    local words = {hold[1], hold[2]}
    for label in string.gmatch(hold[3] or '', '%S+') do
      words[#words + 1], free[label] = free[label], nil
    end
    if #words > 2 then
      redis.call('HSET', seating, 'of:' .. id, table.concat(words, ' '))
    end
  end
end
