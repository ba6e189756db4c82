"""What charges cost, period by period, whatever is ordered and billed in between."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from toolkit.billing.rating import RatedItem
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from tests.billing.conftest import Customer, Sold

LATER = date(2040, 1, 1)
ZERO = Decimal(0)
CENT = Decimal("0.01")

FEWER = settings(max_examples=60)

MONTHLY = (
    ["Month", "Quarter", "Semi_Annual", "Annual", "Eighteen_Months", "Specific_Months"],
    ["Per_Billing_Period", "Per_Month", "Per_Year", "Per_Specific_Months"],
)
WEEKLY = ["Week", "Specific_Weeks", "Specific_Days"], ["Per_Billing_Period", "Per_Week"]
BILLING_DAYS = ["DefaultFromCustomer", "ChargeTriggerDay", "SubscriptionStartDay"]
ALIGNMENTS = ["AlignToCharge", "AlignToSubscriptionStart", "AlignToTermStart"]


class Deed(NamedTuple):
    """Something that happens on some day after the start; a bill, or an update to a quantity."""

    day: int
    quantity: int | None


class Story(NamedTuple):
    """A customer's charges, and what happens to them."""

    rules: BillingRules
    bill_cycle_day: int
    start: date
    months: int
    charges: tuple[dict[str, Any], ...]
    deeds: tuple[Deed, ...]
    cancelled: int | None

    def day(self, after: int) -> date:
        return self.start + timedelta(days=after)


