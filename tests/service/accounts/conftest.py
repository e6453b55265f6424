"""Callers with and without an account."""

import pytest

from tests.service.api import Api, anonymous, as_user
from tests.service.conftest import Client
from tests.service.factories import Account


@pytest.fixture
def api(client: Client) -> Api:
    """Calls without a token."""
    return anonymous(client)


@pytest.fixture
def own(client: Client, customer: Account) -> Api:
    """The customer's calls."""
    return as_user(client, customer)
