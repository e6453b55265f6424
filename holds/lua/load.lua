#!lua
-- Write the pool's row as Postgres has it, creating the pool where it is absent, and sum its live holds anew.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- ARGV[1]  the row's version
-- ARGV[2]  its capacity
-- ARGV[3]  its seats sold
-- ARGV[4]  the end of its sales in ms
-- ARGV[5]  the version of its line
-- ARGV[6]  read_at: ms by this node's clock before Postgres was read
-- ARGV[7]  L, ms for which a register decides
-- ARGV[8]  ms for which the pool's keys outlive its last hold
-- ARGV[9]  what a hold's key begins with: its id follows
--
-- Returns {1 when the row was accepted, 0 when the pool knows a newer one; 1 when its line is to be loaded, else 0}
--
-- @include lib/clock
-- @include lib/reap
-- @include lib/register
-- @include lib/sums

-- Make the pool's seats and the ends of its holds agree again after some of them were lost. Seats that were lost are 0.
local function mend(pool, holds, hold_prefix)
  local ids = redis.call('ZRANGE', holds, 0, -1)
  for _, field in ipairs(redis.call('HKEYS', pool)) do
    ids[#ids + 1] = string.match(field, '^seats:(.*)')
  end
  for _, id in ipairs(ids) do
    local hold = redis.call('HMGET', hold_prefix .. id, 'closes_at', 'claim_ends_at')
    if hold[1] then
      redis.call('HSETNX', pool, 'seats:' .. id, 0)
      redis.call('ZADD', holds, hold[2] or hold[1], id)
    else
      redis.call('HDEL', pool, 'seats:' .. id)
      redis.call('ZREM', holds, id)
    end
  end
end

local pool, holds = KEYS[1], KEYS[2]
local now, read_at, lease = current_ms(), tonumber(ARGV[6]), tonumber(ARGV[7])
reap(pool, holds, now)

local accepted = true
if redis.call('HEXISTS', pool, 'version') == 0 then
  redis.call('HSET', pool, 'version', ARGV[1], 'capacity', ARGV[2], 'sold', ARGV[3], 'sales_end', ARGV[4],
    'fresh_until', read_at + lease, 'written_at', now, 'kept_until', 0, 'free', 0,
    'line_version', ARGV[5], 'wants', ARGV[5] == '0' and 0 or -1, 'watched_until', 0)
else
  local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5]}
  accepted = write_register(pool, row, read_at, lease, now)
  redis.call('HSETNX', pool, 'watched_until', 0)
end

if redis.call('ZCARD', holds) ~= count_seated(pool) then
  mend(pool, holds, ARGV[9])
end
local register = redis.call('HMGET', pool, 'capacity', 'sold', 'wants')
local last = redis.call('ZRANGE', holds, -1, -1, 'WITHSCORES')
local kept_until = math.max(now, tonumber(last[2] or now)) + 2 * ARGV[8]
redis.call('HSET', pool, 'free', register[1] - register[2] - sum_seats(pool), 'kept_until', kept_until)
for _, key in ipairs({pool, holds, pool .. ':line', pool .. ':offers', pool .. ':entries'}) do
  redis.call('PEXPIREAT', key, kept_until)
end
note_change(pool, now, '')
return {accepted and 1 or 0, register[3] == '-1' and 1 or 0}
