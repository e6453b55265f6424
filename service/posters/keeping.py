"""Where posters are kept: in Postgres with the row about them, or in a folder that all workers share."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from service.errors import SERVICE_UNAVAILABLE, ApiError, InputFault, InvalidInput
from service.ids import Entity
from service.posters.images import UnusableImage, as_jpeg

MAX_BYTES = 5 * 1024 * 1024
"""Of what is sent."""
MAX_WAITING = 8
"""How many images may wait for the thread: each keeps its bytes in memory."""


def path_of(movie_id: int, digest: str) -> str:
    """Where a movie's uploaded poster is served."""
    return f"/v1/movies/{Entity.MOVIE.public(movie_id)}/poster?v={digest}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A poster, as its row has it: the image itself, or the name of its file."""

    digest: str
    image: bytes | None
    file: str | None


class Posters:
    """Makes posters of images, one at a time in a thread of its own, and keeps their files where there is a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="poster")
        self._under_way = 0

    def close(self) -> None:
        """Stop the thread; what runs is finished, what waits is dropped."""
        self._thread.shutdown(cancel_futures=True)

    async def keep(self, movie_id: int, sent: bytes) -> Kept:
        """The poster that was made of an image. In the folder it has a name of its own, so that none replaces another.

        Raises `InvalidInput` when it is no image that can be used, `ApiError` (503) when too many are waiting.
        """
        if self._under_way > MAX_WAITING:
            raise ApiError(SERVICE_UNAVAILABLE)
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._keep, movie_id, sent)
        except UnusableImage as unusable:
            raise InvalidInput([InputFault("invalid_image", str(unusable), "body")]) from None
        finally:
            self._under_way -= 1

    async def read(self, file: str) -> bytes | None:
        """The image of that name; None where the folder has none."""
        if self._folder is None:
            return None
        try:
            return await asyncio.to_thread((self._folder / file).read_bytes)
        except FileNotFoundError:
            return None

    async def forget(self, file: str | None) -> None:
        """Delete a file that no row names any more. One that cannot be deleted only takes room."""
        if self._folder is not None and file is not None:
            with suppress(OSError):
                await asyncio.to_thread((self._folder / file).unlink, missing_ok=True)

    def _keep(self, movie_id: int, sent: bytes) -> Kept:
        image = as_jpeg(sent)
        digest = hashlib.blake2b(image, digest_size=12).hexdigest()
        if self._folder is None:
            return Kept(digest, image, None)
        file = f"{movie_id}-{token_hex(8)}.jpg"
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{file}.part"
        unfinished.write_bytes(image)
        unfinished.rename(self._folder / file)
        return Kept(digest, None, file)
