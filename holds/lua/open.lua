#!lua
-- Open holds of one pool for one owner, all or none. Those who wait for seats are served first, unless told otherwise.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3…] the holds to open
-- ARGV[1]  owner
-- ARGV[2]  ms until the holds close
-- ARGV[3]  ms for which the pool's keys outlive its last hold
-- ARGV[4…] for each hold its id and its seats (0 or more); one word more: ahead of those who wait
--
-- Returns 'now fresh_until closes_at'
--         {-1, now}   stale: read Postgres, load the pool, call again
--         {-2}        more holds are due for reaping, or more is to be offered: call again
--         {-3}        sales have ended
--         {-4, free}  not enough seats
--         {-13}       the seats have numbers: open holds without any, and let them pick
--
-- @include lib/clock
-- @include lib/reap
local pool, holds = KEYS[1], KEYS[2]
local now = current_ms()
local register = redis.call('HMGET', pool, 'fresh_until', 'sales_end', 'free', 'kept_until', 'wants', 'watched_until')
if not register[1] or tonumber(register[1]) <= now then
  return {-1, now}
end
if tonumber(register[2]) <= now then
  return {-3}
end
local freed, more_due = reap(pool, holds, now)
local wanted = 0
for i = 5, #ARGV, 2 do
  wanted = wanted + ARGV[i]
end
local numbered = register[5] == '-2'
if numbered and wanted > 0 then
  return {-13}
end
local free = register[3] + freed
local public = free
local ahead = #ARGV % 2 == 0
if wanted > 0 and free > 0 and register[5] ~= '0' and not ahead then  -- somebody waits
-- @include lib/line
  if more_due then
    return {-2}
  end
  free, public = serve_line(pool, holds, free, tonumber(register[5]), now)
  if not free then
    return public and {-2} or {-1, now}
  end
  register[4] = redis.call('HGET', pool, 'kept_until')
end
if wanted > 0 and wanted > public then
  return more_due and {-2} or {-4, math.max(public, 0)}
end

local closes_at = now + ARGV[2]
for i = 3, #KEYS do
  local id, count = ARGV[2 * i - 2], ARGV[2 * i - 1]
  redis.call('HSET', KEYS[i], 'owner', ARGV[1], 'state', 'open', 'opened_at', now, 'closes_at', closes_at)
  if tonumber(count) > 0 then
    redis.call('HSET', KEYS[i], 'reserved_at', now)
  end
  redis.call('PEXPIREAT', KEYS[i], closes_at)
  redis.call('ZADD', holds, closes_at, id)
  redis.call('HSET', pool, 'free', free - wanted, 'seats:' .. id, count)
end

local kept_until = tonumber(register[4])
local first = redis.call('ZCARD', holds) == #KEYS - 2
if kept_until < closes_at + ARGV[3] then
  kept_until = closes_at + 2 * ARGV[3]  -- pushed by more than is needed, so that it is seldom
  redis.call('HSET', pool, 'kept_until', kept_until)
  redis.call('PEXPIREAT', pool, kept_until)
  if numbered then
    redis.call('PEXPIREAT', pool .. ':seating', kept_until)
  end
  if register[5] ~= '0' or redis.call('EXISTS', pool .. ':offers') == 1 then
    for _, name in ipairs({':line', ':offers', ':entries'}) do
      redis.call('PEXPIREAT', pool .. name, kept_until)
    end
  end
  first = true
end
if first then
  redis.call('PEXPIREAT', holds, kept_until)
end
if wanted > 0 and (register[6] or 0) - now > 0 then
  note_change(pool, now, '', true)
end
return string.format('%d %s %d', now, register[1], closes_at)
