"""Waiting for seats: who is offered what comes free, and what the public gets."""

import asyncio
from typing import Any

import pytest

from holds import keys
from holds.engine import MAX_OFFERS, HoldEngine
from holds.errors import HoldNotFound, NotEnoughSeats, PoolNotFound, TooManyHolds
from holds.models import Line, Timing
from holds.runner import ScriptRunner
from tests.holds.conftest import ANN, BEN, POOL, QUICK, Raw, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened
from tests.holds.waitlist import Status, Waitlist

CAPACITY = 10


@pytest.fixture
async def waitlist(database: Database) -> Waitlist:
    return Waitlist(database, POOL)


def made(runner: ScriptRunner, database: Database, waitlist: Waitlist, timing: Timing | None = None) -> HoldEngine:
    return HoldEngine(runner, database.load, timing, read_line=waitlist.read)


@pytest.fixture
async def engine(runner: ScriptRunner, database: Database, waitlist: Waitlist) -> HoldEngine:
    """One whose pool may have a line."""
    return made(runner, database, waitlist)


async def joined(engine: HoldEngine, waitlist: Waitlist, *parties: int, lifetime: int = 60_000) -> list[str]:
    """Who joined, and Redis was told."""
    first = len(waitlist.entries)
    names = [f"w{number}" for number in range(first, first + len(parties))]
    for name, seats in zip(names, parties, strict=True):
        await engine.write(POOL, waitlist.join(name, seats, lifetime=lifetime))
    return names


async def offered(engine: HoldEngine, waitlist: Waitlist) -> list[str]:
    """Who is made an offer now, recorded and acknowledged."""
    offers = await engine.tick(POOL)
    told, row = waitlist.record(offers)
    await engine.acknowledge(POOL, [offer.entry for offer in offers], row)
    return told


async def public_may_have(engine: HoldEngine) -> int:
    """What is left to the public, who asks for more than there are."""
    with pytest.raises(NotEnoughSeats) as refusal:
        await opened(engine, POOL, BEN, CAPACITY + 1)
    return refusal.value.free


async def test_an_offer_is_a_hold_of_each_seat(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    (name,) = await joined(engine, waitlist, 3)
    (offer,) = await engine.tick(POOL)
    entry = waitlist.entries[name]
    assert (offer.entry, offer.owner, offer.hold_ids) == (name, entry.owner, entry.hold_ids)
    assert offer.closes_at - offer.made_at == entry.lifetime
    assert offer.made_at <= offer.now <= await now_of(raw)
    held = await engine.of_owner(entry.owner)
    assert {(hold.id, hold.seats, hold.closes_at) for hold in held} == {
        (hold_id, 1, offer.closes_at) for hold_id in entry.hold_ids
    }
    claim = await engine.claim(entry.owner, entry.hold_ids)
    assert [hold.reserved_at for hold in claim.holds] == [offer.made_at] * 3
    assert await free_seats(engine, POOL) == CAPACITY - 3


async def test_in_order_of_joining(engine: HoldEngine, waitlist: Waitlist) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    names = await joined(engine, waitlist, 2, 1, 2, 1)
    assert await offered(engine, waitlist) == []
    await engine.resize(ANN, {full.id: CAPACITY - 3})
    assert await offered(engine, waitlist) == names[:2]
    await engine.release(ANN, [full.id])
    assert await offered(engine, waitlist) == names[2:]
    assert await public_may_have(engine) == CAPACITY - 6


async def test_what_is_offered_is_written_down_for_those_who_follow(
    engine: HoldEngine, waitlist: Waitlist, database: Database, raw: Raw
) -> None:
    """Made to fail by `note_change` taken out of `line.lua`, and out of `acknowledge.lua`."""
    full = await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 2)
    await engine.follow(POOL, None)
    await engine.resize(ANN, {full.id: CAPACITY - 3})
    (offer,) = await engine.tick(POOL)
    waitlist.record([offer])
    await engine.acknowledge(POOL, [offer.entry], database.sell(POOL, 4))
    stream: Any = await raw.xrange(keys.changes(POOL))
    told = [(int(change["free"]), int(change["held"]), int(change["sold"])) for _, change in stream[1:]]
    assert told == [(0, 10, 0), (3, 7, 0), (1, 9, 0), (-3, 9, 4)]


