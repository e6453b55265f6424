#!lua flags=no-writes
-- The pool's live holds, the next to end first.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- ARGV[1]  how many to list at most
-- ARGV[2]  what a hold's key begins with: its id follows
--
-- Returns {now, how many there are, then for each listed hold its id, owner, seats, state, end in ms, and
--          the labels of numbered seats}
--
-- @include lib/clock
local now = current_ms()
local numbered = (redis.call('HGET', KEYS[1], 'numbered') or '0') ~= '0'
local reply = {now, redis.call('ZCOUNT', KEYS[2], '(' .. now, '+inf')}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf', 'LIMIT', 0, ARGV[1])) do
  local hold = redis.call('HMGET', ARGV[2] .. id, 'owner', 'state', 'closes_at', 'claim_ends_at', 'labels')
  if hold[1] then
    reply[#reply + 1] = id
    reply[#reply + 1] = hold[1]
    reply[#reply + 1] = tonumber(redis.call('HGET', KEYS[1], 'seats:' .. id) or 0)
    reply[#reply + 1] = hold[2]
    reply[#reply + 1] = tonumber(hold[4] or hold[3])
    reply[#reply + 1] = numbered and hold[5] or ''
  end
end
return reply
