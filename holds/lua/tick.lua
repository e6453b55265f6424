#!lua
-- Offer what is free to those who wait, and list the offers made that are not acknowledged.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  the offers of its line: entry -> end in ms
-- KEYS[4]  what its line is made of: entry -> how often passed over, lifetime, keep, owner and the holds' ids
-- ARGV[1]  how many offers to list at most, those that end first
--
-- Returns 'now fresh_until', then for each offer ' entry closes_at n', and n words: the entry as KEYS[4] has it
--         {-1, now}   stale: read Postgres, load the pool, call again
--         {-2}        more holds are due for reaping, or more is to be offered: call again
--
-- @include lib/clock
-- @include lib/reap
-- @include lib/line
local pool, holds = KEYS[1], KEYS[2]
local now = current_ms()
local register = redis.call('HMGET', pool, 'fresh_until', 'sales_end', 'free', 'wants')
if not register[1] or tonumber(register[1]) <= now then
  return {-1, now}
end
local freed, more_due = reap(pool, holds, now)
if more_due then
  return {-2}
end
local free = register[3] + freed
if free > 0 and register[4] ~= '0' and register[4] ~= '-2' and tonumber(register[2]) > now then
  local left, more = serve_line(pool, holds, free, tonumber(register[4]), now)
  if not left then
    return more and {-2} or {-1, now}
  end
end
local reply = {string.format('%d %s', now, register[1])}
local offers = redis.call('ZRANGE', KEYS[3], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #offers, 2 do
  local entry = redis.call('HGET', KEYS[4], offers[i])
  if entry then
    local _, spaces = string.gsub(entry, ' ', ' ')
    reply[#reply + 1] = string.format('%s %s %d %s', offers[i], offers[i + 1], spaces + 1, entry)
  end
end
return table.concat(reply, ' ')
