-- Find the seats of the live holds in the hall by their labels, which the holds' own keys have. Those of another plan are
-- nobody's, though they still count. Labels that are not as many as the hold's seats, which were counted meanwhile, go.
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

  local plan, cells, labels = unpack(redis.call('HMGET', seating, 'loaded', 'cells', 'labels'))
  local width, free = math.floor(#labels / #cells), {}
  for at, label in string.gmatch(labels, '()(%S+)') do
    free[label] = math.floor((at - 1) / width)
  end
  for _, id in ipairs(ids) do
    local hold = redis.call('HMGET', hold_prefix .. id, 'owner', 'closes_at', 'labels', 'plan')
    local words, named = {hold[1], hold[2]}, hold[3] or ''
    local _, many = string.gsub(named, '%S+', '')
    if named ~= '' and many ~= tonumber(redis.call('HGET', pool, 'seats:' .. id) or 0) then
      redis.call('HDEL', hold_prefix .. id, 'labels', 'plan')
    elseif hold[4] == plan then
      for label in string.gmatch(named, '%S+') do
        words[#words + 1], free[label] = free[label], nil
      end
    end
    if #words > 2 then
      redis.call('HSET', seating, 'of:' .. id, table.concat(words, ' '))
    end
  end
end
