"""PDF: sets a sheet on pages; the one module that knows the library that writes the file."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple

import pydyf  # type: ignore[import-untyped]  # it has no types of its own, nor has anybody made any

from toolkit.zuora.files.sheets import Row, Sheet
from toolkit.zuora.files.typeface import Face, lines, width, written

_WIDTH, _HEIGHT, _MARGIN = 612, 792, 48
_LEFT, _RIGHT = _MARGIN, _WIDTH - _MARGIN
_BOTTOM = 64
"""Points of a sheet of US letter; nothing but the foot of the page is below the last one."""

Color = tuple[str, str, str]
Length = int | Decimal

_INK, _FAINT, _BLUE = ("0.13", "0.15", "0.19"), ("0.42", "0.45", "0.50"), ("0.12", "0.23", "0.37")
_RULE, _BAND, _WHITE = ("0.85", "0.87", "0.90"), ("0.96", "0.97", "0.98"), ("1", "1", "1")

_SMALL, _TEXT, _LARGE, _TITLE, _LEAST = 8, 9, 11, 22, 4
_FACTS, _TOTALS = 340, 364
_NAME_ROOM, _PERIOD_ROOM = 180, 116
_LEADING = {_SMALL: 10, _TEXT: 12}


class _Pen(NamedTuple):
    """How a line of text is written; the size is in points."""

    size: int = _TEXT
    face: Face = "plain"
    color: Color = _INK


_PLAIN, _NOTE, _HEAD = _Pen(), _Pen(_SMALL), _Pen(_SMALL, "bold", _WHITE)
_GREY, _SMALL_GREY, _LABEL = _Pen(color=_FAINT), _Pen(_SMALL, color=_FAINT), _Pen(_SMALL, "bold", _FAINT)
_LOUD = _Pen(_LARGE, "bold", _WHITE)


class _Column(NamedTuple):
    """A column of the table; figures end at `at`, words begin there."""

    head: str
    at: int
    room: int
    right: bool = True


_NAME = _Column("Description", _LEFT + 6, _NAME_ROOM, right=False)
_PERIOD = _Column("Service period", 246, _PERIOD_ROOM, right=False)
_FIGURES: tuple[tuple[_Column, Callable[[Row], str]], ...] = (
    (_Column("Quantity", 406, 42), lambda row: row.quantity),
    (_Column("Unit price", 458, 48), lambda row: row.price),
    (_Column("Tax", 504, 42), lambda row: row.tax),
    (_Column("Amount", _RIGHT - 6, 50), lambda row: row.amount),
)


class _Page:
    """A page under construction; the origin is at its lower left, as in PDF."""

    def __init__(self) -> None:
        self.stream = pydyf.Stream(compress=True)

    def text(self, x: Length, y: Length, said: str, pen: _Pen = _PLAIN) -> None:
        """Set one line of text that begins at `x`."""
        self.stream.begin_text()
        self.stream.set_color_rgb(*pen.color)
        self.stream.set_font_size(pen.face, pen.size)
        self.stream.move_text_to(x, y)
        self.stream.show_text(b"<" + said.encode("cp1252").hex().encode() + b">")
        self.stream.end_text()

    def ending(self, x: Length, y: Length, said: str, room: int, pen: _Pen = _PLAIN) -> None:
        """Set one line of text that ends at `x`, smaller if it would take more than `room` points."""
        while pen.size > _LEAST and width(said, pen.face, pen.size) > room:
            pen = pen._replace(size=pen.size - 1)
        self.text(x - width(said, pen.face, pen.size), y, said, pen)

    def area(self, x: Length, y: Length, across: Length, up: Length, color: Color) -> None:
        """Fill a rectangle, of which `x` and `y` are the lower left corner."""
        self.stream.set_color_rgb(*color)
        self.stream.rectangle(x, y, across, up)
        self.stream.fill()


def render(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF; the same sheet gives the same bytes."""
    pages = list(_pages(sheet))
    document = pydyf.PDF()
    fonts = pydyf.Dictionary()
    for face, name in (("plain", "Helvetica"), ("bold", "Helvetica-Bold")):
        font = pydyf.Dictionary(
            {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{name}", "Encoding": "/WinAnsiEncoding"}
        )
        document.add_object(font)
        fonts[face] = font.reference
    for number, page in enumerate(pages, start=1):
        _foot(page, sheet, f"Page {number} of {len(pages)}")
        document.add_object(page.stream)
        document.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": document.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, _WIDTH, _HEIGHT]),
                    "Contents": page.stream.reference,
                    "Resources": pydyf.Dictionary({"Font": fonts}),
                }
            )
        )
    document.info["Title"] = pydyf.String(f"{sheet.title} {sheet.number}")
    document.info["CreationDate"] = pydyf.String(f"D:{sheet.made:%Y%m%d%H%M%S}")
    file = BytesIO()
    document.write(file, identifier=True)
    return file.getvalue()


