#!lua
-- Give open holds of one pool the seats of a hall that were chosen, or the best that are side by side, all or none.
--
-- A hold that asks for the best, and has so many seats, keeps them. Else its seats are free to itself.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its seating
-- KEYS[4…] the holds
-- ARGV[1]  owner
-- ARGV[2]  the plan that the chosen cells are of, '' where none are
-- ARGV[3…] for each hold its id, its total of seats (0 or more), how many of them are wheelchair places (-1: none, but a hold
--          that has so many seats keeps them, whichever they are), and the cells chosen, '' for the best
--
-- Returns 'now fresh_until plan', then for each hold ' opened_at reserved_at closes_at' (reserved_at 0: no seats yet), and
--         the labels of its seats, which are of that plan
--         {-1, now}         stale: read Postgres, load the pool and its seating, call again
--         {-2}              more holds are due for reaping: call again
--         {-3}              sales have ended: nothing grows
--         {-4, free}        not enough seats
--         {-5, n}           the n-th hold is gone, has ended, or is not the owner's
--         {-6, n}           the n-th hold is claimed
--         {-9}              the pool's seats have no numbers
--         {-10, plan}       its plan is another one
--         {-11, cell…}      these of the chosen cells are taken
--         {-12, n, free, plan, map}  for the n-th hold so many are not side by side; the hall, where what it had is free
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/seating
-- @include lib/reap
-- @include lib/block
local pool, holds, seating, now = KEYS[1], KEYS[2], KEYS[3], current_ms()

-- What the hold has, and whether it keeps that: only seats that are still its own count.
local function recall(wish, seated, map, cells)
  local own, places = 0, 0
  wish.positions = seated and read_seated(seated) or {}
  wish.seats = tonumber(redis.call('HGET', pool, 'seats:' .. wish.id) or 0)
  for _, position in ipairs(wish.positions) do
    own = own + (cell_of(map, position) == 'o' and 1 or 0)
    places = places + (cell_of(cells, position) == 'w' and 1 or 0)
  end
  wish.keeps = wish.chosen == '' and wish.seats == wish.count and own == wish.seats
    and (wish.wheelchair < 0 or wish.wheelchair == places)
end

-- Put down what the hold has now. Returns that for the caller.
local function hand_over(wish, plan, labels, width)
  local hold, words = wish.hold, {}
  for i, position in ipairs(wish.positions) do
    words[i] = string.match(labels, '%S+', position * width + 1)
  end
  local named = table.concat(words, ' ')
  if #words == 0 then
    redis.call('HDEL', seating, 'of:' .. wish.id)
    redis.call('HDEL', wish.key, 'labels', 'plan')
  elseif not wish.keeps then
    redis.call('HSET', seating, 'of:' .. wish.id,
      string.format('%s %s %s', ARGV[1], hold[4], table.concat(wish.positions, ' ')))
    redis.call('HSET', wish.key, 'labels', named, 'plan', plan)
  end
  if #words > 0 and not hold[3] then
    hold[3] = now
    redis.call('HSET', wish.key, 'reserved_at', now)
  end
  redis.call('HSET', pool, 'seats:' .. wish.id, wish.count)
  local reply = string.format('%s %s %s %d', hold[2], hold[3] or 0, hold[4], #words)
  return #words > 0 and reply .. ' ' .. named or reply
end

local wishes, fields, total = {}, {'loaded', 'map', 'cells', 'sold', 'labels', 'focal'}, 0
for i = 4, #KEYS do
  local at = 4 * i - 13
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at')
  if hold[1] ~= ARGV[1] or (hold[5] or hold[4]) - now <= 0 then
    return {-5, i - 3}
  end
  if hold[5] then
    return {-6, i - 3}
  end
  wishes[i - 3] = {key = KEYS[i], hold = hold, id = ARGV[at], count = tonumber(ARGV[at + 1]),
    wheelchair = tonumber(ARGV[at + 2]), chosen = ARGV[at + 3]}
  fields[#fields + 1] = 'of:' .. ARGV[at]
  total = total + ARGV[at + 1]
end

local register = redis.call('HMGET', pool, 'fresh_until', 'sales_end', 'numbered')
if not register[1] or total > 0 and register[1] - now <= 0 then
  return {-1, now}
end
if (register[3] or '0') == '0' then
  return {-9}
end
local _, more_due = reap(pool, holds, now)
local hall = redis.call('HMGET', seating, unpack(fields))
local loaded, before, cells, sold, labels, focal = unpack(hall, 1, 6)
if register[3] == '-1' or not (before and cells) then
  redis.call('HSET', pool, 'numbered', -1)
  return {-1, now}
end
if ARGV[2] ~= '' and ARGV[2] ~= loaded then
  return {-10, loaded}
end

local growth, changed, ends = 0, {}, {}
for i, wish in ipairs(wishes) do
  recall(wish, hall[i + 6], before, cells)
  growth = growth + wish.count - wish.seats
  for _, position in ipairs(wish.keeps and {} or wish.positions) do
    changed[position] = cell_without(cells, sold, position)
  end
end
if growth > 0 and register[2] - now <= 0 then
  return {-3}
end
local free = tonumber(redis.call('HGET', pool, 'free'))
local fits = growth <= 0 or growth <= free

local map, taken = draw(before, changed), {}
for i, wish in ipairs(wishes) do
  if wish.chosen ~= '' then
    wish.positions = {}
    for word in string.gmatch(wish.chosen, '%d+') do
      local position = tonumber(word)
      wish.positions[#wish.positions + 1] = position
      if not string.find(cell_of(map, position), '[.w]') then
        taken[#taken + 1] = position
      end
    end
  elseif not wish.keeps then
    if not fits then
      return more_due and {-2} or {-4, math.max(free, 0)}
    end
    local first = wish.count == 0 and 0 or best_block(map, tonumber(focal), wish.count, math.max(wish.wheelchair, 0))
    if not first then
      return more_due and {-2} or {-12, i, math.max(free, 0), loaded, map}
    end
    wish.positions = {}
    for position = first, first + wish.count - 1 do
      wish.positions[#wish.positions + 1] = position
    end
  end
  local marks = {}
  for _, position in ipairs(wish.positions) do
    marks[position], changed[position], ends[position] = 'o', 'o', wish.hold[4]
  end
  map = draw(map, marks)
end
if #taken > 0 then
  return more_due and {-2} or {-11, unpack(taken)}
end
if not fits then
  return more_due and {-2} or {-4, math.max(free, 0)}
end

local reply, changes = {string.format('%d %s %s', now, register[1], loaded)}, nil
for i, wish in ipairs(wishes) do
  reply[i + 1] = hand_over(wish, loaded, labels, math.floor(#labels / #cells))
end
redis.call('HSET', pool, 'free', free - growth)
map, changes = draw(before, changed, ends)
if map ~= before then
  redis.call('HSET', seating, 'map', map)
end
note_change(pool, now, changes)
return table.concat(reply, ' ')
