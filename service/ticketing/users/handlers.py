"""The handlers of the ticketing API's users."""

import structlog
from jwt import PyJWTError

from service.accounts import signing
from service.errors import ApiError
from service.http.endpoint import Call
from service.ticketing.errors import TOKEN_NOT_SIGNED, USER_NOT_FOUND
from service.ticketing.fields import NoQuery
from service.ticketing.users import queries
from service.ticketing.users.schemas import Credentials, NewUser, PastBooking, PastBookings, Token

log = structlog.get_logger(__name__)


async def register(call: Call[NewUser, NoQuery]) -> None:
    """Create an account

    It is one for all APIs. Addresses are unique without regard to case. How many accounts one client address may create
    is limited.
    """
    new = call.body
    await signing.sign_up(call.resources, call.request, new.email, new.password, new.name)


async def login(call: Call[Credentials, NoQuery]) -> Token:
    """Get a bearer token

    A wrong password and an unknown address are told apart, but take the same time. Ten failures for one address within
    a minute are followed by 429; a success clears the count.
    """
    try:
        token = await signing.sign_in(call.resources, call.body.email, call.body.password)
    except signing.UnknownAddress:
        raise ApiError(USER_NOT_FOUND) from None
    except PyJWTError:
        log.exception("token_not_signed")
        raise ApiError(TOKEN_NOT_SIGNED) from None
    return Token(token=token)


async def list_past_bookings(call: Call[None, NoQuery]) -> PastBookings:
    """List one's own bookings

    One row for each event of each call, the newest first. Tickets that were cancelled are not counted, and a row with
    none left is not shown.
    """
    async with call.resources.postgres.acquire() as connection:
        rows = await queries.bookings_of_user(connection, call.user.user_id)
    return PastBookings([PastBooking.of(row) for row in rows])
