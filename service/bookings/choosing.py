"""Giving an open booking its seats: as many as are wanted, or in a session with a seat plan the very ones."""

from holds.engine import HoldEngine
from holds.errors import HoldError, NoBlock, NotEnoughSeats, NotNumbered, SeatsTaken, UnknownSeats
from holds.models import Hold
from service.bookings.schemas import Reserve
from service.errors import SEAT_PLAN_NOT_FOUND, SEATS_TAKEN, SEATS_UNAVAILABLE, ApiError, InvalidInput
from service.http.input import invalid


async def choose(engine: HoldEngine, owner: str, hold_id: str, wanted: Reserve) -> Hold:
    """Give the hold what is wanted in place of what it had. Raises what the engine refuses."""
    if wanted.seat_labels:
        return await engine.pick(owner, hold_id, wanted.seat_labels)
    if wanted.wheelchair:
        return await engine.pick_block(owner, hold_id, wanted.seats, wheelchair=wanted.wheelchair)
    return (await engine.resize(owner, {hold_id: wanted.seats}))[0]


def why_not_these(refusal: HoldError, wanted: Reserve) -> Exception | None:
    """What is answered where there is nothing wrong with the booking, but with the seats; None for anything else."""
    match refusal:
        case NoBlock(free=free, split=split):
            return ApiError(SEATS_UNAVAILABLE, {"available": free, "split": split})
        case NotEnoughSeats(free=free):
            return ApiError(SEATS_UNAVAILABLE, {"available": free})
        case SeatsTaken(labels=labels):
            return ApiError(SEATS_TAKEN, {"taken": labels})
        case UnknownSeats(labels=labels):
            places = [place for place, label in enumerate(wanted.seat_labels) if label in labels]
            return InvalidInput([invalid(f"seat_labels.{place}", "There is no such seat.") for place in places])
        case NotNumbered():
            return ApiError(SEAT_PLAN_NOT_FOUND)
    return None
