"""A service that notes what it answers, and has the rows that the document's examples name."""

from collections import defaultdict

import pytest
from aiohttp import web

from service.settings import Settings
from tests.contracts.generated.running import Statuses


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Bookings that stay open meanwhile, and as many accounts as schemathesis likes."""
    return settings.model_copy(
        update={"hold_seconds": 3_600, "hold_memory_seconds": 7_200, "signups_per_hour": 1_000_000}
    )


@pytest.fixture
def statuses(app: web.Application) -> Statuses:
    seen: Statuses = defaultdict(set)

    async def note(request: web.Request, response: web.StreamResponse) -> None:
        if request.match_info.route.resource:
            seen[f"{request.method} {request.match_info.route.resource.canonical}"].add(response.status)

    app.on_response_prepare.append(note)
    return seen
