"""CSV (RFC 4180): a header that names the columns, then a row on each line, or on several where a text is quoted."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from service.backoffice.importing.faults import Fault
from service.backoffice.importing.lines import MAX_ROW_BYTES, Lines
from service.backoffice.importing.reading import MALFORMED, Row, decoded
from service.backoffice.importing.rows import COLUMNS, WHOLE_NUMBERS

_CELL = rb'"(?:[^"]++|"")*+"|[^",][^,]*+|'
_LEFT_OPEN = re.compile(rb"(?:(?:" + _CELL + rb'),)*+"(?:[^"]++|"")*+')
"""Cells of which the last one's quote is not closed."""
_CLOSING = re.compile(rb'(?:[^"]++|"")*+"')
_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class CsvRows:
    """Reads rows from a file that comes in pieces. Blank lines do not matter; an empty cell is a field left out.

    Of a file whose header is faulty nothing else is read.
    """

    def __init__(self) -> None:
        self._lines = Lines()
        self._columns: Sequence[str] | None = None
        self._begun: list[bytes] = []
        self._first = self._size = 0

    def feed(self, chunk: bytes) -> Iterator[Row | Fault]:
        """The rows that end within the chunk."""
        return self._rows(self._records(self._lines.feed(chunk)))

    def end(self) -> Iterator[Row | Fault]:
        """The row that the last line feed does not end, and one that should have gone on."""
        return self._rows(chain(self._records(self._lines.end()), self._unended()))

    def _records(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """Whole rows, each with the number of its first line. A row is given up once it is too long."""
        for number, line in lines:
            if not self._begun:
                if b'"' not in line or not _LEFT_OPEN.fullmatch(line):
                    yield number, line
                    continue
                self._first, self._size = number, 0
            elif b'"' in line and not _still_open(line):
                yield self._first, self._taken(line)
                continue
            self._begun.append(line)
            self._size += len(line) + 1
            if self._size > MAX_ROW_BYTES:
                yield self._first, self._taken(b"")

    def _unended(self) -> Iterator[tuple[int, bytes]]:
        if self._begun:
            yield self._first, self._taken(b"")

    def _taken(self, line: bytes) -> bytes:
        record = b"\n".join([*self._begun, line])
        self._begun = []
        return record

    def _rows(self, records: Iterable[tuple[int, bytes]]) -> Iterator[Row | Fault]:
        for number, record in records:
            if not record or record.isspace() or self._columns == []:
                continue
            cells = _cells(number, record.removesuffix(b"\r"))
            if isinstance(cells, Fault):
                yield cells
            elif self._columns is None:
                self._columns = cells
                yield from self._faults_of_header(number)
            else:
                yield self._row(number, cells, len(record))

    def _faults_of_header(self, number: int) -> Iterator[Fault]:
        columns = self._columns or []
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            yield Fault(number, "unknown_column", f"There is no column {unknown[0][:80]!r}: use {', '.join(COLUMNS)}.")
        elif "type" not in columns:
            yield Fault(number, "missing_type", "The header must name the column type.", "type")
        elif len(set(columns)) < len(columns):
            yield Fault(number, "duplicate_column", "The header names a column twice.")
        else:
            return
        self._columns = []

    def _row(self, number: int, cells: Sequence[str], size: int) -> Row | Fault:
        columns = self._columns or []
        if len(cells) != len(columns):
            return Fault(number, MALFORMED, f"The row has {len(cells)} cells, the header {len(columns)}.")
        fields = {name: _typed(name, cell) for name, cell in zip(columns, cells, strict=True) if cell}
        return Row(number, fields, size)


def _still_open(line: bytes) -> bool:
    """Whether the quoted cell that a line goes on with, or another one, is open at its end."""
    closing = _CLOSING.match(line)
    if closing is None:
        return True
    rest = line[closing.end() :]
    return rest.startswith(b",") and _LEFT_OPEN.fullmatch(rest, 1) is not None


def _cells(number: int, record: bytes) -> Sequence[str] | Fault:
    text = decoded(number, record)
    if isinstance(text, Fault):
        return text
    lines = [text] if "\n" not in text else [f"{line}\n" for line in text.split("\n")]
    try:
        return next(csv.reader(lines, strict=True))
    except csv.Error:
        return Fault(number, MALFORMED, "The row is not valid CSV: look at its quotes.")


def _typed(name: str, cell: str) -> str | int:
    return int(cell) if name in WHOLE_NUMBERS and _DIGITS.fullmatch(cell) else cell
