"""Everybody wants the same few seats: at any moment each has at most one holder, and one owner at the end.

With `HOLDFAST_SEATS_SECONDS=20` it is 1,000 customers for so long, rather than a few visits of 60.
"""

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from service.postgres import Postgres
from service.resources import Resources
from service.settings import Settings
from tests.service.bookings.conftest import Answer, Customer
from tests.service.bookings.test_grab import customers
from tests.service.conftest import Client
from tests.service.factories import Showing
from tests.service.halls import Halls
from tests.service.seats.conftest import labels_of
from tests.service.seats.sold import owners

LONG = float(os.environ.get("HOLDFAST_SEATS_SECONDS", "0"))
CUSTOMERS, VISITS = (1_000, 1_000_000) if LONG else (60, 4)
THINKING = 4.0 if LONG else 0.05
"""So many seconds at most between two requests of a customer."""
ROWS, NUMBERS = "ABCDEFGHIJKLMNO", range(1, 21)
"""300 seats in all."""
TOGETHER = 3


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Holds of some seconds, so that many lapse meanwhile."""
    return settings.model_copy(update={"hold_seconds": 12.0 if LONG else 2.0})


@dataclass
class Crowd:
    """What became of all requests. Where the service is too busy to answer (503), people ask again, or go away."""

    session: str
    ends_at: float
    answers: Counter[str] = field(default_factory=Counter)
    sold: dict[str, list[str]] = field(default_factory=dict)

    async def visit(self, customer: Customer, dice: random.Random) -> None:
        """Choose seats again and again, and buy or leave them, until the time is over."""
        for _ in range(VISITS):
            if asyncio.get_running_loop().time() > self.ends_at:
                break
            opened = await self._ask(customer, "book", f"/v1/sessions/{self.session}/book")
            if opened.status == 201:
                booking = f"/v1/bookings/{opened.booking['id']}"
                for _ in range(dice.randint(1, 3)):
                    await asyncio.sleep(THINKING * dice.random())
                    if (await self._ask(customer, "reserve", f"{booking}/reserve", json=wish(dice))).status == 200:
                        break
                await asyncio.sleep(THINKING * dice.random())
                match dice.random():
                    case luck if luck < (0.1 if LONG else 0.3):
                        await self._confirm(customer, booking)
                    case luck if luck < 0.8:
                        await self._ask(customer, "cancel", f"{booking}/cancel")

    async def _confirm(self, customer: Customer, booking: str) -> None:
        """Until it is known what came of it."""
        answer = await self._ask(customer, "confirm", f"{booking}/confirm")
        while answer.status == 503 or (answer.status == 409 and answer.code == "booking_confirming"):
            await asyncio.sleep(0.1)
            answer = await self._ask(customer, "confirm", f"{booking}/confirm")
        sold = answer.body["booking"] if answer.status == 200 else answer.body["errors"][0].get("booking")
        if sold:
            self.sold[sold["id"]] = labels_of(sold)
        else:
            assert answer.code in ("no_seats_reserved", "booking_expired"), answer.body

    async def _ask(self, customer: Customer, what: str, path: str, **options: Any) -> Answer:
        answer = await customer.call("POST", path, **options)
        self.answers[f"{what} {answer.status}"] += 1
        assert answer.status in (200, 201, 409, 410, 503), answer.body
        return answer


def wish(dice: random.Random) -> dict[str, object]:
    """Some seats side by side, wherever they are, or the best ones."""
    count = dice.randint(1, TOGETHER)
    if dice.random() < 0.2:
        return {"seats": count}
    row, first = dice.choice(ROWS), dice.choice(NUMBERS[:-TOGETHER])
    return {"seat_labels": [f"{row}{first + n}" for n in range(count)]}


async def watch(resources: Resources, showing: Showing, visits: "asyncio.Future[Any]") -> int:
    """Look at all seats, many times: how often. Nothing that was sold is ever free again."""
    looks = 0
    known: set[int] = set()
    while not visits.done():
        seen = await resources.engine.seats(showing.session)
        held = Counter(position for hold in seen.holds for position in hold.positions)
        assert max(held.values(), default=0) <= 1
        sold = {position for position, cell in enumerate(seen.map) if cell == "x"}
        assert known <= sold
        assert {position for position, cell in enumerate(seen.map) if cell == "o"} == set(held) - sold
        known, looks = sold, looks + 1
        await asyncio.sleep(0.02)
    return looks


@pytest.mark.timeout(120 + 3 * LONG)
async def test_a_crowd_that_chooses_at_random(
    client: Client, resources: Resources, postgres: Postgres, halls: Halls
) -> None:
    """Failed with the check for taken seats out of the script: a seat had two holders at once."""
    showing = await halls.showing(*["." * len(NUMBERS)] * len(ROWS))
    everybody = await customers(client, resources, CUSTOMERS)
    crowd = Crowd(showing.session, asyncio.get_running_loop().time() + (LONG or 60.0))

    visits = asyncio.gather(
        *(crowd.visit(customer, random.Random(seed)) for seed, customer in enumerate(everybody))  # noqa: S311
    )
    looks, _ = await asyncio.gather(watch(resources, showing, visits), visits)

    assert looks > 0
    owned = await owners(postgres, showing)
    assert sorted(owned) == sorted(label for labels in crowd.sold.values() for label in labels)
    assert owned
    print(looks, "looks,", len(owned), "seats sold:", dict(crowd.answers))
