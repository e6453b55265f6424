"""At its end a hold stops counting, with nobody there to see to it."""

import asyncio
from contextlib import suppress

import pytest

from holds.engine import SCRIPTS, HoldEngine
from holds.errors import NotEnoughSeats
from holds.runner import Argument, ScriptRunner
from tests.holds.conftest import ANN, BEN, POOL, MakeEngine, Raw, ends_before, now_of, wait_until
from tests.holds.database import Database
from tests.holds.steps import free_seats, opened

KEYS = [f"pool:{{{POOL}}}{part}" for part in ("", ":holds")]
MANY = 1_050
LIFETIME = 300


async def lapsed(engine: HoldEngine, database: Database, raw: Raw, count: int = MANY) -> int:
    """Fill a pool of `count` seats with holds of one seat that have ended; returns when they did."""
    await engine.write(POOL, database.change(POOL, capacity=count))
    seats = {f"bkg_lapsed_{i}": 1 for i in range(count)}
    holds = await engine.open(POOL, ANN, seats, lifetime=LIFETIME, owner_limit=count)
    async with ends_before(raw, holds[0].closes_at):
        assert await free_seats(engine, POOL) == 0
    await wait_until(raw, holds[0].closes_at)
    return holds[0].closes_at


async def test_seats_are_free_at_the_millisecond(engine: HoldEngine, raw: Raw) -> None:
    """Others try all the while: nobody succeeds before `closes_at`, and whoever begins to try then does."""
    hold = await opened(engine, POOL, ANN, 10, lifetime=200)
    async with ends_before(raw, hold.closes_at):
        with pytest.raises(NotEnoughSeats):
            await opened(engine, POOL, BEN, 10)
    winner = None
    while winner is None:
        began_at = await now_of(raw)
        with suppress(NotEnoughSeats):
            winner = await opened(engine, POOL, BEN, 10)
        assert winner or began_at < hold.closes_at
    assert winner.opened_at >= hold.closes_at


async def test_more_lapsed_holds_than_one_step_reaps(
    engine: HoldEngine, runner: ScriptRunner, database: Database, raw: Raw
) -> None:
    await lapsed(engine, database, raw)
    assert await runner.run(SCRIPTS["availability"], KEYS) == [-2]
    assert await free_seats(engine, POOL) == MANY
    assert await raw.exists(KEYS[1]) == 0


async def test_opening_never_counts_a_lapsed_hold(
    engine: HoldEngine, runner: ScriptRunner, database: Database, raw: Raw
) -> None:
    await lapsed(engine, database, raw)
    attempt: list[Argument] = [ANN, 60_000, 1_000, "bkg_x", MANY]
    assert await runner.run(SCRIPTS["open"], [*KEYS, f"hold:{{{POOL}}}:bkg_x"], attempt) == [-2]
    assert await raw.exists(f"hold:{{{POOL}}}:bkg_x") == 0
    await opened(engine, POOL, BEN, MANY)


async def test_resizing_never_counts_a_lapsed_hold(engine: HoldEngine, database: Database, raw: Raw) -> None:
    hold = await opened(engine, POOL, BEN)
    await lapsed(engine, database, raw)
    await engine.resize(BEN, {hold.id: MANY})
    with pytest.raises(NotEnoughSeats) as refusal:
        await engine.resize(BEN, {hold.id: MANY + 1})
    assert refusal.value.free == 0


async def test_a_refusal_names_what_is_free_after_all_reaping(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await lapsed(engine, database, raw)
    with pytest.raises(NotEnoughSeats) as refusal:
        await opened(engine, POOL, BEN, MANY + 1)
    assert refusal.value.free == MANY


async def test_an_answer_that_does_not_depend_on_it_waits_for_no_reaping(
    engine: HoldEngine, database: Database, raw: Raw
) -> None:
    await lapsed(engine, database, raw)
    await opened(engine, POOL, BEN, 100)
    assert await raw.zcard(KEYS[1]) > 200


async def test_loading_while_holds_are_due(engine: HoldEngine, database: Database, raw: Raw) -> None:
    await lapsed(engine, database, raw)
    await engine.load(POOL, database.rows[POOL], await now_of(raw))
    assert await free_seats(engine, POOL) == MANY


async def test_many_processes_reap_each_hold_once(make_engine: MakeEngine, database: Database, raw: Raw) -> None:
    engines = [make_engine() for _ in range(4)]
    await opened(engines[0], POOL, BEN, 3)
    database.change(POOL, capacity=MANY + 3)
    await engines[0].write(POOL, database.rows[POOL])
    holds = await engines[0].open(
        POOL, ANN, {f"bkg_lapsed_{i}": 1 for i in range(MANY)}, lifetime=LIFETIME, owner_limit=MANY
    )
    await wait_until(raw, holds[0].closes_at)
    await asyncio.gather(*(engine.availability(POOL) for engine in engines))
    assert await free_seats(engines[0], POOL) == MANY
    assert await raw.hget(KEYS[0], "free") == str(MANY)
