"""Line charts as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 920, 280
LEFT, RIGHT, TOP, BOTTOM = 60, 10, 10, 26
STEPS = (1, 2, 2.5, 5, 10)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: `dashed` for what is the rarer case of another, `filled` down to the axis."""

    name: str
    colour: str
    points: Sequence[Point]
    dashed: bool = False
    filled: bool = False


def chart(series: Sequence[Series], seconds: float, unit: str) -> str:
    """The lines over `seconds`, with a legend; both axes begin at 0."""
    highest = max((y for line in series for _, y in line.points), default=0) or 1
    y_step, x_step = _step(highest / 4), _step(max(seconds, 0.1) / 8)
    across, up = max(seconds, 0.1), y_step * -(-highest // y_step)

    def place(point: Point) -> str:
        x = LEFT + point[0] / across * (WIDTH - LEFT - RIGHT)
        return f"{x:.1f},{HEIGHT - BOTTOM - point[1] / up * (HEIGHT - TOP - BOTTOM):.1f}"

    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">']
    for value in _ticks(up, y_step):
        x, y = place((0, value)).split(",")
        parts.append(f'<path d="M{x} {y}H{WIDTH - RIGHT}" stroke="#8884"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{float(y) + 4}" text-anchor="end">{value:g}</text>')
    for value in _ticks(across, x_step):
        x, _ = place((value, 0)).split(",")
        parts.append(f'<text x="{x}" y="{HEIGHT - 8}" text-anchor="middle">{value:g} s</text>')
    parts += [_line(line, [place(point) for point in line.points]) for line in series if line.points]
    legend = "".join(f'<span><i style="{_stroke(line)}"></i>{escape(line.name)}</span>' for line in series)
    return "".join([*parts, "</svg>", f'<p class="legend">{legend} in {escape(unit)}</p>'])


def _line(line: Series, places: Sequence[str]) -> str:
    dashes = ' stroke-dasharray="5 4"' if line.dashed else ""
    drawn = f'<polyline points="{" ".join(places)}" fill="none" stroke="{line.colour}" stroke-width="2"{dashes}/>'
    if line.filled:
        first, last = places[0].split(",")[0], places[-1].split(",")[0]
        outline = f"{first},{HEIGHT - BOTTOM} {' '.join(places)} {last},{HEIGHT - BOTTOM}"
        drawn = f'<polygon points="{outline}" fill="{line.colour}" fill-opacity=".2"/>{drawn}'
    return drawn


def _stroke(line: Series) -> str:
    return f"border-color:{line.colour};border-top-style:{'dashed' if line.dashed else 'solid'}"


def _step(least: float) -> float:
    """The round number that is `least` or a little more."""
    power = 10.0 ** (len(str(int(least))) - 1) if least >= 1 else 0.001
    while power * STEPS[-1] < least:
        power *= 10
    return next(power * step for step in STEPS if power * step >= least)


def _ticks(most: float, step: float) -> list[float]:
    return [number * step for number in range(int(most / step + 1e-9) + 1)]
