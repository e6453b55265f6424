"""Who sends a request: its bearer token, and for staff the role that Postgres knows now."""

from dataclasses import replace

from aiohttp import hdrs, web

from service.accounts import queries
from service.accounts.tokens import Principal, TokenExpired, TokenInvalid
from service.errors import EXPIRED_TOKEN, FORBIDDEN, INVALID_TOKEN, MISSING_TOKEN, ApiError
from service.resources import Resources


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