def _pages(sheet: Sheet) -> Iterator[_Page]:
    page = _Page()
    y = _table_head(page, _letterhead(page, sheet))
    for place, row in enumerate(sheet.rows):
        names = lines(row.name, "plain", _TEXT, _NAME_ROOM)
        notes = lines(row.note, "plain", _SMALL, _NAME_ROOM)
        periods = lines(row.period, "plain", _SMALL, _PERIOD_ROOM)
        high = _LEADING[_TEXT] * len(names) + _LEADING[_SMALL] * len(notes) + 8
        if y - high < _BOTTOM:
            yield page
            page = _Page()
            y = _table_head(page, _HEIGHT - _MARGIN)
        if place % 2:
            page.area(_LEFT, y - high, _RIGHT - _LEFT, high, _BAND)
        base = first = y - 13
        for name in names:
            page.text(_NAME.at, base, name)
            base -= _LEADING[_TEXT]
        for note in notes:
            page.text(_NAME.at, base, note, pen=_SMALL_GREY)
            base -= _LEADING[_SMALL]
        for step, period in enumerate(periods):
            page.text(_PERIOD.at, first - step * _LEADING[_SMALL], period, pen=_NOTE)
        for column, read in _FIGURES:
            page.ending(column.at, first, written(read(row)), room=column.room)
        y -= high
    remarks = lines(sheet.remark, "plain", _SMALL, _TOTALS - _LEFT - 24)
    high = max(16 * len(sheet.totals) + 54, 10 * len(remarks) + 30)
    if y - high < _BOTTOM:
        yield page
        page, y = _Page(), _HEIGHT - _MARGIN
    _totals(page, sheet, remarks, y)
    yield page


def _letterhead(page: _Page, sheet: Sheet) -> int:
    """Set what stands above the table and return where that ends."""
    page.area(0, _HEIGHT - 84, _WIDTH, 84, _BLUE)
    page.text(_LEFT, _HEIGHT - 52, sheet.title.upper(), pen=_Pen(_TITLE, "bold", _WHITE))
    number = written(sheet.number)
    page.ending(_RIGHT, _HEIGHT - 46, number, room=240, pen=_LOUD)
    if sheet.status != "Posted":
        page.ending(_RIGHT, _HEIGHT - 62, sheet.status.upper(), room=240, pen=_HEAD)
    top = _HEIGHT - 116
    page.text(_LEFT, top, "BILL TO", pen=_LABEL)
    left = top - 16
    for place, said in enumerate(sheet.address):
        face: Face = "plain" if place else "bold"
        for line in lines(said, face, _TEXT, _FACTS - _LEFT - 24):
            page.text(_LEFT, left, line, pen=_Pen(face=face))
            left -= 13
    right = top
    for label, said in sheet.facts:
        page.text(_FACTS, right, label, pen=_GREY)
        page.ending(_RIGHT, right, written(said), room=120)
        right -= 14
    return min(left, right) - 14


def _table_head(page: _Page, top: int) -> int:
    page.area(_LEFT, top - 20, _RIGHT - _LEFT, 20, _BLUE)
    for column in (_NAME, _PERIOD, *(column for column, _ in _FIGURES)):
        if column.right:
            page.ending(column.at, top - 13, column.head, room=column.room, pen=_HEAD)
        else:
            page.text(column.at, top - 13, column.head, pen=_HEAD)
    return top - 20


def _totals(page: _Page, sheet: Sheet, remarks: list[str], y: int) -> None:
    page.area(_LEFT, y - 1, _RIGHT - _LEFT, 1, _RULE)
    base = y - 22
    if remarks:
        page.text(_LEFT, base, "NOTES", pen=_LABEL)
    for step, line in enumerate(remarks, start=1):
        page.text(_LEFT, base - 2 - step * 10, line, pen=_NOTE)
    for label, said in sheet.totals:
        page.text(_TOTALS, base, written(label), pen=_GREY)
        page.ending(_RIGHT - 6, base, said, room=90)
        base -= 16
    page.area(_TOTALS - 8, base - 15, _RIGHT - _TOTALS + 8, 24, _BLUE)
    label, said = sheet.due
    page.text(_TOTALS, base - 7, label, pen=_Pen(face="bold", color=_WHITE))
    page.ending(_RIGHT - 6, base - 7, said, room=100, pen=_LOUD)


def _foot(page: _Page, sheet: Sheet, said: str) -> None:
    page.area(_LEFT, 44, _RIGHT - _LEFT, 1, _RULE)
    page.text(_LEFT, 30, written(f"{sheet.title} {sheet.number}"), pen=_SMALL_GREY)
    page.ending(_RIGHT, 30, said, room=120, pen=_SMALL_GREY)
