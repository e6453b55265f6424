"""What the formats of a file have in common: they give its rows, and say which cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from service.backoffice.importing.faults import Fault
from service.backoffice.importing.lines import MAX_ROW_BYTES

MALFORMED = "malformed_row"


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of the row that begins at `line`, not yet checked; `size` is in bytes."""

    line: int
    fields: Mapping[str, Any]
    size: int


class Reader(Protocol):
    """Reads a file that comes in pieces, keeping no more of it than one row."""

    def feed(self, chunk: bytes) -> Iterator[Row | Fault]:
        """The rows that end within the chunk."""

    def end(self) -> Iterator[Row | Fault]:
        """What the end of the file ends."""


def decoded(line: int, row: bytes) -> str | Fault:
    """The text of a row, or why there is none."""
    if len(row) > MAX_ROW_BYTES:
        return Fault(line, "row_too_long", f"The row is longer than {MAX_ROW_BYTES // 1024} KiB.")
    try:
        return row.decode()
    except UnicodeDecodeError:
        return Fault(line, "invalid_encoding", "The row is not valid UTF-8.")
