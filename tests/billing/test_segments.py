"""How orders begin, cut, end and extend the segments of charges."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.errors import MissingValueError, RuleError
from toolkit.billing.metrics import mrr
from toolkit.billing.orders import Override, Triggers, UpdateProduct
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)


def test_every_change_makes_a_version_of_its_own(yearly: "Customer") -> None:
    before = yearly.subscription
    after = yearly.update(date(2026, 3, 1), plan=1, quantity=6, price="4.5", description="fewer")
    assert (after.number, after.original_id, after.previous_id) == (before.number, before.id, before.id)
    assert (after.version, after.order_number, after.last_booking) == (2, "O-1", date(2026, 3, 1))
    former, following = after.rate_plans[1].charges
    assert [former.quantity, former.pricing.price, former.effective_end] == [4, 5, date(2026, 3, 1)]
    assert (former.segment, former.version, former.amended_by_order_on) == (1, 2, date(2026, 3, 1))
    assert [following.quantity, following.pricing.price] == [6, Decimal("4.5")]
    assert (following.effective_start, following.effective_end) == (date(2026, 3, 1), date(2027, 1, 1))
    assert (following.segment, following.version, following.amended_by_order_on) == (2, 2, None)
    assert (following.number, following.original_id) == (former.number, former.original_id)
    assert (following.terms.description, former.terms.description) == ("fewer", "")
    assert after.rate_plans[1].last_change == "Update"
    assert after.rate_plans[0] == before.rate_plans[0]


def test_an_update_keeps_what_it_does_not_change(yearly: "Customer") -> None:
    following = yearly.update(date(2026, 3, 1), plan=1, price=7).rate_plans[1].charges[1]
    assert [following.quantity, following.pricing.price] == [4, 7]


def test_an_update_counts_only_the_segments_that_it_makes_and_cuts(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: a recorded subscription; dtcv and dmrc of an update, 0 for the other charges of its plan."""
    one = customer()
    one.subscribe(start=date(2025, 9, 5), term=Term(11, "Month"))
    one.add(sold("11.55"), sold("16.21"), day=date(2025, 9, 5))
    one.update(date(2025, 10, 5), charge=1, price="16.24")
    untouched, cut, following = one.charges
    assert [charge.dmrc for charge in one.charges] == [0, 0, Decimal("0.03")]
    assert [untouched.dtcv, following.dtcv] == [0, Decimal("162.4")]
    assert cut.dtcv == Decimal("-162.1")


def test_an_update_may_have_a_date_of_its_own_or_the_charge_s_trigger(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    made = one.subscribe(sold(10, trigger_event="CustomerAcceptance"), start=START)
    (plan,) = made.rate_plans
    triggers = Triggers(date(2026, 3, 1), None, date(2026, 4, 1))
    by_key = {"product": made.charges.__next__().product_charge_id, "id": plan.charges[0].id}
    for key, specific, day in (
        ("product", None, date(2026, 4, 1)),
        ("id", date(2026, 5, 9), date(2026, 5, 9)),
    ):
        changed = Override(key=by_key[key], price=plan.charges[0].pricing.price, specific_trigger=specific)
        one.subscription = made
        assert (
            list(one.order(UpdateProduct(triggers, plan.number, (changed,))).charges)[1].effective_start
            == day
        )


def test_a_later_segment_keeps_its_place_after_an_update_before_it(yearly: "Customer") -> None:
    yearly.update(date(2026, 7, 1), price=30)
    yearly.update(date(2026, 4, 1), price=20)
    segments = yearly.subscription.rate_plans[0].charges
    assert [(one.segment, one.effective_start.month) for one in segments] == [(1, 1), (2, 4), (3, 7)]
    assert [one.pricing.price for one in segments] == [10, 20, 30]
    assert [one.dtcv for one in segments] == [-30, 60, 0]


def test_an_update_on_the_end_makes_a_segment_without_days(yearly: "Customer") -> None:
    """Source: Zuora, MET-004; the segment begins with the next term."""
    yearly.update(date(2027, 1, 1), price=20)
    former, following = yearly.subscription.rate_plans[0].charges
    assert former.effective_end == following.effective_start == following.effective_end
    assert [former.dtcv, following.dtcv] == [0, 0]
    yearly.renew()
    former, following = yearly.subscription.rate_plans[0].charges
    assert (former.effective_end, following.effective_end) == (date(2027, 1, 1), date(2028, 1, 1))
    amounts = [
        line.item.amount
        for line in yearly.bill(date(2027, 1, 1)).lines
        if line.plan.id == yearly.subscription.rate_plans[0].id
    ]
    assert amounts == [10] * 12 + [20]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2025, 12, 31), "should not be before the start 2026-01-01"),
        (date(2027, 1, 2), "ends on 2027-01-01 and cannot change on 2027-01-02"),
    ],
)
def test_an_update_lies_within_the_charge(day: date, words: str, yearly: "Customer") -> None:
    with pytest.raises(RuleError, match=words):
        yearly.update(day, price=1)


