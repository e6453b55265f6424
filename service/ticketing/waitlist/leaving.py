"""Leaving every line at once, as who erases an account does."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from asyncpg import Record

from holds.engine import HoldEngine
from holds.errors import HoldError, StoreUnavailable
from service.errors import SERVICE_UNAVAILABLE, ApiError
from service.inventory import pool_of_event
from service.postgres import Connection
from service.registers import write_registers
from service.ticketing.tickets.holds import hold_of, owner_of
from service.ticketing.waitlist import queries


@dataclass(frozen=True, slots=True)
class Departure:
    """What Redis has to hear of once it is committed: the rows of the pools, and what was offered."""

    user_id: int
    pools: Sequence[Record]
    entries: Sequence[Record]

    async def tell(self, engine: HoldEngine) -> None:
        """Write the rows, and give back what was offered. What Redis does not hear of lapses."""
        await write_registers(engine, pool_of_event, self.pools)
        for entry in self.entries:
            if entry["was_offered"]:
                with suppress(HoldError, StoreUnavailable):
                    await engine.release(owner_of(self.user_id), [hold_of(ticket) for ticket in entry["ticket_ids"]])


async def leave_all(connection: Connection, user_id: int) -> Departure:
    """Take the user out of every line, within a transaction that has locked nothing yet.

    It keeps the user locked, who can join none before the commit. Raises `ApiError` when that was tried meanwhile.
    """
    pools = await queries.change_lines_of(connection, user_id)
    await queries.lock_user(connection, user_id)
    entries = await queries.leave_all(connection, user_id)
    if not {entry["pool"] for entry in entries} <= {pool["id"] for pool in pools}:
        raise ApiError(SERVICE_UNAVAILABLE)
    return Departure(user_id, pools, entries)
