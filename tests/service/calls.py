"""Calls of the API as one client makes them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from tests.service.conftest import Client
from tests.service.factories import Account


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that has been read."""

    status: int
    body: Any

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.body["errors"]]

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the code of the only error."""
        [code] = self.codes
        return self.status, code


class Caller:
    """Sends requests with the account's token, or without any."""

    def __init__(self, client: Client, account: Account | None = None) -> None:
        self._client = client
        self._headers = account.headers if account else {}

    async def call(self, method: str, path: str, **options: Any) -> Answer:
        headers = self._headers | options.pop("headers", {})
        async with self._client.request(method, path, headers=headers, **options) as response:
            body = await response.json() if await response.read() else None
            return Answer(response.status, body)

    async def get(self, path: str, **params: str) -> Answer:
        return await self.call("GET", path, params=params)

    async def post(self, path: str, body: object) -> Answer:
        return await self.call("POST", path, json=body)

    async def patch(self, path: str, body: object) -> Answer:
        return await self.call("PATCH", path, json=body)

    async def delete(self, path: str) -> Answer:
        return await self.call("DELETE", path)

    async def pages(self, path: str, **params: str) -> AsyncIterator[dict[str, Any]]:
        """The answers of a list, page by page."""
        while True:
            answer = await self.get(path, **params)
            assert answer.status == 200, answer.body
            yield answer.body
            metadata = answer.body["metadata"]
            if not metadata["has_more"]:
                return
            params["cursor"] = metadata["end_cursor"]
