"""Lowering an event's seat count, while its tickets are reserved and booked, to what nobody has.

Booked tickets are known to Postgres, reserved ones to Redis alone, so that neither can decide. Therefore the seats that
are to go are first taken from the pool as anybody takes seats: by a hold, refused when fewer are free, but ahead of
those who wait. From then on nobody else gets them, whatever Redis is told. Then they are "sold" as tickets are, in the
three steps of `holds/README.md`: the hold is claimed; the transaction takes them from the seat count, rather than
adding them to what is booked; the claim is settled together with the new row. What is proven there is so here: whatever
fails in between, the seats are gone for good, or come back when the claim lapses.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from holds.errors import HoldError, NotEnoughSeats, PoolNotFound, SalesEnded, StoreUnavailable, TooManyHolds
from holds.models import Claim, Inventory
from service.errors import ApiError
from service.inventory import as_inventory, load_inventory, pool_of_event
from service.postgres import Connection
from service.resources import Resources
from service.sales import Sales
from service.settling import Settling
from service.ticketing.errors import EVENT_NOT_FOUND, EVENT_OVER, SEATS_IN_USE, TRANSACTION_FAILED
from service.ticketing.events.changes import Overtaken, write
from service.ticketing.events.schemas import EventChange


@dataclass(frozen=True, slots=True)
class Lowering:
    """A change of an event whose seats to go are claimed."""

    number: int
    wanted: EventChange
    claim: Claim

    @property
    def claims(self) -> tuple[Claim]:
        return (self.claim,)


async def lower(resources: Resources, number: int, wanted: EventChange, by: int) -> None:
    """Change the event of the pool `number`, whose seat count falls `by` so many seats.

    Raises `ApiError`, or `Overtaken` when it would fall by more, or somebody deletes the event meanwhile.
    """
    engine, owner, hold_id = resources.engine, f"{pool_of_event(number)}:seats", f"cut_{resources.ids.next()}"
    await _take(resources, number, owner, {hold_id: by})
    try:
        claim = await _claim(resources, owner, hold_id)
        read = partial(load_inventory, resources.postgres)
        settling = Settling(resources.postgres, engine, _sell, read, refusal=SEATS_IN_USE)
        await Sales(resources.postgres, settling).settle(Lowering(number, wanted, claim))
    except BaseException:
        with suppress(HoldError, StoreUnavailable):  # it stays claimed where the outcome is not known
            await engine.release(owner, [hold_id])
        raise


async def _take(resources: Resources, number: int, owner: str, seats: dict[str, int]) -> None:
    """Hold seats of the event until they are claimed, for one change at a time: of two, each would have what the other
    needs. What is left of one that died stands in the way for no longer than a sale may take.
    """
    lifetime = round(resources.settings.sale_seconds * 1_000)
    try:
        await resources.engine.open(pool_of_event(number), owner, seats, lifetime=lifetime, owner_limit=1, ahead=True)
    except NotEnoughSeats as refusal:
        raise ApiError(SEATS_IN_USE, {"free": refusal.free}) from None
    except TooManyHolds:
        raise ApiError(TRANSACTION_FAILED) from None
    except SalesEnded:
        raise ApiError(EVENT_OVER) from None
    except PoolNotFound:
        raise ApiError(EVENT_NOT_FOUND) from None


async def _claim(resources: Resources, owner: str, hold_id: str) -> Claim:
    try:
        return await resources.engine.claim(owner, [hold_id])
    except HoldError:  # it went with the event, or Redis forgot it
        raise Overtaken from None


async def _sell(connection: Connection, lowerings: Sequence[Lowering]) -> tuple[list[None], dict[str, Inventory]]:
    """Each is settled on its own: there is one."""
    rows = [await write(connection, one.number, one.wanted, kept=one.claim.holds[0].seats) for one in lowerings]
    return [None for _ in rows], {pool_of_event(row["id"]): as_inventory(row) for row in rows}