@st.composite
def charges(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a recurring charge that is billed in any way that does not depend on the term."""
    terms: dict[str, Any] = {
        "price": draw(st.decimals(0, 2000, places=draw(st.integers(0, 3)))),
        "model": "PerUnit",
        "quantity": draw(st.integers(0, 20)),
        "timing": draw(st.sampled_from(["IN_ADVANCE", "IN_ARREARS"])),
        "specific_billing_period": draw(st.integers(1, 9)),
        "bill_cycle_day": draw(st.integers(1, 31)),
        "alignment": draw(st.sampled_from(ALIGNMENTS)),
    }
    periods, bases = draw(st.sampled_from([MONTHLY, MONTHLY, WEEKLY]))
    period, base = draw(st.sampled_from(periods)), draw(st.sampled_from(bases))
    days = BILLING_DAYS if period in WEEKLY[0] else [*BILLING_DAYS, "SpecificDayofMonth"]
    terms["billing_day"] = draw(st.sampled_from(days))
    return {**terms, "billing_period": period, "list_price_base": base, "specific_list_price_base": 7}


@st.composite
def stories(draw: st.DrawFn, *, discounts: bool = True) -> Story:
    """Draw a story; its days lie in its term of up to two years."""
    months = draw(st.integers(1, 24))
    start = draw(st.dates(date(2019, 1, 1), date(2026, 12, 31)))
    length = (Term(months, "Month").after(start) - start).days
    turns = [(Term(month, "Month").after(start) - start).days for month in range(1, months)]
    days = st.integers(0, length) | st.sampled_from([0, length, *turns])
    bought = draw(st.lists(charges(), min_size=1, max_size=2))
    if discounts and draw(st.booleans()):
        percentage = draw(st.decimals(1, 100, places=1))
        bought.append(
            {"model": "DiscountPercentage", "percentage": percentage, "discount_level": "subscription"}
        )
    return Story(
        rules=BillingRules(
            month_proration=draw(st.sampled_from(["actual", "actual_360", "strict_30_360"])),
            long_period_proration=draw(st.sampled_from(["month_first", "by_day"])),
            rounding=draw(st.sampled_from(["HALF_UP", "UP", "DOWN"])),
        ),
        bill_cycle_day=draw(st.integers(1, 31)),
        start=start,
        months=months,
        charges=tuple(bought),
        deeds=tuple(
            Deed(*deed)
            for deed in draw(st.lists(st.tuples(days, st.none() | st.integers(0, 20)), max_size=5))
        ),
        cancelled=draw(st.none() | days),
    )


class Told(NamedTuple):
    """A story as it came out."""

    customer: "Customer"
    items: list[RatedItem]

    @property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items), ZERO)


Tell = Callable[..., Told]


@pytest.fixture(scope="module")
def tell(customer: "type[Customer]", sold: "Callable[..., Sold]") -> Tell:
    """Let a story happen, with its bills or with one bill at its end."""

    def telling(story: Story, *, bills: bool = True) -> Told:
        one = customer(story.bill_cycle_day, rules=story.rules)
        bought = [sold(**terms) for terms in story.charges]
        one.subscribe(*bought, start=story.start, term=Term(story.months, "Month"))
        items: list[RatedItem] = []

        def bill(target: date) -> None:
            items.extend(line.item for line in one.bill(target).lines)

        for deed in story.deeds:
            if deed.quantity is not None:
                one.update(story.day(deed.day), quantity=deed.quantity)
            elif bills:
                bill(story.day(deed.day))
        if story.cancelled is not None:
            one.cancel(story.day(story.cancelled))
        bill(LATER)
        return Told(one, items)

    return telling


@FEWER
@given(story=stories())
def test_the_same_time_costs_the_same_however_often_it_was_billed(story: Story, tell: Tell) -> None:
    """Credits of the billed period leave to the cent what the used time costs, discounts included."""
    assert tell(story).total == tell(story, bills=False).total


@FEWER
@given(story=stories())
def test_each_day_of_service_is_billed_once_and_no_other(story: Story, tell: Tell) -> None:
    told = tell(story)
    billed: Counter[tuple[str, date]] = Counter()
    for item in told.items:
        if item.processing_type == "Charge":
            for after in range((item.end - item.start).days):
                billed[item.charge.number, item.start + timedelta(days=after)] += -1 if item.credit else 1
    served = Counter(
        (charge.number, charge.effective_start + timedelta(days=after))
        for charge in told.customer.charges
        if charge.terms.model != "DiscountPercentage"
        for after in range(((charge.effective_end or charge.effective_start) - charge.effective_start).days)
    )
    assert +billed == served
    assert min(billed.values(), default=0) >= 0


@FEWER
@given(story=stories())
def test_nothing_is_left_after_the_last_bill(story: Story, tell: Tell) -> None:
    told = tell(story)
    assert told.customer.bill(LATER).lines == ()
    rated = [charge for charge in told.customer.charges if charge.terms.model != "DiscountPercentage"]
    assert all(charge.done for charge in rated if charge.effective_start != charge.effective_end)


@FEWER
@given(story=stories(discounts=False), share=st.integers(0, 100))
def test_a_credit_never_exceeds_what_was_billed(story: Story, share: int, tell: Tell) -> None:
    days = (Term(story.months, "Month").after(story.start) - story.start).days
    whole = tell(story._replace(deeds=(), cancelled=None))
    told = tell(story._replace(deeds=(Deed(days, None),), cancelled=share * days // 100))
    credited = sum((-item.amount for item in told.items if item.credit), ZERO)
    assert 0 <= credited <= whole.total


@FEWER
@given(story=stories())
def test_billing_in_two_steps_bills_the_same_items(story: Story, tell: Tell) -> None:
    rules = replace(story.rules, past_term_end=False)
    deeds = tuple(deed for deed in story.deeds if deed.quantity is None)
    story = story._replace(rules=rules, deeds=deeds, cancelled=None)

    def seen(told: Told) -> list[tuple[object, ...]]:
        return sorted(
            (item.processing_type, item.charge.number, item.start, item.end, item.amount)
            for item in told.items
        )

    assert seen(tell(story)) == seen(tell(story, bills=False))


@FEWER
@given(story=stories(discounts=False), cut=st.integers(0, 100))
def test_a_change_of_nothing_costs_a_cent_at_most(story: Story, cut: int, tell: Tell) -> None:
    """Both parts of a split period are rounded; with actual days they make the whole."""
    rules = BillingRules(long_period_proration=story.rules.long_period_proration)
    terms = {**story.charges[0], "list_price_base": "Per_Billing_Period"}
    whole = story._replace(rules=rules, charges=(terms,), deeds=(), cancelled=None)
    days = (Term(story.months, "Month").after(story.start) - story.start).days
    split = whole._replace(deeds=(Deed(cut * days // 100, terms["quantity"]),))
    assert abs(tell(whole).total - tell(split).total) <= CENT


def billed(customer: "Customer", target: str) -> list[tuple[str, str, str]]:
    """Bill, and return first day, last day and amount of each item."""
    items = [line.item for line in customer.bill(date.fromisoformat(target)).lines]
    return [(item.start.isoformat(), item.last_day.isoformat(), str(item.amount)) for item in items]


@pytest.fixture
def ten_a_month(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer who pays 10.00 a month for 2026."""
    one = customer()
    one.subscribe(sold(10), start=date(2026, 1, 1))
    return one


def test_a_credit_across_periods_has_an_item_for_each(ten_a_month: "Customer") -> None:
    ten_a_month.bill(date(2026, 4, 1))
    ten_a_month.cancel(date(2026, 2, 15))
    assert billed(ten_a_month, "2026-04-01") == [
        ("2026-02-15", "2026-02-28", "-5.00"),
        ("2026-03-01", "2026-03-31", "-10.00"),
        ("2026-04-01", "2026-04-30", "-10.00"),
    ]


def test_a_credit_waits_for_its_day_as_the_new_charge_does(ten_a_month: "Customer") -> None:
    ten_a_month.bill(date(2026, 6, 1))
    ten_a_month.update(date(2026, 6, 16), price=20)
    assert billed(ten_a_month, "2026-06-15") == []
    assert billed(ten_a_month, "2026-06-16") == [
        ("2026-06-16", "2026-06-30", "-5.00"),
        ("2026-06-16", "2026-06-30", "10.00"),
    ]


def test_an_update_on_the_first_day_takes_all_of_the_former_back(ten_a_month: "Customer") -> None:
    ten_a_month.bill(date(2026, 1, 1))
    ten_a_month.update(date(2026, 1, 1), price=20)
    assert billed(ten_a_month, "2026-01-01") == [
        ("2026-01-01", "2026-01-31", "-10.00"),
        ("2026-01-01", "2026-01-31", "20.00"),
    ]


def test_two_updates_within_a_period_bill_each_part_at_its_price(ten_a_month: "Customer") -> None:
    ten_a_month.bill(date(2026, 6, 1))
    ten_a_month.update(date(2026, 6, 11), price=20)
    ten_a_month.bill(date(2026, 6, 11))
    ten_a_month.update(date(2026, 6, 21), price=30)
    assert billed(ten_a_month, "2026-06-21") == [
        ("2026-06-21", "2026-06-30", "-6.66"),
        ("2026-06-21", "2026-06-30", "10.00"),
    ]


def test_a_charge_for_good_is_billed_as_far_as_the_target(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), start=date(2026, 1, 1), term=None)
    assert len(billed(one, "2030-12-31")) == 60
    one.cancel(date(2030, 12, 16))
    assert billed(one, "2031-12-31") == [("2030-12-16", "2030-12-31", "-5.16")]


