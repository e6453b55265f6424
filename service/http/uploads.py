"""Reading a body of any size, piece by piece."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import ClientError, web

from service.errors import UPLOAD_INTERRUPTED, ApiError, ErrorKind

PIECE_BYTES = 16 * 1024
PATIENCE_SECONDS = 30
"""How long the next piece may take: who says nothing for longer is taken to have gone."""


async def pieces(request: web.Request, most: int, too_large: ErrorKind) -> AsyncIterator[bytes]:
    """The body, unpacked, at most so many bytes of it. Raises `ApiError` when it is larger or breaks off."""
    total = 0
    while True:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                piece = await request.content.read(PIECE_BYTES)
        except (OSError, TimeoutError, ClientError, web.RequestPayloadError):
            raise ApiError(UPLOAD_INTERRUPTED) from None
        if not piece:
            return
        total += len(piece)
        if total > most:
            raise ApiError(too_large)
        yield piece
