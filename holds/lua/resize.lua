#!lua
-- Set the seats of open holds of one pool to new totals, all or none. Those who wait are served before a hold grows.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3…] the holds
-- ARGV[1]  owner
-- ARGV[2…] where the pool has the seats of each hold, then for each hold its total of seats (0 or more)
--
-- Returns 'now fresh_until', then for each hold ' opened_at reserved_at closes_at' (reserved_at 0: no seats yet)
--         {-1, now}    stale: read Postgres, load the pool, call again
--         {-2}         more holds are due for reaping, or more is to be offered: call again
--         {-3}         sales have ended: nothing grows
--         {-4, free}   not enough seats
--         {-5, n}      the n-th hold is gone, has ended, or is not the owner's
--         {-6, n}      the n-th hold is claimed
--         {-13}        the seats have numbers: let the holds pick
--
-- This is the script that runs most. What it answers when all is well is one text: an array of numbers would cost the
-- server, of which there is one, as much as another command.
--
-- @include lib/clock
-- @include lib/changes
local pool, now, growth = KEYS[1], current_ms(), 0
local known = redis.call('HMGET', pool, 'fresh_until', 'sales_end', 'free', 'wants', 'watched_until',
  unpack(ARGV, 2, #KEYS - 1))
if known[4] == '-2' then
  return {-13}
end
local reply, first = string.format('%d %s', now, known[1] or 0), nil
for i = 3, #KEYS do
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at')
  if hold[1] ~= ARGV[1] or (hold[5] or hold[4]) - now <= 0 then
    return {-5, i - 2}
  end
  if hold[5] then
    return {-6, i - 2}
  end
  local count, reserved_at = ARGV[i + #KEYS - 3], hold[3]
  if not reserved_at and count ~= '0' then
    first = first or {}
    first[#first + 1] = KEYS[i]
    reserved_at = now
  end
  growth = growth + count - (known[i + 3] or 0)
  reply = reply .. ' ' .. hold[2] .. ' ' .. (reserved_at or 0) .. ' ' .. hold[4]
end

if not known[1] or growth > 0 and known[1] - now <= 0 then
  return {-1, now}
end
if growth > 0 and known[2] - now <= 0 then
  return {-3}
end
local free = known[3] - growth
if growth > 0 and (free < 0 or known[4] ~= '0') then  -- lapsed holds matter only now: each `open` reaps more than it adds
-- @include lib/reap
  local freed, more_due = reap(pool, KEYS[2], now)
  local left = known[3] + freed
  local public = left
  if left > 0 and known[4] ~= '0' then  -- somebody waits
-- @include lib/line
    if more_due then
      return {-2}
    end
    left, public = serve_line(pool, KEYS[2], left, tonumber(known[4]), now)
    if not left then
      return public and {-2} or {-1, now}
    end
  end
  if growth > public then
    return more_due and {-2} or {-4, math.max(public, 0)}
  end
  free = left - growth
end

if first then
  for _, hold in ipairs(first) do
    redis.call('HSET', hold, 'reserved_at', now)
  end
end
for i = 3, #KEYS do
  redis.call('HSET', pool, 'free', free, ARGV[i - 1], ARGV[i + #KEYS - 3])
end
if growth ~= 0 and (known[5] or 0) - now > 0 then
  note_change(pool, now, '', true)
end
return reply
