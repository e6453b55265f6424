"""schemathesis, a client that knows the API by its document alone, finds nothing wrong with the service."""

import asyncio
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from aiohttp import web

from service.app import APIS
from service.http.endpoint import Access
from service.resources import Resources
from service.settings import Settings
from tests.contracts.examples import insert_examples
from tests.contracts.ticketing import insert_events
from tests.service.conftest import Client
from tests.service.factories import Account

ROOT = Path(__file__).parents[2]
Statuses = defaultdict[str, set[int]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bookings that stay open meanwhile, and as many accounts as schemathesis likes."""
    return settings.model_copy(
        update={"hold_seconds": 3_600, "hold_memory_seconds": 7_200, "signups_per_hour": 1_000_000}
    )


@pytest.fixture
def statuses(app: web.Application) -> Statuses:
    """The statuses that each operation has answered so far."""
    seen: Statuses = defaultdict(set)

    async def note(request: web.Request, response: web.StreamResponse) -> None:
        if request.match_info.route.resource:
            seen[f"{request.method} {request.match_info.route.resource.canonical}"].add(response.status)

    app.on_response_prepare.append(note)
    return seen


@pytest.mark.timeout(300)
async def test_it_finds_nothing_as_a_customer(
    statuses: Statuses, client: Client, resources: Resources, customer: Account, tmp_path: Path
) -> None:
    await insert_examples(resources, customer)
    await insert_events(resources, customer)
    await run_schemathesis(client, customer, tmp_path)
    assert unreached(statuses, {Access.PUBLIC, Access.OPTIONAL, Access.USER, Access.OWNER}) == set()


@pytest.mark.timeout(300)
async def test_it_finds_nothing_as_an_admin(
    statuses: Statuses, client: Client, resources: Resources, admin: Account, tmp_path: Path
) -> None:
    await insert_examples(resources, admin)
    await insert_events(resources, admin)
    await run_schemathesis(client, admin, tmp_path)
    assert unreached(statuses, set(Access)) == set()


def unreached(statuses: Statuses, accesses: set[Access]) -> set[str]:
    """The operations of these accesses that never succeeded: what was said of them would be said of refusals."""
    succeeding = {
        f"{endpoint.method} {api.prefix}{endpoint.path}": endpoint.status
        for api in APIS
        for endpoints in api.tags.values()
        for endpoint in endpoints
        if endpoint.access in accesses
    }
    return {name for name, status in succeeding.items() if status not in statuses[name]}


async def run_schemathesis(client: Client, account: Account, folder: Path) -> None:
    """Run it over the live service with the token of `account`. Fails with its report."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.contracts.hooks",
        "CONTRACT_TOKEN": account.token,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(Path(__file__).parent / "schemathesis.toml")),
        *("run", str(client.make_url("/openapi.json"))),
        cwd=folder,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        report, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, report.decode()
