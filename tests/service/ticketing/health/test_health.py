"""GET /ticketing/health/. (`test_outages.py` takes servers away.)"""

import pytest

from tests.service.conftest import Client


@pytest.mark.parametrize("path", ["/ticketing/health/", "/ticketing/health", "/ticketing/health/?more=1"])
async def test_to_the_byte(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status, answer.content_type) == (200, "application/json")
    assert await answer.read() == b'{"health":"ok","message":"Hello from booked!"}'
