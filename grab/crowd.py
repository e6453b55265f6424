"""All customers at once, with somebody who counts the seats."""

import asyncio
from collections.abc import Callable, Sequence

import aiohttp

from grab import queries, sessions
from grab.api import Api
from grab.customers import Customer
from grab.database import Database
from grab.errors import GrabError
from grab.options import Options
from grab.recording import Moment, Recording
from grab.sessions import Shown
from service.postgres import UNREACHABLE

COUNT_SECONDS = 0.1


class Crowd:
    """Customers spread evenly over accounts and sessions."""

    def __init__(
        self, api: Api, database: Database | None, options: Options, chosen: Sequence[Shown], recording: Recording
    ) -> None:
        self._api, self._database, self._options = api, database, options
        self._chosen, self._recording = chosen, recording

    async def run(self, tokens: Sequence[str], tick: Callable[[], None]) -> None:
        """Have everybody grab once, until all are done or the bounds are reached; `tick` is called now and then."""
        self._api.start(self._options.seconds, self._options.requests)
        await self._count()
        counting = asyncio.create_task(self._keep_counting(tick))
        customers = [
            Customer(
                self._api,
                self._recording,
                self._options,
                tokens[number % len(tokens)],
                self._chosen[number % len(self._chosen)].id,
            )
            for number in range(self._options.customers)
        ]
        try:
            await asyncio.gather(*(customer.grab() for customer in customers))
        finally:
            counting.cancel()
            await asyncio.gather(counting, return_exceptions=True)
        await self._count()
        self._recording.elapsed = self._api.elapsed
        tick()

    async def _keep_counting(self, tick: Callable[[], None]) -> None:
        while True:
            await self._count()
            tick()
            await asyncio.sleep(COUNT_SECONDS)

    async def _count(self) -> None:
        """Note the seats. What is sold between the two reads counts as sold alone."""
        try:
            shown = await asyncio.gather(*(sessions.show(self._api, session.id) for session in self._chosen))
            sold = await self._sold()
        except (GrabError, aiohttp.ClientError, *UNREACHABLE):
            return  # a gap in the plot
        taken = sum(session.capacity - session.available for session in shown)
        self._recording.elapsed = self._api.elapsed
        self._recording.moments.append(Moment(self._api.elapsed, sold, max(0, taken - sold)))

    async def _sold(self) -> int:
        """Of the database, or else those known to be: sold to this crowd."""
        if self._database is None:
            return self._recording.confirmed_seats
        async with self._database.postgres.acquire() as connection:
            return await queries.sold(connection, [session.number for session in self._chosen])
