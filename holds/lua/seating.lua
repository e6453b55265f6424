#!lua
-- Write what the pool's hall looks like, as the plan of its row has it, and find the seats of its live holds in it.
--
-- KEYS[1]  the pool
-- KEYS[2]  its holds: id -> end in ms
-- KEYS[3]  its seating
-- ARGV[1]  the plan
-- ARGV[2]  its cells
-- ARGV[3]  their labels
-- ARGV[4]  the cell that is the focal point
-- ARGV[5]  what a hold's key begins with: its id follows
--
-- Returns 1, or 0 when the pool is absent or has another plan by now.
--
-- @include lib/seating
-- @include lib/seated
local pool, seating = KEYS[1], KEYS[3]
local kept_until = redis.call('HGET', pool, 'kept_until')
if not kept_until or redis.call('HGET', seating, 'plan') ~= ARGV[1] then
  return 0
end
redis.call('HSET', seating, 'loaded', ARGV[1], 'cells', ARGV[2], 'labels', ARGV[3], 'focal', ARGV[4])
seat_holds(pool, KEYS[2], ARGV[5])
redraw(pool)
redis.call('HSET', pool, 'numbered', 1)
redis.call('PEXPIREAT', seating, kept_until)
-- Whoever follows the pool does not know the hall as it is now, and looks at it anew. Unlike DEL, this uses no id twice.
redis.call('XTRIM', pool .. ':changes', 'MAXLEN', 0)
return 1
