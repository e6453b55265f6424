"""How scripts travel: those of one turn of the event loop together, over few connections."""

import asyncio
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from holds import scripts
from holds.errors import StoreUnavailable
from holds.runner import ScriptRunner
from holds.scripts import Script
from service.embedded import EmbeddedRedis
from tests.holds.conftest import Raw


@pytest.fixture
def count(tmp_path: Path) -> Script:
    """A script that counts its runs under its key."""
    (tmp_path / "count.lua").write_text("#!lua\nreturn redis.call('INCRBY', KEYS[1], ARGV[1])\n")
    return scripts.load(tmp_path)["count"]


async def test_what_is_asked_in_one_turn_travels_together(runner: ScriptRunner, count: Script, raw: Raw) -> None:
    """Made to fail by sending each command as soon as it is asked for."""
    await runner.run(count, ["n"], [1])
    await raw.config_resetstat()
    replies = await asyncio.gather(*(runner.run(count, ["n"], [1]) for _ in range(200)))
    assert sorted(replies) == list(range(2, 202))
    assert (await raw.info("stats"))["total_reads_processed"] < 10


async def test_few_connections_however_many_ask(runner: ScriptRunner, count: Script, raw: Raw) -> None:
    connections = (await raw.info("stats"))["total_connections_received"]
    for _ in range(5):
        await asyncio.gather(*(runner.run(count, ["n"], [1]) for _ in range(1_000)))
    assert (await raw.info("stats"))["total_connections_received"] <= connections + 2
    assert await raw.get("n") == "5000"


async def test_each_gets_its_own_reply(runner: ScriptRunner, count: Script, raw: Raw) -> None:
    await raw.set("word", "none")
    mixed = [runner.run(count, ["n"], [1]), runner.run(count, ["word"], [1]), runner.command("GET", "word")]
    first, refused, word = await asyncio.gather(*mixed, return_exceptions=True)
    assert (first, word) == (1, b"none")
    assert isinstance(refused, ResponseError)


async def test_one_who_gives_up_disturbs_no_other(runner: ScriptRunner, count: Script) -> None:
    asked = [asyncio.ensure_future(runner.run(count, ["n"], [1])) for _ in range(3)]
    await asyncio.sleep(0)
    asked[1].cancel()
    assert (await asked[0], await asked[2]) == (1, 3)
    with pytest.raises(asyncio.CancelledError):
        await asked[1]


async def test_a_forgotten_script_runs_once(runner: ScriptRunner, count: Script, raw: Raw) -> None:
    await runner.run(count, ["n"], [1])
    await raw.script_flush()
    assert sorted(await asyncio.gather(*(runner.run(count, ["n"], [1]) for _ in range(3)))) == [2, 3, 4]


async def test_no_server(tmp_path: Path, count: Script) -> None:
    async with ScriptRunner.open(f"unix://{tmp_path}/nothing") as runner:
        with pytest.raises(StoreUnavailable):
            await runner.run(count, ["n"], [1])
        with pytest.raises(StoreUnavailable):
            await runner.command("PING")


async def test_closing_waits_for_what_was_asked(shared_server: EmbeddedRedis, count: Script, raw: Raw) -> None:
    async with ScriptRunner.open(shared_server.url) as runner:
        asked = [asyncio.ensure_future(runner.run(count, ["n"], [1])) for _ in range(1_500)]
        await asyncio.sleep(0)
    assert sorted(await asyncio.gather(*asked)) == list(range(1, 1_501))
