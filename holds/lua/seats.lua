#!lua flags=allow-oom
-- Every seat of the pool, as of one moment, after reaping.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its seating
-- KEYS[4]  its changes
--
-- Returns {1, now, fresh_until, capacity, sold, held, the plan, the map, the id of the last change ('': nobody watches),
--          then for each live hold that has seats 'of:' and its id, and 'owner closes_at' and its cells}
--         {-1, now}  stale: read Postgres, load the pool and its seating, call again
--         {-2}       more holds are due for reaping: call again
--         {-9}       the pool's seats have no numbers
--
-- @include lib/clock
-- @include lib/reap
local pool, now = KEYS[1], current_ms()
local fresh_until = redis.call('HGET', pool, 'fresh_until')
if not fresh_until or fresh_until - now <= 0 then
  return {-1, now}
end
local _, more_due = reap(pool, KEYS[2], now)
if more_due then
  return {-2}
end
local register = redis.call('HMGET', pool, 'numbered', 'capacity', 'sold', 'free')
local numbered, capacity, sold, free = unpack(register, 1, 4)
if not numbered or numbered == '0' then
  return {-9}
end
local hall = redis.call('HMGET', KEYS[3], 'loaded', 'map')
if numbered == '-1' or not hall[2] then
  redis.call('HSET', pool, 'numbered', -1)
  return {-1, now}
end
local last = redis.call('XREVRANGE', KEYS[4], '+', '-', 'COUNT', 1)[1]
local reply = {1, now, tonumber(fresh_until), tonumber(capacity), tonumber(sold), capacity - sold - free,
  hall[1], hall[2], last and last[1] or ''}
local fields = redis.call('HGETALL', KEYS[3])
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 3) == 'of:' then
    reply[#reply + 1] = fields[i]
    reply[#reply + 1] = fields[i + 1]
  end
end
return reply