@pytest.mark.parametrize("by", ["open", "resize"])
async def test_before_the_public(engine: HoldEngine, waitlist: Waitlist, by: str) -> None:
    """Without a tick: the public's own request offers the seats to who waits, and gets what is left."""
    hold, mine = await opened(engine, POOL, ANN, CAPACITY), await opened(engine, POOL, BEN)
    (name,) = await joined(engine, waitlist, 2)
    await engine.resize(ANN, {hold.id: CAPACITY - 3})

    async def take(seats: int) -> object:
        return await (opened(engine, POOL, BEN, seats) if by == "open" else engine.resize(BEN, {mine.id: seats}))

    with pytest.raises(NotEnoughSeats) as refusal:
        await take(3)
    assert refusal.value.free == 1
    assert await engine.find(waitlist.entries[name].hold_ids) == []  # a tick makes them their owner's
    await take(1)
    assert [offer.entry for offer in await engine.tick(POOL)] == [name]
    assert len(await engine.find(waitlist.entries[name].hold_ids)) == 2
    assert await free_seats(engine, POOL) == 0


async def test_the_public_gets_what_fits_nobody(engine: HoldEngine, waitlist: Waitlist) -> None:
    """However often: only who joined later passes somebody over."""
    held = [await opened(engine, POOL, ANN, 1) for _ in range(CAPACITY)]
    await joined(engine, waitlist, 2)
    for hold in held[:5]:
        await engine.release(ANN, [hold.id])
        await opened(engine, POOL, BEN, 1)
    await engine.release(ANN, [hold.id for hold in held[5:7]])
    assert await public_may_have(engine) == 0
    assert await offered(engine, waitlist) == ["w0"]


async def test_a_party_of_four_among_singles_is_served_in_the_end(engine: HoldEngine, waitlist: Waitlist) -> None:
    """Three later ones pass it over; then seats gather for it, and nobody else gets one, however many ask."""
    held = [await opened(engine, POOL, ANN, 1) for _ in range(CAPACITY)]
    names = await joined(engine, waitlist, 4, 1, 1, 1, 1, 1)
    served = []
    for hold in held:
        await engine.release(ANN, [hold.id])
        served += await offered(engine, waitlist)
        if 3 <= len(served) < 6:
            assert await public_may_have(engine) == 0
    assert served == [*names[1:4], names[0], *names[4:]]
    assert await public_may_have(engine) == CAPACITY - 9


async def test_three_of_one_release_pass_it_over_and_no_more(engine: HoldEngine, waitlist: Waitlist) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    names = await joined(engine, waitlist, 6, 1, 1, 1, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 5})
    assert await offered(engine, waitlist) == names[1:4]
    assert await public_may_have(engine) == 0
    assert await free_seats(engine, POOL) == 2
    await engine.resize(ANN, {full.id: 1})
    assert await offered(engine, waitlist) == names[:1]
    await engine.release(ANN, [full.id])
    assert await offered(engine, waitlist) == names[4:]


async def test_seats_gather_although_a_smaller_party_joins(engine: HoldEngine, waitlist: Waitlist) -> None:
    """One too large for what is free, as is whom seats gather for."""
    full = await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 3, 1, 1, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 3 + 1})
    await engine.tick(POOL)
    await engine.resize(ANN, {full.id: CAPACITY - 3})
    await engine.tick(POOL)
    await joined(engine, waitlist, 2)
    await engine.resize(ANN, {full.id: CAPACITY - 4})
    assert await public_may_have(engine) == 0
    assert await free_seats(engine, POOL) == 1


