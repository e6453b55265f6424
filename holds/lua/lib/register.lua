-- @include lib/sold
-- Write a row of Postgres into the pool's register, whole or not at all. What is held stays: `free` changes with the row.
-- An older version is believed only when it was read after the last write: then Postgres itself went back (restored).
-- Where the row tells of another line or plan than the one in the slot, that is to be loaded before anything is granted.
-- `read_at` false: the row is news, does not prolong the lease, and says nothing to a line that is newer. Returns whether it
-- was accepted, and what that changes of numbered seats.
local function write_register(pool, row, read_at, lease, now)
  local known = redis.call('HMGET', pool, 'version', 'written_at', 'fresh_until', 'capacity', 'sold', 'free',
    'line_version', 'wants', 'numbered', 'kept_until')
  if not known[1] then
    return false, ''
  end
  local newer = row.version >= tonumber(known[1])
  if not newer and not (read_at and read_at > tonumber(known[2])) then
    return false, ''
  end
  local fresh_until = tonumber(known[3])
  if read_at then
    fresh_until = math.max(fresh_until, read_at + lease)
  end
  local free = known[6] + (row.capacity - row.sold) - (known[4] - known[5])
  local line_version, wants = row.line_version, known[8]
  if not read_at and tonumber(line_version) < tonumber(known[7]) then
    line_version = known[7]  -- the line was read after this row was written: a line that changes fast is not out of date
  elseif line_version ~= known[7] then
    wants = line_version == '0' and 0 or -1
  end
  local numbered, changes = 0, ''
  if row.plan ~= '' or (known[9] or '0') ~= '0' then
    numbered, changes = write_sold(pool, row, tonumber(known[10]))
  end
  if numbered ~= 0 then
    wants = -2
  elseif wants == '-2' then
    wants = line_version == '0' and 0 or -1
  end
  redis.call('HSET', pool, 'capacity', row.capacity, 'sold', row.sold, 'sales_end', row.sales_end,
    'version', row.version, 'fresh_until', fresh_until, 'written_at', now, 'free', free,
    'line_version', line_version, 'wants', wants, 'numbered', numbered)
  return true, changes
end
