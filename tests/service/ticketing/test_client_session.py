"""A client of the original contract, from its first call to its last, byte for byte.

It sends what such clients send: trailing slashes, fields that nobody reads, null for what it does not know.
"""

import re
import time
from dataclasses import dataclass, field

import orjson

from tests.service.conftest import Client
from tests.service.factories import PASSWORD, Account

UUID_7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


@dataclass
class Session:
    """Sends bytes and keeps the token."""

    client: Client
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    location: str = ""

    async def __call__(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Status and body of the answer; what has a body is JSON, what has none has no length."""
        sent = None if body is None else orjson.dumps(body)
        async with self.client.request(method, f"/ticketing{path}", data=sent, headers=self.headers) as answer:
            read = await answer.read()
            assert answer.headers["Content-Length"] == str(len(read))
            assert not read or answer.headers["Content-Type"] == "application/json"
            self.location = answer.headers.get("Location", "")
            return answer.status, read

    async def log_in(self, email: str) -> None:
        status, body = await self("POST", "/user/login/", {"email": email, "password": PASSWORD})
        assert status == 200
        [token] = re.fullmatch(rb'\{"token":"([\w-]+\.[\w-]+\.[\w-]+)"\}', body, re.ASCII).groups()  # type: ignore[union-attr]
        self.headers["Authorization"] = f"Bearer {token.decode()}"


def error(code: str, text: str, details: str = "") -> bytes:
    """An error of the contract."""
    more = f',"error":"{details}"' if details else ""
    return f'{{"category":"{code.partition("-")[0]}","category_code":"{code}","msg":"{text}"{more}}}'.encode()


async def test_a_whole_session(client: Client, admin: Account) -> None:
    call = Session(client)
    starts = int(time.time()) // 86_400 * 86_400 + 172_800

    assert await call("GET", "/health/") == (200, b'{"health":"ok","message":"Hello from booked!"}')

    # Nobody yet, then a user of whom the address is taken.
    ada = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "role": "user"}
    unknown = error("USER-03", "There is no user with this e-mail address.")
    assert await call("POST", "/user/login/", ada) == (401, unknown)
    assert await call("POST", "/user/register/", ada | {"password": ""}) == (
        400,
        error("USER-02", "The password is empty.", "password: This field is required."),
    )
    assert await call("POST", "/user/register/", ada) == (201, b"")
    taken = error("USER-09", "A user with this e-mail address already exists.")
    assert await call("POST", "/user/register/", ada) == (400, taken)
    wrong = error("USER-04", "The password is wrong.")
    assert await call("POST", "/user/login/", ada | {"password": "something else"}) == (401, wrong)
    await call.log_in("ada@example.com")

    # Events are an organiser's.
    event = {"name": "Jazz", "unix_time": starts, "address": "Lyon", "description": "Three bands", "seat_count": 4}
    assert await call("POST", "/event/", event) == (401, error("USER-01", "Your role does not allow this."))
    organiser = Session(client)
    await organiser.log_in(admin.email)
    assert await organiser("POST", "/event/", event | {"latitude": 45.75, "longitude": None}) == (201, b"")
    [event_id] = re.fullmatch(rf"/ticketing/event/\?id=({UUID_7})", organiser.location).groups()  # type: ignore[union-attr]
    too_small = error(
        "EVENT-01", "The seat count is not valid.", "seat_count: Input should be greater than or equal to 1."
    )
    assert await organiser("POST", "/event/", event | {"seat_count": 0}) == (400, too_small)
    assert await organiser("POST", "/event/", event | {"name": "Blues", "unix_time": starts + 60}) == (201, b"")
    other_id = organiser.location.partition("=")[2]

    def jazz(seats: int, free: int) -> str:
        return (
            f'{{"id":"{event_id}","name":"Jazz","unix_time":{starts},"address":"Lyon","description":"Three bands",'
            f'"seat_count":{seats},"available_seats_count":{free},"latitude":45.75}}'
        )

    assert await call("GET", f"/event/?limit=1&timestamp={starts - 1}") == (
        200,
        f'{{"next_time_to_fetch":{starts},"events":[{jazz(4, 4)}]}}'.encode(),
    )
    assert await call("GET", f"/event/?limit=1&timestamp={starts}") == (
        200,
        f'{{"next_time_to_fetch":0,"events":[{{"id":"{other_id}","name":"Blues","unix_time":{starts + 60},'
        f'"address":"Lyon","description":"Three bands","seat_count":4,"available_seats_count":4}}]}}'.encode(),
    )
    assert await call("GET", f"/event/?id={event_id}") == (
        200,
        f'{{"next_time_to_fetch":0,"events":[{jazz(4, 4)}]}}'.encode(),
    )

    # Tickets: reserved, booked, booked again, given back.
    status, body = await call("POST", "/ticket/reserve/", {"event_id": event_id, "count": 3})
    assert status == 200
    assert re.fullmatch(rf'\{{"ticket_ids":\["{UUID_7}"(,"{UUID_7}"){{2}}\]\}}', body.decode())
    tickets = orjson.loads(body)
    status, body = await call("POST", "/ticket/reserve/", {"event_id": event_id, "count": 2})
    assert (status, orjson.loads(body)["category_code"]) == (400, "TICKET-01")
    assert (await call("GET", f"/event/?id={event_id}"))[1].count(b'"available_seats_count":1') == 1
    assert await call("POST", "/ticket/book/", tickets) == (200, b"")
    assert await call("POST", "/ticket/book/", tickets) == (200, b"")
    assert await call("POST", "/ticket/cancel/", {"event_id": event_id, "count": 1}) == (200, b"")
    status, body = await call("GET", "/user/bookings/")
    assert (status, re.sub(rb'"booking_unix_time":\d{10}\}', b'"booking_unix_time":0}', body)) == (
        200,
        f'[{{"event_id":"{event_id}","event_name":"Jazz","event_unix_time":{starts},"event_address":"Lyon",'
        f'"event_description":"Three bands","event_latitude":45.75,"number_of_tickets":2,'
        f'"booking_unix_time":0}}]'.encode(),
    )

    # The organiser looks, changes, and may not take away what is sold.
    assert await organiser("GET", "/analytics/cancellation_rates/") == (
        200,
        f'[{{"event_id":"{event_id}","cancellation_rate":0.3333333333333333}},'
        f'{{"event_id":"{other_id}","cancellation_rate":0.0}}]'.encode(),
    )
    status, body = await organiser("GET", "/analytics/")
    assert (status, re.sub(rb'"today_booked_tickets":\d', b'"today_booked_tickets":_', body)) == (
        200,
        f'[{{"event_id":"{event_id}","total_seats":4,"sold_tickets":2,"capacity_utilisation":0.5,"today_booked_tickets":_}},'
        f'{{"event_id":"{other_id}","total_seats":4,"sold_tickets":0,"capacity_utilisation":0.0,"today_booked_tickets":_}}]'.encode(),
    )
    too_few = error("EVENT-05", "More seats than that are booked or reserved.", "free: 2")
    assert await organiser("POST", "/event/update/", {"id": event_id, "seat_count": 1}) == (400, too_few)
    assert await organiser("POST", "/event/update/", {"id": event_id, "seat_count": 2, "name": None}) == (201, b"")
    assert await call("GET", f"/event/?id={event_id}") == (
        200,
        f'{{"next_time_to_fetch":0,"events":[{jazz(2, 0)}]}}'.encode(),
    )
    booked = error("EVENT-06", "Tickets of the event are booked.")
    assert await organiser("DELETE", f"/event/?id={event_id}") == (400, booked)
    assert await organiser("DELETE", f"/event/?id={other_id}") == (200, b"")
    assert await call("GET", f"/event/?id={other_id}") == (400, error("EVENT-03", "No event was found."))

    # Without a token, and where there is nothing.
    call.headers.pop("Authorization")
    missing = error("USER-06", "A bearer token is required.")
    assert await call("GET", "/user/bookings/") == (401, missing)
    assert await call("GET", "/nothing/") == (404, error("SYS-02", "There is nothing at this path."))
