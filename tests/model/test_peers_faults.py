"""What other systems that hold seats were seen to do wrong, and the test that would catch it here.

Caught in this file:
- expiry ends an arbitrary booking of the event, even a confirmed one;
- every free seat's id is shipped to Redis, so that the cost grows with the event, or with the holds;
- the connections run out at 256 clients;
- two updates of a capacity from 100 to 150 make 300 seats;
- ten cancels of one booking all succeed, and free another number of seats;
- losers wait as long as winners, since one lock is for the whole event;
- one ticket is sold twice: the hold is looked at, then the sale is made without a condition.

Caught elsewhere below `tests/`:
- the seats of lapsed holds are lost, since a counter is never given back:
  `holds/test_reaping.py::test_more_lapsed_holds_than_one_step_reaps`, and after every step of
  `model/test_engine_model.py::test_the_engine_does_what_the_model_says`;
- expiry needs a worker or an event: `holds/test_reaping.py::test_seats_are_free_at_the_millisecond`;
- holds without a TTL stay for ever: `holds/test_lifetimes.py::test_holds_that_come_and_go` and its neighbours;
- a crash between script and database loses the sale:
  `service/bookings/test_crashes.py::test_killed_between_claim_and_commit` and its neighbours;
- 1,936 reservations for 500 seats, 507 of 500 tickets sold, losers answered 500:
  `service/bookings/test_grab.py::test_every_seat_is_sold_once`.
"""

import asyncio
from random import Random

import pytest

from holds.engine import HoldEngine
from holds.errors import HoldExpired, HoldNotFound
from service.postgres import Postgres
from service.settings import Settings
from tests.holds.conftest import ends_before, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened
from tests.model.conftest import ANN, BEN, POOL, NewWorker, Raw
from tests.service.bookings.conftest import Customer, NewSession
from tests.service.bookings.test_crashes import locked_inventory
from tests.service.bookings.test_settle import sold_seats


async def cost_of_resizes(worker: HoldEngine, raw: Raw, hold_id: str) -> tuple[int, int, int]:
    """Commands that Redis ran, and bytes that it got and gave, for a hundred changes of a hold."""
    await worker.resize(ANN, {hold_id: 1})
    await raw.config_resetstat()
    for seats in range(1, 101):
        await worker.resize(ANN, {hold_id: 10 + seats % 2})
    commands = await raw.info("commandstats")
    stats = await raw.info("stats")
    calls = sum(command["calls"] for name, command in commands.items() if "config" not in name and "info" not in name)
    return calls, stats["total_net_input_bytes"], stats["total_net_output_bytes"]


async def test_a_reservation_costs_the_same_however_large_the_pool(
    new_worker: NewWorker, database: Database, raw: Raw
) -> None:
    worker, costs, keys = await new_worker(), [], []
    for capacity in (100, 1_000_000):
        await raw.flushall()
        database.add(POOL, capacity)
        hold = await opened(worker, POOL, ANN)
        costs.append(await cost_of_resizes(worker, raw, hold.id))
        keys.append(await raw.dbsize())
    (calls, *sizes), (calls_of_large, *sizes_of_large) = costs
    assert calls == calls_of_large
    assert keys[0] == keys[1]
    for size, size_of_large in zip(sizes, sizes_of_large, strict=True):
        assert size_of_large == pytest.approx(size, rel=0.02)


async def test_a_reservation_costs_the_same_however_many_hold(
    new_worker: NewWorker, database: Database, raw: Raw
) -> None:
    database.add(POOL, 1_000_000)
    worker, costs = await new_worker(), []
    hold = await opened(worker, POOL, ANN)
    for number in range(2):
        costs.append((await cost_of_resizes(worker, raw, hold.id))[0])
        if not number:
            await asyncio.gather(*(opened(worker, POOL, f"usr_{i}", 1) for i in range(5_000)))
    assert costs[0] == costs[1]


async def test_a_thousand_clients_share_a_worker(new_worker: NewWorker, database: Database) -> None:
    database.add(POOL, 1_000)
    worker = await new_worker()
    holds = await asyncio.gather(*(opened(worker, POOL, f"usr_{i}") for i in range(1_000)))
    await asyncio.gather(*(worker.resize(hold.owner, {hold.id: 1}) for hold in holds))
    assert await free_seats(worker, POOL) == 0


