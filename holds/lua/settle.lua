#!lua flags=allow-oom
-- Remove holds of one pool whose sale is committed in Postgres, and write the row that the sale left there.
--
-- KEYS[1]    the pool
-- KEYS[2]    its holds: id -> end in ms
-- KEYS[3…]   the holds
-- ARGV[1]    the row's version
-- ARGV[2]    its capacity
-- ARGV[3]    its seats sold
-- ARGV[4]    the end of its sales in ms
-- ARGV[5]    the version of its line
-- ARGV[6]    its seat plan, '' where seats are counted
-- ARGV[7]    for each cell of that '1' where the seat is sold, else '0'
-- ARGV[8]    read_at: ms by this node's clock before Postgres was read
-- ARGV[9]    L, ms for which a register decides
-- ARGV[10…]  the holds' ids
--
-- Returns 1 when the row was accepted, 0 when the pool is absent or knows a newer one.
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/remove
-- @include lib/register
local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5],
  plan = ARGV[6], sold_cells = ARGV[7]}
local now, changes = current_ms(), {}
local accepted, sold = write_register(KEYS[1], row, tonumber(ARGV[8]), tonumber(ARGV[9]), now)
changes[1] = sold
for i = 3, #KEYS do  -- after the row, so that seats which it says are sold are never shown as free
  changes[#changes + 1] = remove_hold(KEYS[1], KEYS[2], KEYS[i], ARGV[i + 7])
end
note_change(KEYS[1], now, joined(changes))
return accepted and 1 or 0
