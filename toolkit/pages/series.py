"""What a chart is drawn from, and what comes out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from toolkit.pages.markup import Markup

Number: TypeAlias = int | float | Decimal
Place: TypeAlias = Number | date
"""Where a point lies along x: a number or a day."""


class Line(NamedTuple):
    """A named series of (x, y) points in the order of x."""

    name: str
    points: Sequence[tuple[Place, Number]]


class Bar(NamedTuple):
    """A named bar; `shown` replaces the number written beside it."""

    name: str
    value: Number
    shown: str = ""


class Mark(NamedTuple):
    """A limit at height `value`; on a percentile chart `at` is the percentile for which it holds."""

    value: Number
    label: str
    at: Number | None = None


class Chart(NamedTuple):
    """A drawn chart, and the names of its series in the order of their colours."""

    svg: Markup
    legend: tuple[str, ...] = ()
