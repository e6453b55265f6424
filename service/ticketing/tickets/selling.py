"""The sale of claimed tickets: the second step of booking, one transaction for several sales of several events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from holds.models import Claim, Inventory
from service.errors import ApiError
from service.inventory import as_inventory, lock_inventory, number_of, pool_of_event
from service.postgres import Connection
from service.ticketing.errors import TICKET_NOT_RESERVED
from service.ticketing.tickets import queries
from service.ticketing.tickets.holds import ticket_of

Outcome = Exception | None


@dataclass(frozen=True, slots=True)
class Part:
    """The claimed tickets of one event, and the number that their booking gets."""

    claim: Claim
    pool: int
    booking_id: int
    ticket_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, claim: Claim, booking_id: int) -> Self:
        pool = number_of(claim.pool)
        assert pool is not None  # noqa: S101  # holds of tickets are opened in pools of events only
        return cls(claim, pool, booking_id, tuple(ticket_of(hold.id) for hold in claim.holds))


@dataclass(frozen=True, slots=True)
class TicketSale:
    """Claimed tickets of one user, which are booked all or none."""

    user_id: int
    parts: tuple[Part, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(part.claim for part in self.parts)


async def sell(connection: Connection, sales: Sequence[TicketSale]) -> tuple[list[Outcome], dict[str, Inventory]]:
    """Insert the tickets of the sales that the inventories allow, within the connection's transaction.

    Returns for each sale, in order, None once its tickets are booked, or its refusal, and the inventory by pool as it
    is now. Tickets that an earlier sale of the user booked, whose answer was lost, stay as they are.
    """
    locked = await lock_inventory(connection, list({part.pool for sale in sales for part in sale.parts}))
    inventories = {row["id"]: as_inventory(row) for row in locked}
    # Tickets are written under the lock on their inventory only: what is not there now will not appear.
    unsold = _Unsold(inventories, await _owners(connection, sales))
    rows: list[tuple[object, ...]] = []
    outcomes: list[Outcome] = []
    for sale in sales:
        accepted = unsold.take(sale)
        rows += accepted or ()
        outcomes.append(ApiError(TICKET_NOT_RESERVED) if accepted is None else None)
    if rows:
        inventories |= {row["id"]: as_inventory(row) for row in await queries.sell(connection, rows)}
    return outcomes, {pool_of_event(pool): inventory for pool, inventory in inventories.items()}


async def _owners(connection: Connection, sales: Sequence[TicketSale]) -> dict[UUID, int | None]:
    """Whose each of the tickets is that were ever booked; None for a cancelled one."""
    ticket_ids = [ticket_id for sale in sales for part in sale.parts for ticket_id in part.ticket_ids]
    rows = await queries.sold_tickets(connection, ticket_ids)
    return {row["id"]: None if row["cancelled"] else row["user_id"] for row in rows}


class _Unsold:
    """What is left while sales take it, first come first served."""

    def __init__(self, inventories: dict[int, Inventory], owners: dict[UUID, int | None]) -> None:
        self._free = {pool: row.capacity - row.sold for pool, row in inventories.items()}
        self._owners = owners

    def take(self, sale: TicketSale) -> list[tuple[object, ...]] | None:
        """The rows that `queries.sell` inserts for the sale; None where it is refused."""
        rows: list[tuple[object, ...]] = []
        free, owners = dict(self._free), self._owners
        for part in sale.parts:
            if any(owners.get(ticket_id, sale.user_id) != sale.user_id for ticket_id in part.ticket_ids):
                return None
            wanted = [ticket_id for ticket_id in part.ticket_ids if ticket_id not in owners]
            free[part.pool] = free.get(part.pool, -1) - len(wanted)
            if free[part.pool] < 0:
                return None
            rows += [(ticket_id, part.booking_id, part.pool, sale.user_id) for ticket_id in wanted]
        self._free = free
        return rows
