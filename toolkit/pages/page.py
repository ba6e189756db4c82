"""Turns a page into one HTML document that needs nothing else."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.pages.charts import COLOURS
from toolkit.pages.markup import Markup, element, join, text
from toolkit.pages.sections import (
    Badge,
    Cell,
    Column,
    Facts,
    Figure,
    Heading,
    Page,
    Paragraph,
    Section,
    Table,
    Tone,
    Verdict,
)

_STYLE = Path(__file__).with_name("page.css")
_HEAD = Markup(
    '<meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />'
    '<meta name="color-scheme" content="light dark" /><link rel="icon" href="data:," />'
    # the browser itself refuses anything from elsewhere, whatever a page may hold
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\" />"
)
_SHORT = 24  # characters that stay on one line in a table
_GLYPHS = {Tone.GOOD: "✓", Tone.BAD: "✕", Tone.UNSURE: "?", Tone.PLAIN: "•"}


def write_page(page: Page, path: Path) -> Path:
    """Write the page to `path`, making its folder private to its owner, and return the path.

    Raises:
        ToolkitError: The file cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(render_page(page), encoding="utf-8")
    except OSError as error:
        raise ToolkitError(f"The page {path} cannot be written: {error.strerror}.") from error
    return path


def render_page(page: Page) -> str:
    """Render the page as an HTML document."""
    style = element("style", Markup(_STYLE.read_text(encoding="utf-8")))
    head = element("head", _HEAD, element("title", text(page.title)), style)
    summary = element("p", text(page.summary)) if page.summary else Markup("")
    header = element("header", element("h1", text(page.title)), summary)
    body = element("body", element("main", header, *_sections(page.sections)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _sections(sections: Sequence[Section]) -> Iterable[Markup]:
    for figures, neighbours in groupby(sections, lambda section: isinstance(section, Figure)):
        drawn = [_section(section) for section in neighbours]
        yield element("div", *drawn, class_="figures") if figures else join(drawn, "\n")


def _section(section: Section) -> Markup:
    match section:
        case Heading(words, level):
            return element(f"h{level}", text(words))
        case Paragraph(words):
            return element("p", text(words))
        case Table():
            return _table(section)
        case Figure(chart, caption):
            return element("figure", element("figcaption", text(caption)), chart.svg, _legend(chart.legend))
        case Verdict(word, sentence, tone):
            glyph = element("span", text(_GLYPHS[tone]), class_="glyph", aria_hidden="true")
            answer = element("p", element("strong", text(word)), text(f" {sentence}"))
            return element("section", glyph, answer, class_=f"verdict {tone}", aria_label="Verdict")
        case Facts(pairs):
            facts = (
                element("div", element("dt", text(name)), element("dd", _words(value)))
                for name, value in pairs
            )
            return element("dl", *facts, class_="facts")


def _table(table: Table) -> Markup:
    columns = [column if isinstance(column, Column) else Column(column) for column in table.columns]
    head = element("tr", *(_cell(column, column.name, "col") for column in columns))
    rows = [element("tr", *_row(columns, row)) for row in table.rows]
    caption = element("caption", element("span", text(table.caption)))
    inside = (caption, element("thead", head), element("tbody", *rows))
    # a wide table scrolls by itself; the tab stop lets a keyboard do it
    return element(
        "div", element("table", *inside), class_="table", role="region", aria_label=table.caption, tabindex=0
    )


def _row(columns: Sequence[Column], cells: Sequence[Cell]) -> Iterable[Markup]:
    scopes = ["row", *[None] * (len(columns) - 1)]
    return (_cell(*parts) for parts in zip(columns, cells, scopes, strict=True))


def _cell(column: Column, content: Cell, scope: str | None) -> Markup:
    short = "short" if len(str(content)) <= _SHORT or isinstance(content, Badge) else None
    kind = "numeric" if column.numeric else short
    return element("th" if scope else "td", _words(content), scope=scope, class_=kind)


def _words(content: Cell) -> Markup:
    match content:
        case Badge(word, tone):
            return element("span", text(word), class_=f"badge {tone}")
        case str():
            return text(content)
        case _:
            return text(f"{content:,}")


def _legend(names: Sequence[str]) -> Markup:
    if len(names) < 2:  # noqa: PLR2004 - the axis names a single series
        return Markup("")
    items = (element("li", _stroke(index), text(name)) for index, name in enumerate(names))
    return element("ul", *items, class_="legend", aria_hidden="true")  # the chart's label says the same


def _stroke(index: int) -> Markup:
    sample = element("path", class_=f"line colour-{index % COLOURS}", d="M1 4H31")
    return element("svg", sample, viewBox="0 0 32 8")
