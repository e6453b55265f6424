#!lua
-- Enter holds that are about to be opened in their owner's set, unless the owner has too many.
--
-- KEYS[1]  the owner's set: hold id -> its end in ms
-- ARGV[1]  how many holds the owner may have at once
-- ARGV[2]  ms until the holds end
-- ARGV[3]  ms for which an entry is kept after its end, since a claim may prolong its hold
-- ARGV[4…] the holds' ids
--
-- Returns 1 when they were entered, -7 when that would be too many (none was entered).
--
-- @include lib/clock
local now = current_ms()
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
if redis.call('ZCOUNT', KEYS[1], '(' .. now, '+inf') + #ARGV - 3 > tonumber(ARGV[1]) then
  return -7
end
local ends_at = now + ARGV[2]
for i = 4, #ARGV do
  redis.call('ZADD', KEYS[1], ends_at, ARGV[i])
end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], last[2] + ARGV[3])
return 1