def test_in_arrears_both_dates_say_how_far_it_is_billed(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, field descriptions of RatePlanCharge."""
    one = customer()
    one.subscribe(sold(10), sold(10, timing="IN_ARREARS"), start=date(2026, 1, 1))
    one.bill(date(2026, 3, 1))
    advance, arrears = one.charges
    assert (advance.processed_through, advance.charged_through) == (date(2026, 3, 1), date(2026, 4, 1))
    assert (arrears.processed_through, arrears.charged_through) == (date(2026, 3, 1), date(2026, 3, 1))


def test_an_ended_charge_is_done_once_a_target_date_reaches_its_end(ten_a_month: "Customer") -> None:
    """Source: the recorded `done` and `processedThroughDate` of 649 segments."""
    ten_a_month.bill(date(2026, 12, 31))
    (charge,) = ten_a_month.charges
    assert (charge.charged_through, charge.processed_through) == (date(2027, 1, 1), date(2026, 12, 1))
    assert not charge.done
    ten_a_month.bill(date(2027, 1, 1))
    (charge,) = ten_a_month.charges
    assert charge.done


def test_a_one_time_charge_is_billed_once_and_not_given_back(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(
        sold(99, type="OneTime", trigger_event="SpecificDate", trigger=date(2026, 3, 1)),
        start=date(2026, 1, 1),
    )
    assert billed(one, "2026-02-28") == []
    assert billed(one, "2026-03-01") == [("2026-03-01", "2026-03-01", "99.00")]
    one.cancel(date(2026, 2, 1))
    assert billed(one, "2027-01-01") == []
    (charge,) = one.charges
    assert (charge.effective_end, charge.done) == (date(2026, 3, 1), True)


def test_a_yearly_price_is_not_spread_where_the_first_period_is_partial(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, orders containing charges with annual pricing and leading partial periods."""
    amounts = []
    for start in (date(2026, 1, 1), date(2026, 1, 16)):
        one = customer()
        one.subscribe(sold(100, list_price_base="Per_Year"), start=start)
        amounts.append([line.item.amount for line in one.bill(date(2026, 12, 1)).lines[1:4]])
    assert amounts == [[Decimal("8.34"), Decimal("8.33"), Decimal("8.33")], [Decimal("8.33")] * 3]


@pytest.mark.parametrize(
    ("base", "period", "amount"),
    [
        (None, "Quarter", "12.00"),
        ("Per_Billing_Period", "Quarter", "12.00"),
        ("Per_Month", "Quarter", "36.00"),
        ("Per_Year", "Quarter", "3.00"),
        ("Per_Specific_Months", "Quarter", "6.00"),
        ("Per_Week", "Specific_Weeks", "36.00"),
    ],
)
def test_a_list_price_is_for_its_base(
    base: str, period: str, amount: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    counts = {"specific_list_price_base": 6, "specific_billing_period": 3}
    one = customer()
    one.subscribe(sold(12, list_price_base=base, billing_period=period, **counts), start=date(2026, 1, 1))
    assert billed(one, "2026-01-01")[0][2] == amount


@pytest.mark.parametrize(
    ("model", "quantity", "amount"),
    [
        ("PerUnit", 3, "36.00"),
        ("PerUnit", None, "0.00"),
        ("Volume", 10, "100.00"),
        ("Volume", 11, "55.00"),
        ("Volume", 21, "7.00"),
        ("Volume", 31, "0.00"),
        ("Tiered", 25, "157.00"),
        ("Tiered", 31, "157.00"),
        ("FlatFee", 3, "12.00"),
    ],
)
def test_a_model_prices_its_quantity(
    model: str, quantity: int | None, amount: str, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Units above a closed last tier cost nothing."""
    tiers = [
        {"tier": 1, "starting_unit": 0, "ending_unit": 10, "price": 10},
        {"tier": 2, "starting_unit": 11, "ending_unit": 20, "price": 5},
        {"tier": 3, "starting_unit": 21, "ending_unit": 30, "price": 7, "price_format": "FlatFee"},
    ]
    one = customer()
    one.subscribe(sold(12, model=model, quantity=quantity, tiers=tiers), start=date(2026, 1, 1))
    assert billed(one, "2026-01-01")[0][2] == amount
