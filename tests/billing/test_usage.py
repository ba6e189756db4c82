"""Usage is billed once, by the charges and in the period that it belongs to."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import bill
from toolkit.billing.rules import BillingRules

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2021, 1, 1)
TWO_TIERS: list[dict[str, Any]] = [
    {"tier": 1, "starting_unit": 0, "ending_unit": 10, "price": 2},
    {"tier": 2, "starting_unit": 11, "ending_unit": 20, "price": 1},
]


@pytest.fixture
def user(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Callable[..., Customer]":
    """Return a customer of one usage charge, per unit and month unless said."""

    def subscribed(
        price: int | str | None = 1, rules: BillingRules | None = None, **terms: object
    ) -> "Customer":
        one = customer(rules=rules or BillingRules())
        one.subscribe(sold(price, **{"type": "Usage", "model": "PerUnit", **terms}), start=START)
        return one

    return subscribed


def amounts(one: "Customer", target: date) -> list[Decimal]:
    return [line.item.amount for line in one.bill(target).lines]


def test_a_bill_that_is_given_no_usage_leaves_usage_charges_alone(user: "Callable[..., Customer]") -> None:
    one = user()
    one.use(3, START)
    owed = bill(one.account, [one.subscription], date(2021, 2, 1), one.rules)
    assert owed.lines == ()
    assert owed.subscriptions == (one.subscription,)


def test_usage_is_billed_only_once(user: "Callable[..., Customer]") -> None:
    one = user()
    one.use(3, date(2021, 1, 31))
    assert amounts(one, date(2021, 2, 1)) == [3]
    assert amounts(one, date(2021, 2, 28)) == []
    assert amounts(one, date(2021, 3, 1)) == [0]


@pytest.mark.parametrize(
    ("named", "billed"),
    [
        ({}, True),
        ({"uom": "Hour"}, False),
        ({"subscription_number": "another"}, False),
        ({"charge_number": "another"}, False),
    ],
)
def test_usage_is_billed_by_the_charges_that_it_names(
    user: "Callable[..., Customer]", named: dict[str, str], *, billed: bool
) -> None:
    one = user()
    one.use(3, START, **named)
    assert amounts(one, date(2021, 2, 1)) == [3 if billed else 0]


def test_usage_that_names_no_charge_is_billed_by_every_charge_of_its_unit(
    user: "Callable[..., Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = user()
    one.add(sold(10, type="Usage", model="PerUnit"), day=START)
    one.use(3, START)
    one.use(1, START, charge_number=one.charges[1].number, subscription_number=one.subscription.number)
    assert amounts(one, date(2021, 2, 1)) == [3, 40]


def test_a_flat_fee_is_due_with_and_without_usage(user: "Callable[..., Customer]") -> None:
    one = user(5, model="FlatFee")
    one.use(3, START)
    assert amounts(one, date(2021, 3, 1)) == [5, 5]


def test_overage_is_what_exceeds_the_included_units(user: "Callable[..., Customer]") -> None:
    one = user(None, model="Overage", included_units=100, overage_price="0.5")
    one.use(130, START)
    one.use(90, date(2021, 2, 1))
    assert amounts(one, date(2021, 3, 1)) == [15, 0]


def test_overage_begins_beyond_the_last_tier(user: "Callable[..., Customer]") -> None:
    one = user(None, model="TieredWithOverage", tiers=TWO_TIERS, overage_price=3)
    one.use(15, START)
    one.use(24, date(2021, 2, 1))
    assert amounts(one, date(2021, 3, 1)) == [25, 30 + 12]


def test_an_open_last_tier_leaves_no_overage(user: "Callable[..., Customer]") -> None:
    tiers = [{**TWO_TIERS[0], "ending_unit": None}]
    one = user(None, model="TieredWithOverage", tiers=tiers, overage_price=3)
    one.use(40, START)
    assert amounts(one, date(2021, 2, 1)) == [80]


@pytest.mark.parametrize("days", [(1, 1), (1, 2)])
def test_the_high_water_mark_is_that_of_a_day(user: "Callable[..., Customer]", days: tuple[int, int]) -> None:
    one = user(None, model="HighWatermarkTieredPricing", tiers=TWO_TIERS)
    for day in days:
        one.use(7, date(2021, 1, day))
    assert amounts(one, date(2021, 3, 1)) == [24 if days == (1, 1) else 14, 0]


@pytest.mark.parametrize("individually", [False, True])
@pytest.mark.parametrize("model", ["PerUnit", "Tiered", "Volume"])
def test_a_negative_quantity_takes_usage_back(
    user: "Callable[..., Customer]", model: str, *, individually: bool
) -> None:
    # Source: Zuora, update a usage record: negative quantities adjust records uploaded before
    one = user(2, BillingRules(price_usage_individually=individually), model=model, tiers=TWO_TIERS)
    for quantity in (5, -5):
        one.use(quantity, START)
    for quantity in (1, -5):
        one.use(quantity, date(2021, 2, 1))
    assert amounts(one, date(2021, 3, 1)) == [0, -8]


def test_a_usage_file_is_a_rating_group(user: "Callable[..., Customer]") -> None:
    one = user(None, model="Tiered", tiers=TWO_TIERS, rating_group="ByUsageUpload")
    for upload in ("one", "two", "one"):
        one.use(6, START, upload=upload)
    assert amounts(one, date(2021, 2, 1)) == [22 + 12]


def test_models_other_than_per_unit_tiered_and_volume_rate_the_whole_period(
    user: "Callable[..., Customer]",
) -> None:
    # Source: Zuora, usage rating by group overview
    one = user(None, model="Overage", included_units=5, overage_price=1, rating_group="ByUsageRecord")
    one.use(5, START)
    one.use(5, START)
    assert amounts(one, date(2021, 2, 1)) == [5]


@pytest.mark.parametrize(("individually", "amount"), [(False, "1.01"), (True, "1.02")])
@pytest.mark.parametrize("model", ["PerUnit", "Tiered", "Volume"])
def test_each_record_is_rounded_if_the_rules_say_so(
    user: "Callable[..., Customer]", model: str, amount: str, *, individually: bool
) -> None:
    tiers = [{"tier": 1, "starting_unit": 0, "ending_unit": None, "price": "0.505"}]
    one = user("0.505", BillingRules(price_usage_individually=individually), model=model, tiers=tiers)
    one.use(1, START)
    one.use(1, START)
    assert amounts(one, date(2021, 2, 1)) == [Decimal(amount)]


@pytest.mark.parametrize("model", ["PreratedPerUnit", "PreratedPricing"])
def test_a_record_without_the_price_that_its_charge_needs_fails_the_bill(
    user: "Callable[..., Customer]", model: str
) -> None:
    one = user(None, model=model)
    one.use(0, START, prerated=0)
    assert amounts(one, date(2021, 2, 1)) == [0]
    one.use(3, date(2021, 2, 1))
    with pytest.raises(RuleError, match=f"The usage {one.usage[-1].id} has no price"):
        one.bill(date(2021, 3, 1))


def test_a_new_price_holds_from_its_day_on(user: "Callable[..., Customer]") -> None:
    one = user()
    one.use(3, date(2021, 1, 9))
    one.use(4, date(2021, 1, 10))
    one.update(date(2021, 1, 10), price=10)
    assert amounts(one, date(2021, 2, 1)) == [3, 40]


def test_a_new_price_leaves_what_is_billed(user: "Callable[..., Customer]") -> None:
    one = user()
    one.use(4, date(2021, 1, 20))
    one.use(5, date(2021, 2, 20))
    assert amounts(one, date(2021, 2, 1)) == [4]
    one.update(date(2021, 1, 10), price=10)
    assert amounts(one, date(2021, 3, 1)) == [50]
    assert one.charges[0].done


def test_usage_that_was_billed_is_not_given_back_by_a_cancellation(user: "Callable[..., Customer]") -> None:
    one = user()
    one.use(4, date(2021, 1, 20))
    one.use(5, date(2021, 2, 3))
    assert amounts(one, date(2021, 2, 1)) == [4]
    one.cancel(date(2021, 2, 4))
    assert amounts(one, date(2021, 2, 4)) == [5]
    one.use(6, date(2021, 2, 4))
    assert amounts(one, date(2021, 12, 31)) == []
    assert one.charges[0].done


def test_a_period_without_usage_that_is_left_out_stays_open(user: "Callable[..., Customer]") -> None:
    one = user(1, BillingRules(skip_unused=True))
    assert amounts(one, date(2021, 2, 1)) == []
    one.use(3, date(2021, 1, 20))
    assert amounts(one, date(2021, 3, 1)) == [3]


def test_on_demand_a_target_day_is_not_billed_yet(user: "Callable[..., Customer]") -> None:
    one = user(on_demand=True)
    one.use(3, START)
    one.use(4, date(2021, 1, 2))
    assert amounts(one, START) == []
    assert amounts(one, date(2021, 1, 2)) == [3]
    assert amounts(one, date(2021, 1, 2)) == []
    assert amounts(one, date(2021, 3, 1)) == [4, 0]


def test_on_demand_late_records_of_the_open_period_are_billed_with_the_next(
    user: "Callable[..., Customer]",
) -> None:
    """Source: Zuora, on-demand usage rating by billing period: 35, then 55 less 35."""
    tiers = [
        {"tier": 1, "starting_unit": 0, "ending_unit": 10, "price": 2},
        {"tier": 2, "starting_unit": 11, "ending_unit": 20, "price": 3},
        {"tier": 3, "starting_unit": 21, "ending_unit": None, "price": 5},
    ]
    one = user(None, model="Tiered", tiers=tiers, on_demand=True)
    for quantity, day in ((3, 1), (5, 2), (7, 3)):
        one.use(quantity, date(2021, 1, day))
    assert amounts(one, date(2021, 1, 4)) == [35]
    one.use(1, START)
    one.use(5, date(2021, 1, 4))
    (line,) = one.bill(date(2021, 1, 5)).lines
    assert [line.item.amount, line.item.quantity] == [20, 6]
    assert (line.item.start, line.item.last_day) == (START, date(2021, 1, 4))
    assert amounts(one, date(2021, 2, 1)) == [0]
    one.use(2, START)
    assert amounts(one, date(2021, 3, 1)) == [0]


def test_on_demand_a_flat_fee_is_due_once_a_period(user: "Callable[..., Customer]") -> None:
    one = user(5, model="FlatFee", on_demand=True)
    assert [amounts(one, date(2021, 1, day)) for day in (2, 10, 20)] == [[5], [0], [0]]
    assert amounts(one, date(2021, 2, 2)) == [0, 5]


def test_on_demand_a_new_price_leaves_what_was_used_before_it(user: "Callable[..., Customer]") -> None:
    one = user(on_demand=True)
    one.use(3, date(2021, 1, 9))
    one.use(4, date(2021, 1, 10))
    one.update(date(2021, 1, 10), price=10)
    assert amounts(one, date(2021, 1, 20)) == [3, 40]


DAYS = st.dates(START, date(2021, 12, 31))


@given(
    used=st.lists(st.tuples(DAYS, st.integers(0, 50)), max_size=8),
    group=st.sampled_from(["ByBillingPeriod", "ByUsageStartDate", "ByUsageRecord"]),
    individually=st.booleans(),
    model=st.sampled_from(["PerUnit", "Tiered", "Volume"]),
    targets=st.lists(DAYS, max_size=3),
    on_demand=st.booleans(),
)
def test_every_record_is_billed_once_whatever_the_bills_and_the_groups(
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
    used: list[tuple[date, int]],
    group: str,
    model: str,
    targets: list[date],
    *,
    individually: bool,
    on_demand: bool,
) -> None:
    one = customer(rules=BillingRules(price_usage_individually=individually))
    tiers = [{"tier": 1, "starting_unit": 0, "ending_unit": None, "price": 3}]
    charge = sold(3, type="Usage", model=model, tiers=tiers, rating_group=group, on_demand=on_demand)
    one.subscribe(charge, start=START)
    for day, quantity in used:
        one.use(quantity, day)
    items = [line.item for target in (*sorted(targets), date(2022, 1, 1)) for line in one.bill(target).lines]
    assert sum(item.amount for item in items) == 3 * sum(quantity for _, quantity in used)
    assert sum(item.quantity for item in items) == sum(quantity for _, quantity in used)
    assert all(before.end == after.start for before, after in pairwise(items))
    assert (items[0].start, items[-1].end) == (START, date(2022, 1, 1))
