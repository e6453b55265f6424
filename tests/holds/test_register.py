"""Which rows a pool believes, and for how long."""

import pytest

from holds.engine import HoldEngine
from holds.models import Availability, Inventory
from tests.holds.conftest import ANN, POOL, Raw, now_of, wait_until
from tests.holds.database import FAR, Database
from tests.holds.steps import opened

KEY = f"pool:{{{POOL}}}"


@pytest.fixture
async def moment(engine: HoldEngine, raw: Raw) -> int:
    """When the pool was last written, some ms ago: version 5 with 3 of 10 seats sold."""
    await engine.load(POOL, row(5, sold=3), await now_of(raw))
    written_at = int(await raw.hget(KEY, "written_at") or 0)
    await wait_until(raw, written_at + 5)
    return written_at


def row(version: int, *, sold: int, capacity: int = 10) -> Inventory:
    return Inventory(capacity, sold, FAR, version)


async def known(engine: HoldEngine) -> Availability:
    availability = await engine.availability(POOL)
    assert availability is not None
    return availability


async def fresh_until(raw: Raw) -> int:
    return int(await raw.hget(KEY, "fresh_until") or 0)


@pytest.mark.parametrize(("version", "believed"), [(4, False), (5, True), (6, True)])
async def test_a_write_is_believed_unless_it_is_older(
    engine: HoldEngine, moment: int, version: int, *, believed: bool
) -> None:
    await engine.write(POOL, row(version, sold=7))
    assert (await known(engine)).sold == (7 if believed else 3)


@pytest.mark.parametrize(("version", "believed"), [(4, False), (5, True), (6, True)])
async def test_a_late_load_is_believed_unless_it_is_older(
    engine: HoldEngine, moment: int, version: int, *, believed: bool
) -> None:
    await engine.load(POOL, row(version, sold=7), moment - 50)
    assert (await known(engine)).sold == (7 if believed else 3)


async def test_an_older_version_read_after_the_last_write_is_a_restored_database(
    engine: HoldEngine, moment: int, raw: Raw
) -> None:
    await engine.load(POOL, row(2, sold=1), moment)
    assert (await known(engine)).version == 5
    await engine.load(POOL, row(2, sold=1), moment + 1)
    assert ((await known(engine)).version, (await known(engine)).sold) == (2, 1)
    assert await fresh_until(raw) == moment + 1 + 10_000


async def test_the_row_is_written_whole(engine: HoldEngine, moment: int) -> None:
    await engine.write(POOL, Inventory(capacity=20, sold=8, sales_end=FAR - 1, version=9))
    availability = await known(engine)
    assert availability == Availability(20, 8, 0, FAR - 1, 9, fresh=True)


async def test_a_write_leaves_the_lease_alone(engine: HoldEngine, moment: int, raw: Raw) -> None:
    before = await fresh_until(raw)
    await engine.write(POOL, row(6, sold=4))
    assert await fresh_until(raw) == before


async def test_a_load_prolongs_the_lease_from_when_it_was_read(engine: HoldEngine, moment: int, raw: Raw) -> None:
    await engine.load(POOL, row(5, sold=3), moment + 3)
    assert await fresh_until(raw) == moment + 3 + 10_000
    await engine.load(POOL, row(6, sold=3), moment - 500)
    assert await fresh_until(raw) == moment + 3 + 10_000


async def test_a_row_that_is_not_believed_prolongs_nothing(engine: HoldEngine, moment: int, raw: Raw) -> None:
    await raw.hset(KEY, "fresh_until", 0)
    await engine.load(POOL, row(4, sold=3), moment)
    assert await fresh_until(raw) == 0


async def test_a_write_creates_no_pool(engine: HoldEngine, raw: Raw) -> None:
    await engine.write(POOL, row(6, sold=4))
    assert await raw.dbsize() == 0


async def test_a_late_load_of_an_absent_pool_creates_one_whose_lease_is_over(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    await engine.load(POOL, row(1, sold=0), await now_of(raw) - 10_000)
    assert not (await known(engine)).fresh
    await opened(engine, POOL, ANN)
    assert database.reads == 1
