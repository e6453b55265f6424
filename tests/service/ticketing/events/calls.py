"""What organisers and visitors call."""

import time
from typing import Any

from tests.service.api import Answer, Api

PATH = "/ticketing/event/"
NEW = {
    "name": "Jazz by the river",
    "unix_time": 1924975800,
    "address": "1 quai Premier, Lyon",
    "description": "Three bands, one night.",
    "seat_count": 10,
}
"""An event as organisers describe it, but for its time, which may be over when this is read."""


def tomorrow() -> int:
    return int(time.time()) + 86_400


async def create(boss: Api, **fields: Any) -> Answer:
    """Fields that are `...` are left out."""
    given = NEW | {"unix_time": tomorrow()} | fields
    return await boss("POST", PATH, {name: value for name, value in given.items() if value is not ...})


async def created(boss: Api, **fields: Any) -> str:
    """A new event's id."""
    answer = await create(boss, **fields)
    assert (answer.status, answer.body) == (201, None)
    path, _, event_id = answer.headers["Location"].partition("?id=")
    assert path == PATH
    return event_id


async def shown(api: Api, event_id: str) -> Any:
    """The event as anybody sees it."""
    answer = await api("GET", f"{PATH}?id={event_id}")
    assert (answer.status, answer.body["next_time_to_fetch"]) == (200, 0)
    [event] = answer.body["events"]
    return event


async def update(boss: Api, event_id: str, **fields: Any) -> Answer:
    return await boss("POST", f"{PATH}update/", {"id": event_id, **fields})


async def delete(boss: Api, event_id: str) -> Answer:
    return await boss("DELETE", f"{PATH}?id={event_id}")
