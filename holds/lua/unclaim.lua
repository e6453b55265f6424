#!lua flags=allow-oom
-- Give claimed holds of one pool back to their owner, with their old end. Only after the sale certainly failed.
-- A hold whose old end has passed is removed. Holds without this claim are left as they are, and so are those whose claim
-- was taken over: an earlier sale of them may have committed, and its seats must not come free before every register
-- includes it, which is when the claim lapses.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3…] the holds
-- ARGV[1]  the claim's token
-- ARGV[2…] the holds' ids
--
-- Returns how many were given back or removed.
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/lapsed
-- @include lib/remove
local now, changed, changes = current_ms(), 0, {}
for i = 3, #KEYS do
  local hold, id = redis.call('HMGET', KEYS[i], 'claim', 'closes_at', 'taken_over'), ARGV[i - 1]
  if hold[1] == ARGV[1] and not hold[3] then
    if tonumber(hold[2]) <= now then
      note_lapsed(KEYS[1], {string.format('%s %s %s', id, redis.call('HGET', KEYS[1], 'seats:' .. id) or 0, hold[2])})
      changes[#changes + 1] = remove_hold(KEYS[1], KEYS[2], KEYS[i], id)
    else
      redis.call('HSET', KEYS[i], 'state', 'open')
      redis.call('HDEL', KEYS[i], 'claim', 'claimed_at', 'claim_ends_at')
      redis.call('PEXPIREAT', KEYS[i], hold[2])
      redis.call('ZADD', KEYS[2], hold[2], id)
    end
    changed = changed + 1
  end
end
note_change(KEYS[1], now, joined(changes))
return changed
