"""Who the customers are: accounts lent from the database, or signed up, which takes a while by design."""

import asyncio
from secrets import token_hex
from typing import Any

import aiohttp

from grab.api import Api
from grab.database import Database
from grab.errors import GrabError

SIGN_UPS_AT_ONCE = 2
NOBODY = 1
"""No user has this number: a token of it shows whose secret it is before anything is written."""


async def lent(api: Api, database: Database, count: int) -> list[str] | None:
    """Tokens of `count` customers, or None when this database is not that of the service."""
    if not await _accepted(api, "/v1/bookings?limit=1", database.token(NOBODY)):
        return None
    tokens = await database.tokens(count)
    return tokens if tokens and await _accepted(api, "/v1/me", tokens[0]) else None


async def _accepted(api: Api, path: str, token: str) -> bool:
    return (await api.call("GET", path, token))[0] == 200


async def signed_up(api: Api, count: int) -> list[str]:
    """Tokens of so many new accounts. Raises `GrabError`."""
    name, turns = token_hex(4), asyncio.Semaphore(SIGN_UPS_AT_ONCE)

    async def account(number: int) -> str:
        account = {"email": f"grab-{name}-{number}@holdfast.example", "password": token_hex(16)}
        async with turns:
            await _post(api, "/v1/auth/signup", account)
            token: str = (await _post(api, "/v1/auth/signin", account))["token"]
        return token

    return list(await asyncio.gather(*(account(number) for number in range(count))))


async def _post(api: Api, path: str, body: object) -> Any:
    try:
        status, answer = await api.call("POST", path, body=body)
    except (aiohttp.ClientError, TimeoutError) as failure:
        raise GrabError(f"An account could not be made: {str(failure) or type(failure).__name__}.") from None
    if status not in (200, 201):
        raise GrabError(f"An account could not be made: {path} answered {status}.")
    return answer