def test_an_update_cannot_precede_the_charge(yearly: "Customer", sold: "Callable[..., Sold]") -> None:
    yearly.add(sold(1), day=date(2026, 5, 1))
    with pytest.raises(RuleError, match="starts on 2026-05-01 and cannot change on 2026-04-30"):
        yearly.update(date(2026, 4, 30), plan=2, price=1)


def test_a_plan_is_removed_once_and_from_then_on_not_extended(yearly: "Customer") -> None:
    removed = yearly.remove(date(2026, 7, 1)).rate_plans[0]
    assert (removed.last_change, removed.charges[0].effective_end) == ("Remove", date(2026, 7, 1))
    assert removed.charges[0].version == 2
    assert removed.charges[0].dtcv == -60
    with pytest.raises(RuleError, match="is removed already"):
        yearly.remove(date(2026, 8, 1))
    renewed = yearly.renew()
    assert [plan.charges[0].effective_end for plan in renewed.rate_plans] == [
        date(2026, 7, 1),
        date(2028, 1, 1),
    ]


def test_a_removal_before_the_first_bill_leaves_the_time_until_then(yearly: "Customer") -> None:
    yearly.remove(date(2026, 1, 16))
    yearly.remove(date(2026, 1, 1), plan=1)
    items = [line.item for line in yearly.bill(date(2026, 12, 31)).lines]
    assert [(item.last_day, str(item.amount)) for item in items] == [(date(2026, 1, 15), "4.84")]


def test_a_removal_planned_for_the_end_of_the_term_holds_after_an_update(yearly: "Customer") -> None:
    yearly.remove(date(2027, 1, 1))
    yearly.update(date(2026, 7, 1), price=20)
    assert yearly.renew().rate_plans[0].charges[-1].effective_end == date(2027, 1, 1)


def test_a_renewal_extends_what_ran_to_the_end_after_an_update(yearly: "Customer") -> None:
    yearly.update(date(2026, 7, 1), price=20)
    renewed = yearly.renew()
    assert (renewed.term_start, renewed.term_end, renewed.end) == (date(2027, 1, 1), *[date(2028, 1, 1)] * 2)
    former, following = renewed.rate_plans[0].charges
    assert (former.effective_end, former.version) == (date(2026, 7, 1), 2)
    assert (following.effective_end, following.version) == (date(2028, 1, 1), 3)
    assert following.dtcv == 240
    assert following.amended_by_order_on == date(2027, 1, 1)


