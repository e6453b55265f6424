"""`holds`: the table of live holds."""

import asyncio
import os
import pty
import re
import signal
import sys

from service.embedded.process import send
from service.settings import Settings
from tests.service.audit.conftest import NewCaller
from tests.service.bookings.conftest import NewSession
from tests.service.commands.running import run


async def test_who_holds_what_and_how_long_yet(settings: Settings, caller: NewCaller, new_session: NewSession) -> None:
    ann, ben, first, second = await caller(), await caller(), await new_session(), await new_session()
    one = await ann.reserved(first.session, 3)
    two = await ben.reserved(second.session, 2)
    status, output = await run(settings, "holds")
    assert status == 0
    assert output.startswith("2 live holds at ")
    rows = [line.split() for line in output.splitlines() if "bkg_" in line]
    assert [row[:5] for row in rows] == [
        [first.session, one, ann.account.public_id, "3", "open"],
        [second.session, two, ben.account.public_id, "2", "open"],
    ]
    assert all(30 < float(row[5]) < 60 for row in rows)


async def test_one_session_and_a_limit(settings: Settings, caller: NewCaller, new_session: NewSession) -> None:
    ann, first, second = await caller(), await new_session(), await new_session()
    wanted = [await ann.reserved(first.session, 1) for _ in range(3)]
    await ann.reserved(second.session, 1)
    _, output = await run(settings, "holds", "--session", first.session, "--limit", "2")
    assert re.findall("bkg_[0-9]+", output) == wanted[:2]
    assert "2 shown, and 1 more" in output


async def test_nothing_is_held(settings: Settings) -> None:
    status, output = await run(settings, "holds", "--watch")
    assert (status, output.startswith("0 live holds at ")) == (0, True)


async def test_what_is_no_session(settings: Settings) -> None:
    status, output = await run(settings, "holds", "--session", "mov_1")
    assert status == 2
    assert "mov_1 is not a session's id" in output


async def test_watching_on_a_terminal(settings: Settings, caller: NewCaller, new_session: NewSession) -> None:
    ann, showing = await caller(), await new_session()
    await ann.reserved(showing.session, 1)
    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service", "holds", "--watch"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "REDIS_URL": settings.redis_url, "TERM": "xterm", "COLUMNS": "160"},
    )
    os.close(theirs)
    try:
        shown = ""
        async with asyncio.timeout(30):
            while "1 live holds" not in shown:
                shown += (await asyncio.to_thread(os.read, ours, 4_096)).decode()
            await ann.reserved(showing.session, 1)
            while "2 live holds" not in shown:
                shown += (await asyncio.to_thread(os.read, ours, 4_096)).decode()
            send(process, signal.SIGINT)
            assert await process.wait() == 0
    finally:
        os.close(ours)
