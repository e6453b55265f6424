"""Staff who read reports."""

import pytest

from service.postgres import Postgres
from tests.service.calls import Caller
from tests.service.conftest import Client
from tests.service.factories import Account
from tests.service.reports.rows import Rows


@pytest.fixture
def boss(client: Client, admin: Account) -> Caller:
    """An admin."""
    return Caller(client, admin)


@pytest.fixture
def rows(postgres: Postgres) -> Rows:
    return Rows(postgres)
