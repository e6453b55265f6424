-- The best `count` free seats side by side in one row: first those that leave no single free seat between them and a seat
-- that is taken, a gap or the row's end; of these the nearest to the focal point, as the crow flies from there to the middle
-- of the block, where a row is as deep as two seats are wide; of these the first. So seats.io chooses, too
-- (docs.seats.io/docs/api/best-available). Exactly `wheelchair` of them are wheelchair places.
-- Returns the block's first cell, counted from 0, or nil where there is none.
local ROW = 4  -- in half seats, as all distances here
local FREE, WHEELCHAIR = string.byte('.w', 1, 2)

local function best_block(map, focal, count, wheelchair)
  local seat = wheelchair == 0 and '%.' or '[.w]'
  local pattern = string.rep(seat, count) .. seat .. '*'
  if not string.find(map, pattern) then
    return nil
  end

  local starts, focal_row, last = {1}, 1, nil
  repeat
    last = string.find(map, '\n', starts[#starts], true)
    starts[#starts + 1] = (last or #map + 1) + 1
    if starts[#starts] <= focal + 1 then
      focal_row = #starts
    end
  until not last
  local column, rows = focal + 2 - starts[focal_row], #starts - 1

  local best, best_distance, worse, worse_distance = nil, math.huge, nil, math.huge
  local function is_free(line, i)
    local cell = string.byte(line, i)
    return cell == FREE or cell == WHEELCHAIR
  end
  local function look_at(row, deep)
    local line = string.sub(map, starts[row], starts[row + 1] - 2)
    local from, to = string.find(line, pattern)
    while from do
      for first = from, to - count + 1 do
        local final, across = first + count - 1, 2 * (first - column) + count - 1
        local distance, position = deep + across * across, starts[row] + first - 2
        if distance < best_distance or distance == best_distance and position < best then
          local _, places = nil, 0
          if wheelchair > 0 then
            _, places = string.gsub(string.sub(line, first, final), 'w', '')
          end
          if places == wheelchair then
            if is_free(line, first - 1) and not is_free(line, first - 2)
              or is_free(line, final + 1) and not is_free(line, final + 2) then
              if distance < worse_distance or distance == worse_distance and position < worse then
                worse, worse_distance = position, distance
              end
            else
              best, best_distance = position, distance
            end
          end
        end
      end
      from, to = string.find(line, pattern, to + 1)
    end
  end

  for away = 0, rows - 1 do
    local deep = (ROW * away) ^ 2
    if deep > best_distance then
      break
    end
    if focal_row - away >= 1 then
      look_at(focal_row - away, deep)
    end
    if away > 0 and focal_row + away <= rows then
      look_at(focal_row + away, deep)
    end
  end
  return best or worse
end
