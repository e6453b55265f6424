"""Letting browsers of other origins in."""

from collections.abc import Awaitable, Callable, Collection, Sequence

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

ANY = "*"
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id"
EXPOSED_HEADERS = "Idempotency-Replayed, Retry-After, X-Request-Id"
PREFLIGHT_SECONDS = 7_200
"""How long a browser may remember what it was told; none remembers longer."""


def preflights(origins: Sequence[str]) -> Middleware:
    """The outermost middleware: it tells browsers what scripts of `origins` (`*`: of any) may do."""
    allowed = frozenset(origins)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        return (_preflight(request) if _is_welcome(request, allowed) else None) or await handler(request)

    return middleware


def readable(origins: Sequence[str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """What lets scripts of `origins` read the answers, errors too, and streams: it is called before a head is sent.

    Credentials of the browser's own (cookies) are never let in: the API knows none.
    """
    allowed = frozenset(origins)

    async def on_response_prepare(request: web.Request, response: web.StreamResponse) -> None:
        if ANY not in allowed:
            response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if _is_welcome(request, allowed):
            origin = ANY if ANY in allowed else request.headers[hdrs.ORIGIN]
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED_HEADERS

    return on_response_prepare


def _is_welcome(request: web.Request, allowed: Collection[str]) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is not None and (ANY in allowed or origin in allowed)


def _preflight(request: web.Request) -> web.Response | None:
    """The answer when a browser asks what it may do at a known path; None for any other request."""
    if request.method != hdrs.METH_OPTIONS or hdrs.ACCESS_CONTROL_REQUEST_METHOD not in request.headers:
        return None
    unanswered = request.match_info.http_exception
    if not isinstance(unanswered, web.HTTPMethodNotAllowed):
        return None
    headers = {
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: ", ".join(sorted(unanswered.allowed_methods)),
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: REQUEST_HEADERS,
        hdrs.ACCESS_CONTROL_MAX_AGE: str(PREFLIGHT_SECONDS),
    }
    return web.Response(status=204, headers=headers)
