"""Content that never changes while the process runs, sent with validators and compressed once."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aiohttp import hdrs, web


@dataclass(frozen=True)
class Static:
    """The answer to GET (and HEAD) of one path: 200, or 304 for who has it already."""

    body: bytes
    content_type: str
    cache_control: str = "no-cache"
    headers: Mapping[str, str] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.Response:
        # Weak, because the tag is the same whether compressed or not.
        headers = {
            **self.headers,
            hdrs.ETAG: f'W/"{self.version}"',
            hdrs.CACHE_CONTROL: self.cache_control,
            hdrs.VARY: hdrs.ACCEPT_ENCODING,
            "X-Content-Type-Options": "nosniff",
        }
        if any(tag.value in (self.version, "*") for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        headers[hdrs.CONTENT_TYPE] = self.content_type
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            return web.Response(body=self._compressed, headers={**headers, hdrs.CONTENT_ENCODING: "gzip"})
        return web.Response(body=self.body, headers=headers)

    @cached_property
    def version(self) -> str:
        """Names the content: other content has another version."""
        return hashlib.blake2b(self.body, digest_size=12).hexdigest()

    @cached_property
    def _compressed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)
