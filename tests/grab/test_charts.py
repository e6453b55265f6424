"""The charts: whatever the figures, every point is inside, and the text is escaped."""

import re
from xml.etree import ElementTree as Xml

import pytest

from grab.charts import HEIGHT, WIDTH, Series, chart


@pytest.mark.parametrize("highest", [0.0, 0.004, 0.7, 1, 9.99, 10, 360, 99_999, 100_000])
@pytest.mark.parametrize("seconds", [0.0, 0.03, 1, 59.9, 600])
def test_every_point_is_inside(highest: float, seconds: float) -> None:
    lines = [Series("a line", "#123456", [(0, 0), (seconds, highest)], filled=True)]
    drawn = chart(lines, seconds, "seats")
    [points] = re.findall('polyline points="([^"]+)"', drawn)
    for x, y in (point.split(",") for point in points.split()):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT
    assert 2 <= drawn.count('text-anchor="end"') <= 7
    assert 2 <= drawn.count('text-anchor="middle"') <= 11
    Xml.fromstring(f"<div>{drawn}</div>")  # noqa: S314  # it is our own


def test_names_are_escaped() -> None:
    assert "<b>" not in chart([Series("<b>", "#123456", [(0, 1)])], 1, "<b>")


def test_nothing_to_draw() -> None:
    assert "polyline" not in chart([Series("nothing", "#123456", [])], 0, "seats")
