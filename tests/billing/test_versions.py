"""Each order makes a new version, and leaves the former one as it was."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from toolkit.billing.catalog import ProductRatePlan
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.orders import (
    AddProduct,
    CancelSubscription,
    CreateSubscription,
    Override,
    RemoveProduct,
    RenewSubscription,
    Subscribe,
    TermsAndConditions,
    Triggers,
    UpdateProduct,
)
from toolkit.billing.periods import on_day
from toolkit.billing.subscriptions import Term
from toolkit.billing.versions import create, renew, renewed_through

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
MONTH = Term(1, "Month")
BILLING_DAYS = ["ChargeTriggerDay", "SubscriptionStartDay", "TermStartDay", "TermEndDay"]


def test_a_subscription_starts_with_its_first_term_though_charges_start_before(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, subscription and amendment dates; community, billing alignment questions."""
    one = customer(bill_cycle_day=6)
    charge = sold(120, billing_period="Annual", alignment="AlignToTermStart")
    made = one.subscribe(charge, start=date(2018, 3, 6), term_start=date(2018, 4, 10))
    assert (made.contract_effective, made.start, made.term_start) == (
        date(2018, 3, 6),
        date(2018, 4, 10),
        date(2018, 4, 10),
    )
    assert made.end == date(2019, 4, 10)
    (line,) = one.bill(date(2018, 3, 6)).lines
    assert (line.item.start, line.item.last_day) == (date(2018, 3, 6), date(2018, 5, 5))
    assert one.cancel(date(2018, 3, 20)).status == "Cancelled"


