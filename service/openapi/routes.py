"""The paths of the document and of the page that shows it."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import openapi_ui_bundles
import orjson
from aiohttp import web

from service.http.api import Api
from service.http.static import Static
from service.openapi.document import document

_SWAGGER_UI = files(openapi_ui_bundles) / "swagger_ui" / "vendor"
_PAGE = files(__package__) / "page"
_ASSETS: Mapping[str, tuple[Traversable, str]] = {
    "swagger-ui-bundle.js": (_SWAGGER_UI, "text/javascript; charset=utf-8"),
    "swagger-ui.css": (_SWAGGER_UI, "text/css; charset=utf-8"),
    "favicon-32x32.png": (_SWAGGER_UI, "image/png"),
    "start.js": (_PAGE, "text/javascript; charset=utf-8"),
    "page.css": (_PAGE, "text/css; charset=utf-8"),
}
_FOREVER = "public, max-age=31536000, immutable"
_PAGE_HEADERS = {
    # The page runs its own scripts, and talks to this server alone. Swagger UI sets style attributes.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def register(app: web.Application, apis: Sequence[Api]) -> None:
    """Serve the document of `apis` at `/openapi.json` and a page that shows it at `/docs`."""
    for path, content in _contents(tuple(apis)).items():
        app.router.add_get(path, content.serve)


@cache
def _contents(apis: tuple[Api, ...]) -> Mapping[str, Static]:
    """What is where: the same in every application of a process, and slow to make."""
    contents = {"/openapi.json": Static(orjson.dumps(document(apis)), "application/json")}
    page = (_PAGE / "index.html").read_text(encoding="utf-8")
    for name, (folder, content_type) in _ASSETS.items():
        asset = contents[f"/docs/assets/{name}"] = Static((folder / name).read_bytes(), content_type, _FOREVER)
        page = page.replace(f"assets/{name}", f"docs/assets/{name}?v={asset.version}")
    contents["/docs"] = Static(page.encode(), "text/html; charset=utf-8", headers=_PAGE_HEADERS)
    return contents
