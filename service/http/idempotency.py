"""Idempotency keys: a request that is repeated under its key gets the first answer again.

A key's entry in Redis is first the mark of an attempt that is running, under the attempt's own token, then its answer.
A process that dies leaves the mark, which lapses by itself. An attempt is stopped before its mark lapses, so that no
two run at once; what it began may still happen, and the next attempt meets it as it would without a key. For most
requests that is no harm: they have the same end, or a row of their own refuses the second. The handlers of others have
their transaction keep the key (`service.idempotency`), so that it is known whatever becomes of Redis and of the answer.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import orjson
import structlog
from aiohttp import hdrs, web

from holds import scripts
from holds.errors import StoreUnavailable
from holds.runner import Argument
from service.errors import IDEMPOTENCY_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED, ApiError, InputFault
from service.http.boundary import DIALECT
from service.http.endpoint import Call
from service.idempotency.keys import IdempotencyKey

KEY = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MAX_KEY_LENGTH = 255
MAX_KEYS_OF_A_USER = 1_000
KEPT_MS = 24 * 60 * 60 * 1_000
RUNNING_MS = 30_000
RUN_SECONDS = 25.0
"""How long an attempt may run: less than its mark lasts, with time for telling Redis how it ended."""

log = structlog.get_logger(__name__)

_SCRIPTS = scripts.load(Path(__file__).parent / "lua")
_BEGIN, _KEEP, _FREE = (_SCRIPTS[f"idempotency_{verb}"] for verb in ("begin", "keep", "free"))


def read_key(request: web.Request, faults: list[InputFault]) -> str | None:
    """The request's key, or None; what is wrong with it is added to `faults`."""
    keys = request.headers.getall(KEY, ())
    if len(keys) == 1 and 1 <= len(keys[0]) <= MAX_KEY_LENGTH:
        return keys[0]
    if keys:
        message = f"The key must be given once and have 1 to {MAX_KEY_LENGTH} characters."
        faults.append(InputFault("invalid_idempotency_key", message, KEY))
    return None


async def once(
    call: Call[Any, Any], key: str, raw: bytes, run: Callable[[Call[Any, Any]], Awaitable[web.Response]]
) -> web.Response:
    """The answer of `run`, or of the first request under the user's `key`. `raw` is the request's body.

    Kept are answers, refusals among them, but those that tell to come again: with 5xx or `Retry-After`. Raises
    `ApiError` when the key is in use or belongs to another request, `StoreUnavailable`, and what `run` raises.
    """
    attempt = _Attempt(call, key)
    known = call.idempotency_key = IdempotencyKey(call.user.user_id, attempt.digest, _fingerprint(call.request, raw))
    first = await attempt.begin(known.fingerprint)
    if first is not None:
        return first
    try:
        async with asyncio.timeout(RUN_SECONDS):
            response = await _with_refusals(call, run)
    except BaseException:
        await asyncio.shield(attempt.free())
        raise
    if known.replayed:
        response.headers[REPLAYED] = "true"
    await attempt.keep(response)
    return response


async def _with_refusals(
    call: Call[Any, Any], run: Callable[[Call[Any, Any]], Awaitable[web.Response]]
) -> web.Response:
    try:
        return await run(call)
    except ApiError as refusal:
        if refusal.kind.status >= 500 or refusal.retry_seconds is not None:
            raise
        return call.request.app[DIALECT].refusal(refusal)


class _Attempt:
    """One request under a key."""

    def __init__(self, call: Call[Any, Any], key: str) -> None:
        self._redis = call.resources.redis
        self.digest = hashlib.blake2b(key.encode(errors="surrogateescape"), digest_size=16).hexdigest()
        keys = f"idempotency:{{usr_{call.user.user_id}}}"
        self._keys = [f"{keys}:{self.digest}", keys]
        self._token = token_hex(8)

    async def begin(self, fingerprint: str) -> web.Response | None:
        """None when this attempt may run, or the answer of the first one. Raises `ApiError`."""
        arguments: list[Argument] = [self.digest, fingerprint, self._token, RUNNING_MS, KEPT_MS, MAX_KEYS_OF_A_USER]
        reply = await self._redis.run(_BEGIN, self._keys, arguments)
        match reply:
            case [1]:
                return None
            case [2, status, headers, body]:
                return web.Response(status=status, headers={**orjson.loads(headers), REPLAYED: "true"}, body=body)
            case [-1]:
                raise ApiError(IDEMPOTENCY_IN_PROGRESS)
        raise ApiError(IDEMPOTENCY_KEY_REUSED)

    async def keep(self, response: web.Response) -> None:
        """Keep the answer; if that fails, the answer is given all the same."""
        headers = {str(name): value for name, value in response.headers.items() if name != hdrs.CONTENT_LENGTH}
        body = response.body if isinstance(response.body, bytes) else b""
        arguments: list[Argument] = [self.digest, self._token, KEPT_MS, response.status, orjson.dumps(headers), body]
        try:
            await self._redis.run(_KEEP, self._keys, arguments)
        except StoreUnavailable as unavailable:
            log.warning("idempotent_answer_not_kept", reason=str(unavailable))

    async def free(self) -> None:
        """Let another attempt run at once rather than when the mark lapses."""
        with suppress(StoreUnavailable):
            await self._redis.run(_FREE, self._keys, [self.digest, self._token])


def _fingerprint(request: web.Request, raw: bytes) -> str:
    head = f"{request.method} {request.raw_path}\n".encode(errors="surrogateescape")
    return hashlib.blake2b(head + raw, digest_size=16).hexdigest()
