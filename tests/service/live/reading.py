"""A client of event streams, as a browser is one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
import pytest
from multidict import CIMultiDictProxy

PATIENCE_SECONDS = 15.0
"""No event takes so long, however busy the machine."""


@dataclass(frozen=True, slots=True)
class Event:
    id: str | None
    name: str
    data: dict[str, Any]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Available, held and sold."""
        return self.data["available"], self.data["held"], self.data["sold"]

    @property
    def moment(self) -> tuple[int, int]:
        """What its id is ordered by."""
        assert self.id
        ms, _, number = self.id.partition("-")
        return int(ms), int(number)


class Reader:
    """Reads the events of one stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.comments = 0

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        return self._response.headers

    async def event(self) -> Event:
        """The next event. Raises `EOFError` at the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                fields = await self._fields()
                if "event" in fields:
                    return Event(fields.get("id"), fields["event"], orjson.loads(fields["data"]))

    async def until(self, counts: tuple[int, int, int]) -> list[Event]:
        """The events up to the first one with these counts."""
        events = [await self.event()]
        while events[-1].counts != counts:
            events.append(await self.event())
        return events

    async def is_over(self) -> bool:
        with pytest.raises(EOFError):
            await self.event()
        return True

    async def _fields(self) -> dict[str, str]:
        """What stands before the next empty line."""
        fields = {}
        while (line := await self._response.content.readline()) != b"\n":
            if not line:
                raise EOFError
            if line.startswith(b":"):
                self.comments += 1
            else:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                fields[name] = value
        return fields


@asynccontextmanager
async def reading(
    session: aiohttp.ClientSession, url: object, after: str | None = None, **headers: str
) -> AsyncIterator[Reader]:
    """Follow the stream; `after` is the last event that the client has."""
    sent = headers if after is None else {**headers, "Last-Event-ID": after}
    async with session.get(str(url), headers=sent) as response:
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"] == "text/event-stream"
        yield Reader(response)


async def to_the_end(reader: Reader) -> None:
    while True:
        try:
            await reader.event()
        except EOFError:
            return
