#!lua
-- Count an attempt, unless there were too many within the window that ends now.
--
-- KEYS[1]  list: when the attempts that counted were made, in ms, the newest first
-- ARGV[1]  how many are allowed within the window
-- ARGV[2]  the window in ms
--
-- Returns 0 when the attempt counted, or in how many ms the next one will.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local allowed, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = redis.call('LINDEX', KEYS[1], allowed - 1)
if oldest and oldest + window > now then
  return oldest + window - now
end
redis.call('LPUSH', KEYS[1], now)
redis.call('LTRIM', KEYS[1], 0, allowed - 1)
redis.call('PEXPIRE', KEYS[1], window)
return 0
