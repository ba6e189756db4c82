"""Memos are made from parts of an invoice's items."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, debit_memo, portions_of

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.invoices import Invoice


@pytest.fixture
def invoice(papers: "Papers") -> "Invoice":
    """An invoice of 100 with taxes of 20 and 5, and of 50 without."""
    return papers.taxed_invoice("100 20 5", "50")


@pytest.fixture
def terms(invoice: "Invoice") -> MemoTerms:
    return MemoTerms(
        account_id=invoice.account_id,
        currency="USD",
        memo_date=date(2026, 2, 1),
        now=invoice.created,
        source="AdhocFromInvoice",
        invoice_id=invoice.id,
        comment="Too much",
        reason="Write-off",
    )


def test_a_credit_memo_of_an_invoice_is_a_draft_of_which_all_is_left(
    invoice: "Invoice", terms: MemoTerms, papers: "Papers"
) -> None:
    """Source: POST credit memo from invoice (SET-060)."""
    items = portions_of(invoice, [Portion("item-2", Decimal(10))], papers, terms.now)
    memo = credit_memo(items, terms, papers)
    assert (memo.status, memo.posted, memo.invoice_id) == ("Draft", None, invoice.id)
    assert [memo.amount, memo.unapplied, memo.applied] == [10, 10, 0]
    assert (memo.comment, memo.reason, memo.source) == ("Too much", "Write-off", "AdhocFromInvoice")
    (item,) = memo.items
    assert (item.source_item_id, item.charge_name, item.tax_items) == ("item-2", "Charge", ())
    assert [item.quantity, item.unit_price] == [1, 10]


def test_a_memo_is_posted_at_once_if_it_should_be(
    invoice: "Invoice", terms: MemoTerms, papers: "Papers"
) -> None:
    items = portions_of(invoice, [Portion("item-2", Decimal(10))], papers, terms.now)
    mine = replace(terms, post=True, number="DM-MINE", due_date=date(2026, 3, 1))
    memo = debit_memo(items, mine, papers)
    assert (memo.status, memo.posted, memo.number) == ("Posted", terms.now, "DM-MINE")
    assert (memo.memo_date, memo.due_date, memo.invoice_id) == (
        date(2026, 2, 1),
        date(2026, 3, 1),
        invoice.id,
    )
    assert [memo.amount, memo.balance] == [10, 10]
    assert debit_memo(items, terms, papers).due_date == date(2026, 2, 1)
    assert credit_memo(items, mine, papers).posted == terms.now


def test_taxes_follow_the_amount_unless_they_are_said(
    invoice: "Invoice", terms: MemoTerms, papers: "Papers"
) -> None:
    first, second = (tax.id for tax in invoice.items[0].tax_items)
    said = {first: Decimal(7)}
    items = portions_of(
        invoice,
        [Portion("item-1", Decimal("33.33")), Portion("item-1", Decimal(40), taxes=said)],
        papers,
        terms.now,
    )
    assert [[str(tax.amount) for tax in item.tax_items] for item in items] == [["6.67", "1.67"], ["7"]]
    assert str(credit_memo(items, terms, papers).amount) == "88.67"
    with pytest.raises(NotFoundError, match="tax-9"):
        portions_of(invoice, [Portion("item-1", Decimal(1), taxes={"tax-9": Decimal(1)})], papers, terms.now)
    assert second not in {tax.id for item in items for tax in item.tax_items}


def test_a_portion_may_have_a_quantity_a_time_and_a_description_of_its_own(
    invoice: "Invoice", papers: "Papers"
) -> None:
    start, end = date(2026, 1, 5), date(2026, 1, 9)
    portion = Portion("item-2", Decimal(10), Decimal(4), start, end, "Sorry")
    (item,) = portions_of(invoice, [portion], papers, invoice.created)
    assert [item.quantity, item.unit_price] == [4, Decimal("2.5")]
    assert (item.start, item.end, item.description) == (start, end, "Sorry")
    (none,) = portions_of(invoice, [Portion("item-2", Decimal(10), Decimal(0))], papers, invoice.created)
    assert [none.quantity, none.unit_price] == [0, 10]


def test_a_memo_is_made_of_what_is_there(invoice: "Invoice", papers: "Papers") -> None:
    now = invoice.created
    with pytest.raises(NotFoundError, match="item-9"):
        portions_of(invoice, [Portion("item-9", Decimal(1))], papers, now)
    with pytest.raises(InvalidValueError, match="should not be less than 0"):
        portions_of(invoice, [Portion("item-1", Decimal(-1))], papers, now)
    with pytest.raises(RuleError, match="is Draft: memos are made from Posted ones"):
        portions_of(replace(invoice, status="Draft"), [], papers, now)


def test_an_amount_may_include_taxes_that_are_said(papers: "Papers") -> None:
    invoice = papers.taxed_invoice("100 20")
    (tax,) = invoice.items[0].tax_items
    portion = Portion("item-1", Decimal(12), taxes={tax.id: Decimal(2)}, inclusive=True)
    (item,) = portions_of(invoice, [portion], papers, invoice.created)
    assert [item.amount, item.unit_price, item.tax_amount] == [10, 10, 2]
    (plain,) = portions_of(
        papers.invoice("100"), [Portion("item-1", Decimal(12), inclusive=True)], papers, invoice.created
    )
    assert [plain.amount, plain.tax_amount] == [12, 0]


def test_a_memo_may_be_of_taxes_alone(papers: "Papers") -> None:
    """Source: Zuora, create a credit memo from an invoice: zero-amount memo items."""
    invoice = papers.taxed_invoice("100 20")
    (tax,) = invoice.items[0].tax_items
    portion = Portion("item-1", Decimal(0), taxes={tax.id: Decimal(5)})
    (item,) = portions_of(invoice, [portion], papers, invoice.created)
    assert [item.amount, item.unit_price, item.tax_amount] == [0, 0, 5]


def test_an_item_of_0_has_no_taxes_to_share(papers: "Papers") -> None:
    invoice = papers.taxed_invoice("0 1")
    (item,) = portions_of(invoice, [Portion("item-1", Decimal(3))], papers, invoice.created)
    assert item.tax_items == ()
