"""Credit memos are applied, taken back and refunded, item by item."""

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest

from toolkit.billing.allocation import Application
from toolkit.billing.applications import (
    apply_items,
    apply_memo,
    by_source,
    refund_memo,
    unapply_memo,
    unrefund_memo,
)
from toolkit.billing.credits import unapplied_items
from toolkit.billing.errors import MissingValueError, NotFoundError, RuleError
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, portions_of
from toolkit.billing.parts import ItemAmount
from toolkit.billing.settlement import item_balances, settle

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.credits import CreditMemo
    from toolkit.billing.invoices import Invoice


def test_a_memo_is_used_up_by_what_it_is_applied_to(papers: "Papers") -> None:
    """Source: PUT unapply credit memo (SET-056): of 15, 14 are applied and 1 is not."""
    memo, invoice, debit = papers.credit_memo("15"), papers.invoice("10", "30"), papers.debit_memo("5")
    later = memo.created.replace(hour=1)
    memo, invoice = apply_memo(memo, invoice, Application(Decimal(10)), papers, later)
    memo, debit = apply_memo(memo, debit, Application(Decimal(5)), papers, later)
    assert [memo.applied, memo.unapplied, memo.updated] == [15, 0, later]
    assert [invoice.credited, invoice.balance, debit.credited, debit.balance] == [10, 30, 5, 0]
    assert item_balances(invoice) == {"item-1": Decimal("7.50"), "item-2": Decimal("22.50")}
    memo, invoice = unapply_memo(memo, invoice, Decimal(1), later)
    assert [memo.applied, memo.unapplied, invoice.credited, invoice.balance] == [14, 1, 9, 31]
    assert unapplied_items(memo) == {"credit-item-1": 1}
    with pytest.raises(
        RuleError, match="1.01 should not be greater than the unapplied amount 1.00 of the credit memo"
    ):
        apply_memo(memo, invoice, Application(Decimal("1.01")), papers, later)


def test_an_item_of_the_memo_settles_the_item_that_is_named(papers: "Papers") -> None:
    memo, invoice = papers.credit_memo("5", "8"), papers.invoice("10", "30")
    named = [
        ItemAmount("item-2", Decimal(5), "credit-item-1"),
        ItemAmount("item-2", Decimal(1), "credit-item-2"),
    ]
    memo, invoice = apply_memo(memo, invoice, Application(Decimal(6), named), papers, memo.created)
    assert unapplied_items(memo) == {"credit-item-1": 0, "credit-item-2": 7}
    assert item_balances(invoice) == {"item-1": 10, "item-2": 24}
    back = [ItemAmount("item-2", Decimal(1), "credit-item-2")]
    memo, invoice = unapply_memo(memo, invoice, Decimal(1), memo.created, back)
    assert unapplied_items(memo) == {"credit-item-1": 0, "credit-item-2": 8}


@pytest.mark.parametrize(
    ("item", "error", "reason"),
    [
        (ItemAmount("item-1", Decimal(6)), MissingValueError, "creditMemoItemId"),
        (ItemAmount("item-1", Decimal(6), "item-9"), NotFoundError, "item-9"),
        (ItemAmount("item-9", Decimal(6), "credit-item-2"), NotFoundError, "item-9"),
        (ItemAmount("item-1", Decimal(6), "credit-item-1"), RuleError, "unapplied amount 5 of the item cred"),
    ],
)
def test_an_item_gives_no_more_than_it_has(
    item: ItemAmount, error: type[Exception], reason: str, papers: "Papers"
) -> None:
    memo, invoice = papers.credit_memo("5", "8"), papers.invoice("10", "30")
    with pytest.raises(error, match=reason):
        apply_memo(memo, invoice, Application(Decimal(6), [item]), papers, memo.created)


def test_a_memo_settles_its_own_account_s_debts_only(papers: "Papers") -> None:
    memo, invoice = papers.credit_memo("5"), papers.invoice("10", account_id="another")
    with pytest.raises(RuleError, match="belongs to another account than"):
        apply_memo(memo, invoice, Application(Decimal(5)), papers, memo.created)