async def test_concurrent_changes_of_a_capacity_do_not_add_up(
    new_worker: NewWorker, database: Database, raw: Raw
) -> None:
    """Ten workers each set 150 seats where there were 100; their news arrive in any order, some of it twice."""
    for seed in range(20):
        await raw.flushall()
        database.add(POOL, 100)
        workers = [await new_worker() for _ in range(2)]
        hold = await opened(workers[0], POOL, ANN, 90)
        rows = [database.change(POOL, capacity=150) for _ in range(10)]
        rows += rows[::3]
        Random(seed).shuffle(rows)  # noqa: S311
        await asyncio.gather(*(workers[i % 2].write(POOL, row) for i, row in enumerate(rows)))
        assert await free_seats(workers[0], POOL) == 60
        await workers[0].release(ANN, [hold.id])


async def test_ten_releases_at_once_free_the_seats_once(new_worker: NewWorker, database: Database) -> None:
    database.add(POOL, 10)
    workers = [await new_worker() for _ in range(5)]
    await opened(workers[0], POOL, BEN, 3)
    hold = await opened(workers[0], POOL, ANN, 4)
    outcomes = await asyncio.gather(
        *(workers[i % 5].release(ANN, [hold.id]) for i in range(10)), return_exceptions=True
    )
    assert {type(outcome) for outcome in outcomes} <= {type(None), HoldNotFound}
    assert await free_seats(workers[0], POOL) == 7


async def test_ten_cancels_at_once_free_the_seats_once(
    alice: Customer, bob: Customer, new_session: NewSession, postgres: Postgres
) -> None:
    showing = await new_session(capacity=10)
    await bob.reserved(showing.session, 3)
    booking = await alice.reserved(showing.session, 4)
    answers = await asyncio.gather(*(alice.cancel(booking) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 9
    assert await alice.available(showing.session) == 7
    assert await sold_seats(postgres, showing) == (0, 0)


async def test_a_slow_sale_keeps_nobody_waiting(
    alice: Customer, bob: Customer, new_session: NewSession, settings: Settings
) -> None:
    """Its transaction holds the lock on the session's row; others book and reserve there meanwhile."""
    showing = await new_session(capacity=10)
    booking = await alice.reserved(showing.session, 4)
    async with locked_inventory(settings, showing):
        confirming = asyncio.create_task(alice.confirm(booking))
        await asyncio.sleep(0.1)
        async with asyncio.timeout(1):
            theirs = await bob.reserved(showing.session, 6)
            refused = await bob.reserve(theirs, 7)
        assert not confirming.done()
    assert (refused.status, refused.code) == (409, "seats_unavailable")
    assert (await confirming).status == 200


class TestShortHolds:
    """Bookings of one second."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"hold_seconds": 1.0})

    async def test_expiry_leaves_confirmed_bookings_alone(
        self, alice: Customer, bob: Customer, new_session: NewSession, postgres: Postgres
    ) -> None:
        showing = await new_session(capacity=10)
        lapsing, confirmed = await bob.reserved(showing.session, 5), await alice.reserved(showing.session, 3)
        assert (await alice.confirm(confirmed)).status == 200
        await asyncio.sleep(1.1)
        assert await alice.available(showing.session) == 7
        assert (await bob.reserve(lapsing, 1)).code == "booking_expired"
        assert (await alice.call("GET", f"/v1/bookings/{confirmed}")).booking["status"] == "confirmed"
        assert await sold_seats(postgres, showing) == (3, 3)


async def test_a_hold_that_lapses_after_it_was_looked_at_is_not_sold(
    new_worker: NewWorker, database: Database, raw: Raw
) -> None:
    database.add(POOL, 1)
    worker = await new_worker()
    hold = await opened(worker, POOL, ANN, 1, lifetime=150)
    async with ends_before(raw, hold.closes_at):
        assert (await worker.get(ANN, hold.id))._replace(now=0) == hold._replace(now=0)
    await wait_until(raw, hold.closes_at)
    theirs = await opened(worker, POOL, BEN, 1)
    with pytest.raises(HoldExpired):
        await worker.claim(ANN, [hold.id])
    assert (await worker.claim(BEN, [theirs.id])).holds[0].seats == 1
