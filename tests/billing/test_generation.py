"""A bill becomes invoices and credit memos by the tenant's rules."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice, bill
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Term
from toolkit.billing.taxcodes import TaxCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold
    from tests.billing.papers import Papers

START = date(2026, 1, 1)
NET, BY_CHARGE = "net_negative", "net_negative_by_charge"
NEGATIVE, ZERO_TOO = "negative", "negative_and_zero_credits"


def made(one: "Customer", day: date, **rules: object) -> list[list[object]]:
    """Bill up to `day`, and return the kind and the amounts of each document."""
    changed = msgspec.convert(rules, BillingRules)
    found = documents(one.bill(day), one.heading(day), one, changed)
    assert all(document.amount == sum(item.amount for item in document.items) for document in found)
    return [[type(document).__name__, *(item.amount for item in document.items)] for document in found]


@pytest.fixture
def changed(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with a fee and ten free seats for a year, billed, who then gets fewer seats at a price."""
    one = customer()
    one.subscribe(
        sold(120, billing_period="Annual"),
        sold(0, model="PerUnit", quantity=10, billing_period="Annual"),
        start=START,
    )
    one.bill(START)
    one.update(date(2026, 7, 1), price=240)
    one.update(date(2026, 7, 1), plan=1, quantity=5, price=24)
    return one


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (NET, [["Invoice", -60, 120, 0, 60]]),
        (BY_CHARGE, [["Invoice", -60, 120, 0, 60]]),
        (NEGATIVE, [["Invoice", 120, 0, 60], ["CreditMemo", 60]]),
        (ZERO_TOO, [["Invoice", 120, 60], ["CreditMemo", 60, 0]]),
    ],
)
def test_the_generation_rule_decides_what_becomes_a_credit_memo(
    rule: str, expected: list[list[object]], changed: "Customer"
) -> None:
    """Source: rules for generating invoices and credit memos; the figures are ours."""
    assert made(changed, date(2026, 7, 1), credit_memo_generation=rule) == expected


