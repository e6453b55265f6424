"""Signing up, in and out, and the caller's own account."""

from typing import Any

from asyncpg import Record, RestrictViolationError

from service.accounts import credentials, queries, signing
from service.accounts.schemas import (
    Account,
    AccountChange,
    Erasure,
    NewUser,
    PasswordChange,
    SignedIn,
    SignedUp,
    SignIn,
    SignUp,
    User,
)
from service.errors import INVALID_CREDENTIALS, INVALID_TOKEN, LAST_ADMIN, ApiError
from service.http.endpoint import Call
from service.postgres import Connection
from service.ticketing.waitlist.leaving import leave_all


async def sign_up(call: Call[SignUp, None]) -> SignedUp:
    """Create an account

    Addresses are unique without regard to case. How many accounts one client address may create is limited.
    """
    email = call.body.email
    user_id, created_at = await signing.sign_up(call.resources, call.request, email, call.body.password)
    return SignedUp(user=NewUser(id=user_id, email=email, created_at=created_at))


async def sign_in(call: Call[SignIn, None]) -> SignedIn:
    """Get a bearer token

    A wrong password and an unknown address give the same answer in the same time. Ten failures for one address
    within a minute are followed by 429; a success clears the count.
    """
    return SignedIn(token=await signing.sign_in(call.resources, call.body.email, call.body.password))


async def sign_out(call: Call[None, None]) -> None:
    """End this token

    Every worker refuses it within five seconds; other tokens of the account stay good.
    """
    resources, user = call.resources, call.user
    async with resources.postgres.acquire() as connection:
        await queries.insert_ended_token(connection, user.user_id, user.token_id)
    resources.tokens.revocations.note_token(user.token_id)


async def read_account(call: Call[None, None]) -> Account:
    """The caller's account"""
    async with call.resources.postgres.acquire() as connection:
        return _account(await queries.user(connection, call.user.user_id))


async def change_account(call: Call[AccountChange, None]) -> Account:
    """Change name and date of birth

    Fields that are left out stay as they are; null empties one.
    """
    body = call.body
    async with call.resources.postgres.acquire() as connection:
        return _account(
            await queries.change_user(
                connection, call.user.user_id, list(body.model_fields_set), body.name, body.date_of_birth
            )
        )


async def change_password(call: Call[PasswordChange, None]) -> None:
    """Change the password

    Every other token of the account ends within five seconds; the one that is used here stays good.
    """
    resources, user = call.resources, call.user
    old = await credentials.check_own(resources, user.user_id, call.body.current)
    new = await resources.passwords.hash(call.body.new)
    async with resources.postgres.transaction() as connection:
        generation = await queries.change_password(connection, user.user_id, old, new)
        if generation is None:  # somebody changed it, or erased the account, since it was read
            raise ApiError(INVALID_CREDENTIALS)
        await queries.end_resets(connection, user.user_id)
        await queries.insert_ended_generation(connection, user.user_id, generation, user.token_id)
    resources.tokens.revocations.note_generation(user.user_id, generation, user.token_id)


async def erase_account(call: Call[Erasure, None]) -> None:
    """Erase the account

    Removes the address, the name, the birth date, the password and the saved movies, and unlinks what was tracked.
    Bookings stay, without a name; who waits for tickets waits no more. Every token of the account ends within five
    seconds. The last administrator's account stays.
    """
    resources, user_id = call.resources, call.user.user_id
    old = await credentials.check_own(resources, user_id, call.body.password)
    async with resources.postgres.transaction() as connection:
        departure = await leave_all(connection, user_id)
        generation = await _erase(connection, user_id, old)
        await queries.end_resets(connection, user_id)
        await queries.unlink_visits(connection, user_id)
        await queries.lock_saved_movies(connection, user_id)
        await queries.delete_saved_movies(connection, user_id)
        await queries.insert_ended_generation(connection, user_id, generation, None)
    resources.tokens.revocations.note_generation(user_id, generation, None)
    await departure.tell(resources.engine)


async def _erase(connection: Connection, user_id: int, old: str) -> int:
    """The token generation that the erasure begins. Raises `ApiError`."""
    try:
        generation = await queries.erase_user(connection, user_id, old)
    except RestrictViolationError as violation:
        if violation.constraint_name != "users_keep_an_admin":
            raise
        raise ApiError(LAST_ADMIN) from None
    if generation is None:  # somebody changed the password, or erased the account, since it was read
        raise ApiError(INVALID_CREDENTIALS)
    return generation


def _account(user: Record | None) -> Account:
    if user is None:  # erased, and this worker has not heard of it yet
        raise ApiError(INVALID_TOKEN)
    fields: dict[str, Any] = dict(user)
    return Account(user=User(**fields))