async def test_ahead_of_the_line(engine: HoldEngine, waitlist: Waitlist) -> None:
    """Neither is anything offered first, nor is what gathers for somebody out of reach. With the line served first, one
    of two seats is offered, and both are refused."""
    full = await opened(engine, POOL, ANN, CAPACITY)
    names = await joined(engine, waitlist, 1, 4, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 2})
    (taken,) = await engine.open(POOL, "pool", {"taken": 2}, lifetime=60_000, owner_limit=1, ahead=True)
    with pytest.raises(NotEnoughSeats) as refusal:
        await engine.open(POOL, "pool", {"more": 1}, lifetime=60_000, owner_limit=2, ahead=True)
    assert (refusal.value.free, await engine.tick(POOL)) == (0, ())
    await engine.release("pool", [taken.id])
    assert await offered(engine, waitlist) == [names[0], names[2]]
    await joined(engine, waitlist, 1, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 4})
    assert len(await offered(engine, waitlist)) == 2
    await engine.resize(ANN, {full.id: CAPACITY - 6})
    assert await public_may_have(engine) == 0
    (taken,) = await engine.open(POOL, "pool", {"taken": 2}, lifetime=60_000, owner_limit=1, ahead=True)
    await engine.release("pool", [taken.id])
    await engine.resize(ANN, {full.id: CAPACITY - 8})
    assert await offered(engine, waitlist) == [names[1]]


async def test_passes_that_postgres_does_not_know_yet_outlive_a_change_of_the_line(
    engine: HoldEngine, waitlist: Waitlist
) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 6, 1, 1, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 3})
    assert await public_may_have(engine) == 0  # served, and nobody has recorded it
    assert waitlist.entries["w0"].passed == 0
    await joined(engine, waitlist, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 5})
    assert await public_may_have(engine) == 0
    assert await free_seats(engine, POOL) == 2


async def test_passes_are_known_after_a_wipe(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 8, 1, 1, 1, 1)
    await engine.resize(ANN, {full.id: CAPACITY - 3})
    assert len(await offered(engine, waitlist)) == 3
    await raw.flushall()
    await opened(engine, POOL, ANN)
    await engine.load(POOL, waitlist.row, await now_of(raw))
    await engine.tick(POOL)
    assert await free_seats(engine, POOL) == CAPACITY - 8 - 1