def test_charges_are_netted_each_by_itself(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    """Source: rules for generating invoices and credit memos (SET-002): -15 and 10 a month, for 3 months."""
    one = customer()
    one.subscribe(sold(-15), sold(10), start=START)
    found = made(one, date(2026, 3, 1), credit_memo_generation=BY_CHARGE)
    assert found == [["Invoice", 10, 10, 10], ["CreditMemo", 15, 15, 15]]


@pytest.mark.parametrize(("consolidate", "expected"), [(True, [37]), (False, [7, 30])])
def test_items_of_no_subscription_share_the_invoice_unless_the_rules_say_no(
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
    papers: "Papers",
    expected: list[int],
    *,
    consolidate: bool,
) -> None:
    """Source: Zuora, billing rules - billing document: consolidate order line items into one invoice."""
    one = customer(rules=BillingRules(consolidate=consolidate))
    one.subscribe(sold(30), start=START)
    more = (papers.item("item-1", Decimal(7)),)
    found = documents(one.bill(START), one.heading(START), one, one.rules, more)
    assert [document.amount for document in found] == expected


@pytest.mark.parametrize(
    ("line_item", "charge", "consolidate", "expected"),
    [
        (-10, None, True, None),
        (-30, 20, True, None),
        (30, -100, True, None),
        (-30, 100, True, [70]),
        (30, -10, True, [20]),
        (-30, 100, False, None),
        (30, -10, False, [30, 10]),
    ],
)
def test_an_invoice_with_order_line_items_is_never_negative(
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
    papers: "Papers",
    line_item: int,
    charge: int | None,
    expected: list[int] | None,
    *,
    consolidate: bool,
) -> None:
    """Source: Zuora, order line items, interaction with invoice settlement; the last two are ours."""
    one = customer(rules=BillingRules(consolidate=consolidate))
    one.subscribe(*([] if charge is None else [sold(charge)]), start=START)
    more = (papers.item("item-1", Decimal(line_item)),)
    if expected is None:
        with pytest.raises(RuleError, match="would be negative"):
            documents(one.bill(START), one.heading(START), one, one.rules, more)
        return
    found = documents(one.bill(START), one.heading(START), one, one.rules, more)
    assert [document.amount for document in found] == expected


def test_a_discount_stays_with_what_it_discounts(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    discount = sold(model="DiscountPercentage", percentage=10, discount_level="subscription")
    one.subscribe(sold(-15), sold(100), discount, start=START)
    invoice, memo = documents(
        one.bill(START), one.heading(START), one, BillingRules(credit_memo_generation="negative")
    )
    assert isinstance(memo, CreditMemo)
    regular, less = invoice.items
    assert (less.applied_to_item_id, less.amount, invoice.amount, memo.amount) == (
        regular.id,
        Decimal(-10),
        Decimal(90),
        Decimal(15),
    )


def test_a_subscription_that_is_invoiced_separately_has_documents_of_its_own(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    shared = [one.subscribe(sold(price), start=START) for price in (1, 2)]
    alone = [one.subscribe(sold(price), start=START, invoice_separately=True) for price in (4, -8)]
    owed = bill(one.account, [alone[0], shared[0], alone[1], shared[1]], START, one.rules)
    found = documents(owed, one.heading(START), one, one.rules)
    assert [str(document.amount) for document in found] == ["3.00", "4.00", "8.00"]
    assert [isinstance(document, Invoice) for document in found] == [True, True, False]


def test_an_account_whose_subscriptions_are_all_separate_has_no_shared_document(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(5), start=START, invoice_separately=True)
    assert made(one, START) == [["Invoice", 5]]


def test_the_total_of_an_invoice_is_rounded_by_an_item(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: invoice-level rounding example (SET-034), by 0.05 up: 2.12 becomes 2.15."""
    rules = BillingRules(round_invoices=True, rounding="UP", rounding_increments={"USD": Decimal("0.05")})
    one = customer(rules=rules)
    one.subscribe(sold("1.11"), sold("1.01"), start=START)
    (invoice,) = documents(one.bill(START), one.heading(START), one, rules)
    *items, rounding = invoice.items
    assert [str(item.amount) for item in items] == ["1.11", "1.01"]
    assert (rounding.charge_name, rounding.processing_type) == ("Rounding Amount", "Rounding")
    assert (str(rounding.amount), str(invoice.amount)) == ("0.03", "2.15")
    assert rounding.subscription_id is None


def test_a_total_that_is_round_has_no_item_for_it(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold("1.14"), sold("1.01"), start=START)
    found = made(one, START, round_invoices=True, rounding_increments={"USD": Decimal("0.05")})
    assert found == [["Invoice", Decimal("1.14"), Decimal("1.01")]]


def test_without_the_suffix_credits_are_named_as_their_charge(changed: "Customer") -> None:
    owed = changed.bill(date(2026, 7, 1))
    for suffix, name in ((True, "Charge -- Proration Credit"), (False, "Charge")):
        (found,) = documents(owed, changed.heading(START), changed, BillingRules(credit_suffix=suffix))
        assert found.items[0].charge_name == name


@pytest.mark.parametrize(("weeks", "kind"), [(1, CreditMemo), (1000, Invoice)])
def test_taxes_decide_unless_there_are_too_many_items(
    customer: "type[Customer]", sold: "Callable[..., Sold]", weeks: int, kind: type[object]
) -> None:
    """Source: Zuora, tax preview: of 50 before tax 70 are owed back; of over 1,000 items it is not made."""
    code = msgspec.convert({"rates": [{"taxes": [{"name": "Tax", "rate": "0.1"}]}]}, TaxCode)
    one = customer(tax_codes={"Sales tax": code})
    one.subscribe(
        sold(-1200, type="OneTime", taxable=True, tax_code="Sales tax"),
        sold(1250, type="OneTime"),
        sold(0, billing_period="Week"),
        start=START,
        term=Term(7 * weeks, "Day"),
    )
    (found,) = documents(one.bill(START + timedelta(weeks=weeks)), one.heading(START), one, one.rules)
    assert isinstance(found, kind)
    assert abs(found.amount) == 70
