"""Letting browsers of other origins in."""

from collections.abc import Sequence

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

ANY = "*"
REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-Id"
EXPOSED_HEADERS = "Idempotency-Replayed, Retry-After, X-Request-Id"
PREFLIGHT_SECONDS = 7_200
"""How long a browser may remember what it was told; none remembers longer."""


def cors(origins: Sequence[str]) -> Middleware:
    """The outermost middleware: it lets scripts of `origins` (`*`: of any) read the answers, errors too.

    Credentials of the browser's own (cookies) are never let in: the API knows none.
    """
    allowed = frozenset(origins)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get(hdrs.ORIGIN)
        welcome = origin is not None and (ANY in allowed or origin in allowed)
        response = (_preflight(request) if welcome else None) or await handler(request)
        if ANY not in allowed:
            response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if welcome and origin is not None:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = ANY if ANY in allowed else origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = EXPOSED_HEADERS
        return response

    return middleware


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
