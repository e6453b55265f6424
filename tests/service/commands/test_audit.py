"""`audit`: its words and its exit status."""

import asyncio
import signal
from pathlib import Path

from holds import keys
from service.embedded.process import send
from service.postgres import Connection
from service.settings import Settings
from tests.service.audit.conftest import NewCaller, Raw
from tests.service.bookings.conftest import NewSession
from tests.service.commands.running import run, start


async def test_nothing_to_find(settings: Settings, caller: NewCaller, new_session: NewSession) -> None:
    ann, showing = await caller(), await new_session()
    await ann.confirm(await ann.reserved(showing.session, 4))
    await ann.reserved(showing.session, 3)
    status, output = await run(settings, "audit")
    assert status == 0
    assert "1 pools, 3 seats held, 1 sessions' bookings: no drift" in output


async def test_drift_is_shown_and_is_the_exit_status(
    settings: Settings, caller: NewCaller, new_session: NewSession, raw: Raw
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.confirm(await ann.reserved(showing.session, 4))
    await raw.hset(keys.pool(showing.session), mapping={"sold": "3", "free": "89"})
    status, output = await run(settings, "audit")
    assert status == 1
    assert "2 disagree" in output
    assert showing.session in output
    for word in ("register", "sold 3", "sold 4", "held 8"):
        assert word in output


async def test_a_row_that_redis_has_not_heard_of_is_looked_at_again(
    settings: Settings, caller: NewCaller, new_session: NewSession, connection: Connection
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    await connection.execute("UPDATE inventory SET capacity = capacity + 1 WHERE id = $1", showing.session_id)
    assert (await run(settings, "audit"))[0] == 0


async def test_sessions_outside_redis(settings: Settings, new_session: NewSession, connection: Connection) -> None:
    showing = await new_session()
    await connection.execute("UPDATE inventory SET sold = 2 WHERE id = $1", showing.session_id)
    assert (await run(settings, "audit"))[0] == 0
    status, output = await run(settings, "audit", "--all")
    assert status == 1
    assert "sold 2, seats_of_confirmed_bookings 0" in output


async def test_watching_until_interrupted(
    settings: Settings, caller: NewCaller, new_session: NewSession, raw: Raw
) -> None:
    ann, showing = await caller(), await new_session()
    await ann.book(showing.session)
    process = await start(settings, "audit", "--watch", "0.2")
    assert process.stdout
    async with asyncio.timeout(30):
        assert b"no drift" in await process.stdout.readline()
        await raw.hincrby(keys.pool(showing.session), "free", -5)
        while b"1 disagree" not in await process.stdout.readline():
            pass
        send(process, signal.SIGINT)
        await process.communicate()
    assert process.returncode == 1


async def test_servers_that_cannot_be_reached(settings: Settings, tmp_path: Path) -> None:
    nowhere = f"unix://{tmp_path}/redis.sock"
    status, output = await run(settings.model_copy(update={"redis_url": nowhere}), "audit")
    assert (status, output.startswith("holdfast: Redis: ")) == (1, True)
    nowhere = "postgresql://holdfast:secret@127.0.0.1:1/holdfast"
    status, output = await run(settings.model_copy(update={"database_url": nowhere}), "audit")
    assert (status, output.startswith("holdfast: Postgres cannot be reached")) == (1, True)
    assert "secret" not in output


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


async def test_a_folder_where_nothing_runs(settings: Settings, tmp_path: Path) -> None:
    unset = settings.model_copy(update={"redis_url": ""})
    status, output = await run(unset, "audit", "--data", str(tmp_path))
    assert (status, output.startswith("holdfast: No service runs on the data folder")) == (1, True)
    assert is_empty(tmp_path)
