#!lua
-- Keep the answer of an attempt, unless another attempt has taken its place.
--
-- KEYS[1]  the key's entry
-- KEYS[2]  the user's keys: digest -> when it was last begun or kept, in ms
-- ARGV[1]  the key's digest
-- ARGV[2]  the attempt's token
-- ARGV[3]  how long to keep the answer, in ms
-- ARGV[4]  the answer's status
-- ARGV[5]  its headers
-- ARGV[6]  its body
--
-- Returns 1 when it is kept, or 0
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'status', ARGV[4], 'headers', ARGV[5], 'body', ARGV[6])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
