"""Documents without a subscription."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from toolkit.billing.standalone import StandaloneItem, standalone_invoice, standalone_items

if TYPE_CHECKING:
    from tests.billing.conftest import Customer


def test_a_standalone_invoice_is_due_by_the_payment_term(customer: "type[Customer]") -> None:
    """Source: create a standalone invoice (SET-061)."""
    one = customer()
    one.account = replace(one.account, payment_term="Net 30")
    day = date(2024, 7, 30)
    wanted = [StandaloneItem(name="Cable", amount=Decimal(100), start=day, quantity=Decimal(4), sku="CBL")]
    items = standalone_items(wanted, "USD", one, one.account.created)
    invoice = standalone_invoice(items, one.heading(day, post=False), one)
    assert [invoice.amount, invoice.balance] == [100, 100]
    assert (invoice.due_date, invoice.status, invoice.posted) == (date(2024, 8, 29), "Draft", None)
    (item,) = invoice.items
    assert (item.charge_name, item.sku, item.start, item.end) == ("Cable", "CBL", day, day)
    assert [item.quantity, item.unit_price] == [4, 25]
    assert item.subscription_id is None


def test_a_number_and_a_price_may_be_given(customer: "type[Customer]") -> None:
    one = customer()
    day = date(2024, 7, 30)
    wanted = [
        StandaloneItem(
            name="Call", amount=Decimal("0.005"), start=day, end=date(2024, 8, 1), unit_price=Decimal("0.005")
        ),
        StandaloneItem(name="None", amount=Decimal(5), start=day, quantity=Decimal(0)),
    ]
    items = standalone_items(wanted, "USD", one, one.account.created)
    invoice = standalone_invoice(items, one.heading(day), one, number="INV-MINE")
    assert (invoice.number, invoice.status, invoice.posted) == ("INV-MINE", "Posted", invoice.created)
    assert [str(item.amount) for item in items] == ["0.01", "5.00"]
    assert [str(item.unit_price) for item in items] == ["0.005", "5"]
    assert items[0].end == date(2024, 8, 1)
