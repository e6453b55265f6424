"""The API over HTTP, as somebody with or without a token calls it."""

from dataclasses import dataclass
from typing import Any

from multidict import CIMultiDict

from tests.service.conftest import Client
from tests.service.factories import Account


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that has been read."""

    status: int
    body: Any
    headers: CIMultiDict[str]

    @property
    def error(self) -> tuple[int, str]:
        """Status, and code of the only error."""
        (error,) = self.body["errors"]
        return self.status, error["code"]

    @property
    def faults(self) -> set[tuple[str, str]]:
        """Code and field of every fault in the input."""
        assert self.status == 422, self.body
        return {(error["code"], error["field"]) for error in self.body["errors"]}


@dataclass(frozen=True, slots=True)
class Api:
    """Calls with the same headers."""

    client: Client
    headers: dict[str, str]

    async def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Answer:
        """A request; underscores in the names of `headers` stand for hyphens."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        options = {} if json is None else {"json": json}
        async with self.client.request(method, path, headers=sent, **options) as response:
            body = await response.json() if response.content_length else None
            return Answer(response.status, body, CIMultiDict(response.headers))


def anonymous(client: Client) -> Api:
    return Api(client, {})


def as_user(client: Client, account: Account) -> Api:
    return Api(client, account.headers)


def with_token(client: Client, token: str) -> Api:
    return Api(client, {"Authorization": f"Bearer {token}"})
