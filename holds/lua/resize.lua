#!lua
-- Set the seats of open holds of one pool to new totals, all or none.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its seats: id -> seats
-- KEYS[4…] the holds
-- ARGV[1]  owner
-- ARGV[2…] for each hold its id and its total of seats (0 or more)
--
-- Returns {1, now, fresh_until, then for each hold opened_at, reserved_at (0: no seats yet), closes_at}
--         {-1, now}    stale: read Postgres, load the pool, call again
--         {-2}         more holds are due for reaping: call again
--         {-3}         sales have ended: nothing grows
--         {-4, free}   not enough seats
--         {-5, n}      the n-th hold is gone, has ended, or is not the owner's
--         {-6, n}      the n-th hold is claimed
--
-- @include lib/clock
-- @include lib/reap
local pool, holds, seats = KEYS[1], KEYS[2], KEYS[3]
local now = current_ms()
local growth, found = 0, {}
for i = 4, #KEYS do
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'seats', 'state', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at')
  if hold[1] ~= ARGV[1] or tonumber(hold[7] or hold[6]) <= now then
    return {-5, i - 3}
  end
  if hold[3] == 'claimed' then
    return {-6, i - 3}
  end
  growth = growth + ARGV[2 * i - 5] - hold[2]
  found[i] = hold
end

local register = redis.call('HMGET', pool, 'capacity', 'sold', 'held', 'sales_end', 'fresh_until')
if growth > 0 then
  if not register[1] or tonumber(register[5]) <= now then
    return {-1, now}
  end
  if tonumber(register[4]) <= now then
    return {-3}
  end
  local free, more_due = register[1] - register[2] - register[3], false
  if free < growth then  -- lapsed holds matter only now: each `open` reaps more than it adds
    local freed
    freed, more_due = reap(pool, holds, seats, now)
    free = free + freed
  end
  if growth > free then
    return more_due and {-2} or {-4, math.max(free, 0)}
  end
end

-- Numbers go out as Redis has them, in text: converting them here would cost the server, of which there is one.
local reply = {1, now, register[5] or now}
for i = 4, #KEYS do
  local id, count, hold = ARGV[2 * i - 6], ARGV[2 * i - 5], found[i]
  local reserved_at = hold[5]
  if count ~= hold[2] then
    if reserved_at then
      redis.call('HSET', KEYS[i], 'seats', count)
    else
      reserved_at = now
      redis.call('HSET', KEYS[i], 'seats', count, 'reserved_at', now)
    end
    redis.call('HSET', seats, id, count)
  end
  reply[#reply + 1] = hold[4]
  reply[#reply + 1] = reserved_at or 0
  reply[#reply + 1] = hold[6]
end
if register[1] and growth ~= 0 then
  redis.call('HINCRBY', pool, 'held', growth)
end
return reply
