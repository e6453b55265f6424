"""Callers of the ticketing API."""

import pytest

from tests.service.api import Answer, Api, anonymous, as_user
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


@pytest.fixture
def boss(client: Client, admin: Account) -> Api:
    """The admin's calls."""
    return as_user(client, admin)


def refused(answer: Answer) -> tuple[int, str]:
    """Status and code of the error, which has what every error of the ticketing API has."""
    assert {"category", "category_code", "msg"} <= set(answer.body) <= {"category", "category_code", "msg", "error"}
    assert answer.body["category"] == answer.body["category_code"].partition("-")[0]
    assert answer.body["msg"].endswith(".")
    return answer.status, answer.body["category_code"]
