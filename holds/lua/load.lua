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
-- ARGV[6]  its seat plan, '' where seats are counted
-- ARGV[7]  for each cell of that '1' where the seat is sold, else '0'
-- ARGV[8]  read_at: ms by this node's clock before Postgres was read
-- ARGV[9]  L, ms for which a register decides
-- ARGV[10] ms for which the pool's keys outlive its last hold
-- ARGV[11] what a hold's key begins with: its id follows
--
-- Returns {1 when the row was accepted, 0 when the pool knows a newer one; 1 when its line is to be loaded, else 0;
--         the plan whose seating is to be loaded, '' when none is}
--
-- @include lib/clock
-- @include lib/seating
-- @include lib/reap
-- @include lib/register
-- @include lib/seated
-- @include lib/sums

-- Make the pool's seats and the ends of its holds agree again after some of them were lost. Seats that were lost are 0, but
-- for those that have labels.
local function mend(pool, holds, hold_prefix)
  local ids = redis.call('ZRANGE', holds, 0, -1)
  for _, field in ipairs(redis.call('HKEYS', pool)) do
    ids[#ids + 1] = string.match(field, '^seats:(.*)')
  end
  for _, id in ipairs(ids) do
    local hold = redis.call('HMGET', hold_prefix .. id, 'closes_at', 'claim_ends_at', 'labels')
    if hold[1] then
      local _, seats = string.gsub(hold[3] or '', '%S+', '')
      redis.call('HSETNX', pool, 'seats:' .. id, seats)
      redis.call('ZADD', holds, hold[2] or hold[1], id)
    else
      redis.call('HDEL', pool, 'seats:' .. id)
      redis.call('ZREM', holds, id)
    end
  end
end

local pool, holds = KEYS[1], KEYS[2]
local now, read_at, lease = current_ms(), tonumber(ARGV[8]), tonumber(ARGV[9])
reap(pool, holds, now)

local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5],
  plan = ARGV[6], sold_cells = ARGV[7]}
local accepted, changes = true, ''
if redis.call('HEXISTS', pool, 'version') == 0 then
  local numbered, wants = write_sold(pool, row, 0), ARGV[5] == '0' and 0 or -1
  redis.call('HSET', pool, 'version', ARGV[1], 'capacity', ARGV[2], 'sold', ARGV[3], 'sales_end', ARGV[4],
    'fresh_until', read_at + lease, 'written_at', now, 'kept_until', 0, 'free', 0,
    'line_version', ARGV[5], 'wants', numbered == 0 and wants or -2, 'numbered', numbered, 'watched_until', 0)
else
  accepted, changes = write_register(pool, row, read_at, lease, now)
  redis.call('HSETNX', pool, 'watched_until', 0)
  redis.call('HSETNX', pool, 'numbered', 0)
end

local lost = redis.call('ZCARD', holds) ~= count_seated(pool)
if lost then
  mend(pool, holds, ARGV[11])
end
local register = redis.call('HMGET', pool, 'capacity', 'sold', 'wants', 'numbered')
local held = sum_seats(pool)
local last = redis.call('ZRANGE', holds, -1, -1, 'WITHSCORES')
local kept_until = math.max(now, tonumber(last[2] or now)) + 2 * ARGV[10]
redis.call('HSET', pool, 'free', register[1] - register[2] - held, 'kept_until', kept_until)
for _, key in ipairs({pool, holds, pool .. ':line', pool .. ':offers', pool .. ':entries'}) do
  redis.call('PEXPIREAT', key, kept_until)
end

local plan_due = ''
if register[4] ~= '0' then
  local seating = pool .. ':seating'
  redis.call('PEXPIREAT', seating, kept_until)
  if register[4] == '1' and redis.call('HEXISTS', seating, 'cells') == 1 then
    local drawn, seated = redraw(pool)
    changes = joined({changes, drawn})
    if lost or seated ~= held then  -- cells of some hold were lost, or it has seats of another plan
      seat_holds(pool, holds, ARGV[11])
      changes = joined({changes, (redraw(pool))})
    end
  else  -- the hall is not loaded, or was lost; its plan, too, if this row is older than that which named it
    redis.call('HSET', pool, 'numbered', -1)
    plan_due = redis.call('HGET', seating, 'plan') or ''
  end
end
note_change(pool, now, changes)
return {accepted and 1 or 0, register[3] == '-1' and 1 or 0, plan_due}
