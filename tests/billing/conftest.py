"""A customer whose orders and bills run through the engine, with nothing around it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from tests.billing.papers import Papers
from tests.billing.sold import Sold
from toolkit.billing.accounts import Account, Contact
from toolkit.billing.catalog import ChargeTerms, Pricing, Product, ProductCharge, ProductRatePlan
from toolkit.billing.documents import DocumentItem, document_items
from toolkit.billing.errors import NotFoundError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Bill, bill
from toolkit.billing.levies import TaxOffice, Taxpayer
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    Change,
    CreateSubscription,
    Desk,
    Override,
    RemoveProduct,
    RenewSubscription,
    Resume,
    Subscribe,
    Suspend,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, Term
from toolkit.billing.taxcodes import TaxCode
from toolkit.billing.taxes import taxed
from toolkit.billing.unbilling import marks_of, unbill
from toolkit.billing.usage import Usage, processed, released
from toolkit.billing.versions import change, create

if TYPE_CHECKING:
    from toolkit.billing.marks import Mark

__all__ = ["Customer", "Sold"]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9999, 12, 31)
YEAR = Term(12, "Month")


class Customer:
    """One account, its one subscription, and what it is billed.

    Args:
        bill_cycle_day: The account's.
        currency: The account's.
        rules: The tenant's.
        tax_codes: The tenant's, by name.
    """

    def __init__(
        self,
        bill_cycle_day: int = 1,
        currency: str = "USD",
        rules: BillingRules = DEFAULT_RULES,
        tax_codes: Mapping[str, TaxCode] | None = None,
    ) -> None:
        self._next = count(1)
        self._plans: dict[str, ProductRatePlan] = {}
        self.rules = rules
        self.account = Account(
            id=self.id(),
            number="A1",
            name="Byron Ltd",
            currency=currency,
            bill_cycle_day=bill_cycle_day,
            bill_to_id="",
            sold_to_id="",
            created=NOW,
            updated=NOW,
        )
        self.subscription: Subscription
        self.former: Subscription | None = None
        self.beside: Subscription | None = None
        self.usage: list[Usage] = []
        self.used_by: list[str] = []
        self.marks: dict[str, Mark] = {}
        self.tax_codes = tax_codes or {}
        self.sold_to = Contact(
            id="", number="", account_id=self.account.id, first_name="Ada", last_name="Byron"
        )
        self.payers: Callable[[str], Contact] = lambda _: self.sold_to
        self.invoiced: list[DocumentItem] = []

    def id(self) -> str:
        return f"{next(self._next):032x}"

    def number(self, kind: str) -> str:
        return f"{kind} {next(self._next):08}"

    def desk(self, ordered: date) -> Desk:
        """Return what an order of this date needs."""
        product = Product(
            id="product",
            number="P",
            sku="S",
            name="Product",
            effective_start=FIRST_DAY,
            effective_end=LAST_DAY,
        )

        def find(key: str) -> tuple[Product, ProductRatePlan]:
            if key not in self._plans:
                raise NotFoundError(key)
            return product, self._plans[key]

        return Desk(self, find, NOW, "O-1", ordered, rules=self.rules)

    def offer(self, *charges: Sold) -> Subscribe:
        """Put a rate plan with these charges into the catalog, and return the wish to buy it."""
        products, wishes = [], []
        for charge in charges:
            identity = self.id()
            terms = msgspec.convert(charge, ChargeTerms, from_attributes=True)
            products.append(
                ProductCharge(
                    id=identity,
                    number=f"PRPC-{identity}",
                    terms=terms,
                    pricing={self.account.currency: charge.pricing(self.account.currency)},
                    default_quantity=charge.quantity,
                )
            )
            wishes.append(
                Override(
                    key=identity,
                    price=charge.sold_at,
                    attributes=charge.attributes,
                    price_change=charge.own_change,
                    specific_trigger=charge.trigger,
                    specific_end=charge.end,
                )
            )
        plan = ProductRatePlan(
            id=self.id(),
            number="PRP",
            product_id="product",
            name="Plan",
            charges=tuple(products),
            effective_start=FIRST_DAY,
            effective_end=LAST_DAY,
        )
        self._plans[plan.id] = plan
        return Subscribe(plan.id, tuple(wishes))

    def subscribe(
        self, *charges: Sold, start: date, term: Term | None = YEAR, **more: object
    ) -> Subscription:
        """Buy these charges, each in a rate plan of its own; without a term for good."""
        wanted = {
            "triggers": Triggers(start),
            "rate_plans": tuple(self.offer(charge) for charge in charges),
            "term_type": "TERMED" if term else "EVERGREEN",
            "initial_term": term,
            **more,
        }
        action = msgspec.convert(wanted, CreateSubscription)
        self.subscription = create(action, self.account.id, self.account.currency, self.desk(start))
        return self.subscription

    def order(self, action: Change, ordered: date | None = None) -> Subscription:
        """Carry out an action, ordered on its contract effective date unless said."""
        self.former = self.subscription
        desk = self.desk(ordered or (action.triggers or Triggers(NOW.date())).contract_effective)
        self.subscription = change(self.subscription, action, desk)
        return self.subscription

    def add(self, *charges: Sold, day: date) -> Subscription:
        return self.order(AddProduct(Triggers(day), self.offer(*charges)))

    def update(self, day: date, plan: int = 0, charge: int = 0, **changes: object) -> Subscription:
        """Change a charge: the plan's, by its position among the plan's charges."""
        changed = self.subscription.rate_plans[plan]
        numbers = list(dict.fromkeys(one.number for one in changed.charges))
        wanted = msgspec.convert({"key": numbers[charge], **changes}, Override)
        return self.order(UpdateProduct(Triggers(day), changed.id, (wanted,)))

    def remove(self, day: date, plan: int = 0) -> Subscription:
        return self.order(RemoveProduct(Triggers(day), self.subscription.rate_plans[plan].id))

    def catalog(self, plan: int, *charges: Sold) -> None:
        """Put these charges in place of what the catalog has of a plan of the subscription."""
        sold = self._plans[self.subscription.rate_plans[plan].product_rate_plan_id]
        made = tuple(
            replace(was, terms=charge, pricing={self.account.currency: charge.pricing(self.account.currency)})
            for was, charge in zip(sold.charges, charges, strict=False)
        )
        self._plans[sold.id] = replace(sold, charges=made)

    def withdraw(self, plan: int) -> None:
        """Take a plan of the subscription out of the catalog."""
        del self._plans[self.subscription.rate_plans[plan].product_rate_plan_id]

    def renew(self) -> Subscription:
        assert self.subscription.term_end is not None
        return self.order(RenewSubscription(Triggers(self.subscription.term_end)))

    def cancel(self, day: date) -> Subscription:
        return self.order(CancelSubscription(Triggers(day), "SpecificDate", day))

    def use(self, quantity: Decimal | int, day: date, **more: object) -> None:
        """Note usage of this day."""
        wanted = {
            "id": self.id(),
            "account_id": self.account.id,
            "uom": "Each",
            "quantity": quantity,
            "start": day,
            **more,
        }
        self.usage.append(msgspec.convert(wanted, Usage))

    def suspend(self, day: date) -> Subscription:
        return self.order(Suspend(Triggers(day), "SpecificDate", specific=day))

    def resume(self, day: date, *, extends_term: bool = False) -> Subscription:
        return self.order(Resume(Triggers(day), "SpecificDate", specific=day, extends_term=extends_term))

    def price_in_catalog(self, plan: RatePlan, charge: Charge) -> Pricing:
        """Return what the catalog says of a charge of the subscription."""
        charges = {one.id: one for one in self._plans[plan.product_rate_plan_id].charges}
        return charges[charge.product_charge_id].pricing[self.account.currency]

    def bill(self, target: date) -> Bill:
        """Bill up to a date, tax it as on this date, and remember what was billed."""
        owed = bill(self.account, [self.subscription], target, self.rules, self.usage)
        self.marks = {mark.charge_id: mark for mark in marks_of(owed)}
        (self.subscription,) = owed.subscriptions
        owed = taxed(owed, self.account, target, self.tax_office)
        if self.usage:
            items = document_items(owed.lines, self, NOW)
            marked = {one.id: one for one in processed(self.usage, items)}
            self.used_by = [item.id for item in items]
            self.usage = [marked.get(one.id, one) for one in self.usage]
        self.invoiced[:0] = document_items(owed.lines, self, NOW) if self.tax_codes else ()
        return owed

    def discounts(self, target: date) -> list[Decimal]:
        """Bill up to a date, and return the amounts of the discount lines."""
        items = [line.item for line in self.bill(target).lines]
        return [item.amount for item in items if item.processing_type == "Discount"]

    @property
    def tax_office(self) -> TaxOffice:
        """What computing the customer's taxes needs."""
        return TaxOffice(
            self.tax_codes,
            lambda key: Taxpayer(self.payers(key), self.account.tax_info),
            lambda: self.invoiced,
            self.rules,
        )

    def cancel_bill(self) -> None:
        """Take back what the last bill marked as billed."""
        self.subscription = unbill(self.subscription, self.marks)
        freed = {one.id: one for one in released(self.usage, self.used_by)}
        self.usage = [freed.get(one.id, one) for one in self.usage]

    def heading(self, day: date, *, post: bool = True) -> Heading:
        """Return a heading of this date."""
        return Heading(
            account=self.account,
            invoice_date=day,
            target_date=day,
            now=NOW,
            source="BillRun",
            source_id=None,
            post=post,
        )

    @property
    def charges(self) -> tuple[Charge, ...]:
        """Every segment of the subscription's charges."""
        return tuple(self.subscription.charges)

    def segmented(self, numbers: Sequence[tuple[int, int]]) -> None:
        """Let the charges, each in a plan of its own, be of these versions and segments."""
        plans = tuple(
            replace(plan, charges=(replace(plan.charges[0], version=version, segment=segment),))
            for plan, (version, segment) in zip(self.subscription.rate_plans, numbers, strict=True)
        )
        self.subscription = replace(self.subscription, rate_plans=plans)

    def moves_to(self, bill_cycle_day: int) -> None:
        """Change the account's bill cycle day."""
        self.account = replace(self.account, bill_cycle_day=bill_cycle_day)


@pytest.fixture
def papers() -> Papers:
    """Documents without a subscription behind them."""
    return Papers()


@pytest.fixture(scope="session")
def customer() -> type[Customer]:
    """The class, because examples and properties need many customers each."""
    return Customer


@pytest.fixture(scope="session")
def sold() -> Callable[..., Sold]:
    """Return a charge, checked as a file would be; numbers may be whole."""

    def charge(price: int | str | Decimal | None = None, **terms: object) -> Sold:
        return msgspec.convert({"price": price, **terms}, Sold)

    return charge


@pytest.fixture
def yearly(customer: type[Customer], sold: Callable[..., Sold]) -> Customer:
    """A customer with two monthly charges for 2026."""
    one = customer()
    one.subscribe(sold(10), sold(5, model="PerUnit", quantity=4), start=date(2026, 1, 1))
    return one
