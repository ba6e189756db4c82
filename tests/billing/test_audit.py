"""The audit names what is wrong, and is silent about what is right."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.billing.conftest import NOW
from tests.billing.papers import Papers
from tests.billing.test_ledger import payment
from toolkit.billing.accounts import Balances
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.audit import Books, billed_outside, billed_twice, misapplied, misbalanced, misstated
from toolkit.billing.invoices import Invoice
from toolkit.billing.parts import ItemAmount, with_part
from toolkit.billing.rules import BillingRules
from toolkit.billing.splitting import Split, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

TODAY, DAY = NOW.date(), timedelta(days=1)
RULES = BillingRules()


def found(faults: Iterable[str]) -> str:
    return "; ".join(faults)


def test_settled_documents_are_right(papers: Papers) -> None:
    memo, invoice = apply_memo(
        papers.credit_memo("50"), papers.invoice("80"), Application(Decimal(30)), papers, NOW
    )
    debit = papers.debit_memo("5")
    books = Books([invoice], [debit], [memo], [payment(7)])
    assert found((*misstated(books), *misapplied(books))) == ""
    balances = Balances(Decimal(50), Decimal(20), Decimal(7), Decimal(5))
    assert found(misbalanced(books, balances)) == ""
    assert balances.balance == 28


def test_an_amount_other_than_that_of_the_items_is_named(papers: Papers) -> None:
    wrong = papers.invoice("10", amount=11, number="INV1")
    assert found(misstated(Books([wrong]))) == (
        "INV1 posts 1 more debit than credit; INV1 is of 11, its items are of 10"
    )


def test_what_is_applied_on_one_side_only_is_named(papers: Papers) -> None:
    invoice = papers.invoice("10", number="INV1", paid=4)
    assert found(misapplied(Books([invoice]))) == (
        "INV1 is paid and credited otherwise than payments and credit memos say; "
        "INV1 is settled by other amounts than its items"
    )
    parts = with_part((), invoice, [ItemAmount("item-1", Decimal(60))], papers, NOW)
    paid = replace(payment(50), parts=parts)
    assert found(misapplied(Books((), (), (), [paid]))) == (
        f"P-1 is applied beyond its amount, by 10; something is applied to {invoice.id}, which is not there"
    )


def test_a_balance_that_the_ledger_does_not_have_is_named(papers: Papers) -> None:
    books = Books([papers.invoice("10")])
    assert found(misbalanced(books, Balances(Decimal(9), Decimal(0), Decimal(0)))) == (
        "Accounts Receivable is 10 in the ledger and 9 in the account's balance"
    )


def billing(papers: Papers, first: int, last: int, quantity: int = 1, **more: Any) -> Invoice:  # noqa: ANN401
    """Return an invoice of one item for some days of a charge."""
    days = {"start": TODAY + first * DAY, "end": TODAY + last * DAY}
    item = replace(papers.item("item", Decimal(1)), quantity=Decimal(quantity), **days, **more)
    return papers.invoice(items=(item,), amount=1)


def test_days_that_are_billed_twice_are_named_unless_given_back(papers: Papers) -> None:
    first, second = billing(papers, 0, 29), billing(papers, 10, 39)
    assert found(billed_twice(Books([first, billing(papers, 30, 39)]))) == ""
    assert (
        found(billed_twice(Books([first, second])))
        == f"the charge C-1 is billed 2 times on {TODAY + 10 * DAY}"
    )
    back = billing(papers, 10, 29, -1)
    assert found(billed_twice(Books([first, second, back]))) == ""
    memo = papers.credit_memo(items=billing(papers, 10, 29).items, amount=1)
    assert found(billed_twice(Books([first, second], (), [memo]))) == ""
    assert "billed -1 times" in found(billed_twice(Books([back])))


@pytest.mark.parametrize(
    "more",
    [
        {"processing_type": "Discount"},
        {"subscription_number": None},
        {"source_item_id": "another"},
        {"quantity": 0},
    ],
)
def test_what_bills_no_days_of_a_charge_is_none_of_it(papers: Papers, more: dict[str, Any]) -> None:
    books = Books([billing(papers, 0, 29), billing(papers, 0, 29, **more)])
    assert found(billed_twice(books)) == ""
    cancelled = replace(billing(papers, 0, 29), status="Canceled")
    assert found(billed_twice(Books([billing(papers, 0, 29), cancelled], [papers.debit_memo("1")]))) == ""


@pytest.fixture
def charged(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with a charge of the year from today on."""
    one = customer()
    one.subscribe(sold(10), start=TODAY)
    return one


def outside(charged: "Customer", papers: Papers, first: int, last: int, rules: BillingRules = RULES) -> str:
    (charge,) = charged.charges
    invoice = billing(papers, first, last, charge_id=charge.id, subscription_id=charged.subscription.id)
    versions = {charged.subscription.id: charged.subscription}
    return found(billed_outside(Books([invoice]), versions.get, rules))


def test_days_that_a_charge_has_not_are_named(charged: "Customer", papers: Papers) -> None:
    assert outside(charged, papers, 0, 364) == ""
    assert (
        outside(charged, papers, -1, 29) == "Charge bills 2025-12-31 to 2026-01-30, its charge has other days"
    )
    assert "its charge has other days" in outside(charged, papers, 365, 366)


def test_a_period_may_be_billed_beyond_the_terms_end_but_not_beyond_a_cancellation(
    charged: "Customer", papers: Papers
) -> None:
    assert outside(charged, papers, 350, 380) == ""
    charged.remove(date(2026, 3, 1))
    assert "its charge has other days" in outside(charged, papers, 50, 70)
    whole = BillingRules(bill_partial_month=False, prorate_partial_period=False)
    assert outside(charged, papers, 50, 70, whole) == ""


def test_versions_and_charges_that_are_gone_have_no_days(charged: "Customer", papers: Papers) -> None:
    invoice = billing(papers, 0, 29)
    assert found(billed_outside(Books([invoice]), lambda _: None, RULES)) == ""
    assert found(billed_outside(Books([invoice]), lambda _: charged.subscription, RULES)) == ""


def test_the_parts_of_a_split_invoice_bill_their_days_once(papers: Papers) -> None:
    whole = replace(billing(papers, 0, 29), status="Draft")
    half = Split(Decimal(50), TODAY, TODAY, None)
    parts = split(whole, [half, half], papers)
    assert found(billed_twice(Books([replace(whole, status="Canceled"), *parts]))) == ""
    assert "2 times" in found(billed_twice(Books([whole, *parts])))
