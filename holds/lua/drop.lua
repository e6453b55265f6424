#!lua flags=allow-oom
-- Close the pool, forget its line and its seating, and remove its holds, at most CHUNK of them at a call; its register
-- stays, with capacity 0, until its TTL, so that nothing late can revive it.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- ARGV[1]  the newest version of the pool's row
-- ARGV[2]  ms for which the closed pool is kept
-- ARGV[3]  what a hold's key begins with: its id follows
--
-- Returns {1 when holds remain: call again, else 0; then of each removed hold its id and its owner}
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/lapsed
-- @include lib/remove
local CHUNK = 500
local now = current_ms()
local known = redis.call('HMGET', KEYS[1], 'version', 'capacity', 'sold', 'free', 'line_version', 'watched_until')
local version = math.max(tonumber(ARGV[1]), tonumber(known[1] or 0))
local held = known[1] and known[2] - known[3] - known[4] or 0
local kept_until = now + ARGV[2]
redis.call('HSET', KEYS[1], 'version', version, 'capacity', 0, 'sold', 0, 'free', -held, 'sales_end', 0,
  'fresh_until', now, 'written_at', now, 'kept_until', kept_until,
  'line_version', known[5] or 0, 'wants', 0, 'numbered', 0, 'watched_until', known[6] or 0)
redis.call('DEL', KEYS[1] .. ':line', KEYS[1] .. ':offers', KEYS[1] .. ':entries', KEYS[1] .. ':seating')

local reply, notes = {0}, {}
for i, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, CHUNK - 1)) do
  local hold = ARGV[3] .. id
  local owner = redis.call('HGET', hold, 'owner') or ''
  local seats = redis.call('HGET', KEYS[1], 'seats:' .. id) or 0
  reply[#reply + 1] = id
  reply[#reply + 1] = owner
  notes[i] = string.format('%s %s %d %s', id, seats, now, owner)
  remove_hold(KEYS[1], KEYS[2], hold, id)
end
if #notes > 0 then
  note_lapsed(KEYS[1], notes)
end
reply[1] = redis.call('EXISTS', KEYS[2])
redis.call('PEXPIREAT', KEYS[1], kept_until)
note_change(KEYS[1], now, '')
return reply
