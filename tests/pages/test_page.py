"""Pages are well formed, escaped, self-contained, readable by people and by screen readers."""

import re
from decimal import Decimal
from itertools import product
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import pages
from toolkit.errors import ToolkitError
from toolkit.pages import (
    Badge,
    Bar,
    Column,
    Facts,
    Figure,
    Heading,
    Line,
    Page,
    Paragraph,
    Section,
    Table,
    Tone,
    Verdict,
    bar_chart,
    line_chart,
    render_page,
    write_page,
)

STYLE = Path(pages.__file__).with_name("page.css").read_text()
WRITABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\ufffe\uffff"))


def _parse(*sections: Section, title: str = "Title", summary: str = "") -> ET.Element:
    """Parse a page as XML, which is stricter than what a browser accepts."""
    document = render_page(Page(title, sections, summary)).removeprefix("<!doctype html>\n")
    return ET.fromstring(document)  # noqa: S314 - we wrote it


def _words(element: ET.Element | None) -> str:
    assert element is not None
    return "".join(element.itertext())


def _everything() -> tuple[Section, ...]:
    return (
        Verdict("PASS", "It holds.", Tone.GOOD),
        Facts((("Invoices", 3), ("State", Badge("fine", Tone.GOOD)))),
        Heading("Part"),
        Heading("Part of a part", 3),
        Paragraph("Words."),
        Table(("Name", Column("Amount", numeric=True)), (("INV1", Decimal("1234.50")),), "Invoices"),
        Figure(line_chart((Line("billed", ((0, 1), (1, 2))),), x="month", y="USD"), "Billed"),
        Figure(bar_chart((Bar("plan", 3),), y="USD"), "By plan"),
    )


@given(WRITABLE)
def test_text_arrives_as_it_was_given_wherever_it_stands(text: str) -> None:
    root = _parse(
        Verdict(text, "", Tone.BAD),
        Facts(((text, text),)),
        Heading(text),
        Paragraph(text),
        Table((text,), ((text,),), text),
        Figure(line_chart((Line(text, ()), Line("other", ())), x=text, y=text), text),
        title=text,
        summary=text + ".",
    )
    places = ("h1", "h2", "dt", "dd", "caption", "thead//th", "tbody//th", "figcaption", "strong", "li")
    assert {place: _words(root.find(f".//{place}")) for place in places} == dict.fromkeys(places, text)
    assert [_words(paragraph) for paragraph in root.findall("./body/main//p")][0::2] == [text + ".", text]
    (chart,) = root.findall(".//svg[@role='img']")
    assert chart.get("aria-label") == f"{text} by {text}: {text}: nothing; other: nothing."


def test_nothing_is_loaded_from_anywhere() -> None:
    document = render_page(Page("Title", _everything()))
    assert not re.search(r"https?:|//|@import|url\(|<script|<iframe|\bon\w+=", document)
    root = _parse(*_everything())
    assert [link.get("href") for link in root.iter("link")] == ["data:,"]
    (policy,) = [meta.get("content") for meta in root.iter("meta") if "http-equiv" in meta.attrib]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_a_table_says_what_its_rows_and_columns_are() -> None:
    root = _parse(
        Table(("Name", Column("Amount", numeric=True)), (("INV1", Decimal("1234.50")),), "Invoices")
    )
    assert [(th.get("scope"), _words(th)) for th in root.iter("th")] == [
        ("col", "Name"),
        ("col", "Amount"),
        ("row", "INV1"),
    ]
    assert [(td.get("class"), _words(td)) for td in root.iter("td")] == [("numeric", "1,234.50")]
    region = root.find(".//div[@role='region']")
    assert region is not None
    assert (region.get("aria-label"), region.get("tabindex")) == ("Invoices", "0")


def test_a_row_with_a_cell_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        _parse(Table(("Name",), (("INV1", "more"),), "Invoices"))


def test_neighbouring_figures_share_a_row_and_others_do_not() -> None:
    figure = Figure(bar_chart((Bar("plan", 3),), y="USD"), "By plan")
    root = _parse(figure, figure, Paragraph("Between."), figure)
    assert [len(group) for group in root.findall(".//div[@class='figures']")] == [2, 1]


def test_a_verdict_is_said_in_words_and_not_only_in_colour() -> None:
    section = _parse(Verdict("FAIL", "It was slow.", Tone.BAD)).find(".//section")
    assert _words(section) == "✕FAIL It was slow."


def test_a_legend_appears_once_there_is_something_to_tell_apart() -> None:
    def legends(*names: str) -> int:
        lines = tuple(Line(name, ((0, 1), (1, 2))) for name in names)
        return len(_parse(Figure(line_chart(lines, x="", y=""), "c")).findall(".//ul"))

    assert (legends("one"), legends("one", "two")) == (0, 1)


def test_every_class_in_the_markup_has_a_style() -> None:
    used = {name for one in _parse(*_everything()).iter() for name in one.get("class", "").split()}
    assert used <= set(re.findall(r"\.([a-z][\w-]*)", STYLE))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    """Compute the ratio as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _colours(block: str) -> dict[str, str]:
    return {name: value.ljust(7, value[-1]) for name, value in re.findall(r"--([\w-]+): (#\w+);", block)}


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_and_lines_stand_out_enough(scheme: int) -> None:
    colours = _colours(re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme])
    tones = [(tone, f"{tone}-paper") for tone in Tone]
    text = [*product(("ink", "soft"), ("paper", "card")), *tones, *(("ink", paper) for _, paper in tones)]
    lines = product((f"c{number}" for number in range(6)), ("card",))
    assert [pair for pair in text if _contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
    assert [pair for pair in lines if _contrast(colours[pair[0]], colours[pair[1]]) < 3] == []


def test_a_page_is_written_into_a_private_folder(tmp_path: Path) -> None:
    path = write_page(Page("Title", ()), tmp_path / "new" / "report.html")
    assert path.read_text().startswith('<!doctype html>\n<html lang="en">')
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_page_that_cannot_be_written_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolkitError, match=r"report\.html cannot be written: File exists"):
        write_page(Page("Title", ()), tmp_path / "file" / "report.html")
