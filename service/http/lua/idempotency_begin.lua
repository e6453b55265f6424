#!lua
-- Begin a request under an idempotency key, or learn what became of the first one.
--
-- KEYS[1]  the key's entry
-- KEYS[2]  the user's keys: digest -> when it was last begun or kept, in ms
-- ARGV[1]  the key's digest, the last part of the entry's name
-- ARGV[2]  the request's fingerprint
-- ARGV[3]  the attempt's token
-- ARGV[4]  how long an attempt that is not finished blocks others, in ms
-- ARGV[5]  how long answers are kept, in ms
-- ARGV[6]  how many keys a user may have
--
-- Returns {1} begun: run the request
--         {2, status, headers, body} answered: repeat that
--         {-1} the first request is still running
--         {-2} the key belongs to another request
local entry, keys, digest = KEYS[1], KEYS[2], ARGV[1]
local first = redis.call('HMGET', entry, 'fingerprint', 'token', 'status', 'headers', 'body')
if first[1] and first[1] ~= ARGV[2] then
  return {-2}
end
if first[3] then
  return {2, tonumber(first[3]), first[4], first[5]}
end
if first[2] and first[2] ~= ARGV[3] then
  return {-1}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', entry, 'fingerprint', ARGV[2], 'token', ARGV[3])
redis.call('PEXPIRE', entry, ARGV[4])
redis.call('ZADD', keys, now, digest)
redis.call('ZREMRANGEBYSCORE', keys, '-inf', now - ARGV[5])
local entries = string.sub(entry, 1, -1 - #digest)
for _ = redis.call('ZCARD', keys), tonumber(ARGV[6]) + 1, -1 do
  redis.call('DEL', entries .. redis.call('ZPOPMIN', keys)[1])
end
redis.call('PEXPIRE', keys, ARGV[5])
return {1}
