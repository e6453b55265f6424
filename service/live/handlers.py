"""Following sessions live."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import hdrs, web

from holds.errors import PoolNotFound
from service.errors import SERVICE_UNAVAILABLE, SESSION_CANCELLED, SESSION_NOT_FOUND, ApiError
from service.http.endpoint import Call
from service.live import queries, streams
from service.live.schemas import LiveQuery
from service.live.subscriber import Subscriber
from service.resources import Resources

LAST_EVENT_ID = "Last-Event-ID"


async def follow_session(call: Call[None, None]) -> web.StreamResponse:
    """Follow a session live

    Server-sent events. First a `snapshot`: the session's `capacity`, `sold`, `held` and `available` seats, and, where
    they have numbers, in `seats` each one that is not free, with its `state` and, while it is held, when its hold
    closes. Then a `change` for each change, in order and once, holds that lapse included: the same counts, and the
    `seats` that changed, those that became free too. `closed` when the session is cancelled: nothing follows, and
    asking again is answered 409.

    Every event has an `id`. A browser that lost the connection sends the last one as `Last-Event-ID`, and misses
    nothing; if it is not known any more, a `snapshot` comes. So one may come at any time, and says all there is.
    Comments keep the connection open. A reader who does not keep up is dropped, and may come back.
    """
    number = call.ids["session_id"]
    hub = call.resources.live
    if not hub.follows(number) and await _cancelled(call.resources, [number]):
        raise ApiError(SESSION_CANCELLED)
    after = call.request.headers.get(LAST_EVENT_ID)
    return await _stream(call, lambda subscriber: hub.following(number, subscriber, after))


async def follow_sessions(call: Call[None, LiveQuery]) -> web.StreamResponse:
    """Follow the counts of several sessions live

    Server-sent events over one connection, of which browsers open few. First a `snapshot` of each session: its
    `session_id`, `capacity`, `sold`, `held` and `available`. Then a `change` with the same when they change, at most
    some ten a second for each session, and `closed` when one is cancelled. Events have no ids: whoever lost the
    connection is told all anew.
    """
    numbers = tuple(dict.fromkeys(call.query.sessions))
    await _cancelled(call.resources, numbers)
    return await _stream(call, lambda subscriber: call.resources.live.counting(numbers, subscriber))


async def _stream(
    call: Call[Any, Any], following: Callable[[Subscriber], AbstractAsyncContextManager[None]]
) -> web.StreamResponse:
    """Send what the subscriber is told while it is `following`."""
    if call.request.method == hdrs.METH_HEAD:
        return web.Response(headers=streams.HEADERS)
    if call.resources.live.is_full:
        raise ApiError(SERVICE_UNAVAILABLE)
    subscriber = streams.subscriber_of(call.request)
    try:
        async with following(subscriber):
            return await streams.send(call.request, subscriber)
    except PoolNotFound:
        raise ApiError(SESSION_NOT_FOUND) from None


async def _cancelled(resources: Resources, numbers: Sequence[int]) -> bool:
    """Whether one of the sessions is cancelled. Raises `ApiError` (404) where one is not there."""
    async with resources.postgres.acquire() as connection:
        found = await queries.cancelled(connection, numbers)
    if len(found) < len(numbers):
        raise ApiError(SESSION_NOT_FOUND)
    return any(found.values())
