"""What a page is made of, as plain values."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from toolkit.pages.series import Chart


class Tone(StrEnum):
    """What a colour says; the word beside it always says it too."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    PLAIN = "plain"


class Badge(NamedTuple):
    """One word in a coloured frame, inside a table or a fact."""

    word: str
    tone: Tone = Tone.PLAIN


Cell: TypeAlias = str | int | float | Decimal | Badge


class Column(NamedTuple):
    """A table column; numeric ones are aligned to the right with figures of equal width."""

    name: str
    numeric: bool = False


class Heading(NamedTuple):
    """A heading; level 2 opens a part of the page, level 3 a part of that."""

    text: str
    level: int = 2


class Paragraph(NamedTuple):
    """A paragraph of plain text."""

    text: str


class Table(NamedTuple):
    """A table whose first column names the rows; a caption says what it shows."""

    columns: Sequence[str | Column]
    rows: Sequence[Sequence[Cell]]
    caption: str


class Figure(NamedTuple):
    """A chart with its caption."""

    chart: Chart
    caption: str


class Verdict(NamedTuple):
    """The page's answer in one word, with a sentence of reason."""

    word: str
    sentence: str
    tone: Tone


class Facts(NamedTuple):
    """A few key figures, each a name and a value, shown large."""

    pairs: Sequence[tuple[str, Cell]]


Section: TypeAlias = Heading | Paragraph | Table | Figure | Verdict | Facts


class Page(NamedTuple):
    """A page: its title, one sentence below it, and its sections in reading order."""

    title: str
    sections: Sequence[Section]
    summary: str = ""
