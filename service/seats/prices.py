"""The prices of sessions that sell numbered seats, remembered for some seconds."""

import asyncio
from collections import OrderedDict
from typing import NamedTuple

from service.postgres import UNREACHABLE, Postgres
from service.seats import queries

REMEMBERED = 5_000
FRESH_SECONDS = 10.0
"""How old a price may be that is shown before the sale, which has its own; as long as a pool's lease."""


class _Known(NamedTuple):
    price: int | None
    until: float


class Prices:
    """What is known of sessions' prices. While Postgres is away that stays: seats are reserved without it."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, _Known] = OrderedDict()

    async def of(self, postgres: Postgres, session_id: int) -> int | None:
        """The session's price; None unless it sells numbered seats.

        Raises one of `UNREACHABLE` when Postgres is away and it was never known here.
        """
        known, now = self._known.get(session_id), asyncio.get_running_loop().time()
        if known and now < known.until:
            return known.price
        try:
            price = await _read(postgres, session_id)
        except UNREACHABLE:
            if known is None:
                raise
            price = known.price
        self._known[session_id] = _Known(price, now + FRESH_SECONDS)
        self._known.move_to_end(session_id)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return price


async def _read(postgres: Postgres, session_id: int) -> int | None:
    async with postgres.acquire() as connection:
        session = await queries.seated_session(connection, session_id)
    return session["price"] if session is not None and session["seat_plan_id"] is not None else None
