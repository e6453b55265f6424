#!lua flags=no-writes
-- Read one hold.
--
-- KEYS[1]  the hold
--
-- Returns {now, owner, seats, state, opened_at, reserved_at (0: never), closes_at}, or {} when it is gone or has ended.
--
-- @include lib/clock
local now = current_ms()
local hold = redis.call('HMGET', KEYS[1], 'owner', 'seats', 'state', 'opened_at', 'reserved_at', 'closes_at', 'claim_ends_at')
if not hold[1] or tonumber(hold[7] or hold[6]) <= now then
  return {}
end
return {now, hold[1], tonumber(hold[2]), hold[3], tonumber(hold[4]), tonumber(hold[5] or 0), tonumber(hold[6])}
