#!lua
-- Write the pool's line as Postgres has it. Offers that are not acknowledged stay, and their entries are not in the line
-- again; what an entry was passed over since the line was read is not forgotten.
--
-- KEYS[1]  the pool
-- KEYS[2]  the line: entry -> its place
-- KEYS[3]  the offers: entry -> end in ms
-- KEYS[4]  what both are made of: entry -> how often passed over, lifetime, keep, owner and the holds' ids
-- ARGV[1]  the line's version
-- ARGV[2…] for each entry, in order of joining: its id, and what KEYS[4] is to have
--
-- Returns 1 when the line was accepted, 0 when the pool is absent, or has this line or knows of a newer one.
--
local pool, line, offers, entries = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local known = redis.call('HMGET', pool, 'line_version', 'wants', 'kept_until')
local newer = known[1] and ARGV[1] - known[1]
if not newer or newer < 0 or newer == 0 and known[2] ~= '-1' then
  return 0
end

local passes, offered = {}, {}
for _, id in ipairs(redis.call('ZRANGE', line, 0, -1)) do
  passes[id] = tonumber(string.match(redis.call('HGET', entries, id) or '', '^%d+'))
end
for _, id in ipairs(redis.call('ZRANGE', offers, 0, -1)) do
  offered[id] = redis.call('HGET', entries, id) or nil
end
redis.call('DEL', line, entries)
for id, entry in pairs(offered) do
  redis.call('HSET', entries, id, entry)
end

local wants = 0
for i = 2, #ARGV, 2 do
  local id, entry = ARGV[i], ARGV[i + 1]
  if not offered[id] then
    local read = tonumber(string.match(entry, '^%d+'))
    entry = string.gsub(entry, '^%d+', math.max(read, passes[id] or 0))
    redis.call('ZADD', line, i, id)
    redis.call('HSET', entries, id, entry)
    wants = 1  -- at least: whoever serves the line next finds out, and whether seats gather for somebody
  end
end
redis.call('HSET', pool, 'line_version', ARGV[1], 'wants', wants)
for _, key in ipairs({line, offers, entries}) do
  redis.call('PEXPIREAT', key, known[3])
end
return 1
