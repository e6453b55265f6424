"""Node numbers: never two holders at once, free again after a crash, and no number minted twice in between."""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import asyncpg
import pytest

from service import node_lease
from service.ids import EPOCH_MS, MAX_NODE, NoNode, SnowflakeGenerator
from service.node_lease import NodeLease, leased, mint_once
from service.postgres import Postgres
from tests.service.waiting import until


@pytest.fixture
async def postgres(postgres_url: str) -> AsyncIterator[Postgres]:
    async with Postgres.open(postgres_url) as postgres:
        yield postgres


async def execute(postgres: Postgres, statement: str, *arguments: object) -> None:
    async with postgres.acquire() as connection:
        await connection.execute(statement, *arguments)


async def rows(postgres: Postgres) -> list[asyncpg.Record]:
    async with postgres.acquire() as connection:
        return await connection.fetch(
            "SELECT node, last_ms, expires_at > clock_timestamp() AS held FROM node_leases ORDER BY node"
        )


async def lease_all(postgres: Postgres, first: int) -> None:
    await execute(
        postgres,
        "INSERT INTO node_leases SELECT node, gen_random_uuid(), 'infinity' FROM generate_series($1::int, 1023) node",
        first,
    )


def node_of(number: int) -> int:
    return number >> 12 & MAX_NODE


def ms_of(number: int) -> int:
    return (number >> 22) + EPOCH_MS


async def test_a_lease_supplies_numbers_and_ends_with_its_block(postgres: Postgres) -> None:
    generator = SnowflakeGenerator()
    async with leased(postgres, generator):
        number = generator.next()
        assert node_of(number) == 0
        assert [row["held"] for row in await rows(postgres)] == [True]
    with pytest.raises(NoNode):
        generator.next()
    (row,) = await rows(postgres)
    assert (row["held"], row["last_ms"]) == (False, ms_of(number))


async def test_holders_at_once_have_different_nodes(postgres: Postgres) -> None:
    generators = [SnowflakeGenerator() for _ in range(20)]
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(stack.enter_async_context(leased(postgres, generator)) for generator in generators))
        assert {node_of(generator.next()) for generator in generators} == set(range(20))


def _mint(url: str, count: int) -> list[int]:
    """What a process of its own does: several short leases after one another."""

    async def mint() -> list[int]:
        numbers: list[int] = []
        async with Postgres.open(url) as postgres:
            for _ in range(4):
                generator = SnowflakeGenerator()
                async with leased(postgres, generator):
                    numbers += [generator.next() for _ in range(count)]
        return numbers

    return asyncio.run(mint())


