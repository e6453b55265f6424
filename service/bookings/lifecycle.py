"""A booking's life: opened, given seats, then confirmed or cancelled, or left to expire."""

from asyncpg import Record

from holds.errors import (
    HoldClaimed,
    HoldEmpty,
    HoldError,
    HoldExpired,
    HoldNotFound,
    PoolNotFound,
    SalesEnded,
    TooManyHolds,
)
from holds.models import Claim, Hold
from service import errors
from service.bookings import queries
from service.bookings.answers import cancelled, confirmed
from service.bookings.choosing import choose, why_not_these
from service.bookings.schemas import Reserve
from service.bookings.selling import Sale, Settled, Status
from service.errors import ApiError
from service.ids import Entity
from service.inventory import pool_of_session
from service.resources import Resources


class Bookings:
    """The bookings of one user."""

    def __init__(self, resources: Resources, user_id: int) -> None:
        self._resources = resources
        self._user_id = user_id
        self._owner = Entity.USER.public(user_id)

    async def open(self, session_id: int) -> Hold:
        """Open a booking of no seats. Raises `ApiError`."""
        settings = self._resources.settings
        hold_id = Entity.BOOKING.public(self._resources.ids.next())
        try:
            opened = await self._resources.engine.open(
                pool_of_session(session_id),
                self._owner,
                {hold_id: 0},
                lifetime=int(settings.hold_seconds * 1_000),
                owner_limit=settings.max_open_bookings,
            )
        except TooManyHolds:
            raise ApiError(errors.TOO_MANY_OPEN_BOOKINGS) from None
        except PoolNotFound:
            raise ApiError(errors.SESSION_NOT_FOUND) from None
        except SalesEnded:
            raise await self._sales_ended(session_id) from None
        return opened[0]

    async def reserve(self, booking_id: int, wanted: Reserve) -> Hold:
        """Give the booking these seats. Raises `ApiError` or `InvalidInput`; then it keeps what it had."""
        try:
            return await choose(self._resources.engine, self._owner, Entity.BOOKING.public(booking_id), wanted)
        except SalesEnded:
            raise await self._growth_refused(booking_id) from None
        except HoldError as refusal:
            raise why_not_these(refusal, wanted) or await self._refusal(booking_id, refusal) from None

    async def confirm(self, booking_id: int) -> Record:
        """Sell the booking's seats: its row, committed. Raises `ApiError`."""
        return await self._settle(booking_id, "confirmed", minimum=1)

    async def cancel(self, booking_id: int) -> Record:
        """Give the booking up: its row, committed. Raises `ApiError`."""
        return await self._settle(booking_id, "cancelled", minimum=0)

    async def _settle(self, booking_id: int, status: Status, *, minimum: int) -> Record:
        hold_id = Entity.BOOKING.public(booking_id)
        try:
            claim = await self._resources.engine.claim(self._owner, [hold_id], minimum=minimum)
        except HoldEmpty:
            raise ApiError(errors.NO_SEATS_RESERVED) from None
        except HoldError as refusal:
            raise await self._refusal(booking_id, refusal) from None
        settled = await self._resources.sales.settle(self._sale(booking_id, status, claim))
        return _own_outcome(settled)

    def _sale(self, booking_id: int, status: Status, claim: Claim) -> Sale:
        return Sale(booking_id, _session_of(claim.holds[0]), self._user_id, status, claim)

    async def _growth_refused(self, booking_id: int) -> ApiError:
        """Why a booking gets no more seats though there are some: its session's sales have ended."""
        try:
            hold = await self._resources.engine.get(self._owner, Entity.BOOKING.public(booking_id))
        except HoldError as refusal:
            return await self._refusal(booking_id, refusal)
        return await self._sales_ended(_session_of(hold))

    async def _sales_ended(self, session_id: int) -> ApiError:
        """Why a session's pool opens nothing any more."""
        async with self._resources.postgres.acquire() as connection:
            session = await queries.session_state(connection, session_id)
        if session is None:
            return ApiError(errors.SESSION_NOT_FOUND)
        return ApiError(errors.SESSION_CANCELLED if session["cancelled"] else errors.SESSION_STARTED)

    async def _refusal(self, booking_id: int, refusal: HoldError) -> ApiError:
        """What a hold's refusal means: Postgres is asked first, since a settled booking has no hold."""
        async with self._resources.postgres.acquire() as connection:
            row = await queries.settled_of_user(connection, booking_id, self._user_id)
        if row is not None:
            return settled_refusal(row)
        match refusal:
            case HoldClaimed():
                return ApiError(errors.BOOKING_CONFIRMING)
            case HoldExpired():
                return ApiError(errors.BOOKING_EXPIRED)
            case HoldNotFound():
                return ApiError(errors.BOOKING_NOT_FOUND)
            case PoolNotFound():
                return ApiError(errors.SESSION_NOT_FOUND)
            case _:
                raise refusal


def _session_of(hold: Hold) -> int:
    session_id = Entity.SESSION.number(hold.pool)
    if session_id is None:
        raise ApiError(errors.BOOKING_NOT_FOUND)
    return session_id


def _own_outcome(settled: Settled) -> Record:
    """The row, if this very call wrote it; another one's is a refusal that carries it."""
    if settled.made:
        return settled.booking
    raise settled_refusal(settled.booking)


def settled_refusal(row: Record) -> ApiError:
    """The refusal of any change to a settled booking; it carries the booking."""
    if row["status"] == "confirmed":
        return ApiError(errors.BOOKING_CONFIRMED, {"booking": confirmed(row)})
    return ApiError(errors.BOOKING_CANCELLED, {"booking": cancelled(row)})
