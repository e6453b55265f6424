"""Who sends a request: its bearer token, and for staff the role that Postgres knows now."""

from dataclasses import replace

from aiohttp import hdrs, web

from service.accounts import queries
from service.accounts.tokens import Principal, TokenExpired, TokenInvalid
from service.errors import (
    EXPIRED_TOKEN,
    FORBIDDEN,
    INVALID_TOKEN,
    MISSING_TOKEN,
    NOT_YOURS,
    USER_NOT_FOUND,
    ApiError,
)
from service.ids import Entity
from service.resources import Resources

ME = "me"
"""What a path may have in place of the caller's own id."""


def authenticate(request: web.Request, resources: Resources, *, required: bool) -> Principal | None:
    """The request's principal; None when there is no token and none is required. Raises `ApiError` (401)."""
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is None:
        if required:
            raise ApiError(MISSING_TOKEN)
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ApiError(MISSING_TOKEN if scheme.lower() != "bearer" else INVALID_TOKEN)
    try:
        return resources.tokens.verify(token.strip())
    except TokenExpired:
        raise ApiError(EXPIRED_TOKEN) from None
    except TokenInvalid:
        raise ApiError(INVALID_TOKEN) from None


async def authorize(principal: Principal, resources: Resources, *, admin: bool) -> Principal:
    """The principal with the role of this moment, so that a demotion works at once. Raises `ApiError` (403)."""
    async with resources.postgres.acquire() as connection:
        role = await queries.role_of(connection, principal.user_id)
    if role != "admin" and (admin or role != "manager"):
        raise ApiError(FORBIDDEN)
    return replace(principal, role=role)


async def owner(principal: Principal, resources: Resources, user_id: str) -> int:
    """The number of the user whom a path names by id or as `me`: the principal, or for admins anybody.

    Raises `ApiError`: 403 when it is somebody else, whether there or not, 404 when an admin asks for nobody.
    """
    number = principal.user_id if user_id == ME else Entity.USER.number(user_id)
    if number == principal.user_id:
        return number
    async with resources.postgres.acquire() as connection:
        if await queries.role_of(connection, principal.user_id) != "admin":
            raise ApiError(NOT_YOURS)
        if number is None or await queries.role_of(connection, number) is None:
            raise ApiError(USER_NOT_FOUND)
    return number
