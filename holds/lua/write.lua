#!lua flags=allow-oom
-- Write a row that has just changed in Postgres into the pool's register, without prolonging its lease.
--
-- KEYS[1]  the pool
-- ARGV[1]  the row's version
-- ARGV[2]  its capacity
-- ARGV[3]  its seats sold
-- ARGV[4]  the end of its sales in ms
-- ARGV[5]  the version of its line
-- ARGV[6]  its seat plan, '' where seats are counted
-- ARGV[7]  for each cell of that '1' where the seat is sold, else '0'
--
-- Returns 1 when the row was accepted, 0 when the pool is absent or knows a newer one.
--
-- @include lib/clock
-- @include lib/changes
-- @include lib/register
local row = {version = tonumber(ARGV[1]), capacity = ARGV[2], sold = ARGV[3], sales_end = ARGV[4], line_version = ARGV[5],
  plan = ARGV[6], sold_cells = ARGV[7]}
local accepted, changes = write_register(KEYS[1], row, false, 0, current_ms())
note_change(KEYS[1], current_ms(), changes)
return accepted and 1 or 0