def test_a_renewal_may_be_for_good(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    one = customer()
    once = sold(5, type="OneTime", trigger_event="SpecificDate", trigger=date(2026, 12, 31))
    one.subscribe(sold(10), once, start=START, renewal_setting="RENEW_TO_EVERGREEN")
    renewed = one.renew()
    assert (renewed.term_type, renewed.term_start, renewed.end) == ("EVERGREEN", date(2027, 1, 1), None)
    assert [charge.effective_end for charge in one.charges] == [None, date(2027, 1, 1)]
    assert [charge.version for charge in one.charges] == [2, 1]


def test_a_renewal_extends_a_fixed_period_no_further_than_it_reaches(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """The period counts from the charge's first segment, whatever was updated since."""
    one = customer()
    fixed = {"end_date_condition": "Fixed_Period", "up_to_periods_type": "Months"}
    one.subscribe(sold(10, up_to_periods=15, **fixed), sold(10, up_to_periods=6, **fixed), start=START)
    one.update(date(2026, 7, 1), price=20)
    one.renew()
    assert [charge.effective_end for charge in one.charges] == [
        date(2026, 7, 1),
        date(2027, 4, 1),
        date(2026, 7, 1),
    ]


def test_a_cancelled_charge_that_has_not_begun_never_begins(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    later = {"trigger_event": "SpecificDate", "trigger": date(2026, 9, 1)}
    one.subscribe(sold(10, **later), sold(10, type="OneTime", **later), start=START)
    one.cancel(date(2026, 8, 1))
    assert one.bill(date(2027, 1, 1)).lines == ()
    assert [charge.dtcv for charge in one.charges] == [-40, -10]


def test_a_charge_that_starts_after_the_term_begins_with_the_next(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10, trigger_event="SpecificDate", trigger=date(2027, 2, 1)), start=START)
    assert one.bill(date(2027, 2, 1)).lines == ()
    one.renew()
    assert [charge.effective_end for charge in one.charges] == [date(2028, 1, 1)]
    assert [line.item.start for line in one.bill(date(2027, 2, 1)).lines] == [date(2027, 2, 1)]


def test_what_ends_by_itself_on_the_day_is_not_ended_again(yearly: "Customer") -> None:
    """Source: recorded plans removed at the end of their term keep the deltas of the renewal before."""
    before = yearly.charges
    assert yearly.remove(date(2027, 1, 1)).rate_plans[0].charges == before[:1]
    assert yearly.cancel(date(2027, 1, 1)).rate_plans[1].charges == before[1:]


def test_a_new_segment_is_not_amended_yet(yearly: "Customer") -> None:
    yearly.renew()
    former, following = yearly.update(date(2027, 3, 1), price=20).rate_plans[0].charges
    assert (former.amended_by_order_on, following.amended_by_order_on) == (date(2027, 3, 1), None)


def test_a_price_for_a_term_is_for_the_term_of_the_renewal(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(1200, billing_period="Subscription_Term"), start=START, renewal_term=Term(6, "Month"))
    assert [mrr(charge) for charge in one.charges] == [100]
    one.renew()
    assert [mrr(charge) for charge in one.charges] == [200]


def test_a_taxable_charge_needs_a_tax_code(customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    """Source: the official SDK, charge override."""
    one = customer()
    one.subscribe(sold(10), start=START)
    with pytest.raises(MissingValueError, match="'taxCode' may not be null"):
        one.update(START, taxation={"taxable": True, "code": None, "mode": None})


def test_a_one_time_charge_is_not_billed_again_when_it_is_changed_after_its_bill(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(5, type="OneTime"), start=date(2026, 1, 1))
    assert one.bill(date(2026, 1, 1)).total == 5
    one.update(date(2026, 1, 1), quantity=2)
    assert one.bill(date(2026, 2, 1)).lines == ()


def test_a_removed_charge_cannot_change_between_its_end_and_what_was_planned_after_it(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(10), start=date(2026, 1, 1))
    one.update(date(2026, 6, 1), price=20)
    one.update(date(2026, 9, 1), price=30)
    one.remove(date(2026, 4, 1))
    with pytest.raises(RuleError, match="ended on 2026-06-01 and cannot change on 2026-07-01"):
        one.update(date(2026, 7, 1), price=40)
