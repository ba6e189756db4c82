"""Payments and credit memos settle invoices and debit memos, item by item."""

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pytest

from toolkit.billing.allocation import Application
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.parts import ItemAmount
from toolkit.billing.settlement import item_balances, settle, settle_items, unsettle

if TYPE_CHECKING:
    from tests.billing.papers import Papers


def test_payments_and_credits_settle_an_invoice(papers: "Papers") -> None:
    invoice = papers.invoice("99.98", "-10")
    now = invoice.created.replace(hour=5)
    paid, shares = settle(invoice, Application(Decimal(80)), now, credit=False)
    assert [paid.balance, paid.paid, paid.credited, paid.updated] == [Decimal("9.98"), 80, 0, now]
    assert shares == {"item-1": 80}
    assert item_balances(paid) == {"item-1": Decimal("19.98"), "item-2": -10}
    credited, _ = settle(paid, Application(Decimal("9.98")), now, credit=True)
    assert [credited.balance, credited.paid, credited.credited] == [0, 80, Decimal("9.98")]
    with pytest.raises(RuleError, match="0.01 should not be greater than the balance 0.00 of the invoice"):
        settle(credited, Application(Decimal("0.01")), now, credit=True)


def test_a_debit_memo_is_settled_as_an_invoice_is(papers: "Papers") -> None:
    memo = papers.debit_memo("6", "3")
    paid, shares = settle(memo, Application(Decimal(3)), memo.created, credit=False)
    assert [paid.balance, shares] == [6, {"item-1": 2, "item-2": 1}]
    first, shares = settle(paid, Application(Decimal(5), rule="FIFO"), memo.created, credit=True)
    assert [first.balance, first.credited, shares] == [1, 5, {"item-1": 4, "item-2": 1}]


def test_named_items_get_what_is_said(papers: "Papers") -> None:
    invoice = papers.invoice("100", "20")
    named = [ItemAmount("item-2", Decimal(15)), ItemAmount("item-1", Decimal(5))]
    paid, shares = settle(invoice, Application(Decimal(20), named), invoice.created, credit=False)
    assert shares == {"item-2": 15, "item-1": 5}
    assert item_balances(paid) == {"item-1": 95, "item-2": 5}


@pytest.mark.parametrize(
    ("items", "amount", "error", "reason"),
    [
        ({"item-2": 15}, 20, RuleError, "add up to 15, not to the amount 20"),
        ({"item-2": 21}, 21, RuleError, "21 should not be greater than the balance 20 of the item item-2"),
        ({"item-1": -1, "item-2": 2}, 1, RuleError, "-1 should not be greater than the balance 100 of the"),
        ({"item-3": 1}, 1, NotFoundError, "item-3"),
        ({}, 0, InvalidValueError, "0 should be greater than 0"),
    ],
)
def test_an_item_gets_no_more_than_it_owes(
    items: dict[str, int], amount: int, error: type[Exception], reason: str, papers: "Papers"
) -> None:
    invoice = papers.invoice("100", "20")
    named = [ItemAmount(key, Decimal(share)) for key, share in items.items()]
    with pytest.raises(error, match=reason):
        settle(invoice, Application(Decimal(amount), named), invoice.created, credit=False)


def test_a_negative_item_is_settled_by_what_is_negative(papers: "Papers") -> None:
    """Source: write-off use case VII (SET-027), whose memo of 0 has items of 10, 2, -10 and -2."""
    invoice = papers.invoice("100", "20", "-10", "-2")
    paid, _ = settle(invoice, Application(Decimal(108)), invoice.created, credit=False)
    left = item_balances(paid)
    assert [paid.balance, list(left.values())] == [0, [10, 2, -10, -2]]
    written_off = settle_items(paid, left, invoice.created, credit=True)
    assert set(item_balances(written_off).values()) == {0}
    assert written_off.credited == 0


def test_what_is_taken_back_is_owed_again(papers: "Papers") -> None:
    invoice = papers.invoice("100", "20")
    paid, shares = settle(invoice, Application(Decimal(60)), invoice.created, credit=False)
    credited, freed = settle(paid, Application(Decimal(12)), invoice.created, credit=True)
    unpaid = unsettle(credited, shares, invoice.created, credit=False)
    assert [unpaid.paid, unpaid.credited, unpaid.balance] == [0, 12, 108]
    whole = unsettle(unpaid, freed, invoice.created, credit=True)
    assert [whole.balance, item_balances(whole)] == [120, item_balances(invoice)]


@pytest.mark.parametrize("status", ["Draft", "Canceled"])
def test_only_what_is_posted_is_settled(status: Literal["Draft", "Canceled"], papers: "Papers") -> None:
    invoice, memo = papers.invoice("5", status=status), papers.debit_memo("5", status=status)
    with pytest.raises(RuleError, match=f"The invoice .* is {status}: only Posted ones can be settled"):
        settle(invoice, Application(Decimal(1)), invoice.created, credit=False)
    with pytest.raises(RuleError, match=f"The debit memo .* is {status}: only Posted ones can be settled"):
        settle_items(memo, {}, memo.created, credit=True)
    assert (item_balances(memo) == {"item-1": 0}) == (status == "Canceled")
    assert memo.balance == (5 if status == "Draft" else 0)
