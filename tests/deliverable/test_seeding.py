"""The service loads the sample data into an empty database, once."""

import asyncio

import asyncpg

from service.seeding import seed_if_empty


async def test_only_an_empty_database_is_seeded(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    assert await seed_if_empty(connection)
    assert await connection.fetchval("SELECT count(*) FROM sessions") > 2_000
    assert not await seed_if_empty(connection)
    await connection.close()


async def test_a_database_with_an_account_is_left_alone(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("INSERT INTO users (id, email) VALUES (1, 'a@holdfast.example')")
    assert not await seed_if_empty(connection)
    assert await connection.fetchval("SELECT count(*) FROM movies") == 0
    await connection.close()


async def test_processes_that_start_at_once_seed_once(postgres_url: str) -> None:
    """Without the advisory lock the second fails on the first one's ids."""
    connections = [await asyncpg.connect(postgres_url) for _ in range(3)]
    assert sorted(await asyncio.gather(*map(seed_if_empty, connections))) == [False, False, True]
    for connection in connections:
        await connection.close()
