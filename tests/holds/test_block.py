"""The best seats side by side, as `lua/lib/block.lua` finds them, against a slow search that is plainly right."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import holds
from service.embedded import EmbeddedRedis
from tests.holds.halls import hall

SOURCE = (Path(holds.__file__).parent / "lua" / "lib" / "block.lua").read_text(encoding="utf-8")
CALL = "return best_block(ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]))"
RUNS = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))

BestBlock = Callable[[str, int, int, int], int | None]


@pytest.fixture
def best_block(redis_server: EmbeddedRedis) -> Iterator[BestBlock]:
    with redis.Redis.from_url(redis_server.url) as client:
        script = client.register_script(f"#!lua\n{SOURCE}\n{CALL}")
        yield lambda *asked: script(args=asked)


def is_free(line: str, column: int) -> bool:
    return 0 <= column < len(line) and line[column] in ".w"


def strands(line: str, first: int, count: int) -> bool:
    """Whether taking these seats leaves a single free one between them and a taken one, a gap or the row's end."""
    last = first + count - 1
    left = is_free(line, first - 1) and not is_free(line, first - 2)
    return left or (is_free(line, last + 1) and not is_free(line, last + 2))


def plainly_best(hall: str, focal: int, count: int, wheelchair: int) -> int | None:
    """The first cell of the best of all windows."""
    lines = hall.split("\n")
    focal_row = hall.count("\n", 0, focal)
    focal_column = focal - (hall.rfind("\n", 0, focal) + 1)
    found, start = [], 0
    for row, line in enumerate(lines):
        for first in range(len(line) - count + 1):
            window = line[first : first + count]
            if set(window) <= {".", "w"} and window.count("w") == wheelchair:
                across = first + (count - 1) / 2 - focal_column
                distance = (2 * (row - focal_row)) ** 2 + across**2
                found.append((strands(line, first, count), distance, start + first))
        start += len(line) + 1
    return min(found)[2] if found else None


@st.composite
def halls(draw: st.DrawFn) -> tuple[str, int]:
    """A hall as it may be in the middle of a sale, and its focal point."""
    cells = draw(st.sampled_from([".", "..x", "...ox w", ".x", ".w", ".xx ox"]))
    lines = draw(st.lists(st.text(st.sampled_from(cells), min_size=1, max_size=14), min_size=1, max_size=7))
    text = "\n".join(lines)
    return text, draw(st.sampled_from([i for i, cell in enumerate(text) if cell != "\n"]))


@RUNS
@given(hall=halls(), count=st.integers(1, 6), wheelchair=st.sampled_from([0, 0, 0, 1, 2]))
def test_no_window_is_better(best_block: BestBlock, hall: tuple[str, int], count: int, wheelchair: int) -> None:
    """Made to fail by each of: no look at single seats, rows as near as columns, wheelchair places like others, and
    no more rows than the focal point's."""
    text, focal = hall
    assert best_block(text, focal, count, wheelchair) == plainly_best(text, focal, count, wheelchair)


@pytest.mark.parametrize(
    ("picture", "focal", "count", "wheelchair", "found"),
    [
        (".....\n.....\n.....", "B3", 1, 0, "B3"),
        ("......\n......\n......", "B3", 2, 0, "B3 B4"),
        ("xxxxx\nxxxxx\n.....", "B3", 3, 0, "C1 C2 C3"),
        ("....", "A2", 3, 0, "A1 A2 A3"),
        ("xx..xx\nxxxxxx\n......", "B3", 1, 0, "C3"),
        ("x.x.x\nx..xx", "B3", 2, 0, "B2 B3"),
        ("x.. .x", "A3", 2, 0, "A2 A3"),
        ("x. ..x", "A3", 2, 0, "A3 A4"),
        ("ww..\nwwww", "B2", 2, 0, "A3 A4"),
        ("ww..\nwwww", "B2", 2, 1, "A2 A3"),
        ("ww..\nwwww", "B2", 2, 2, "B1 B2"),
        ("wwww", "A1", 1, 0, None),
        ("....\n....", "A1", 5, 0, None),
        ("..x..", "A1", 3, 0, None),
    ],
)
def test_where_a_party_sits(
    best_block: BestBlock, picture: str, focal: str, count: int, wheelchair: int, found: str | None
) -> None:
    seating = hall(picture.replace("x", "."), focal=focal)
    first = best_block(picture, seating.focal, count, wheelchair)
    labels = None if first is None else " ".join(seating.labels[first : first + count])
    assert labels == found


def test_rows_of_any_length(best_block: BestBlock) -> None:
    """A hall of the most rows and cells there may be, all taken but for the last row's end."""
    text = "\n".join(["x" * 100] * 99 + ["x" * 50 + "." * 50])
    assert best_block(text, 0, 50, 0) == len(text) - 50
    assert best_block(text, 0, 51, 0) is None
