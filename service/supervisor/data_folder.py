"""The data folder: whose it is, and what the supervisor itself keeps in it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.embedded import EmbeddedPostgres, EmbeddedRedis

from .errors import StartError

MARK = ".holdfast"
FORMAT = "Holdfast data folder, format 1\n"
MAIL = "mail"
"""Where e-mails are put that no server takes, even where nothing else is kept in the folder."""


class DataFolder:
    """A folder of ours: it bears our mark, and one supervisor at a time works on it."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    @contextmanager
    def claim(self, *, fresh: bool = False) -> Iterator[bool]:
        """Make the folder ours for the time of the context, emptied first if `fresh`.

        Yields False, and changes nothing, while another process has it. Raises `StartError` when it is not
        ours to use.
        """
        self._check()
        mark = self.path / MARK
        with mark.open("a+") as claimed:
            try:
                fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            if mark.stat().st_size == 0:
                claimed.write(FORMAT)
                claimed.flush()
            if fresh:
                self._empty()
            yield True

    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.path / "postgres")

    def redis(self) -> EmbeddedRedis:
        return EmbeddedRedis(self.path / "redis")

    def jwt_secret(self) -> str:
        """The secret that signs tokens: made once and kept, so that a restart signs nobody out."""
        file = self.path / "jwt-secret"
        if not file.exists():
            half = file.with_suffix(".new")
            half.unlink(missing_ok=True)
            half.touch(mode=0o600)
            half.write_text(secrets.token_urlsafe(48))
            half.rename(file)
        return file.read_text()

    def _check(self) -> None:
        """Make the folder if there is none; refuse one that is somebody else's."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            owner = self.path.stat().st_uid
            contents = {entry.name for entry in self.path.iterdir()}
        except OSError as denied:
            raise StartError(f"The data folder cannot be used: {denied}.") from None
        if owner != os.geteuid():
            raise StartError(
                f"The data folder {self.path} belongs to user {owner}, and this is user {os.geteuid()}: "
                "start as the same user as before, or name another folder with --data."
            )
        if contents - {MAIL} and MARK not in contents:
            raise StartError(f"{self.path} has files but is not a data folder: name another with --data.")
        if MARK in contents and (self.path / MARK).read_text() not in ("", FORMAT):
            raise StartError(f"{self.path} is of another version of Holdfast: name another with --data.")

    def _empty(self) -> None:
        self.postgres().remove()
        for entry in self.path.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != MARK:
                entry.unlink()
