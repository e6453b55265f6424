"""Serving posters."""

from collections.abc import Mapping

from aiohttp import hdrs, web
from pydantic import Field

from service.errors import MOVIE_NOT_FOUND, POSTER_NOT_FOUND, ApiError
from service.http.endpoint import Call
from service.http.fields import QueryModel
from service.posters import queries

JPEG = "image/jpeg"
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "public, no-cache"


class PosterQuery(QueryModel):
    """Which version a client means: the URL of the movie has it, so that another poster has another URL."""

    v: str | None = Field(None, max_length=100, description="The version, as `poster` of the movie has it.")


async def get_poster(call: Call[None, PosterQuery]) -> web.Response:
    """Get a movie's poster

    One that was uploaded, as JPEG of at most 1,800 pixels a side. Under the version that the movie's `poster` has, it
    can be kept for ever; otherwise ask again with its `ETag` in `If-None-Match`, and 304 says that it is the same.
    """
    tags = [tag.value for tag in call.request.if_none_match or ()]
    missing = None
    while True:
        async with call.resources.postgres.acquire() as connection:
            row = await queries.poster(connection, call.ids["movie_id"], tags)
        if row is None:
            raise ApiError(MOVIE_NOT_FOUND)
        if row["digest"] is None:
            raise ApiError(POSTER_NOT_FOUND)
        headers = _headers(row["digest"], call.query.v)
        if row["digest"] in tags or "*" in tags:
            return web.Response(status=304, headers=headers)
        image = row["image"] if row["file"] is None else await call.resources.posters.read(row["file"])
        if image is not None:
            return web.Response(body=image, content_type=JPEG, headers=headers)
        if row["file"] == missing:
            raise ApiError(POSTER_NOT_FOUND)
        missing = row["file"]  # deleted since its row was read, if that has another one now


def _headers(digest: str, version: str | None) -> Mapping[str, str]:
    return {
        hdrs.ETAG: f'"{digest}"',
        hdrs.CACHE_CONTROL: FOR_EVER if version == digest else ASK_EACH_TIME,
        "X-Content-Type-Options": "nosniff",
    }
