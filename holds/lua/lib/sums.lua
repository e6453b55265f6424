-- The pool's hash is its register, which is these fields, and the seats of its holds.
local REGISTER = {'capacity', 'sold', 'sales_end', 'version', 'fresh_until', 'written_at', 'kept_until', 'free',
  'line_version', 'wants', 'watched_until', 'numbered'}

-- How many holds the pool's hash has seats of.
local function count_seated(pool)
  return redis.call('HLEN', pool) - #REGISTER
end

-- The seats of all of them: what the hash adds up to, but for the register. Half the work of picking them by name.
local function sum_seats(pool)
  local sum = 0
  for _, value in ipairs(redis.call('HVALS', pool)) do
    sum = sum + value
  end
  for _, value in ipairs(redis.call('HMGET', pool, unpack(REGISTER))) do
    sum = sum - (value or 0)
  end
  return sum
end
