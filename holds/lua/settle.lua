#!lua flags=allow-oom
-- Remove holds of one pool whose sale is committed in Postgres, and write the row that the sale left there.
--
-- KEYS[1]   the pool
-- KEYS[2]   its holds: id -> end in ms
-- KEYS[3…]  the holds
-- ARGV[1]   the row's version
-- ARGV[2]   its capacity
-- ARGV[3]   its seats sold
-- ARGV[4]   the end of its sales in ms
-- ARGV[5]   the version of its line
-- ARGV[6]   read_at: ms by this node's clock before Postgres was read
-- ARGV[7]   L, ms for which a register decides
-- ARGV[8…]  the holds' ids
--
-- Returns 1 when the row was accepted, 0 when the pool is absent or knows a newer one.
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/remove
-- @include lib/register
for i = 3, #KEYS do
  remove_hold(KEYS[1], KEYS[2], KEYS[i], ARGV[i + 5])
end
local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5]}
local now = current_ms()
local accepted = write_register(KEYS[1], row, tonumber(ARGV[6]), tonumber(ARGV[7]), now)
note_change(KEYS[1], now, '')
return accepted and 1 or 0
