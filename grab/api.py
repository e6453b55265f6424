"""Calls of the service's API, each recorded."""

import json
import time
from collections.abc import Mapping
from typing import Any

import aiohttp

from grab.errors import GrabError
from grab.recording import Answer, Recording

REQUEST_SECONDS = 30.0


class Exhausted(Exception):
    """The crowd has sent as many requests as it may, or its time is over."""


class Api:
    """One service. After `start`, calls are recorded and bounded. Redirects are not followed."""

    def __init__(self, session: aiohttp.ClientSession, url: str, recording: Recording) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._recording = recording
        self._started = self._ends = 0.0
        self._left = 0

    def start(self, seconds: float, requests: int) -> None:
        """Begin to record; `Exhausted` is raised after so many seconds or requests."""
        self._started = time.perf_counter()
        self._ends = self._started + seconds
        self._left = requests

    @property
    def elapsed(self) -> float:
        return time.perf_counter() - self._started

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._ends - time.perf_counter())

    async def send(self, endpoint: str, path: str, token: str, body: object = None) -> tuple[int, Any]:
        """POST, recorded under `endpoint`: status and body; 0 where there was no answer. Raises `Exhausted`."""
        if self._left <= 0 or not self.seconds_left:
            raise Exhausted
        self._left -= 1
        sent = time.perf_counter()
        try:
            status, answer = await self.call("POST", path, token, body)
        except (aiohttp.ClientError, TimeoutError) as failure:
            status, answer = 0, {"errors": [{"code": type(failure).__name__}]}
        now = time.perf_counter()
        outcome = str(status) if status in (200, 201) else f"{status} {_code(answer)}"
        self._recording.add(endpoint, outcome, Answer(now - self._started, now - sent))
        return status, answer

    async def call(self, method: str, path: str, token: str | None = None, body: object = None) -> tuple[int, Any]:
        """Status and body, not recorded. Raises `aiohttp.ClientError` or `TimeoutError`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options: Mapping[str, Any] = {} if body is None else {"json": body}
        async with self._session.request(
            method, self._url + path, headers=headers, allow_redirects=False, **options
        ) as response:
            return response.status, _parsed(await response.read())

    async def get(self, path: str, token: str | None = None) -> Any:
        """The body of a GET that must succeed. Raises `GrabError`."""
        try:
            status, body = await self.call("GET", path, token)
        except (aiohttp.ClientError, TimeoutError) as failure:
            reason = str(failure) or type(failure).__name__
            raise GrabError(
                f"Nothing answers at {self._url} ({reason}): start scripts/serve, or name it with --url."
            ) from None
        if status != 200:
            raise GrabError(f"{self._url}{path} answered {status} {_code(body)}.")
        return body


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def _code(body: Any) -> str:
    try:
        return str(body["errors"][0]["code"])
    except (TypeError, KeyError, IndexError):
        return ""
