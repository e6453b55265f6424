"""Schemathesis finds nothing wrong with what customers may call."""

from pathlib import Path

import pytest

from service.http.endpoint import Access
from service.resources import Resources
from tests.contracts.examples import insert_examples
from tests.contracts.generated.running import FOR_STAFF, Statuses, run_schemathesis, unreached
from tests.contracts.ticketing import insert_events
from tests.service.conftest import Client
from tests.service.factories import Account


@pytest.mark.timeout(600)
async def test_it_finds_nothing(
    statuses: Statuses, client: Client, resources: Resources, customer: Account, tmp_path: Path
) -> None:
    await insert_examples(resources, customer)
    await insert_events(resources, customer)
    await run_schemathesis(client, customer, tmp_path, "--exclude-operation-id-regex", FOR_STAFF)
    assert unreached(statuses, {Access.PUBLIC, Access.OPTIONAL, Access.USER, Access.OWNER}) == set()
