"""Seat plans, which never change: each is read once."""

from collections.abc import Awaitable, Callable

from holds.errors import PoolNotFound
from holds.models import Seating

ReadSeating = Callable[[str], Awaitable[Seating | None]]


async def no_seating(plan: str) -> Seating | None:
    """For engines whose pools have no seat plans."""
    raise PoolNotFound(plan)
