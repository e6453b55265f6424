"""What one customer does: open a booking, choose seats, and confirm, or walk away."""

import asyncio
import random
from dataclasses import dataclass

from grab.api import Api, Exhausted
from grab.options import Options
from grab.recording import Recording


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody with a token who wants seats of a session."""

    api: Api
    recording: Recording
    options: Options
    token: str
    session: str

    async def grab(self) -> None:
        """Try once, and note how it ended."""
        try:
            outcome = await self._grab()
        except Exhausted:
            outcome = "cut short"
        self.recording.outcomes[outcome] += 1
        self.recording.done += 1

    async def _grab(self) -> str:
        status, body = await self.api.send("book", f"/v1/sessions/{self.session}/book", self.token)
        if status != 201:
            return _ended(status)
        booking = body["booking"]["id"]
        await self._think()
        status, seats = await self._reserve(booking, random.randint(*self.options.seats))  # noqa: S311
        if status != 200:
            return _ended(status)
        await self._think()
        if random.random() < self.options.abandon:  # noqa: S311
            return "abandoned"
        status, _ = await self.api.send("confirm", f"/v1/bookings/{booking}/confirm", self.token)
        if status == 200:
            self.recording.confirmed[booking] = (self.session, seats)
            return "confirmed"
        return _ended(status)

    async def _reserve(self, booking: str, seats: int) -> tuple[int, int]:
        """The last status, and the seats: those wanted, or the few that are left."""
        path = f"/v1/bookings/{booking}/reserve"
        status, body = await self.api.send("reserve", path, self.token, {"seats": seats})
        left = body["errors"][0].get("available", 0) if status == 409 else 0
        if 0 < left < seats:
            status, _ = await self.api.send("reserve", path, self.token, {"seats": left})
            return status, left
        return status, seats

    async def _think(self) -> None:
        seconds = random.uniform(0, 2 * self.options.think)  # noqa: S311
        await asyncio.sleep(min(seconds, self.api.seconds_left))


def _ended(status: int) -> str:
    if status == 409 or status == 410:
        return "refused"
    return "failed" if status == 0 or status >= 500 else f"answered {status}"
