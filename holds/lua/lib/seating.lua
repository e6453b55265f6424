-- The numbered seats of a pool. Its seating has
--   `plan` and `sold` (for each cell '1' or '0'), as the row has them,
--   `loaded`, the plan of which are `cells` ('.' a seat, 'w' a wheelchair place, ' ' none, one line a row), `labels`
--   (of each cell, in words of one length) and `focal`,
--   `of:bkg_2`, 'owner closes_at' and the cells of a live hold; outlives the hold's key, so that reaping can free them,
--   `map`: `cells`, with 'o' for those of live holds, and 'x' for those sold: drawn from all of these.
-- Cells are counted from 0. Changes are told as lib/changes takes them: '17o1700000060000 18. 19x'.
local AT_ONCE = 1000  -- as many as fit on the stack, with room to spare
local SOLD = string.byte('1')

local function bytes_of(text)
  local bytes = {}
  for from = 1, #text, AT_ONCE do
    local some = {string.byte(text, from, from + AT_ONCE - 1)}
    if from == 1 then
      bytes = some
    else
      for _, byte in ipairs(some) do
        bytes[#bytes + 1] = byte
      end
    end
  end
  return bytes
end

local function text_of(bytes)
  local parts = {}
  for from = 1, #bytes, AT_ONCE do
    parts[#parts + 1] = string.char(unpack(bytes, from, math.min(from + AT_ONCE - 1, #bytes)))
  end
  return table.concat(parts)
end

local function cell_of(text, position)
  return string.sub(text, position + 1, position + 1)
end

-- What a cell is to others than its hold.
local function cell_without(cells, sold, position)
  return cell_of(sold, position) == '1' and 'x' or cell_of(cells, position)
end

-- Changes as one text.
local function joined(changes)
  local parts = {}
  for _, some in ipairs(changes) do
    parts[#parts + 1] = some ~= '' and some or nil
  end
  return table.concat(parts, ' ')
end

-- The cells of a live hold, its end, and its owner.
local function read_seated(seated)
  local positions, owner, closes_at = {}, nil, nil
  for word in string.gmatch(seated, '%S+') do
    if not owner then
      owner = word
    elseif not closes_at then
      closes_at = word
    else
      positions[#positions + 1] = tonumber(word)
    end
  end
  return positions, closes_at, owner
end

-- The map with other characters in some places (position -> character), and what that changes. `ends`: position -> the end
-- of its hold.
local function draw(map, marks, ends)
  local positions, parts, changes, from = {}, {}, {}, 1
  for position, cell in pairs(marks) do
    if cell_of(map, position) ~= cell then
      positions[#positions + 1] = position
    end
  end
  table.sort(positions)
  for _, position in ipairs(positions) do
    local cell = marks[position]
    parts[#parts + 1] = string.sub(map, from, position)
    parts[#parts + 1] = cell
    from = position + 2
    changes[#changes + 1] = position .. cell .. (cell == 'o' and ends and ends[position] or '')
  end
  parts[#parts + 1] = string.sub(map, from)
  return table.concat(parts), table.concat(changes, ' ')
end

-- Free the cells of these holds, which are no more. Returns what that changes.
local function leave_cells(pool, ids)
  local seating, fields, marks = pool .. ':seating', {}, {}
  for i, id in ipairs(ids) do
    fields[i] = 'of:' .. id
  end
  local known = redis.call('HMGET', seating, 'map', 'cells', 'sold')
  for _, seated in ipairs(redis.call('HMGET', seating, unpack(fields))) do
    for _, position in ipairs(known[1] and known[2] and seated and read_seated(seated) or {}) do
      marks[position] = cell_without(known[2], known[3], position)
    end
  end
  redis.call('HDEL', seating, unpack(fields))
  if next(marks) == nil then
    return ''
  end
  local map, changes = draw(known[1], marks)
  redis.call('HSET', seating, 'map', map)
  return changes
end

-- Draw the map from all that is known. Returns what that changes, and how many cells live holds have.
local function redraw(pool)
  local seating = pool .. ':seating'
  local fields, known, held, cells_held = redis.call('HGETALL', seating), {}, {}, 0
  for i = 1, #fields, 2 do
    known[fields[i]] = fields[i + 1]
  end
  local bytes, sold, free = bytes_of(known.cells), bytes_of(known.sold or ''), string.byte('o')
  for field, seated in pairs(known) do
    if string.sub(field, 1, 3) == 'of:' then
      local positions, closes_at = read_seated(seated)
      for _, position in ipairs(positions) do
        bytes[position + 1], held[position] = free, closes_at
      end
      cells_held = cells_held + #positions
    end
  end
  for i, bit in ipairs(sold) do
    if bit == SOLD then
      bytes[i] = string.byte('x')
    end
  end
  local map, changes = text_of(bytes), {}
  if map ~= known.map then
    redis.call('HSET', seating, 'map', map)
    local before = bytes_of(known.map or '')
    for i, byte in ipairs(bytes) do
      if byte ~= before[i] then
        changes[#changes + 1] = i - 1 .. string.char(byte) .. (byte == string.byte('o') and held[i - 1] or '')
      end
    end
  end
  return table.concat(changes, ' '), cells_held
end