async def test_a_lapsed_offer_goes_to_the_next(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    await opened(engine, POOL, ANN, CAPACITY - 1)
    (late,) = await joined(engine, waitlist, 1, lifetime=300)
    (offer,) = await engine.tick(POOL)
    told, row = waitlist.record([offer])
    await engine.acknowledge(POOL, [late], row)
    (following,) = await joined(engine, waitlist, 1)
    await wait_until(raw, offer.closes_at)
    assert await public_may_have(engine) == 0
    assert (told, await offered(engine, waitlist)) == ([late], [following])


async def test_offers_are_told_until_they_are_acknowledged(
    engine: HoldEngine, waitlist: Waitlist, database: Database, runner: ScriptRunner
) -> None:
    """By whichever worker: the one that saw them first may have died, before its transaction or after."""
    names = await joined(engine, waitlist, 1, 1)
    seen = await engine.tick(POOL)
    other = made(runner, database, waitlist)
    again = await other.tick(POOL)
    assert [offer._replace(now=0) for offer in again] == [offer._replace(now=0) for offer in seen]
    assert waitlist.record(seen)[0] == names
    told, row = waitlist.record(await other.tick(POOL))
    assert told == []
    for _ in range(2):
        await other.acknowledge(POOL, names, row)
    assert await engine.tick(POOL) == ()
    assert await free_seats(engine, POOL) == CAPACITY - 2


async def test_more_offers_than_are_told_at_once(engine: HoldEngine, waitlist: Waitlist, database: Database) -> None:
    database.add(POOL, 1_000)
    for number in range(MAX_OFFERS + 5):
        waitlist.join(f"w{number}", 1)
    await engine.write(POOL, waitlist.row)
    assert len(await offered(engine, waitlist)) == MAX_OFFERS
    assert len(await offered(engine, waitlist)) == 5
    assert waitlist.reads <= 3


@pytest.mark.parametrize("by", ["open", "resize", "tick"])
async def test_more_seats_than_are_offered_in_one_step(
    engine: HoldEngine, waitlist: Waitlist, database: Database, by: str
) -> None:
    database.add(POOL, 1_003)
    mine = await opened(engine, POOL, ANN)
    for number in range(20):
        waitlist.join(f"w{number}", 50)
    await engine.write(POOL, waitlist.row)
    if by == "tick":
        assert len(await engine.tick(POOL)) == 20
    elif by == "resize":
        await engine.resize(ANN, {mine.id: 3})
    else:
        await opened(engine, POOL, BEN, 3)
    assert await free_seats(engine, POOL) == (3 if by == "tick" else 0)


async def test_an_entry_that_was_put_back_is_offered_again(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    """Its offer lapsed before anybody was told. The line that has it again comes before its offer is acknowledged."""
    (name,) = await joined(engine, waitlist, 1, lifetime=200)
    (offer,) = await engine.tick(POOL)
    await wait_until(raw, offer.closes_at)
    (lapsed,) = await engine.tick(POOL)
    told, row = waitlist.record([lapsed])
    assert told == []
    await engine.write(POOL, row)
    assert len(await engine.tick(POOL)) == 1
    await engine.acknowledge(POOL, [name], row)
    (again,) = await engine.tick(POOL)
    assert again.hold_ids == offer.hold_ids
    assert again.made_at > offer.closes_at


async def test_who_left_is_offered_nothing(engine: HoldEngine, waitlist: Waitlist) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    names = await joined(engine, waitlist, 1, 1)
    await engine.tick(POOL)
    await engine.write(POOL, waitlist.set_status(names[:1], Status.LEFT))
    await engine.release(ANN, [full.id])
    assert await offered(engine, waitlist) == names[1:]
    assert await public_may_have(engine) == CAPACITY - 1


async def test_the_offer_of_one_who_left_meanwhile_is_released(engine: HoldEngine, waitlist: Waitlist) -> None:
    (name,) = await joined(engine, waitlist, 2)
    (offer,) = await engine.tick(POOL)
    row = waitlist.set_status([name], Status.LEFT)
    assert waitlist.record([offer])[0] == []
    await engine.release(offer.owner, offer.hold_ids)
    await engine.acknowledge(POOL, [name], row)
    assert await engine.tick(POOL) == ()
    assert await free_seats(engine, POOL) == CAPACITY


async def test_a_wiped_redis_gets_the_line_before_the_public_gets_a_seat(
    engine: HoldEngine, waitlist: Waitlist, raw: Raw
) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY)
    names = await joined(engine, waitlist, CAPACITY - 1, 1)
    await engine.tick(POOL)
    await raw.flushall()
    assert await public_may_have(engine) == 0
    assert await offered(engine, waitlist) == names
    with pytest.raises(HoldNotFound):
        await engine.get("usr_9", full.id)


async def test_an_offer_lost_in_a_wipe_is_made_again_with_the_same_ids(
    engine: HoldEngine, waitlist: Waitlist, raw: Raw
) -> None:
    await joined(engine, waitlist, 2)
    (lost,) = await engine.tick(POOL)
    await raw.flushall()
    (again,) = await engine.tick(POOL)
    assert again.hold_ids == lost.hold_ids
    assert await free_seats(engine, POOL) == CAPACITY - 2


async def test_a_late_line_is_not_believed(engine: HoldEngine, waitlist: Waitlist) -> None:
    """It has an entry that was offered something since, and lacks one that joined."""
    full = await opened(engine, POOL, ANN, CAPACITY - 1)
    await joined(engine, waitlist, 1)
    late = waitlist.line
    assert await offered(engine, waitlist) == ["w0"]
    await joined(engine, waitlist, 1)
    await engine.tick(POOL)
    assert await engine.load_line(POOL, late) == 0
    await engine.release(ANN, [full.id])
    assert await offered(engine, waitlist) == ["w1"]


async def test_news_of_what_the_line_has_already_do_not_put_it_out_of_date(
    engine: HoldEngine, waitlist: Waitlist, raw: Raw
) -> None:
    """Many join at once, and the line is read before all of them are told. Made to fail by the versions being compared
    for difference alone: each of the late news had the line loaded anew."""
    full = await opened(engine, POOL, ANN, CAPACITY)
    rows = [waitlist.join(f"w{number}", 1) for number in range(4)]
    await engine.write(POOL, rows[0])
    await engine.load_line(POOL, waitlist.line)
    for row in rows[1:]:
        await engine.write(POOL, row)
    assert await raw.hget(f"pool:{{{POOL}}}", "wants") == "1"
    reads = waitlist.reads
    await engine.release(ANN, [full.id])
    assert len(await engine.tick(POOL)) == 4
    assert waitlist.reads == reads


async def test_a_line_of_this_version_is_not_written_again(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    """Its entries were offered something since."""
    await joined(engine, waitlist, 1)
    late = waitlist.line
    (offer,) = await engine.tick(POOL)
    await engine.release(offer.owner, offer.hold_ids)
    assert await engine.load_line(POOL, late) == 0
    assert await raw.zcard(f"pool:{{{POOL}}}:line") == 0


async def test_a_line_that_was_read_late_brings_no_offer_back(engine: HoldEngine, waitlist: Waitlist) -> None:
    """One of a later version, in which an entry still waits whose offer nobody has recorded."""
    names = await joined(engine, waitlist, 1)
    (offer,) = await engine.tick(POOL)
    names += await joined(engine, waitlist, 1)
    await engine.release(offer.owner, offer.hold_ids)
    assert [offer.entry for offer in await engine.tick(POOL)] == names
    assert await free_seats(engine, POOL) == CAPACITY - 1


async def test_a_line_of_an_absent_or_dropped_pool(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    await joined(engine, waitlist, 1)
    assert await engine.load_line(POOL, waitlist.line) == 0
    assert await raw.keys() == []
    await engine.tick(POOL)
    await joined(engine, waitlist, 1)
    await engine.drop(POOL, waitlist.row.version + 1)
    assert await raw.exists(*(f"pool:{{{POOL}}}:{part}" for part in ("holds", "line", "offers", "entries"))) == 0
    assert await engine.load_line(POOL, waitlist.line) == 0
    await engine.load(POOL, waitlist.row, 0)
    assert await raw.hget(f"pool:{{{POOL}}}", "wants") == "0"


async def test_who_joined_and_nobody_told_is_known_with_the_next_lease(
    runner: ScriptRunner, database: Database, waitlist: Waitlist, raw: Raw
) -> None:
    engine = made(runner, database, waitlist, QUICK)
    await opened(engine, POOL, ANN, CAPACITY - 1)
    fresh_until = int(await raw.hget(f"pool:{{{POOL}}}", "fresh_until") or 0)
    waitlist.join("w0", 1)
    await wait_until(raw, fresh_until)
    assert await public_may_have(engine) == 0
    assert await offered(engine, waitlist) == ["w0"]
    await engine.close()


async def test_a_full_pool_does_not_read_the_line(engine: HoldEngine, waitlist: Waitlist) -> None:
    """However many join, and however many ask: it is read when there is something to offer."""
    await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 1, 1, 1)
    assert await public_may_have(engine) == 0
    assert await engine.tick(POOL) == ()
    assert waitlist.reads == 0


async def test_the_line_is_read_once_however_many_ask(engine: HoldEngine, waitlist: Waitlist) -> None:
    await opened(engine, POOL, ANN)
    await joined(engine, waitlist, 1, 1)
    await asyncio.gather(*(opened(engine, POOL, f"usr_{i}", 1) for i in range(CAPACITY - 2)))
    assert waitlist.reads == 1
    assert await free_seats(engine, POOL) == 0


@pytest.mark.parametrize("key", ["line", "entries"])
async def test_a_lost_line_is_read_again(engine: HoldEngine, waitlist: Waitlist, raw: Raw, key: str) -> None:
    full = await opened(engine, POOL, ANN, CAPACITY - 1)
    await joined(engine, waitlist, 2)
    await engine.tick(POOL)
    await raw.delete(f"pool:{{{POOL}}}:{key}")
    await engine.resize(ANN, {full.id: CAPACITY - 2})
    assert await public_may_have(engine) == 0
    assert await offered(engine, waitlist) == ["w0"]


async def test_after_the_end_of_sales_nothing_is_offered(
    engine: HoldEngine, waitlist: Waitlist, database: Database
) -> None:
    await joined(engine, waitlist, 1)
    database.change(POOL, sales_end=1)
    assert await engine.tick(POOL) == ()


async def test_a_raised_capacity_is_offered(engine: HoldEngine, waitlist: Waitlist, database: Database) -> None:
    await opened(engine, POOL, ANN, CAPACITY)
    await joined(engine, waitlist, 2)
    await engine.write(POOL, database.change(POOL, capacity=CAPACITY + 2))
    assert await public_may_have(engine) == 0
    assert await offered(engine, waitlist) == ["w0"]


async def test_offers_count_among_their_owners_holds(engine: HoldEngine, waitlist: Waitlist) -> None:
    await joined(engine, waitlist, 3)
    owner = waitlist.entries["w0"].owner
    await opened(engine, POOL, owner, limit=1)
    await engine.tick(POOL)
    with pytest.raises(TooManyHolds):
        await opened(engine, POOL, owner, limit=4)


async def test_a_hold_that_is_there_is_not_opened_again(engine: HoldEngine, waitlist: Waitlist) -> None:
    waitlist.join("w0", 2)
    entry = waitlist.entries["w0"]
    waitlist.set_status(["w0"], Status.LEFT)
    await engine.open(POOL, entry.owner, {entry.hold_ids[1]: 3}, lifetime=60_000, owner_limit=5)
    waitlist.set_status(["w0"], Status.WAITING)
    await joined(engine, waitlist, 1)
    assert await offered(engine, waitlist) == ["w1"]
    assert await free_seats(engine, POOL) == CAPACITY - 4
    await engine.release(entry.owner, [entry.hold_ids[1]])
    assert await offered(engine, waitlist) == ["w0"]


async def test_every_key_of_a_line_ends_and_none_before_the_pool(
    engine: HoldEngine, waitlist: Waitlist, raw: Raw
) -> None:
    await joined(engine, waitlist, 1, CAPACITY, lifetime=600_000)
    await engine.tick(POOL)
    lifetimes = {str(key): await raw.pexpiretime(str(key)) for key in await raw.keys("pool:*")}
    assert {key.rpartition(":")[2] for key in lifetimes} == {f"{{{POOL}}}", "holds", "line", "offers", "entries"}
    assert len(set(lifetimes.values())) == 1


async def test_an_engine_without_lines_does_not_serve_pools_that_have_one(
    runner: ScriptRunner, database: Database, waitlist: Waitlist
) -> None:
    engine = HoldEngine(runner, database.load)
    waitlist.join("w0", 1)
    with pytest.raises(PoolNotFound):
        await opened(engine, POOL, ANN, 1)


async def test_no_line_is_nobody(engine: HoldEngine, waitlist: Waitlist, raw: Raw) -> None:
    """All left: the pool is as one that never had a line."""
    names = await joined(engine, waitlist, 1)
    await engine.write(POOL, waitlist.set_status(names, Status.LEFT))
    await opened(engine, POOL, ANN, CAPACITY)
    assert waitlist.line == Line(2, ())
    assert await raw.keys(f"pool:{{{POOL}}}:line") == []
    assert await raw.hget(f"pool:{{{POOL}}}", "wants") == "0"
