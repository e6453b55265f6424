"""What one client does, as a Python generator: it yields requests, and is sent the status and body of each answer.

`PAUSE` instead of a request waits for all other clients to get there; what comes before the last one is preparation.
"""

import json
from collections.abc import Callable, Generator, Mapping
from typing import Any, NamedTuple


class Request(NamedTuple):
    """A request as it is sent; answers are counted by label."""

    label: str
    data: bytes


PAUSE = Request("", b"")

Client = Mapping[str, Any]
Script = Generator[Request, tuple[int, bytes], None]


def request(label: str, method: str, path: str, token: str | None = None, body: object = None) -> Request:
    """A request of HTTP/1.1 on a connection that is kept."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    if content:
        lines.append("Content-Type: application/json")
    if method != "GET":
        lines.append(f"Content-Length: {len(content)}")
    return Request(label, "\r\n".join([*lines, "\r\n"]).encode() + content)


def repeat(client: Client) -> Script:
    """The same request again and again."""
    yield PAUSE
    same = request(client["label"], client["method"], client["path"], client.get("token"), client.get("body"))
    while True:
        yield same


def times(client: Client) -> Script:
    """The same request so many times."""
    yield PAUSE
    same = request(client["label"], client["method"], client["path"])
    for _ in range(client["times"]):
        yield same


def reserve(client: Client) -> Script:
    """One booking, whose seats then change between 1 and 2."""
    booking = yield from _book(client)
    one, two = (_reserve(client, booking, seats) for seats in (1, 2))
    yield PAUSE
    while True:
        yield one
        yield two


def flow(client: Client) -> Script:
    """Bookings, each given a seat and confirmed."""
    yield PAUSE
    while True:
        booking = yield from _book(client)
        yield _reserve(client, booking, 1)
        yield _confirm(client, booking)


def grab(client: Client) -> Script:
    """One booking and one seat; once everybody knows whether they have one, those who do confirm."""
    yield PAUSE
    status, body = yield _open(client)
    if status != 201:
        return
    booking = json.loads(body)["booking"]["id"]
    status, _ = yield _reserve(client, booking, 1)
    yield PAUSE
    if status == 200:
        yield _confirm(client, booking)


def _book(client: Client) -> Generator[Request, tuple[int, bytes], str]:
    status, body = yield _open(client)
    if status != 201:
        raise RuntimeError(f"no booking was opened: {status} {body.decode()}")
    booking: str = json.loads(body)["booking"]["id"]
    return booking


def _open(client: Client) -> Request:
    return request("book", "POST", f"/v1/sessions/{client['session']}/book", client["token"])


def _reserve(client: Client, booking: str, seats: int) -> Request:
    return request("reserve", "POST", f"/v1/bookings/{booking}/reserve", client["token"], {"seats": seats})


def _confirm(client: Client, booking: str) -> Request:
    return request("confirm", "POST", f"/v1/bookings/{booking}/confirm", client["token"])


SCRIPTS: Mapping[str, Callable[[Client], Script]] = {
    script.__name__: script for script in (repeat, times, reserve, flow, grab)
}
