"""Writing e-mails to a folder, where there is no server to hand them to."""

import asyncio
from email.message import EmailMessage
from pathlib import Path


class FileDelivery:
    """Writes each e-mail to a file of its own, `KEY.eml`: the same e-mail, sent again, replaces itself.

    Nobody but the process's user may read them: some let their reader set a new password.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, message: EmailMessage) -> None:
        """Write the message. Raises `OSError`."""
        name = str(message["Message-ID"]).strip("<>").rpartition("@")[0]
        await asyncio.to_thread(self._write, name, bytes(message))

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self._folder / f".{name}.new"
        half.unlink(missing_ok=True)
        half.touch(mode=0o600)
        half.write_bytes(content)
        half.replace(self._folder / f"{name}.eml")
