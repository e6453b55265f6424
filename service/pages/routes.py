"""The paths of the pages, and of the scripts, styles and icons that they are made of.

Assets are below a folder that is named for what they all contain: modules import each other by plain names, browsers
keep them for ever, and a page never meets those of another version.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import PurePath

from aiohttp import web

from service.http.static import Static

_FOLDER = files(__package__)
_PAGES = {"/book/{session_id}": "book.html", "/console": "console.html"}
_CONTENT_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"
_PAGE_HEADERS = {
    # The pages run their own scripts, make no markup from text, and talk to this server alone.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


def register(app: web.Application, timezone: str) -> None:
    """Serve the pages, which show times as they are in `timezone`, and what they are made of."""
    assets = _assets()
    version = _version(assets)
    for path, name in _PAGES.items():
        page = (_FOLDER / name).read_text(encoding="utf-8")
        page = page.replace("{assets}", f"/assets/{version}").replace("{timezone}", escape(timezone))
        content = Static(page.encode(), "text/html; charset=utf-8", headers=_PAGE_HEADERS)
        app.router.add_get(path, content.serve)

    async def serve(request: web.Request) -> web.Response:
        asset = assets.get(request.match_info["name"])
        if asset is None or request.match_info["version"] != version:
            raise web.HTTPNotFound
        return await asset.serve(request)

    app.router.add_get("/assets/{version}/{name}", serve)


@cache
def _assets() -> Mapping[str, Static]:
    """Everything in the folder, by name: the same in every application of a process."""
    found = sorted((_FOLDER / "assets").iterdir(), key=lambda asset: asset.name)
    return {
        asset.name: Static(asset.read_bytes(), _CONTENT_TYPES[PurePath(asset.name).suffix], _FOREVER) for asset in found
    }


def _version(assets: Mapping[str, Static]) -> str:
    """Names all assets together: when one changes, its importers must be fetched anew, too."""
    digest = hashlib.blake2b(digest_size=8)
    for name, asset in assets.items():
        digest.update(f"{name} {asset.version}\n".encode())
    return digest.hexdigest()
