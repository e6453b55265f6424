"""The lines of a file that comes in pieces."""

from collections.abc import Iterator

MAX_ROW_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"


class Lines:
    """Splits at line feeds, holding back no more than one line and no more than a row may have.

    A line that is longer than `MAX_ROW_BYTES` is cut, but remains longer than that.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._number = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """The lines that end within the chunk, each with its number, the first being 1."""
        *ended, rest = (self._rest + chunk).split(b"\n")
        self._rest = rest[: MAX_ROW_BYTES + len(_BOM) + 1]
        for line in ended:
            yield self._numbered(line)

    def end(self) -> Iterator[tuple[int, bytes]]:
        """What follows the last line feed, if anything."""
        if self._rest:
            yield self._numbered(self._rest)

    def _numbered(self, line: bytes) -> tuple[int, bytes]:
        self._number += 1
        if self._number == 1:
            line = line.removeprefix(_BOM)
        return self._number, line
