"""One API of the service: its endpoints, and how it writes its errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from service.http.boundary import DIALECT, Dialect, boundary
from service.http.endpoint import Endpoint
from service.http.input import MAX_BODY_BYTES
from service.http.serving import register
from service.resources import RESOURCES


@dataclass(frozen=True, slots=True, eq=False)  # each is only itself, so that what is made of it can be kept
class Api:
    """Endpoints by the heading that the documentation gives them, and the dialect that they share.

    Their paths begin behind `prefix`.
    """

    prefix: str
    dialect: Dialect
    tags: Mapping[str, Sequence[Endpoint]]


def mount(app: web.Application, api: Api) -> None:
    """Add `api` to `app`, as an application below its prefix: whatever is not there is refused in its dialect, too.

    It has the resources of `app`, which must be there before the startup of sub-applications: from `cleanup_ctx`.
    """
    part = web.Application(middlewares=[boundary(api.dialect)], client_max_size=MAX_BODY_BYTES)
    part[DIALECT] = api.dialect
    for endpoints in api.tags.values():
        register(part, endpoints)

    async def share_resources(part: web.Application) -> None:
        part[RESOURCES] = app[RESOURCES]

    part.on_startup.append(share_resources)
    app.add_subapp(api.prefix, part)
