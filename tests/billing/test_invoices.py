"""A bill becomes an invoice or a credit memo, which is posted."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import pytest
from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice, bill
from toolkit.billing.rules import DEFAULT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
TENTH = Decimal("0.1")


@pytest.fixture
def buyer(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with a charge a month at 10 % off, and net 30 days to pay."""
    one = customer()
    one.account = replace(one.account, payment_term="Net 30")
    one.subscribe(
        sold("49.99", name="Seats", model="PerUnit", quantity=2, uom="Seat", description="Seats a month"),
        sold(model="DiscountPercentage", name="Loyalty", percentage=10, discount_level="subscription"),
        start=START,
    )
    return one


def invoiced(buyer: "Customer", day: date = START, *, ahead: date = START, is_posted: bool = True) -> Invoice:
    """Bill up to `ahead` on an invoice of `day`."""
    (made,) = documents(buyer.bill(ahead), buyer.heading(day, post=is_posted), buyer)
    assert isinstance(made, Invoice)
    return made


def test_an_invoice_is_due_by_the_payment_term(buyer: "Customer") -> None:
    """Source: POST standalone invoice (SET-061): of 30 July, net 30, due on 29 August."""
    invoice = invoiced(buyer, date(2024, 7, 30), ahead=date(2026, 1, 1))
    assert (invoice.invoice_date, invoice.due_date) == (date(2024, 7, 30), date(2024, 8, 29))
    assert (str(invoice.amount), invoice.status, invoice.source) == ("89.98", "Posted", "BillRun")
    assert invoice.posted == invoice.created


def test_nothing_due_makes_no_document(buyer: "Customer") -> None:
    owed = buyer.bill(date(2025, 12, 31))
    assert owed.total == 0
    assert documents(owed, buyer.heading(START), buyer) == ()


def test_bills_mark_only_what_they_bill(buyer: "Customer") -> None:
    before = buyer.subscription
    buyer.bill(date(2025, 12, 31))
    assert buyer.subscription is before
    buyer.bill(START)
    assert [charge.charged_through for charge in buyer.charges] == [date(2026, 2, 1)] * 2
    assert [charge.charged_through for charge in before.charges] == [None] * 2


@pytest.mark.parametrize("status", ["Draft", "Pending Activation", "Expired"])
def test_what_is_not_in_force_is_not_billed(status: Literal["Draft", "Expired"], buyer: "Customer") -> None:
    waiting = replace(buyer.subscription, status=status)
    owed = bill(buyer.account, [waiting], date(2027, 1, 1), DEFAULT_RULES)
    assert (owed.lines, owed.subscriptions) == ((), ())


@pytest.mark.parametrize(
    ("terms", "accepted", "billed"),
    [
        ({}, None, True),
        ({"trigger_event": "ServiceActivation"}, None, True),
        ({"trigger_event": "CustomerAcceptance"}, None, False),
        ({"trigger_event": "CustomerAcceptance"}, START, True),
        ({"trigger_event": "SpecificDate"}, START, False),
        ({"trigger_event": "SpecificDate", "trigger": START}, None, True),
    ],
)
def test_what_has_its_date_is_billed_before_its_subscription_is_accepted(
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
    terms: dict[str, Any],
    accepted: date | None,
    *,
    billed: bool,
) -> None:
    """Source: Zuora community, invoice generated for pending subscription."""
    one = customer()
    bought = one.subscribe(sold(10, **terms), start=START)
    waiting = replace(bought, status="Pending Acceptance", customer_acceptance=accepted)
    assert bool(bill(one.account, [waiting], START, DEFAULT_RULES).lines) == billed


def test_a_credit_memo_shows_what_is_given_back(buyer: "Customer") -> None:
    buyer.bill(START)
    buyer.cancel(date(2026, 1, 17))
    (memo,) = documents(buyer.bill(date(2026, 1, 17)), buyer.heading(date(2026, 1, 17), post=False), buyer)
    assert isinstance(memo, CreditMemo)
    assert (memo.status, memo.posted, str(memo.amount)) == ("Draft", None, "43.54")
    assert [item.amount for item in memo.items] == [Decimal("48.38"), Decimal("-4.84")]


@pytest.mark.parametrize(("status", "share"), [("Draft", 1), ("Posted", 1), ("Canceled", 0)])
def test_what_is_open_of_an_invoice_depends_on_its_status(
    status: Literal["Draft", "Posted", "Canceled"], share: int, buyer: "Customer"
) -> None:
    """Source: POST standalone invoice (SET-061): of a draft of 100 the balance is 100."""
    invoice = replace(invoiced(buyer), status=status)
    assert invoice.balance == invoice.amount * share
