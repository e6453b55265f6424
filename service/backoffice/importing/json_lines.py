"""JSON Lines: an object on each line, with the fields of its row by name."""

from collections.abc import Iterable, Iterator

import orjson

from service.backoffice.importing.faults import Fault
from service.backoffice.importing.lines import Lines
from service.backoffice.importing.reading import MALFORMED, Row, decoded


class JsonLines:
    """Reads rows from a file that comes in pieces. Blank lines do not matter."""

    def __init__(self) -> None:
        self._lines = Lines()

    def feed(self, chunk: bytes) -> Iterator[Row | Fault]:
        """The rows that end within the chunk."""
        return _rows(self._lines.feed(chunk))

    def end(self) -> Iterator[Row | Fault]:
        """The row that the last line feed does not end, if any."""
        return _rows(self._lines.end())


def _rows(lines: Iterable[tuple[int, bytes]]) -> Iterator[Row | Fault]:
    for number, line in lines:
        if line and not line.isspace():
            yield _row(number, line)


def _row(number: int, line: bytes) -> Row | Fault:
    text = decoded(number, line)
    if isinstance(text, Fault):
        return text
    try:
        fields = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Fault(number, MALFORMED, "The line is not valid JSON.")
    if not isinstance(fields, dict):
        return Fault(number, MALFORMED, "The line is not a JSON object.")
    return Row(number, fields, len(line))
