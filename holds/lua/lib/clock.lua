-- Milliseconds since the Unix epoch by this node's clock, the only clock that a hold knows.
local function current_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
