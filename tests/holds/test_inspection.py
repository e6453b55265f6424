"""What an operator sees with `redis-cli`, and what the README says about it."""

import re
from pathlib import Path

import pytest

import holds
from holds.engine import HoldEngine
from tests.holds.conftest import Raw, now_of
from tests.holds.database import FAR, Database
from tests.holds.steps import MINUTE

README = (Path(holds.__file__).parent / "README.md").read_text(encoding="utf-8")
TESTS = Path(__file__).parents[1]
POOL, HOLD, OWNER = "ses_1", "bkg_2", "usr_3"


@pytest.fixture
async def live(engine: HoldEngine, raw: Raw) -> Raw:
    """A Redis with the one hold of the README's examples."""
    await engine.open(POOL, OWNER, {HOLD: 4}, lifetime=MINUTE, owner_limit=1)
    return raw


async def test_a_live_hold_reads_in_words(live: Raw, engine: HoldEngine) -> None:
    hold = await engine.get(OWNER, HOLD)
    name = f"hold:{{{POOL}}}:{HOLD}"
    assert await live.hgetall(name) == {
        "owner": OWNER,
        "state": "open",
        "opened_at": str(hold.opened_at),
        "reserved_at": str(hold.opened_at),
        "closes_at": str(hold.closes_at),
    }
    assert await live.hget(f"pool:{{{POOL}}}", f"seats:{HOLD}") == "4"
    assert await live.pexpiretime(name) == hold.closes_at
    assert await live.get(f"holdref:{HOLD}") == f"{POOL} {OWNER}"


async def test_a_claimed_hold_says_so(live: Raw, engine: HoldEngine) -> None:
    claim = await engine.claim(OWNER, [HOLD])
    shown = await live.hgetall(f"hold:{{{POOL}}}:{HOLD}")
    assert (shown["state"], shown["claim"]) == ("claimed", claim.token)
    assert shown["claimed_at"] == str(claim.claimed_at)
    assert int(shown["claim_ends_at"]) == claim.holds[0].closes_at


async def test_a_pool_reads_in_words(live: Raw, database: Database) -> None:
    shown = await live.hgetall(f"pool:{{{POOL}}}")
    moments = {name: int(shown.pop(name)) for name in ("fresh_until", "written_at", "kept_until")}
    row = {"capacity": "10", "sold": "0", "sales_end": str(FAR), "version": "1", "line_version": "0"}
    assert shown == row | {"free": "6", "wants": "0", "watched_until": "0", "numbered": "0", f"seats:{HOLD}": "4"}
    assert moments["written_at"] <= await now_of(live) < moments["fresh_until"] < moments["kept_until"]


async def test_the_readmes_table_names_every_key(live: Raw) -> None:
    table = dict(re.findall(r"^\| `([^`]+)` \| ([a-z ]+?)(?: with .*)? \|", README, re.MULTILINE))
    types = {"hash": "hash", "sorted set": "zset", "string": "string"}
    assert {str(name): await live.type(name) for name in await live.keys()} == {
        name: types[kind] for name, kind in table.items()
    }


def test_the_readme_names_tests_that_exist() -> None:
    named = re.findall(r"`(\w+/[\w/]+\.py)::(\w+)`", README)
    assert len(named) > 20
    for path, function in named:
        assert re.search(rf"^(async )?def {function}\(", (TESTS / path).read_text(encoding="utf-8"), re.MULTILINE), (
            path,
            function,
        )
