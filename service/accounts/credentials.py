"""Checking passwords so that guessing them takes years: at most ten failures of one account a minute."""

import hashlib

from asyncpg import Record

from service.accounts import queries
from service.errors import INVALID_CREDENTIALS, ApiError
from service.http.limits import Limit
from service.ids import Entity
from service.resources import Resources

FAILURES = Limit("sign-in", allowed=10, seconds=60)


async def check(resources: Resources, subject: str, password: str, password_hash: str | None) -> str:
    """The hash, once the password has proved right: until then the attempt counts as a failure of `subject`.

    Raises `ApiError`: 401 when the password is wrong or there is no hash, 429 after too many failures.
    """
    await FAILURES.take(resources.redis, subject)
    if not await resources.passwords.verify(password, password_hash) or password_hash is None:
        raise ApiError(INVALID_CREDENTIALS)
    await FAILURES.clear(resources.redis, subject)
    return password_hash


async def check_own(resources: Resources, user_id: int, password: str) -> str:
    """`check` a signed-in user's password."""
    async with resources.postgres.acquire() as connection:
        password_hash = await queries.password_hash(connection, user_id)
    return await check(resources, Entity.USER.public(user_id), password, password_hash)


def subject(user: Record | None, email: str) -> str:
    """Whose failures a sign-in counts among: the account's, however its address is written, or the address's.

    An address is counted under its digest, since addresses of whoever mistypes should not stand in Redis.
    """
    if user is not None:
        return Entity.USER.public(user["id"])
    return hashlib.blake2b(email.casefold().encode(), digest_size=16).hexdigest()
