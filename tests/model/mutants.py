"""What each guard of the scripts looks like when it is taken out."""

from tests.model.clock import Change

MUTANTS: dict[str, Change] = {
    "resize beyond what is free": ("resize.lua", "if growth > public then", "if false then"),
    "open beyond what is free": ("open.lua", "if wanted > 0 and wanted > public then", "if false then"),
    "decide past the lease": ("resize.lua", "or growth > 0 and known[1] - now <= 0 then", "then"),
    "open past the lease": (
        "open.lua",
        "if not register[1] or tonumber(register[1]) <= now then",
        "if not register[1] then",
    ),
    "grow after the end of sales": ("resize.lua", "if growth > 0 and known[2] - now <= 0 then", "if false then"),
    "take seats and leave them free": ("resize.lua", "'free', free, ARGV", "ARGV"),
    "never reap": ("lib/reap.lua", "if #ended == 0 then", "if true then"),
    "reap a millisecond late": ("lib/reap.lua", "'-inf', now,", "'-inf', now - 1,"),
    "forget to give lapsed seats back": ("lib/reap.lua", "redis.call('HINCRBY', pool, 'free', freed)", ""),
    "resize what has ended": ("resize.lua", "or (hold[5] or hold[4]) - now <= 0 then", "or false then"),
    "resize what is claimed": ("resize.lua", "  if hold[5] then", "  if false then"),
    "release what is claimed": ("release.lua", "if hold[2] and tonumber(hold[2]) > now then", "if false then"),
    "claim what has ended": ("claim.lua", "or ends_at <= now then", "or false then"),
    "claim what is claimed": ("claim.lua", "if now - hold[6] <= sale or", "if"),
    "claim when too little is left": ("claim.lua", "or ends_at - now < sale + lease then", "or false then"),
    "take over and prolong": ("claim.lua", "ends[i], taken_over[i] = ends_at, true", "ends[i] = now + claim"),
    "claim without moving the end": ("claim.lua", "math.max(ends_at, now + claim)", "ends_at"),
    "claim in the hold alone": ("claim.lua", "  redis.call('ZADD', KEYS[2], ends[i], ARGV[i + 4])\n", ""),
    "unclaim what was taken over": ("unclaim.lua", "and not hold[3] then", "then"),
    "unclaim without the token": ("unclaim.lua", "if hold[1] == ARGV[1] and", "if"),
    "unclaim with a new end": ("unclaim.lua", "redis.call('PEXPIREAT', KEYS[i], hold[2])", ""),
    "settle and keep the hold": ("settle.lua", "remove_hold(KEYS[1], KEYS[2], KEYS[i], ARGV[i + 7])", "''"),
    "believe an older version": ("lib/register.lua", "if not newer and not", "if false and not"),
    "never believe an older version": (
        "lib/register.lua",
        "if not newer and not (read_at and read_at > tonumber(known[2])) then",
        "if not newer then",
    ),
    "let every write prolong the lease": (
        "write.lua",
        "row, false, 0, current_ms()",
        "row, current_ms(), 10000, current_ms()",
    ),
    "shorten a lease": ("lib/register.lua", "math.max(fresh_until, read_at + lease)", "read_at + lease"),
    "drop the register with the pool": (
        "drop.lua",
        "redis.call('PEXPIREAT', KEYS[1], kept_until)",
        "redis.call('DEL', KEYS[1])",
    ),
    "drop to an old version": (
        "drop.lua",
        "math.max(tonumber(ARGV[1]), tonumber(known[1] or 0))",
        "0",
    ),
    "admit beyond the bound": ("admit.lua", "> tonumber(ARGV[1]) then", "> 1000 then"),
    "open without a TTL": ("open.lua", "  redis.call('PEXPIREAT', KEYS[i], closes_at)\n", ""),
    "keep a pool no longer than its holds": ("open.lua", "closes_at + 2 * ARGV[3]", "closes_at - 1"),
}

LINE_MUTANTS: dict[str, Change] = {
    "serve the public first": ("open.lua", "and register[5] ~= '0' and not ahead then", "and false then"),
    "serve who grows first": ("resize.lua", "if left > 0 and known[4] ~= '0' then", "if false then"),
    "serve an old line": ("lib/line.lua", "if wants < 0 or", "if"),
    "never gather": ("lib/line.lua", "MAX_PASSES = 3", "MAX_PASSES = 1000"),
    "gather, and let the public have it": ("lib/line.lua", "gathers and 0 or free", "free"),
    "pass over and do not count": ("lib/line.lua", "other.passes = other.passes + 1", ""),
    "want too much": ("lib/line.lua", "wants = fewest", "wants = fewest + 1"),
    "offer and stay in the line": ("lib/line.lua", "  redis.call('ZREM', pool .. ':line', id)\n", ""),
    "offer what is offered already": ("line.lua", "if not offered[id] then", "if true then"),
    "believe an older line": ("line.lua", "newer < 0 or", ""),
    "forget who was passed over": ("line.lua", "math.max(read, passes[id] or 0)", "read"),
    "acknowledge and keep the line": ("acknowledge.lua", "redis.call('HSET', KEYS[1], 'wants', -1)", ""),
    "acknowledge and keep the offer": ("acknowledge.lua", "redis.call('ZREM', KEYS[2], ARGV[i]) == 1", "false"),
    "hear of a line and not load it": ("lib/register.lua", "line_version == '0' and 0 or -1", "wants"),
}
"""Those of lines, found by `test_line_engine.py`."""

SEAT_MUTANTS: dict[str, Change] = {
    "pick what is taken": ("pick.lua", "if #taken > 0 then", "if false then"),
    "pick past the lease": ("pick.lua", "or total > 0 and register[1] - now <= 0 then", "then"),
    "pick in the plan of old": ("pick.lua", "if ARGV[2] ~= '' and ARGV[2] ~= loaded then", "if ARGV[2] == '?' then"),
    "take a block and leave it free": ("pick.lua", "  redis.call('HSET', seating, 'map', map)", ""),
    "keep seats that are sold": ("pick.lua", "and own == wish.seats", ""),
    "free lapsed holds' seats never": ("lib/reap.lua", "changes = leave_cells(pool, due)", ""),
    "free released holds' seats never": (
        "lib/remove.lua",
        "return (numbered or '0') ~= '0' and leave_cells(pool, {id}) or ''",
        "return ''",
    ),
    "sell and leave the seats free": ("lib/sold.lua", "      marks[i - 1] = 'x'", ""),
    "free seats that are sold": ("lib/seating.lua", "cell_of(sold, position) == '1' and 'x' or ", ""),
    "believe a plan of old": ("seating.lua", "redis.call('HGET', seating, 'plan') ~= ARGV[1]", "false"),
    "load a plan and no holds": ("seating.lua", "seat_holds(pool, KEYS[2], ARGV[5])", ""),
    "hear of a plan and not load it": ("lib/sold.lua", "    return -1, ''", "    return 1, ''"),
    "draw holds' seats only": ("lib/seating.lua", "      bytes[i] = string.byte('x')", ""),
}
"""Those of numbered seats, found by `test_seats_engine.py`."""
