"""Running schemathesis, which plays a client that knows the API by its document alone."""

import asyncio
import os
import sys
from collections import defaultdict
from pathlib import Path

from service.app import APIS
from service.http.endpoint import Access
from tests.service.conftest import Client
from tests.service.factories import Account

ROOT = Path(__file__).parents[3]
FOR_STAFF = "(^|_)admin_"
"""Matches the ids of the operations that only staff may call."""
OF_BACK_OFFICE = "^admin_"
"""Matches those of them that are under `/v1/admin`."""
Statuses = defaultdict[str, set[int]]
"""What each operation has answered so far."""


def unreached(statuses: Statuses, accesses: set[Access]) -> set[str]:
    """The operations of these accesses that never succeeded: what was said of them would be said of refusals."""
    succeeding = {
        f"{endpoint.method} {api.prefix}{endpoint.path}": endpoint.status
        for api in APIS
        for endpoints in api.tags.values()
        for endpoint in endpoints
        if endpoint.access in accesses and not endpoint.events
    }
    return {name for name, status in succeeding.items() if status not in statuses[name]}


async def run_schemathesis(client: Client, account: Account, folder: Path, *options: str) -> None:
    """Run it over the live service with the token of `account`. Fails with its report."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "SCHEMATHESIS_HOOKS": "tests.contracts.generated.hooks",
        "CONTRACT_TOKEN": account.token,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(Path(__file__).parent / "schemathesis.toml")),
        *("run", str(client.make_url("/openapi.json")), *options),
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
