#!lua
-- Freeze live holds of one pool while a sale of them is under way, all or none.
--
-- A claim that is there already is taken over once its sale can no longer commit (T has passed) and while enough of it
-- is left for a new sale to be known everywhere before it lapses (T + L); its end does not move.
--
-- KEYS[1]  the pool's holds: id -> end in ms
-- KEYS[2…] the holds
-- ARGV[1]  owner
-- ARGV[2]  the claim's token
-- ARGV[3]  how few seats a hold may have
-- ARGV[4]  T, ms in which a sale's transaction ends
-- ARGV[5]  L, ms for which a register decides
-- ARGV[6]  C, ms for which a claim lasts
-- ARGV[7…] the holds' ids
--
-- Returns {1, now, then for each hold seats, opened_at, reserved_at (0: never), closes_at}
--         {-5, n}  the n-th hold is gone, has ended, or is not the owner's
--         {-6, n}  the n-th hold is claimed
--         {-8, n}  the n-th hold has too few seats
--
-- @include lib/clock
local now = current_ms()
local sale, lease, claim = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local reply, ends, taken_over = {1, now}, {}, {}
for i = 2, #KEYS do
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'seats', 'state', 'opened_at', 'reserved_at', 'closes_at',
    'claim_ends_at', 'claimed_at')
  local ends_at = tonumber(hold[7] or hold[6])
  if hold[1] ~= ARGV[1] or ends_at <= now then
    return {-5, i - 1}
  end
  if hold[3] == 'claimed' then
    if now - hold[8] <= sale or ends_at - now < sale + lease then
      return {-6, i - 1}
    end
    ends[i], taken_over[i] = ends_at, true
  else
    ends[i] = math.max(ends_at, now + claim)
  end
  if tonumber(hold[2]) < tonumber(ARGV[3]) then
    return {-8, i - 1}
  end
  reply[#reply + 1] = tonumber(hold[2])
  reply[#reply + 1] = tonumber(hold[4])
  reply[#reply + 1] = tonumber(hold[5] or 0)
  reply[#reply + 1] = tonumber(hold[6])
end
for i = 2, #KEYS do
  redis.call('HSET', KEYS[i], 'state', 'claimed', 'claim', ARGV[2], 'claimed_at', now, 'claim_ends_at', ends[i])
  if taken_over[i] then
    redis.call('HSET', KEYS[i], 'taken_over', 1)
  end
  redis.call('PEXPIREAT', KEYS[i], ends[i])
  redis.call('ZADD', KEYS[1], ends[i], ARGV[i + 5])
end
return reply
