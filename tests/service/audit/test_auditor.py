"""Each kind of drift is found, and mended by the lease; what merely looks like one is not reported."""

import asyncio

from holds import inspection, keys
from service.audit.auditor import Auditor, look_at_all_sessions
from service.postgres import Connection
from service.resources import Resources
from tests.service.audit.conftest import LEASE_SECONDS, Look, NewCaller, Raw, kinds, only
from tests.service.bookings.conftest import NewSession

SALE = "UPDATE inventory SET sales_end = sales_end + interval '1 second' WHERE id = $1"
"""A change of a row that Redis is not told of."""


async def now_of(raw: Raw) -> int:
    seconds, micros = await raw.time()
    return int(seconds) * 1_000 + int(micros) // 1_000


async def test_holds_and_sales_are_no_drift(look: Look, caller: NewCaller, new_session: NewSession) -> None:
    ann, ben, first, second = await caller(), await caller(), await new_session(), await new_session()
    await ann.reserved(first.session, 3)
    await ann.confirm(await ann.reserved(first.session, 4))
    await ben.reserved(second.session, 5)
    report = await look()
    assert (kinds(report), report.pools, report.sessions, report.held) == ([], 2, 2, 8)


async def test_sold_seats_at_the_same_version(look: Look, caller: NewCaller, new_session: NewSession, raw: Raw) -> None:
    ann, showing = await caller(), await new_session()
    await ann.confirm(await ann.reserved(showing.session, 4))
    await raw.hset(keys.pool(showing.session), "sold", "3")
    await raw.hincrby(keys.pool(showing.session), "free", 1)
    drift = only(await look())
    assert (drift.pool, drift.kind) == (showing.session, "register")
    assert (drift.redis, drift.postgres) == ({"sold": 3}, {"sold": 4})

    await asyncio.sleep(LEASE_SECONDS)
    await ann.book(showing.session)
    assert kinds(await look()) == []


async def test_a_register_newer_than_its_row(look: Look, caller: NewCaller, new_session: NewSession, raw: Raw) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    await raw.hincrby(keys.pool(showing.session), "version", 5)
    assert only(await look()).redis == {"version": 6}

    await asyncio.sleep(LEASE_SECONDS)
    await ann.book(showing.session)
    assert kinds(await look()) == []


async def test_a_wrong_sum_of_held_seats(look: Look, caller: NewCaller, new_session: NewSession, raw: Raw) -> None:
    ann, showing = await caller(), await new_session()
    await ann.reserved(showing.session, 2)
    await raw.hincrby(keys.pool(showing.session), "free", -7)
    drift = only(await look())
    assert (drift.kind, drift.redis) == ("held", {"held": 9, "seats_of_live_holds": 2})

    await asyncio.sleep(LEASE_SECONDS)
    await ann.reserved(showing.session, 1)
    report = await look()
    assert (kinds(report), report.held) == ([], 3)


async def test_a_lost_index_of_holds(look: Look, caller: NewCaller, new_session: NewSession, raw: Raw) -> None:
    ann, showing = await caller(), await new_session()
    await ann.reserved(showing.session, 2)
    await raw.delete(keys.holds(showing.session))
    drift = only(await look())
    assert drift.kind == "held"
    assert drift.redis["holds"] != drift.redis["holds_with_seats"]

    await asyncio.sleep(LEASE_SECONDS)
    await ann.book(showing.session)
    assert kinds(await look()) == []


async def test_sold_seats_without_bookings(
    look: Look, caller: NewCaller, new_session: NewSession, connection: Connection
) -> None:
    ann, showing, other = await caller(), await new_session(), await new_session()
    await ann.confirm(await ann.reserved(showing.session, 4))
    for session in (showing, other):
        await connection.execute("UPDATE inventory SET sold = sold + 1 WHERE id = $1", session.session_id)
    drift = only(await look())
    assert (drift.pool, drift.kind) == (showing.session, "bookings")
    assert drift.postgres == {"sold": 5, "seats_of_confirmed_bookings": 4}
    everywhere = [drift.pool async for _, drifts in look_at_all_sessions(connection) for drift in drifts]
    assert sorted(everywhere) == sorted([showing.session, other.session])


async def test_a_newer_row_is_no_drift_within_a_lease_and_is_beyond(
    look: Look, caller: NewCaller, new_session: NewSession, connection: Connection, raw: Raw
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    await connection.execute(SALE, showing.session_id)
    first = await look()
    assert (kinds(first), first.behind) == ([], {showing.session})

    await asyncio.sleep(LEASE_SECONDS)
    still_deciding = await now_of(raw) + round(LEASE_SECONDS * 500)
    await raw.hset(keys.pool(showing.session), "fresh_until", str(still_deciding))
    assert only(await look()).kind == "lease"

    await asyncio.sleep(LEASE_SECONDS)
    await ann.book(showing.session)
    last = await look()
    assert (kinds(last), last.behind) == ([], set())


async def test_a_register_past_its_lease_decides_nothing_and_is_no_drift(
    look: Look, caller: NewCaller, new_session: NewSession, connection: Connection
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    await connection.execute(SALE, showing.session_id)
    await look()
    await asyncio.sleep(LEASE_SECONDS + 0.1)
    report = await look()
    assert (kinds(report), report.behind) == ([], set())


async def test_a_lease_longer_than_there_is(look: Look, caller: NewCaller, new_session: NewSession, raw: Raw) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    await raw.hset(keys.pool(showing.session), "fresh_until", str(await now_of(raw) + 60_000))
    assert only(await look()).kind == "lease"


async def test_lapsed_holds_that_nobody_reaped(look: Look, resources: Resources, new_session: NewSession) -> None:
    showing = await new_session()
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 3}, lifetime=100, owner_limit=50)
    await resources.engine.open(showing.session, "usr_1", {"bkg_2": 4}, lifetime=60_000, owner_limit=50)
    await asyncio.sleep(0.15)
    report = await look()
    assert (kinds(report), report.held) == ([], 4)


async def test_a_pool_that_is_being_dropped(look: Look, resources: Resources, new_session: NewSession) -> None:
    showing, runner = await new_session(), resources.redis
    seats = {f"bkg_{number}": 1 for number in range(50)}
    await resources.engine.open(showing.session, "usr_1", seats, lifetime=60_000, owner_limit=50)
    before = await inspection.state_of(runner, showing.session)
    assert before is not None
    assert not before.closed
    await resources.engine.drop(showing.session, version=9)
    state = await inspection.state_of(runner, showing.session)
    assert state is not None
    assert state.closed
    assert kinds(await look()) == []


async def test_a_pool_of_too_many_holds_is_named(
    auditor: Auditor, look: Look, resources: Resources, new_session: NewSession, raw: Raw
) -> None:
    showing = await new_session(capacity=5)
    await resources.engine.open(showing.session, "usr_1", {"bkg_1": 3}, lifetime=60_000, owner_limit=50)
    many = {f"bkg_{number}": 9e15 for number in range(inspection.MAX_SUMMED + 1)}
    await raw.zadd(keys.holds(showing.session), many)
    await raw.hset(keys.pool(showing.session), "sold", "1")
    report = await look()
    assert report.unsummed == [showing.session]
    assert only(report).kind == "register"
