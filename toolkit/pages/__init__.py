"""Self-contained HTML pages with inline plots: no script, no external resource, light and dark, printable.

A page is a value, a tuple of sections; nothing in it needs escaping by the caller:

    page = Page(
        title="One customer's year",
        summary="Every step over HTTP, with Zuora's numbers.",
        sections=(
            Verdict("PASS", "All six objectives hold.", Tone.GOOD),
            Facts((("Invoices", "3"), ("Billed", "1,044.00 USD"))),
            Heading("Invoices"),
            Paragraph("Amounts are in USD."),
            Table(
                columns=("Number", Column("Amount", numeric=True), "Status"),
                rows=(("INV00000001", Decimal("348.00"), Badge("Posted", Tone.GOOD)),),
                caption="What was billed",
            ),
            Figure(
                line_chart((Line("billed", points),), x="month", y="USD", steps=True),
                caption="Billed over time",
            ),
        ),
    )
    write_page(page, Path("reports/demo/report.html"))  # or render_page(page) -> str

Cells are strings, numbers or a `Badge`. Charts: `line_chart` (numbers or dates along x; `steps=True` holds
each value until the next), `bar_chart`, and `percentile_chart` (the tail stretched); a `Mark` draws a limit.
Neighbouring figures stand side by side where there is room.
"""

from toolkit.pages.charts import bar_chart, line_chart, percentile_chart
from toolkit.pages.page import render_page, write_page
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
from toolkit.pages.series import Bar, Chart, Line, Mark

__all__ = [
    "Badge",
    "Bar",
    "Cell",
    "Chart",
    "Column",
    "Facts",
    "Figure",
    "Heading",
    "Line",
    "Mark",
    "Page",
    "Paragraph",
    "Section",
    "Table",
    "Tone",
    "Verdict",
    "bar_chart",
    "line_chart",
    "percentile_chart",
    "render_page",
    "write_page",
]