def test_items_of_either_sign_are_applied_one_to_one(papers: "Papers") -> None:
    """Source: invoice reversal, case II (SET-021): 100 + 20 - 10 - 2, after which the invoice owes 0."""
    memo, invoice = papers.credit_memo("100", "20", "-10", "-2"), papers.invoice("100", "20", "-10", "-2")
    items = [ItemAmount(item.id, item.amount, f"credit-{item.id}") for item in invoice.items]
    memo, invoice = apply_items(memo, invoice, items, papers, memo.created)
    assert [memo.amount, memo.applied, memo.unapplied, invoice.balance] == [108, 108, 0, 0]
    assert {*item_balances(invoice).values(), *unapplied_items(memo).values()} == {0}
    memo, invoice = unapply_memo(memo, invoice, Decimal(108), memo.created)
    assert [memo.unapplied, invoice.balance, memo.parts] == [108, 108, ()]


def test_what_is_refunded_is_left_no_more(papers: "Papers") -> None:
    memo = papers.credit_memo("5", "8")
    later = memo.created.replace(hour=1)
    refunded, shares = refund_memo(memo, Decimal(6), later)
    assert shares == {"credit-item-1": 5, "credit-item-2": 1}
    assert [refunded.refunded, refunded.unapplied, refunded.updated] == [6, 7, later]
    again, _ = refund_memo(refunded, Decimal(7), later)
    assert [again.refunded, again.unapplied] == [13, 0]
    with pytest.raises(RuleError, match="1 should not be greater than the unapplied amount 0"):
        refund_memo(again, Decimal(1), later)
    assert unrefund_memo(refunded, shares, later).unapplied == 13


@pytest.mark.parametrize(("status", "left"), [("Draft", 15), ("Canceled", 0)])
def test_only_a_posted_memo_is_applied(
    status: Literal["Draft", "Canceled"], left: int, papers: "Papers"
) -> None:
    """Source: POST credit memo from invoice (SET-060): of a draft, all is unapplied."""
    memo, invoice = papers.credit_memo("15", status=status), papers.invoice("20")
    assert memo.unapplied == left
    with pytest.raises(RuleError, match=f"is {status}: only Posted ones can be applied"):
        apply_memo(memo, invoice, Application(Decimal(1)), papers, memo.created)
    with pytest.raises(RuleError, match=f"is {status}: only Posted ones can be applied"):
        apply_items(memo, invoice, [], papers, memo.created)


def credited(invoice: "Invoice", papers: "Papers", *amounts: str) -> "CreditMemo":
    """Return a posted memo of these amounts of the invoice's items, with their part of the taxes."""
    terms = MemoTerms(
        account_id="account",
        currency="USD",
        memo_date=invoice.invoice_date,
        now=invoice.created,
        source="AdhocFromInvoice",
        post=True,
    )
    wanted = [Portion(f"item-{place}", Decimal(amount)) for place, amount in enumerate(amounts, 1)]
    return credit_memo(portions_of(invoice, wanted, papers, invoice.created), terms, papers)


def test_each_item_settles_the_item_that_it_credits(papers: "Papers") -> None:
    """Source: Zuora, application of a credit memo by source invoice item; the figures are ours."""
    invoice = papers.taxed_invoice("100 20", "40")
    memo = credited(invoice, papers, "50", "40")
    assert memo.amount == 100
    items = tuple(by_source(memo, invoice, Decimal(100)))
    used, settled = apply_memo(memo, invoice, Application(Decimal(100), items), papers, memo.created)
    assert list(item_balances(settled).values()) == [50, 10, 0]
    assert used.unapplied == 0
    half = tuple(by_source(memo, invoice, Decimal(50)))
    _, settled = apply_memo(memo, invoice, Application(Decimal(50), half), papers, memo.created)
    assert list(item_balances(settled).values()) == [75, 15, 20]


def test_items_whose_source_is_settled_are_left_out(papers: "Papers") -> None:
    invoice = papers.invoice("100", "40")
    memo = credited(invoice, papers, "50", "40")
    paid, _ = settle(
        invoice, Application(Decimal(40), [ItemAmount("item-2", Decimal(40))]), memo.created, credit=False
    )
    assert [item.amount for item in by_source(memo, paid, Decimal(50))] == [50]
    with pytest.raises(RuleError, match="51 is more than .* has left for its items' sources"):
        list(by_source(memo, paid, Decimal(51)))
    with pytest.raises(RuleError, match="credits no item of"):
        list(by_source(papers.credit_memo("5"), paid, Decimal(5)))
