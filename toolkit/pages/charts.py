"""Small inline SVG charts; colours and text sizes come from the page's style sheet."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from toolkit.pages.markup import Markup, element, text
from toolkit.pages.scales import Scale, calendar, linear, number, tail
from toolkit.pages.series import Bar, Chart, Line, Mark, Place

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 24, 40, 58
_FLOOR, _END = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
_BAR_ROW, _BAR_VALUES = 60, 140
COLOURS = 6
"""How many colours the style sheet tells apart; a further series starts again with the first."""


class _Plane(NamedTuple):
    """The two axes of a plot, with their names."""

    across: Scale
    upward: Scale
    x: str
    y: str

    def place(self, x: Place, y: float) -> tuple[float, float]:
        """Return where a point lies in the picture."""
        right = _LEFT + self.across.place(number(x)) * (_END - _LEFT)
        return right, _FLOOR - self.upward.place(y) * (_FLOOR - _TOP)


def line_chart(
    lines: Sequence[Line], *, x: str, y: str, steps: bool = False, marks: Sequence[Mark] = ()
) -> Chart:
    """Draw series over numbers or days.

    Args:
        lines: The series; one without points appears in the legend only.
        x: What is along x, with its unit.
        y: What is along y, with its unit; the axis includes zero.
        steps: Hold each value until the next point instead of sloping towards it.
        marks: Limits drawn across.
    """
    places = [place for line in lines for place, _ in line.points] or [0]
    days = [place for place in places if isinstance(place, date)]
    across = (
        calendar(min(days), max(days)) if days else linear(min(map(number, places)), max(map(number, places)))
    )
    return _plot(lines, _Plane(across, _heights(lines, marks), x, y), marks, steps=steps)


def percentile_chart(lines: Sequence[Line], *, y: str, marks: Sequence[Mark] = ()) -> Chart:
    """Draw (percentile, value) points, 0 to below 100, each further nine with the same room."""
    deepest = max((number(place) for line in lines for place, _ in line.points), default=90.0)
    return _plot(lines, _Plane(tail(deepest), _heights(lines, marks), "percentile", y), marks)


def bar_chart(bars: Sequence[Bar], *, y: str) -> Chart:
    """Draw horizontal bars from zero, one a row, each with its number at its end; values are not negative."""
    longest = max((float(bar.value) for bar in bars), default=0) or 1
    parts = []
    for index, bar in enumerate(bars):
        top = index * _BAR_ROW
        width = max(float(bar.value) / longest * (_WIDTH - _BAR_VALUES), 2)
        hover = element("title", text(f"{bar.name}: {_shown(bar)} {y}"))
        parts += [
            element("text", text(bar.name), class_="label", x=0, y=top + 12),
            element("rect", hover, class_="bar", x=0, y=top + 26, width=width, height=18, rx=3),
            element("text", text(_shown(bar)), class_="label", x=width + 10, y=top + 35),
        ]
    described = "; ".join(f"{bar.name} {_shown(bar)}" for bar in bars)
    return Chart(_svg(len(bars) * _BAR_ROW, f"Bars of {y}: {described}.", parts))


def _shown(bar: Bar) -> str:
    return bar.shown or f"{bar.value:,}"


def _heights(lines: Sequence[Line], marks: Sequence[Mark]) -> Scale:
    values = [float(value) for line in lines for _, value in line.points]
    values += [float(mark.value) for mark in marks]
    return linear(min([0.0, *values]), max(values, default=1.0))


def _plot(lines: Sequence[Line], plane: _Plane, marks: Sequence[Mark], *, steps: bool = False) -> Chart:
    parts = _axes(plane)
    for index, line in enumerate(lines):
        points = [plane.place(place, float(value)) for place, value in line.points]
        parts.append(element("path", class_=f"line colour-{index % COLOURS}", d=_path(points, steps=steps)))
        parts += [
            element("circle", class_=f"dot colour-{index % COLOURS}", cx=x, cy=y, r=4)
            for x, y in points[:1]
            if len(points) == 1
        ]
    for mark in marks:
        parts += _mark(mark, plane)
    return Chart(_svg(_HEIGHT, _describe(lines, plane, marks), parts), tuple(line.name for line in lines))


def _axes(plane: _Plane) -> list[Markup]:
    parts = [
        element("text", text(plane.y), class_="axis", x=8, y=14),
        element("text", text(plane.x), class_="axis", x=_END, y=_HEIGHT - 10, text_anchor="end"),
    ]
    for value, label in plane.upward.ticks:
        y = _FLOOR - plane.upward.place(value) * (_FLOOR - _TOP)
        parts.append(element("line", class_="grid", x1=_LEFT, x2=_END, y1=y, y2=y))
        parts.append(element("text", text(label), x=_LEFT - 10, y=y, text_anchor="end"))
    for index, (value, label) in enumerate(plane.across.ticks):
        x = _LEFT + plane.across.place(value) * (_END - _LEFT)
        thinned = "minor" if index % 2 else None
        parts.append(element("line", class_="grid", x1=x, x2=x, y1=_FLOOR, y2=_FLOOR + 6))
        parts.append(element("text", text(label), class_=thinned, x=x, y=_FLOOR + 20, text_anchor="middle"))
    return parts


def _path(points: Sequence[tuple[float, float]], *, steps: bool) -> str:
    begin = [f"M{x:.1f} {y:.1f}" for x, y in points[:1]]
    onward = [f"H{x:.1f}V{y:.1f}" if steps else f"L{x:.1f} {y:.1f}" for x, y in points[1:]]
    return "".join([*begin, *onward])


def _mark(mark: Mark, plane: _Plane) -> list[Markup]:
    middle, y = plane.place(mark.at or 0, float(mark.value))
    left, right = (_LEFT, _END) if mark.at is None else (max(_LEFT, middle - 30), min(_END, middle + 30))
    # the words run towards the middle of the picture, where there is room for them
    x, anchor = (left, "start") if middle < _WIDTH / 2 and mark.at is not None else (right, "end")
    line = element("line", class_="mark", x1=left, x2=right, y1=y, y2=y)
    return [line, element("text", text(mark.label), class_="mark", x=x, y=y - 10, text_anchor=anchor)]


def _describe(lines: Sequence[Line], plane: _Plane, marks: Sequence[Mark]) -> str:
    spans = []
    for line in lines:
        values = [value for _, value in line.points]
        spans.append(
            f"{line.name} from {min(values):,g} to {max(values):,g}" if values else f"{line.name}: nothing"
        )
    limits = [f"limit {mark.label}" for mark in marks]
    return f"{plane.y} by {plane.x}: {'; '.join([*spans, *limits])}."


def _svg(height: int, description: str, parts: Sequence[Markup]) -> Markup:
    return element("svg", *parts, viewBox=f"0 0 {_WIDTH} {height}", role="img", aria_label=description)
