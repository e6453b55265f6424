"""Files as spreadsheets, other systems and accidents make them: rows are found, or the very line at fault."""

from collections.abc import Iterable, Sequence

import pytest

from service.backoffice.importing.csv_rows import CsvRows
from service.backoffice.importing.faults import Fault
from service.backoffice.importing.json_lines import JsonLines
from service.backoffice.importing.reading import Reader, Row

HEADER = b"type,title,description\n"
LONG = 64 * 1024


def read(reader: Reader, *pieces: bytes) -> list[tuple[int, object]]:
    """Line and fields of each row, or line and code of what cannot be read."""

    def found(rows: Iterable[Row | Fault]) -> list[tuple[int, object]]:
        return [(row.line, row.code if isinstance(row, Fault) else row.fields) for row in rows]

    return [one for piece in pieces for one in found(reader.feed(piece))] + found(reader.end())


def in_pieces(file: bytes) -> list[bytes]:
    """As small as can be; large files in larger ones."""
    size = 1 if len(file) < LONG else 1_000
    return [file[first : first + size] for first in range(0, len(file), size)]


def texts(file: bytes) -> list[tuple[int, object]]:
    """Line and description of each row of a CSV file below `HEADER`, or the code of what cannot be read."""
    whole = read(CsvRows(), HEADER + file)
    assert read(CsvRows(), *in_pieces(HEADER + file)) == whole
    return [(line, row if isinstance(row, str) else row["description"]) for line, row in whole]  # type: ignore[index]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"movie,A,one\nmovie,B,two", [(2, "one"), (3, "two")]),
        (b"movie,A,one\r\n\r\nmovie,B,two\r\n", [(2, "one"), (4, "two")]),
        (b'movie,A,"one, ""two"""\n', [(2, 'one, "two"')]),
        (b'movie,A,"one\n\ntwo"\nmovie,B,x\n', [(2, "one\n\ntwo"), (5, "x")]),
        (b'movie,"A\n","one\r\ntwo"\r\nmovie,B,x\n', [(2, "one\r\ntwo"), (5, "x")]),
        (b'movie,"A\n","one"\nmovie,B,x\n', [(2, "one"), (4, "x")]),
        (b'movie,12" screen,one\nmovie,B,x\n', [(2, "one"), (3, "x")]),
        (b'movie,A,"one"two\nmovie,B,x\n', [(2, "malformed_row"), (3, "x")]),
        (b'movie,A,"one\n"two\nmovie,B,x\n', [(2, "malformed_row"), (4, "x")]),
        (b"movie,A\nmovie,B,x,y\nmovie,C,x\n", [(2, "malformed_row"), (3, "malformed_row"), (4, "x")]),
        (b"movie,A,one\rtwo\nmovie,B,x\n", [(2, "malformed_row"), (3, "x")]),
        (b"movie,A,\xe9\nmovie,B,\xc3\xa9\n", [(2, "invalid_encoding"), (3, "é")]),
        (b"movie,A," + b"x" * LONG + b"\nmovie,B,x\n", [(2, "row_too_long"), (3, "x")]),
        (b'movie,A,"one\nmovie,B,x\n', [(2, "malformed_row")]),
    ],
)
def test_csv(file: bytes, expected: Sequence[tuple[int, object]]) -> None:
    assert texts(file) == expected


def test_a_quote_that_is_not_closed_spoils_some_rows_and_not_the_file() -> None:
    first, *others = read(CsvRows(), HEADER, b'movie,A,"one\n', b"movie,B,x\n" * 7_000)
    assert first == (2, "row_too_long")
    assert others[0][0] == 3 + LONG // 10
    assert len(others) == 7_000 - LONG // 10
    assert all(fields == {"type": "movie", "title": "B", "description": "x"} for _, fields in others)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"title,year", "missing_type"),
        (b"type,title,title", "duplicate_column"),
        (b"type;title", "unknown_column"),
        (b"type,Title", "unknown_column"),
        (b'type,"title', "malformed_row"),
    ],
)
def test_a_faulty_header_is_the_only_fault(header: bytes, code: str) -> None:
    assert read(CsvRows(), header + b"\nmovie,A,x\nmovie,B,x\n") == [(1, code)]


def test_empty_cells_are_left_out_and_whole_numbers_are_numbers() -> None:
    [(_, fields)] = read(CsvRows(), b"\xef\xbb\xbftype,title,year,duration,poster\nmovie,2012,2009,long,\n")
    assert fields == {"type": "movie", "title": "2012", "year": 2009, "duration": "long"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b'{"a": 1}\n\n{"a": 2}', [(1, {"a": 1}), (3, {"a": 2})]),
        (b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\r\n', [(1, {"a": 1}), (2, {"a": 2})]),
        (
            b'{"a": 1\n[]\nnull\n{"a": 2}\n',
            [(1, "malformed_row"), (2, "malformed_row"), (3, "malformed_row"), (4, {"a": 2})],
        ),
        (b'{"a": "\xe9"}\n{"a": "\\ud800"}\n', [(1, "invalid_encoding"), (2, "malformed_row")]),
        (b'{"a": "' + b"x" * 2 * LONG + b'"}\n{"a": 2}\n', [(1, "row_too_long"), (2, {"a": 2})]),
    ],
)
def test_json_lines(file: bytes, expected: Sequence[tuple[int, object]]) -> None:
    assert read(JsonLines(), file) == expected
    assert read(JsonLines(), *in_pieces(file)) == expected
