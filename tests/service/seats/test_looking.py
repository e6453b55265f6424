"""Many look at a hall at once: few looks are taken, and none that is older than the question."""

import asyncio

import pytest

from holds.errors import PoolNotFound
from holds.models import SeatMap
from service.resources import Resources
from service.seats.looking import Looks
from tests.service.bookings.conftest import Customer
from tests.service.halls import Halls
from tests.service.seats.conftest import choose, chosen


async def scripts_run(resources: Resources) -> int:
    """How many scripts the server has run since it was started."""
    info = (await resources.redis.command("INFO", "commandstats")).decode()
    lines = [line for line in info.splitlines() if line.startswith(("cmdstat_evalsha:", "cmdstat_fcall:"))]
    return sum(int(line.partition("calls=")[2].partition(",")[0]) for line in lines)


async def test_a_crowd_is_answered_by_two_looks(alice: Customer, resources: Resources, halls: Halls) -> None:
    """Those who ask before the first look began, and those who ask while it is under way. Failed with one for each."""
    showing, looks = await halls.showing("...."), Looks()
    await chosen(alice, showing.session, "A1")
    before = await scripts_run(resources)
    first = [asyncio.create_task(looks.of(resources.engine, showing.session)) for _ in range(50)]
    while not looks._running:  # noqa: ASYNC110  # it does not tell
        await asyncio.sleep(0)
    later = [asyncio.create_task(looks.of(resources.engine, showing.session)) for _ in range(50)]
    seen = await asyncio.gather(*first, *later)
    assert {look.map for look in seen} == {"o..."}
    assert len(set(map(id, seen))) == 2
    assert await scripts_run(resources) - before <= 10  # others run some, too
    assert not looks._running
    assert not looks._waiting


async def test_what_was_done_before_asking_is_seen(
    alice: Customer, resources: Resources, halls: Halls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look is under way meanwhile, whose answer comes late. Failed with that one joined."""
    showing, looks = await halls.showing("...."), Looks()
    booking = await chosen(alice, showing.session, "A1")
    seats, arrived = resources.engine.seats, asyncio.Event()

    async def late(pool: str) -> SeatMap:
        seen = await seats(pool)
        await arrived.wait()
        return seen

    monkeypatch.setattr(resources.engine, "seats", late)
    others = asyncio.create_task(looks.of(resources.engine, showing.session))
    await asyncio.sleep(0.1)
    assert (await choose(alice, booking, "A2")).status == 200
    mine = asyncio.create_task(looks.of(resources.engine, showing.session))
    await asyncio.sleep(0)
    arrived.set()
    assert [(await others).map, (await mine).map] == ["o...", ".o.."]


async def test_a_look_that_hangs_holds_up_the_next_one_for_a_moment_only(
    resources: Resources, halls: Halls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failed with no end of the wait."""
    showing, looks = await halls.showing(".."), Looks()
    seats, ever = resources.engine.seats, asyncio.Event()

    async def never(pool: str) -> SeatMap:
        await ever.wait()
        return await seats(pool)

    with monkeypatch.context() as hanging:
        hanging.setattr(resources.engine, "seats", never)
        others = asyncio.create_task(looks.of(resources.engine, showing.session))
        await asyncio.sleep(0.01)
    async with asyncio.timeout(10):
        assert (await looks.of(resources.engine, showing.session)).map == ".."
    ever.set()
    assert (await others).map == ".."


async def test_a_fault_is_everybodys_and_the_next_look_is_another(resources: Resources, halls: Halls) -> None:
    looks, showing = Looks(), await halls.showing("..")
    asked = [looks.of(resources.engine, "ses_1") for _ in range(3)]
    assert [type(fault) for fault in await asyncio.gather(*asked, return_exceptions=True)] == [PoolNotFound] * 3
    with pytest.raises(PoolNotFound):
        await looks.of(resources.engine, "ses_1")
    assert (await looks.of(resources.engine, showing.session)).map == ".."


async def test_who_leaves_takes_the_look_from_nobody(resources: Resources, halls: Halls) -> None:
    looks, showing = Looks(), await halls.showing("..")
    leaving, staying = [asyncio.create_task(looks.of(resources.engine, showing.session)) for _ in range(2)]
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).map == ".."
