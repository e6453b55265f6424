#!lua flags=no-writes
-- Read one hold.
--
-- KEYS[1]  the hold
-- KEYS[2]  its pool
-- ARGV[1]  the hold's id
--
-- Returns {now, owner, seats, state, opened_at, reserved_at (0: never), closes_at, the labels of numbered seats, their plan},
--         or {} when it is gone or has ended.
--
-- @include lib/clock
local now = current_ms()
local hold = redis.call('HMGET', KEYS[1], 'owner', 'state', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at',
  'labels', 'plan')
if not hold[1] or tonumber(hold[6] or hold[5]) <= now then
  return {}
end
local known = redis.call('HMGET', KEYS[2], 'seats:' .. ARGV[1], 'numbered')
local numbered = (known[2] or '0') ~= '0'
return {now, hold[1], tonumber(known[1] or 0), hold[2], tonumber(hold[3]), tonumber(hold[4] or 0), tonumber(hold[5]),
  numbered and hold[7] or '', numbered and hold[8] or ''}
