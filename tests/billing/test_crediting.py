"""No more is credited by hand than an invoice has left."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.crediting import available_to_credit, check_credit, credit_from
from toolkit.billing.errors import RuleError
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, portions_of
from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.credits import CreditMemo
    from toolkit.billing.documents import DocumentItem
    from toolkit.billing.invoices import Invoice

HEADER, BOTH = BillingRules(), BillingRules(credit_validation="header_and_item")


def credited(invoice: "Invoice", item: str, amount: str, papers: "Papers") -> "CreditMemo":
    """Return a credit memo of a part of an item."""
    terms = MemoTerms(
        account_id="account",
        currency="USD",
        memo_date=invoice.invoice_date,
        now=invoice.created,
        source="AdhocFromInvoice",
        invoice_id=invoice.id,
    )
    items = portions_of(invoice, [Portion(item, Decimal(amount))], papers, invoice.created)
    return credit_memo(items, terms, papers)


def test_each_memo_leaves_less_of_the_whole_and_of_its_item(papers: "Papers") -> None:
    """Source: preventing over-crediting for delivery charges (SET-008, SET-009): two items of 42."""
    invoice = papers.taxed_invoice("42", "42")
    memos = [credited(invoice, "item-1", "40", papers)]
    assert list(available_to_credit(invoice, memos, [invoice], BOTH))[:2] == [44, {"item-1": 2, "item-2": 42}]
    memos.append(credited(invoice, "item-1", "1.75", papers))
    left = available_to_credit(invoice, memos, [invoice], BOTH)
    assert [str(left.whole), str(left.items["item-1"])] == ["42.25", "0.25"]
    again = credited(invoice, "item-1", "1.75", papers)
    with pytest.raises(
        RuleError, match=r"1.75 should not be greater than the 0.25 that is available to cred"
    ):
        check_credit(left, again.items, BOTH)
    check_credit(left, again.items, HEADER)
    check_credit(left, credited(invoice, "item-2", "42", papers).items, BOTH)


@pytest.mark.parametrize("available", [63, 84])
def test_what_bills_credited_counts_if_the_tenant_says_so(available: int, papers: "Papers") -> None:
    """Source: the same, 2B (SET-011): of 84 a bill has credited 21."""
    invoice, engine = papers.invoice("84"), papers.credit_memo("21", source="BillRun")
    rules = BillingRules(count_engine_credits=available < 84)
    left = available_to_credit(invoice, [engine], [invoice], rules)
    assert left.whole == available
    items = credited(invoice, "item-1", "64", papers).items
    if available < 84:
        with pytest.raises(RuleError, match="64 of the credit memo should not be greater than the 63 that"):
            check_credit(left, items, rules)
    else:
        check_credit(left, items, rules)


def test_a_negative_item_of_a_later_invoice_counts_as_well(papers: "Papers") -> None:
    invoice, later = papers.invoice("84"), papers.invoice("100", "-20")
    assert list(available_to_credit(invoice, [], [invoice, later], HEADER))[:2] == [64, {"item-1": 64}]
    cancelled = replace(later, status="Canceled")
    assert available_to_credit(invoice, [], [invoice, cancelled], HEADER).whole == 84


def test_other_charges_and_cancelled_memos_count_for_nothing(papers: "Papers") -> None:
    invoice = papers.invoice("84")
    of_none = papers.credit_memo("5")
    strange = replace(of_none, items=tuple(replace(item, charge_number=None) for item in of_none.items))
    another = replace(of_none, items=tuple(replace(item, charge_number="C-2") for item in of_none.items))
    cancelled = papers.credit_memo("5", status="Canceled")
    memos = [strange, another, cancelled]
    assert list(available_to_credit(invoice, memos, [invoice], HEADER))[:2] == [84, {"item-1": 84}]


def test_a_bill_s_memo_names_what_it_credits_of_the_latest_invoice(papers: "Papers") -> None:
    """Source: Zuora, use cases of invoice and memo association, case I and its known limitations."""
    old, new, void = papers.invoice("84"), papers.invoice("84"), papers.invoice("84", status="Split")
    latest = replace(new, items=(replace(new.items[0], id="latest"),))
    memo = papers.credit_memo("21", "-1", source="BillRun")
    named = credit_from(memo, [old, latest, void])
    assert [item.source_item_id for item in named.items] == ["latest", None]
    assert [item.source_item_id for item in credit_from(memo, [void]).items] == [None, None]


def test_taxes_are_limited_together_and_by_item_if_they_are_said(papers: "Papers") -> None:
    """Source: Zuora, preventing over-crediting for tax; the figures are ours."""
    invoice = papers.taxed_invoice("90 4 6")
    first, second = (tax.id for tax in invoice.items[0].tax_items)
    left = available_to_credit(invoice, [], [invoice], BOTH)
    assert [left.tax, left.taxes] == [10, {first: 4, second: 6}]

    def said(amount: int, *taxes: int) -> tuple["DocumentItem", ...]:
        portion = Portion(
            "item-1", Decimal(amount), taxes=dict(zip((first, second), map(Decimal, taxes), strict=True))
        )
        return portions_of(invoice, [portion], papers, invoice.created)

    with pytest.raises(RuleError, match="The taxes of 11 should not be greater than the 10 that are avail"):
        check_credit(left, said(9, 5, 6), BOTH)
    check_credit(left, said(9, 5, 6), HEADER)
    with pytest.raises(
        RuleError, match="5 should not be greater than the 4 that is available to credit of the tax"
    ):
        check_credit(left, said(9, 5, 5), BOTH, {"item-1"})
    check_credit(left, said(9, 5, 5), BOTH)
    memo = credited(invoice, "item-1", "45", papers)
    assert available_to_credit(invoice, [memo], [invoice], BOTH).taxes == {first: 2, second: 3}
