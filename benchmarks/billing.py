"""The billing engine alone: from active subscriptions to posted invoices, with no simulator around it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from time import perf_counter
from typing import NamedTuple

from benchmarks._budget import within
from benchmarks._figures import Benchmark, Figure, Sides, in_turns
from toolkit.billing.accounts import Account
from toolkit.billing.catalog import ChargeTerms, Pricing, Product, ProductCharge, ProductRatePlan
from toolkit.billing.generation import Heading, documents
from toolkit.billing.invoices import bill
from toolkit.billing.orders import CreateSubscription, Desk, Subscribe, Triggers
from toolkit.billing.rules import DEFAULT_RULES
from toolkit.billing.subscriptions import Subscription, Term
from toolkit.billing.versions import create

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_MONTHS = [date(2026, month, 1) for month in range(1, 13)]
_CHARGES = 2
_ITEMS_A_SECOND = 15_000
_YEAR_MICROSECONDS = 1_500_000
_US = 1e6


class _Serial:
    """Gives ids and numbers, as a tenant does."""

    def __init__(self) -> None:
        self._next = count(1)

    def id(self) -> str:
        return f"{next(self._next):032x}"

    def number(self, kind: str) -> str:
        return f"{kind} {next(self._next):08}"


_NAMES = _Serial()


class _Customer(NamedTuple):
    account: Account
    subscription: Subscription


def _customers(number: int) -> list[_Customer]:
    """Return customers with a subscription of two monthly charges each, not billed yet."""
    first, last = date(2000, 1, 1), date(2099, 1, 1)
    product = Product(
        id="product", number="PC-1", sku="SKU", name="Premium", effective_start=first, effective_end=last
    )
    terms = ChargeTerms(
        name="Seats",
        type="Recurring",
        model="PerUnit",
        uom="Seat",
        billing_period="Month",
        billing_day="DefaultFromCustomer",
        alignment="AlignToCharge",
        timing="IN_ADVANCE",
    )
    charges = tuple(
        ProductCharge(
            id=f"charge {position}",
            number=f"PRPC-{position}",
            terms=terms,
            pricing={"USD": Pricing(currency="USD", price=Decimal("29.99"))},
            default_quantity=Decimal(7),
        )
        for position in range(_CHARGES)
    )
    plan = ProductRatePlan(
        id="plan",
        number="PRP-1",
        product_id="product",
        name="Monthly",
        charges=charges,
        effective_start=first,
        effective_end=last,
    )
    start = _MONTHS[0]
    desk = Desk(_NAMES, lambda _: (product, plan), _NOW, "O-1", start)
    action = CreateSubscription(
        triggers=Triggers(start), rate_plans=(Subscribe("plan"),), initial_term=Term(12, "Month")
    )
    accounts = (_account(index) for index in range(number))
    return [_Customer(account, create(action, account.id, "USD", desk)) for account in accounts]


def _account(index: int) -> Account:
    return Account(
        id=_NAMES.id(),
        number=f"A{index:08}",
        name="Byron Ltd",
        currency="USD",
        bill_cycle_day=1,
        bill_to_id="",
        sold_to_id="",
        created=_NOW,
        updated=_NOW,
    )


def _run(customers: Sequence[_Customer], target: date) -> list[_Customer]:
    """Bill every customer and post the invoice; return them as billed."""
    billed = []
    for account, subscription in customers:
        owed = bill(account, (subscription,), target, DEFAULT_RULES)
        head = Heading(
            account=account,
            invoice_date=target,
            target_date=target,
            now=_NOW,
            source="BillRun",
            source_id=None,
            post=True,
        )
        if not documents(owed, head, _NAMES):
            raise AssertionError(f"Nothing was due on {target}.")
        billed.append(_Customer(account, owed.subscriptions[0]))
    return billed


def _year(customers: Sequence[_Customer]) -> None:
    for month in _MONTHS:
        customers = _run(customers, month)


def _measure() -> Iterator[Figure]:
    few = _customers(100)
    budget = round(len(few) * _CHARGES * _US / _ITEMS_A_SECOND)
    yield within("bill-200-items", budget, lambda: _run(few, _MONTHS[0]), times=10)
    thousand = _customers(1_000)
    yield within("bill-1000-for-a-year", _YEAR_MICROSECONDS, lambda: _year(thousand), times=1)
    many = _customers(100_000)
    sides = in_turns(lambda: _items_a_second(many, 1), lambda: _items_a_second(few, 100), rounds=3)
    yield Figure("bill-item-of-100000", sides.ratio, 1 / 1.3, _beside(sides))


def _items_a_second(customers: Sequence[_Customer], times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        _run(customers, _MONTHS[0])
    return times * len(customers) * _CHARGES / (perf_counter() - start)


def _beside(sides: Sides) -> str:
    return f"of 100,000 {sides.toolkit:.0f} items/s of 100 {sides.yardstick:.0f} items/s"


BENCHMARK = Benchmark("Invoice items a second, of a few subscriptions and of 100,000.", _measure)
