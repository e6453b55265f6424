#!lua
-- Free an idempotency key whose attempt has no answer to keep, unless another attempt has taken its place.
--
-- KEYS[1]  the key's entry
-- KEYS[2]  the user's keys: digest -> when it was last begun or kept, in ms
-- ARGV[1]  the key's digest
-- ARGV[2]  the attempt's token
--
-- Returns 1 when it is free, or 0
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
