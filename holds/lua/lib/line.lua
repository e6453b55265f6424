-- The line of a pool: who waits for its seats, in order of joining, and the offers made that nobody has recorded yet.
-- Where nobody waits none of this exists, and the pool's field `wants` is 0.
-- @include lib/changes
local MAX_PASSES = 3  -- then an entry is passed over no more: seats gather for it
local CHUNK = 100
local MAX_SEATS = 500  -- that are offered in one call

-- Whether these are the words of an entry one of whose holds is there already.
local function holds_one(holds, words)
  for i = 5, #words do
    if redis.call('ZSCORE', holds, words[i]) then
      return true
    end
  end
  return false
end

-- Open a hold of one seat for each of the entry's ids, and keep the offer until it is acknowledged.
local function make_offer(pool, holds, id, words, now)
  local _, lifetime, keep, owner = unpack(words, 1, 4)
  local closes_at, prefix = now + lifetime, string.gsub(pool, '^pool', 'hold') .. ':'
  for i = 5, #words do
    local hold = prefix .. words[i]
    redis.call('HSET', hold, 'owner', owner, 'state', 'open', 'opened_at', now, 'reserved_at', now, 'closes_at', closes_at)
    redis.call('PEXPIREAT', hold, closes_at)
    redis.call('ZADD', holds, closes_at, words[i])
    redis.call('HSET', pool, 'seats:' .. words[i], 1)
  end
  redis.call('ZREM', pool .. ':line', id)
  redis.call('ZADD', pool .. ':offers', closes_at, id)
  local kept_until = math.max(tonumber(redis.call('HGET', pool, 'kept_until')), closes_at + keep)
  redis.call('HSET', pool, 'kept_until', kept_until)
  for _, key in ipairs({pool, holds, pool .. ':line', pool .. ':offers', pool .. ':entries'}) do
    redis.call('PEXPIREAT', key, kept_until)
  end
end

-- Offer what is free to those who wait: the first whose seats fit, again and again. Everything due must be reaped.
-- Returns what is left, and how much of it the public may have: nothing while seats gather for somebody.
-- Returns nil where a newer line has to be loaded first; nil and true where more is to be offered: call again.
local function serve_line(pool, holds, free, wants, now)
  if wants > free then
    return free, free
  end
  local line, entries = pool .. ':line', pool .. ':entries'
  if wants < 0 or redis.call('EXISTS', line, entries) < 2 then
    redis.call('HSET', pool, 'wants', -1)
    return nil
  end

  local ahead, passed_over, gathers, fewest, more, offered = 0, {}, false, math.huge, true, 0
  while more and free > 0 and not gathers and offered < MAX_SEATS do
    local ids = redis.call('ZRANGE', line, ahead, ahead + CHUNK - 1)
    more = #ids == CHUNK
    for _, id in ipairs(ids) do
      local words = {}
      for word in string.gmatch(redis.call('HGET', entries, id), '%S+') do
        words[#words + 1] = word
      end
      local seats, passes = #words - 4, tonumber(words[1])
      if seats <= free and not holds_one(holds, words) then
        make_offer(pool, holds, id, words, now)
        free, offered = free - seats, offered + seats
        for _, other in ipairs(passed_over) do
          other.passes = other.passes + 1
          gathers = gathers or other.passes >= MAX_PASSES
        end
      else
        ahead = ahead + 1
        fewest = math.min(fewest, seats)
        if seats > free then
          passed_over[#passed_over + 1] = {id = id, words = words, passes = passes}
          gathers = passes >= MAX_PASSES
        end
      end
      if free == 0 or gathers or offered >= MAX_SEATS then
        break
      end
    end
  end

  for _, other in ipairs(passed_over) do
    if other.passes > tonumber(other.words[1]) then
      other.words[1] = other.passes
      redis.call('HSET', entries, other.id, table.concat(other.words, ' '))
    end
  end
  if redis.call('EXISTS', line) == 0 then
    wants = 0
  elseif gathers or more or free == 0 or offered >= MAX_SEATS then
    wants = 1
  else
    wants = fewest
  end
  redis.call('HSET', pool, 'free', free, 'wants', wants)
  if offered > 0 then
    note_change(pool, now, '')
  end
  if offered >= MAX_SEATS and wants > 0 and free > 0 and not gathers then
    return nil, true
  end
  return free, gathers and 0 or free
end
