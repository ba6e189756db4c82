"""A draft is split into several invoices, to the cent."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.documents import exempt_total, total
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.splitting import Split, split

if TYPE_CHECKING:
    from tests.billing.papers import Papers


def by(*percentages: str) -> list[Split]:
    """Return splits of a month each."""
    return [
        Split(Decimal(percentage), date(2026, month, 1), date(2026, month, 28), "Net 30")
        for month, percentage in enumerate(percentages, 1)
    ]


def test_an_invoice_is_split_by_percentages(papers: "Papers") -> None:
    """Source: split invoices overview (SET-035)."""
    invoice = papers.invoice("100000", status="Draft")
    parts = split(invoice, by("40", "30", "20", "10"), papers)
    assert [part.amount for part in parts] == [40000, 30000, 20000, 10000]
    assert [part.invoice_date.month for part in parts] == [1, 2, 3, 4]
    assert {(part.status, part.split_from, part.payment_term) for part in parts} == {
        ("Draft", invoice.number, "Net 30")
    }
    assert len({part.id for part in parts} | {part.number for part in parts}) == 8


def test_what_rounding_leaves_falls_on_the_last_part(papers: "Papers") -> None:
    invoice = papers.taxed_invoice("100 20", "0.01", status="Draft")
    parts = split(invoice, by("33.3", "33.3", "33.4"), papers)
    assert [[str(item.amount) for item in part.items] for part in parts] == [
        ["33.30", "0.00"],
        ["33.30", "0.00"],
        ["33.40", "0.01"],
    ]
    assert [str(part.items[0].tax_amount) for part in parts] == ["6.66", "6.66", "6.68"]
    assert sum(part.amount for part in parts) == invoice.amount
    assert all(part.amount == total(part.items) for part in parts)


def test_a_discount_points_to_the_item_of_its_own_part(papers: "Papers") -> None:
    invoice = papers.discounted_invoice("100", "-10", status="Draft")
    for part in split(invoice, by("50", "50"), papers):
        regular, discount = part.items
        assert discount.applied_to_item_id == regular.id


def test_an_invoice_is_split_by_amounts(papers: "Papers") -> None:
    """Source: split invoice considerations, amount allocation."""
    invoice = papers.taxed_invoice("120 10", status="Draft")
    parts = split(invoice, by("50", "50", "30"), papers, "Amount")
    assert [part.amount for part in parts] == [50, 50, 30]
    assert [str(part.items[0].amount) for part in parts] == ["46.15", "46.16", "27.69"]
    assert [str(part.items[0].tax_amount) for part in parts] == ["3.85", "3.84", "2.31"]


@pytest.mark.parametrize(
    ("amounts", "said"),
    [(["60", "30"], "add up to 100, not to 90"), (["99.995", "0.005"], "should be multiples of 0.01")],
)
def test_amounts_make_up_the_invoice(amounts: list[str], said: str, papers: "Papers") -> None:
    with pytest.raises(InvalidValueError, match=said):
        split(papers.invoice("100", status="Draft"), by(*amounts), papers, "Amount")


def test_what_an_exempt_account_is_spared_is_divided_too(papers: "Papers") -> None:
    invoice = papers.taxed_invoice("100 0", status="Draft")
    (item,) = invoice.items
    spared = replace(item, tax_items=(replace(item.tax_items[0], exempt_amount=Decimal("0.05")),))
    parts = split(replace(invoice, items=(spared,)), by("50", "50"), papers)
    assert [str(exempt_total(part.items)) for part in parts] == ["0.02", "0.03"]


def test_a_part_that_is_split_again_stays_a_part_of_the_first(papers: "Papers") -> None:
    invoice = papers.discounted_invoice("100", "-10", status="Draft")
    first, _ = split(invoice, by("50", "50"), papers)
    for part in split(first, by("50", "50"), papers):
        regular, discount = part.items
        assert (part.split_from, regular.source_item_id) == (invoice.number, invoice.items[0].id)
        assert discount.applied_to_item_id == regular.id


@pytest.mark.parametrize("percentages", [["100"], ["50", "40"], ["110", "-10"], ["1"] * 51])
def test_a_split_is_whole(percentages: list[str], papers: "Papers") -> None:
    splits = [Split(Decimal(one), date(2026, 1, 1), date(2026, 1, 1), None) for one in percentages]
    with pytest.raises(InvalidValueError, match="add up to 100|split into 2 to 50"):
        split(papers.invoice("1", status="Draft"), splits, papers)


def test_only_a_draft_is_split(papers: "Papers") -> None:
    with pytest.raises(RuleError, match="Only invoices with Draft status can be split."):
        split(papers.invoice("1"), by("50", "50"), papers)
