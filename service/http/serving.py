"""How an endpoint's request is served: token, input, role, path, then the handler, once for an idempotency key."""

from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import hdrs, web
from multidict import CIMultiDict, MultiDict

from service.errors import SERVICE_UNAVAILABLE, ApiError, InputFault, InvalidInput
from service.http import idempotency
from service.http.bearer import authenticate, authorize, owner
from service.http.boundary import UNAVAILABLE
from service.http.endpoint import Access, Call, Endpoint, Located
from service.http.input import EmptyBody, demand_media_type, parse_body, parse_query, read_body
from service.http.tables import as_csv, prefers_csv
from service.resources import RESOURCES

OWNER_ID = "user_id"
"""The parameter of a path that names the account to which the rest belongs, where `Access.OWNER` is asked for."""
JSON_HEADERS = CIMultiDict({hdrs.CONTENT_TYPE: "application/json"})
TABLE_JSON_HEADERS = CIMultiDict({hdrs.CONTENT_TYPE: "application/json", hdrs.VARY: hdrs.ACCEPT})
TABLE_CSV_HEADERS = CIMultiDict({hdrs.CONTENT_TYPE: "text/csv; charset=utf-8", hdrs.VARY: hdrs.ACCEPT})
"""Of answers that are CSV to some: a cache must not give one the other's."""


def register(app: web.Application, endpoints: Sequence[Endpoint]) -> None:
    """Add the endpoints' routes to `app`. What answers GET answers HEAD."""
    resources: dict[str, web.Resource] = {}
    for endpoint in endpoints:
        serve = _Served(app, endpoint).serve
        resource = resources.get(endpoint.path)
        if resource is None:
            resource = resources[endpoint.path] = _resource(app, endpoint.path)
        resource.add_route(endpoint.method, serve)
        if endpoint.method == hdrs.METH_GET:
            resource.add_route(hdrs.METH_HEAD, serve)


def _resource(app: web.Application, path: str) -> web.Resource:
    if not path.endswith("/"):
        return app.router.add_resource(path)
    resource = _WithOrWithoutSlash(path)
    app.router.register_resource(resource)
    return resource


class _WithOrWithoutSlash(web.PlainResource):
    """A path that ends in a slash, which need not be there."""

    def _match(self, path: str) -> dict[str, str] | None:
        return super()._match(path if path.endswith("/") else f"{path}/")


class _Served:
    """An endpoint with what is worked out once, so that a request does not pay for it."""

    def __init__(self, app: web.Application, endpoint: Endpoint) -> None:
        self._app, self._endpoint, self._access = app, endpoint, endpoint.access
        self._asks_postgres = endpoint.access in (Access.OWNER, Access.STAFF, Access.ADMIN)
        self._body, self._query = endpoint.body, endpoint.query
        self._unavailable = None if endpoint.unavailable is SERVICE_UNAVAILABLE else endpoint.unavailable
        self._path_ids = [one for one in endpoint.path_ids if endpoint.access is not Access.OWNER or one[0] != OWNER_ID]
        self._no_body = self._body() if self._body and issubclass(self._body, EmptyBody) else None
        self._no_query_faults: list[InputFault] = []
        self._no_query = parse_query(self._query, MultiDict(), self._no_query_faults)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        access, resources = self._access, self._app[RESOURCES]
        principal = None
        ids: dict[str, int] = {}
        if self._unavailable is not None:
            request[UNAVAILABLE] = self._unavailable
        if access is not Access.PUBLIC:
            principal = authenticate(request, resources, required=access is not Access.OPTIONAL)
        if principal is not None and self._asks_postgres:
            if access is Access.OWNER:
                ids[OWNER_ID] = await owner(principal, resources, request.match_info[OWNER_ID])
            else:
                principal = await authorize(principal, resources, admin=access is Access.ADMIN)
        raw = b"" if self._body is None else await read_body(request)
        key, body, query = self._input(request, raw)
        self._read_ids(request, ids)
        call = Call(resources, request, principal, ids, body, query)
        if self._endpoint.events:
            stream: web.StreamResponse = await self._endpoint.handler(call)  # type: ignore[assignment]  # it sends itself
            return stream
        if key is None:
            return await self._run(call)
        return await idempotency.once(call, key, raw, self._run)

    def _input(self, request: web.Request, raw: bytes) -> tuple[str | None, Any, Any]:
        """The idempotency key, the body and the query."""
        faults: list[InputFault] = []
        body = None
        if self._body is not None:
            body = parse_body(self._body, raw, faults) if raw or self._no_body is None else self._no_body
        elif self._endpoint.uploads:
            demand_media_type(request, self._endpoint.uploads)
        if request.query_string:
            query = parse_query(self._query, request.query, faults)
        else:
            query = self._no_query
            faults += self._no_query_faults
        key = idempotency.read_key(request, faults) if self._endpoint.idempotent else None
        if faults:
            names = self._endpoint.faults
            raise InvalidInput(faults, next((names[fault.code] for fault in faults if fault.code in names), None))
        return key, body, query

    def _read_ids(self, request: web.Request, ids: dict[str, int]) -> None:
        for name, entity, not_found in self._path_ids:
            number = entity.number(request.match_info[name])
            if number is None:
                raise ApiError(not_found)
            ids[name] = number

    async def _run(self, call: Call[Any, Any]) -> web.Response:
        answer: Any = await self._endpoint.handler(call)
        if answer is None:
            return web.Response(status=self._endpoint.status)
        if type(answer) is web.Response:
            return answer
        if type(answer) is Located:
            return web.Response(status=self._endpoint.status, headers={hdrs.LOCATION: answer.location})
        table, status = self._endpoint.table, self._endpoint.status
        if table and prefers_csv(call.request):
            return web.Response(body=as_csv(answer), status=status, headers=TABLE_CSV_HEADERS)
        body = orjson.dumps(answer) if type(answer) is dict else answer.__pydantic_serializer__.to_json(answer)
        return web.Response(body=body, status=status, headers=TABLE_JSON_HEADERS if table else JSON_HEADERS)
