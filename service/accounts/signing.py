"""Signing up and in, for every API that has the accounts."""

from datetime import datetime

from aiohttp import web
from asyncpg import UniqueViolationError

from service.accounts import credentials, emails, queries
from service.errors import EMAIL_TAKEN, INVALID_CREDENTIALS, ApiError
from service.http.client_address import client_address, network_of
from service.http.limits import Limit
from service.resources import Resources


class UnknownAddress(ApiError):
    """Nobody has the address. It takes as long to find out as that a password is wrong."""

    def __init__(self) -> None:
        super().__init__(INVALID_CREDENTIALS)


async def sign_up(
    resources: Resources, request: web.Request, email: str, password: str, name: str | None = None
) -> tuple[int, datetime]:
    """The new account's number, and when it was created. Raises `ApiError`."""
    settings = resources.settings
    limit = Limit("sign-up", settings.signups_per_hour, seconds=3_600)
    await limit.take(resources.redis, network_of(client_address(request, settings.trusted_proxies)))
    password_hash = await resources.passwords.hash(password)
    user_id = resources.ids.next()
    try:
        async with resources.postgres.acquire() as connection:
            return user_id, await queries.insert_user(connection, user_id, email, password_hash, name)
    except UniqueViolationError as violation:
        if violation.constraint_name != "users_email_key":
            raise
        raise ApiError(EMAIL_TAKEN) from None


async def sign_in(resources: Resources, address: str, password: str) -> str:
    """A bearer token. Raises `ApiError`: 401, by name `UnknownAddress`, or 429."""
    email = emails.comparable(address)
    async with resources.postgres.acquire() as connection:
        user = await queries.user_by_email(connection, email)
    found = None if user is None else user["password_hash"]
    try:
        known_hash = await credentials.check(resources, credentials.subject(user, email), password, found)
    except ApiError as refusal:
        if user is None and refusal.kind is INVALID_CREDENTIALS:
            raise UnknownAddress from None
        raise
    assert user is not None  # noqa: S101  # whose password has just proved right
    if resources.passwords.is_weak(known_hash):
        stronger = await resources.passwords.hash(password)
        async with resources.postgres.acquire() as connection:
            await queries.replace_hash(connection, user["id"], known_hash, stronger)
    return resources.tokens.issue(user["id"], user["role"], user["token_generation"])
