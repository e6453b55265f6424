#!lua flags=no-writes
-- The pool's live holds, the next to end first.
--
-- KEYS[1]  the pool's holds: id -> end in ms
-- ARGV[1]  how many to list at most
-- ARGV[2]  what a hold's key begins with: its id follows
--
-- Returns {now, how many there are, then for each listed hold its id, owner, seats, state and end in ms}
--
-- @include lib/clock
local now = current_ms()
local reply = {now, redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf')}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'LIMIT', 0, ARGV[1])) do
  local hold = redis.call('HMGET', ARGV[2] .. id, 'owner', 'seats', 'state', 'closes_at', 'claim_ends_at')
  if hold[1] then
    reply[#reply + 1] = id
    reply[#reply + 1] = hold[1]
    reply[#reply + 1] = tonumber(hold[2])
    reply[#reply + 1] = hold[3]
    reply[#reply + 1] = tonumber(hold[5] or hold[4])
  end
end
return reply
