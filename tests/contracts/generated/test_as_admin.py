"""Schemathesis finds nothing wrong with what administrators may call, which is everything."""

from pathlib import Path

import pytest

from service.http.endpoint import Access
from service.resources import Resources
from tests.contracts.examples import insert_examples
from tests.contracts.generated.running import Statuses, run_schemathesis, unreached
from tests.contracts.ticketing import insert_events
from tests.service.conftest import Client
from tests.service.factories import Account


@pytest.mark.timeout(600)
async def test_it_finds_nothing(
    statuses: Statuses, client: Client, resources: Resources, admin: Account, tmp_path: Path
) -> None:
    await insert_examples(resources, admin)
    await insert_events(resources, admin)
    await run_schemathesis(client, admin, tmp_path)
    assert unreached(statuses, set(Access)) == set()
