#!lua
-- Freeze live holds of one pool while a sale of them is under way, all or none.
--
-- A claim that is there already is taken over once its sale can no longer commit (T has passed) and while enough of it
-- is left for a new sale to be known everywhere before it lapses (T + L); its end does not move.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3…] the holds
-- ARGV[1]  owner
-- ARGV[2]  the claim's token
-- ARGV[3]  how few seats a hold may have
-- ARGV[4]  T, ms in which a sale's transaction ends
-- ARGV[5]  L, ms for which a register decides
-- ARGV[6]  C, ms for which a claim lasts
-- ARGV[7…] the holds' ids
--
-- Returns {1, now, then for each hold seats, opened_at, reserved_at (0: never), closes_at, the labels of numbered seats,
--         their plan}
--         {-5, n}  the n-th hold is gone, has ended, or is not the owner's
--         {-6, n}  the n-th hold is claimed
--         {-8, n}  the n-th hold has too few seats
--
-- @include lib/clock
local now = current_ms()
local sale, lease, claim = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local reply, ends, taken_over = {1, now}, {}, {}
for i = 3, #KEYS do
  local hold = redis.call('HMGET', KEYS[i], 'owner', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at', 'claimed_at',
    'labels', 'plan')
  local ends_at = tonumber(hold[5] or hold[4])
  if hold[1] ~= ARGV[1] or ends_at <= now then
    return {-5, i - 2}
  end
  if hold[5] then
    if now - hold[6] <= sale or ends_at - now < sale + lease then
      return {-6, i - 2}
    end
    ends[i], taken_over[i] = ends_at, true
  else
    ends[i] = math.max(ends_at, now + claim)
  end
  local known = redis.call('HMGET', KEYS[1], 'seats:' .. ARGV[i + 4], 'numbered')
  local seats = tonumber(known[1] or 0)
  if seats < tonumber(ARGV[3]) then
    return {-8, i - 2}
  end
  reply[#reply + 1] = seats
  reply[#reply + 1] = tonumber(hold[2])
  reply[#reply + 1] = tonumber(hold[3] or 0)
  reply[#reply + 1] = tonumber(hold[4])
  local numbered = (known[2] or '0') ~= '0'
  reply[#reply + 1] = numbered and hold[7] or ''
  reply[#reply + 1] = numbered and hold[8] or ''
end
for i = 3, #KEYS do
  redis.call('HSET', KEYS[i], 'state', 'claimed', 'claim', ARGV[2], 'claimed_at', now, 'claim_ends_at', ends[i])
  if taken_over[i] then
    redis.call('HSET', KEYS[i], 'taken_over', 1)
  end
  redis.call('PEXPIREAT', KEYS[i], ends[i])
  redis.call('ZADD', KEYS[2], ends[i], ARGV[i + 4])
end
return reply
