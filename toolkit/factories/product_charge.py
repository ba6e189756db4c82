"""Charges of product rate plans."""

from decimal import Decimal
from typing import Any

from toolkit.billing.catalog import ChargeTerms, ProductCharge
from toolkit.factories import Bench
from toolkit.factories._record import RecordFactory, lazy


class ProductChargeFactory(RecordFactory[ProductCharge]):
    """A price a seat, billed a year in advance from the term's first day."""

    class Meta:
        model = ProductCharge

    class Params:
        name = lazy(lambda made: f"Charge {made.number}")
        price = Decimal(348)
        currency = "USD"

    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("product charge"))
    terms = lazy(
        lambda made: ChargeTerms(
            name=made.name,
            type="Recurring",
            model="PerUnit",
            uom="Seat",
            billing_period="Annual",
            billing_day="TermStartDay",
            alignment="AlignToTermStart",
            timing="IN_ADVANCE",
            list_price_base="Per_Billing_Period",
        )
    )
    pricing = lazy(lambda made: {made.currency: {"currency": made.currency, "price": made.price}})

    @classmethod
    def keep(cls, bench: Bench, row: ProductCharge, fields: dict[str, Any]) -> None:
        """Put it nowhere: it stands in its rate plan."""


FACTORY = ProductChargeFactory
