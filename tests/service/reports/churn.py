"""Bookings and holds of some sessions, changed at random."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import asyncpg

from tests.service.reports.rows import Rows


@dataclass
class Churn:
    """Changes of the bookings of the sessions `shows`, each at random. At least three of the sessions stay."""

    rows: Rows
    user_id: int
    shows: list[int]
    currencies: tuple[str, ...] = ("EUR",)
    random: Random = field(default_factory=lambda: Random(20_310_601))  # noqa: S311
    booked: dict[int, list[int]] = field(default_factory=dict)

    async def run(self, changes: int, at_once: int = 5) -> None:
        """Make so many changes, some `at_once`."""
        for _ in range(changes // at_once):
            await asyncio.gather(*(self.change() for _ in range(at_once)))

    async def change(self) -> None:
        """Any change. One of a session that has ended, or is deleted meanwhile, may be refused."""
        changes = [self.book, self.cancel, self.refund, self.lapse, self.end, self.delete]
        [change] = self.random.choices(changes, [9, 3, 3, 3, 0.3, 0.2])
        with suppress(asyncpg.IntegrityConstraintViolationError):
            await change(self.random.choice(self.shows))

    async def book(self, show: int) -> None:
        seats, price = self.random.randint(1, 6), self.random.randint(0, 2_000)
        currency, supplements = self.random.choice(self.currencies), self.random.choice([0, 300, 450])
        number = await self.rows.book(
            show, self.user_id, seats, price=price, supplements=supplements, currency=currency
        )
        self.booked.setdefault(show, []).append(number)

    async def cancel(self, show: int) -> None:
        seats, currency = self.random.randint(0, 6), self.random.choice(self.currencies)
        await self.rows.book(show, self.user_id, seats, currency=currency, sold=False)

    async def refund(self, show: int) -> None:
        await self.rows.refund(show, self.booked.get(show, [])[:2])

    async def lapse(self, show: int) -> None:
        await self.rows.lapse(show, self.user_id, 2, self.random.choice(["lapsed", "lapsed", "session_gone"]))

    async def end(self, show: int) -> None:
        await self.rows.cancel_session(show)

    async def delete(self, show: int) -> None:
        if len(self.shows) > 3:
            self.shows.remove(show)
            await self.rows.delete_session(show)
