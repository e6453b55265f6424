"""Schemathesis finds nothing wrong with what managers may call, and with how they are told what they may not."""

from pathlib import Path

import pytest

from service.http.endpoint import Access
from service.resources import Resources
from tests.contracts.examples import assign_examples, insert_examples
from tests.contracts.generated.running import OF_BACK_OFFICE, Statuses, run_schemathesis, unreached
from tests.service.conftest import Client
from tests.service.factories import Account

EXAMPLES = 6
"""Of each operation in a phase: fewer than for administrators, who may call all of it."""


@pytest.mark.timeout(600)
async def test_it_finds_nothing(
    statuses: Statuses, client: Client, resources: Resources, manager: Account, tmp_path: Path
) -> None:
    await insert_examples(resources, manager)
    await assign_examples(resources, manager)
    some = ("--max-examples", str(EXAMPLES))
    await run_schemathesis(client, manager, tmp_path, *some, "--include-operation-id-regex", OF_BACK_OFFICE)
    assert unreached(statuses, {Access.STAFF}) == set()
    assert statuses["POST /v1/admin/places"] == {401, 403}
