#!lua flags=allow-oom
-- Tell what changed in the pool since the caller asked last, lapses included, and keep scripts writing it down.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its changes
-- ARGV[1]  the id of the last change that the caller knows, '-' for none
-- ARGV[2]  ms for which changes are written down from now on, at least half of them
--
-- Returns 'now fresh_until joined', then for each change ' id free sold held cells', where cells are '-' for none, else ','
--         stands between them. Joined is 1 where these are the changes since ARGV[1]. Else that one is forgotten, and they
--         are all that is known, one at least: the pool as it is now.
--         {-1, now}  the pool is absent
--         {-2}       more holds are due for reaping: call again
--
-- @include lib/clock
-- @include lib/reap
local pool, changes = KEYS[1], KEYS[3]
local now, lease = current_ms(), tonumber(ARGV[2])
local register = redis.call('HMGET', pool, 'fresh_until', 'watched_until')
if not register[1] then
  return {-1, now}
end
local _, more_due = reap(pool, KEYS[2], now)
if more_due then
  return {-2}
end

local left = (register[2] or 0) - now
if left <= 0 or redis.call('EXISTS', changes) == 0 then  -- what changed while nobody watched is not known
  redis.call('XTRIM', changes, 'MAXLEN', 0)  -- unlike DEL, this uses no id twice
  redis.call('XADD', changes, '*', 'watch', 1)
  left = 0
end
if left < lease / 2 then
  redis.call('HSET', pool, 'watched_until', now + lease)
  redis.call('PEXPIREAT', changes, now + 2 * lease)
end
note_change(pool, now, '')  -- where a script did not: all is as the stream says

local found = redis.call('XRANGE', changes, ARGV[1], '+')
local joined = found[1] and found[1][1] == ARGV[1]
if not joined then
  found = redis.call('XRANGE', changes, '-', '+')
end
local reply = {string.format('%d %s %d', now, register[1], joined and 1 or 0)}
for i = joined and 2 or 1, #found do
  local id, change = unpack(found[i])
  if change[1] == 'free' then
    local cells = change[8] == '' and '-' or string.gsub(change[8], ' ', ',')
    reply[#reply + 1] = string.format('%s %s %s %s %s', id, change[2], change[4], change[6], cells)
  end
end
return table.concat(reply, ' ')