async def test_processes_that_come_and_go_mint_no_number_twice(postgres_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        minted = await asyncio.to_thread(pool.starmap, _mint, [(postgres_url, 20_000)] * 2)
    numbers = [number for one in minted for number in one]
    assert len(set(numbers)) == len(numbers) == 160_000


async def test_the_next_holder_mints_after_the_last_one(postgres: Postgres) -> None:
    """The first holder's clock is an hour ahead; without `last_ms` the second would repeat it an hour later."""
    ahead = SnowflakeGenerator(lambda: time.time_ns() // 1_000_000 + 3_600_000)
    async with leased(postgres, ahead):
        number = ahead.next()
    await execute(
        postgres, "INSERT INTO node_leases SELECT n, gen_random_uuid(), 'infinity' FROM generate_series(1, 1023) n"
    )
    generator = SnowflakeGenerator()
    async with leased(postgres, generator):
        with pytest.raises(NoNode):
            generator.next()
    (row,) = [row for row in await rows(postgres) if row["node"] == 0]
    assert row["last_ms"] >= ms_of(number)


async def test_numbers_whose_time_has_passed_are_preferred(postgres: Postgres) -> None:
    future = time.time_ns() // 1_000_000 + 3_600_000
    await execute(postgres, "INSERT INTO node_leases VALUES (0, gen_random_uuid(), now(), $1)", future)
    generator = SnowflakeGenerator()
    async with leased(postgres, generator):
        assert node_of(generator.next()) == 1


async def test_what_a_crashed_holder_may_have_minted_is_written_before_it_mints(postgres: Postgres) -> None:
    clock_ms = time.time_ns() // 1_000_000
    generator = SnowflakeGenerator(lambda: clock_ms)
    lease = NodeLease(postgres, generator)
    await lease.renew()
    generator.next()
    (row,) = await rows(postgres)
    assert row["last_ms"] == clock_ms + 60_000
    clock_ms += 60_001
    with pytest.raises(NoNode):
        generator.next()
    await lease.renew()
    assert node_of(generator.next()) == 0


async def test_a_crash_frees_the_number_by_itself(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_lease, "LEASE_SECONDS", 1.0)
    crashed = SnowflakeGenerator()
    await NodeLease(postgres, crashed).renew()
    last = crashed.next()
    async with leased(postgres, other := SnowflakeGenerator()):
        assert node_of(other.next()) == 1
    await asyncio.sleep(1.05)
    with pytest.raises(NoNode):
        crashed.next()
    async with leased(postgres, successor := SnowflakeGenerator()):
        number = successor.next()
        assert node_of(number) == 0
        assert ms_of(number) > ms_of(last)


async def test_renewing_keeps_the_number_alive(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_lease, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(node_lease, "RENEWAL_SECONDS", 0.1)
    generator = SnowflakeGenerator()
    async with leased(postgres, generator):
        await asyncio.sleep(1.2)
        assert node_of(generator.next()) == 0
        async with leased(postgres, other := SnowflakeGenerator()):
            assert node_of(other.next()) == 1


async def test_a_number_lost_to_another_is_replaced(postgres: Postgres) -> None:
    lease = NodeLease(postgres, generator := SnowflakeGenerator())
    await lease.renew()
    assert node_of(generator.next()) == 0
    await execute(postgres, "UPDATE node_leases SET holder = gen_random_uuid()")
    await lease.renew()
    assert node_of(generator.next()) == 1
    await lease.release()
    assert [row["held"] for row in await rows(postgres)] == [True, False]


async def test_it_works_again_once_postgres_does(
    postgres: Postgres, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is away for longer than the lease lasts."""
    monkeypatch.setattr(node_lease, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(node_lease, "RENEWAL_SECONDS", 0.05)
    monkeypatch.setattr(node_lease, "RETRY_SECONDS", 0.05)
    generator = SnowflakeGenerator()

    async def works() -> bool:
        with suppress(NoNode):
            return generator.next() > 0
        return False

    async with leased(postgres, generator):
        await execute(postgres, "ALTER TABLE node_leases RENAME TO away")
        await asyncio.sleep(0.5)
        with pytest.raises(NoNode):
            generator.next()
        await execute(postgres, "ALTER TABLE away RENAME TO node_leases")
        await until(works)


async def test_more_holders_than_numbers_are_refused(postgres: Postgres) -> None:
    await execute(
        postgres, "INSERT INTO node_leases SELECT n, gen_random_uuid(), 'infinity' FROM generate_series(0, 1023) n"
    )
    with pytest.raises(NoNode):
        async with leased(postgres, SnowflakeGenerator()):
            pass
    await execute(postgres, "UPDATE node_leases SET expires_at = now() WHERE node = 700")
    async with leased(postgres, generator := SnowflakeGenerator()):
        assert node_of(generator.next()) == 700


async def test_single_numbers(postgres: Postgres) -> None:
    async def one() -> int:
        async with postgres.acquire() as connection:
            return await mint_once(connection)

    async with leased(postgres, generator := SnowflakeGenerator()):
        numbers = [generator.next(), *await asyncio.gather(*(one() for _ in range(20)))]
    assert len(set(numbers)) == 21
    assert all(node_of(number) != 0 for number in numbers[1:])
    assert not any(row["held"] for row in await rows(postgres))