def test_a_new_subscription_has_what_the_order_says(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    renewal = Term(6, "Month")
    made = one.subscribe(
        sold(10, quantity=None),
        sold(3, model="PerUnit"),
        start=START,
        number="A-S7",
        renewal_term=renewal,
        auto_renew=True,
        invoice_owner_id="another",
        notes="note",
        custom_fields={"x__c": 1},
    )
    assert (made.number, made.version, made.status, made.previous_id) == ("A-S7", 1, "Active", None)
    assert (made.original_id, made.account_id, made.invoice_owner_id) == (made.id, one.account.id, "another")
    assert (made.initial_term, made.current_term, made.renewal_term) == (Term(12, "Month"),) * 2 + (renewal,)
    assert (made.auto_renew, made.notes, made.custom_fields) == (True, "note", {"x__c": 1})
    assert [charge.quantity for charge in made.charges] == [1, None]
    assert [charge.original_id for charge in made.charges] == [charge.id for charge in made.charges]


def test_a_subscription_for_good_has_no_term(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    made = one.subscribe(sold(10), start=START, term=None)
    assert (made.term_type, made.end, made.current_term, made.renewal_term) == ("EVERGREEN", None, None, None)
    with pytest.raises(RuleError, match="is evergreen and has no term to renew"):
        renew(made)
    assert renewed_through(made, date(2099, 1, 1), one.desk(START)) is made


def test_a_term_is_needed_where_there_shall_be_one(customer: "type[Customer]") -> None:
    with pytest.raises(InvalidValueError, match="'initialTerm' may not be null for a TERMED subscription"):
        create(
            CreateSubscription(triggers=Triggers(START), rate_plans=()), "a", "USD", customer().desk(START)
        )


def test_a_plan_is_sold_while_it_is_effective_and_priced(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    desk = one.desk(START)
    wish = one.offer(sold(10))
    product, plan = desk.find_plan(wish.product_rate_plan_id)

    def buy(found: ProductRatePlan, currency: str, overrides: tuple[Override, ...] = ()) -> None:
        action = CreateSubscription(
            triggers=Triggers(START), rate_plans=(Subscribe(plan.id, overrides),), term_type="EVERGREEN"
        )
        create(action, "a", currency, desk._replace(find_plan=lambda _: (product, found)))

    buy(plan, "USD")
    with pytest.raises(InvalidValueError, match="has no price in EUR"):
        buy(plan, "EUR")
    with pytest.raises(NotFoundError, match="Cannot find entity by key: 'b'"):
        buy(plan, "USD", (Override(key="c"), Override(key="b"), *wish.overrides))
    for ends in (START, date(2025, 1, 1)):
        past = ProductRatePlan(
            id="p",
            number="n",
            product_id="",
            name="Old",
            charges=(),
            effective_start=date(2020, 1, 1),
            effective_end=ends,
        )
        with pytest.raises(InvalidValueError, match='Rate plan "Old" is not effective on .* of 01/01/2026'):
            buy(past, "USD")


def test_what_does_not_exist_cannot_be_changed(yearly: "Customer") -> None:
    plan = yearly.subscription.rate_plans[0]
    triggers = Triggers(START)
    with pytest.raises(NotFoundError, match="'C-0'"):
        yearly.order(UpdateProduct(triggers, plan.id, (Override(key="C-0"),)))
    for action in (UpdateProduct(triggers, "P-0", ()), RemoveProduct(triggers, "P-0")):
        with pytest.raises(NotFoundError, match="'P-0'"):
            yearly.order(action)


def test_a_renewal_without_a_renewal_term_is_as_long_as_the_term_or_a_year(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    made = one.subscribe(sold(10), start=START, term=Term(3, "Month"))
    assert renewed_through(made, date(2026, 8, 31), one.desk(START)).term_end == date(2026, 10, 1)


def test_a_term_keeps_the_day_to_which_an_odd_first_term_led(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: a recorded subscription whose first term had 375 days."""
    one = customer()
    made = one.subscribe(
        sold(10), start=date(2021, 12, 14), term=Term(375, "Day"), renewal_term=Term(12, "Month")
    )
    renewed = renewed_through(made, date(2024, 12, 31), one.desk(START))
    assert (renewed.term_start, renewed.term_end) == (date(2024, 12, 24), date(2025, 12, 24))


class Renewals(NamedTuple):
    """A subscription that begins at the end of a month and renews often."""

    start: date
    term: Term
    times: int
    billing_day: str
    period: str


@st.composite
def renewals(draw: st.DrawFn) -> Renewals:
    """Draw one."""
    month = date(draw(st.integers(2019, 2026)), draw(st.sampled_from([1, 3, 5, 8, 12])), 1)
    return Renewals(
        start=on_day(month, draw(st.integers(28, 31))),
        term=Term(draw(st.integers(1, 7)), "Month"),
        times=draw(st.integers(1, 15)),
        billing_day=draw(st.sampled_from(BILLING_DAYS)),
        period=draw(st.sampled_from(["Month", "Subscription_Term"])),
    )


@settings(max_examples=50)
@given(story=renewals())
def test_renewals_keep_the_anchor_day(
    story: Renewals, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    charge = sold(30, billing_day=story.billing_day, billing_period=story.period)
    one.subscribe(charge, start=story.start, term=story.term)
    for _ in range(story.times):
        assert one.subscription.term_end == on_day(one.subscription.term_end or date.max, story.start.day)
        one.renew()
    items = [line.item for line in one.bill(date(2060, 1, 1)).lines]
    assert {item.start for item in items} == {on_day(item.start, story.start.day) for item in items}
    assert not any(item.partial for item in items)
    months = story.term.length * (story.times + 1)
    assert len(items) == (months if story.period == "Month" else story.times + 1)


@pytest.mark.parametrize(
    ("policy", "day", "end"),
    [
        ("SpecificDate", date(2026, 5, 10), date(2026, 5, 10)),
        ("SpecificDate", date(2027, 1, 1), date(2027, 1, 1)),
        ("EndOfCurrentTerm", None, date(2027, 1, 1)),
        ("EndOfLastInvoicePeriod", None, date(2026, 4, 1)),
    ],
)
def test_a_cancellation_ends_by_its_policy(
    policy: Literal["EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate"],
    day: date | None,
    end: date,
    yearly: "Customer",
    sold: "Callable[..., Sold]",
) -> None:
    yearly.add(sold(9, type="OneTime", trigger_event="SpecificDate", trigger=date(2026, 9, 9)), day=START)
    yearly.bill(date(2026, 3, 1))
    cancelled = yearly.order(CancelSubscription(Triggers(START), policy, day))
    assert (cancelled.status, cancelled.cancelled, cancelled.end, cancelled.term_end) == (
        "Cancelled",
        *[end] * 3,
    )
    assert [charge.effective_end for charge in cancelled.charges][:2] == [end, end]
    with pytest.raises(RuleError, match="is cancelled and cannot be changed"):
        yearly.renew()


def test_a_one_time_charge_has_no_invoice_period(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    once = sold(9, type="OneTime", trigger_event="SpecificDate", trigger=date(2026, 3, 20))
    one.subscribe(sold(10, timing="IN_ARREARS"), once, start=START)
    assert len(one.bill(date(2026, 3, 20)).lines) == 3
    cancelled = one.order(CancelSubscription(Triggers(START), "EndOfLastInvoicePeriod"))
    assert cancelled.cancelled == date(2026, 3, 1)


def test_without_a_bill_the_last_invoice_period_ends_at_the_start(yearly: "Customer") -> None:
    cancelled = yearly.order(CancelSubscription(Triggers(date(2026, 6, 1)), "EndOfLastInvoicePeriod"))
    assert cancelled.cancelled == START
    assert yearly.bill(date(2027, 1, 1)).lines == ()


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 2)])
def test_a_cancellation_lies_within_the_term(day: date, yearly: "Customer") -> None:
    with pytest.raises(RuleError, match=f"{day} should be between the start 2026-01-01 and"):
        yearly.order(CancelSubscription(Triggers(START), "SpecificDate", day))


def test_a_cancellation_needs_a_day(
    yearly: "Customer", customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    with pytest.raises(MissingValueError, match="'cancellationEffectiveDate' may not be null"):
        yearly.order(CancelSubscription(Triggers(START), "SpecificDate"))
    one = customer()
    one.subscribe(sold(10), start=START, term=None)
    with pytest.raises(RuleError, match="is evergreen and has no term to end"):
        one.order(CancelSubscription(Triggers(START), "EndOfCurrentTerm"))
    assert one.cancel(date(2050, 1, 1)).end == date(2050, 1, 1)
    assert one.subscription.term_end is None


def test_terms_and_conditions_change_only_what_they_say(yearly: "Customer") -> None:
    before = yearly.subscription
    triggers = Triggers(START)
    after = yearly.order(TermsAndConditions(triggers))
    assert (after.auto_renew, after.renewal_setting, after.renewal_term, after.notes) == (
        before.auto_renew,
        before.renewal_setting,
        before.renewal_term,
        before.notes,
    )
    after = yearly.order(
        TermsAndConditions(
            triggers, auto_renew=True, renewal_setting="RENEW_TO_EVERGREEN", renewal_term=MONTH, notes=""
        )
    )
    assert (after.auto_renew, after.renewal_setting, after.renewal_term, after.notes) == (
        True,
        "RENEW_TO_EVERGREEN",
        MONTH,
        "",
    )
    assert after.rate_plans == before.rate_plans


def test_an_added_plan_starts_on_its_day_and_ends_with_the_rest(
    yearly: "Customer", sold: "Callable[..., Sold]"
) -> None:
    wish = yearly.offer(sold(1))
    added = yearly.order(AddProduct(Triggers(date(2026, 5, 1)), wish)).rate_plans[-1]
    assert added.last_change == "Add"
    (charge,) = added.charges
    assert (charge.effective_start, charge.effective_end) == (date(2026, 5, 1), date(2027, 1, 1))
    assert [charge.dmrc, charge.dtcv] == [1, 8]


@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["update", "remove", "renew", "bill", "cancel", "add"]), st.integers(0, 365)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_versions_never_change_afterwards(
    deeds: list[tuple[str, int]], customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), sold(20), start=START)
    seen = [(one.subscription, to_builtins(one.subscription))]
    for deed, after in deeds:
        day = START + timedelta(days=after)
        try:
            match deed:
                case "update":
                    one.update(day, price=after)
                case "remove":
                    one.remove(day)
                case "renew":
                    one.order(RenewSubscription(Triggers(day)))
                case "cancel":
                    one.cancel(day)
                case "add":
                    one.add(sold(after), day=day)
                case _:
                    one.bill(day)
        except RuleError:  # a cancelled subscription, or a charge that has ended: as good a deed
            continue
        finally:
            seen.append((one.subscription, to_builtins(one.subscription)))
    assert all(to_builtins(version) == then for version, then in seen)
