"""Replacing a rate plan with another."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.errors import BillingError
from toolkit.billing.orders import ChangePlan, Triggers
from toolkit.billing.versions import change

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START, DAY = date(2026, 1, 1), date(2026, 2, 15)


@pytest.fixture
def served(customer: "type[Customer]", sold: "Callable[..., Sold]") -> "Customer":
    """A customer with a plan of 30 a month and one of 90 a quarter, whose periods begin on the fifth."""
    one = customer(5)
    one.subscribe(sold(price=30), sold(price=90, billing_period="Quarter"), start=START)
    return one


def replacing(customer: "Customer", wanted: "Sold", plan: str, day: date | None, **more: Any) -> ChangePlan:  # noqa: ANN401
    return ChangePlan(Triggers(day) if day else None, plan, customer.offer(wanted), **more)


def test_one_plan_ends_where_the_other_begins(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=30), start=START)
    one.bill(date(2026, 3, 1))
    (plan,) = one.subscription.rate_plans
    one.order(replacing(one, sold(price=60), plan.id, date(2026, 3, 11)))
    assert [x.last_change for x in one.subscription.rate_plans] == ["Remove", "Add"]
    assert one.subscription.version == 2
    items = [line.item for line in one.bill(date(2026, 3, 31)).lines]
    assert [(item.start, item.amount) for item in items] == [
        (date(2026, 3, 11), Decimal("-20.32")),
        (date(2026, 3, 11), Decimal("40.65")),
    ]


@pytest.mark.parametrize(("plan", "end"), [(0, date(2026, 3, 5)), (1, date(2026, 4, 5))])
def test_at_the_end_of_the_billing_period_is_where_the_plans_next_one_begins(
    served: "Customer", sold: "Callable[..., Sold]", plan: int, end: date
) -> None:
    replaced = served.subscription.rate_plans[plan]
    action = replacing(served, sold(price=1), replaced.number, None, policy="EffectiveEndOfBillingPeriod")
    desk = served.desk(DAY)._replace(now=datetime(2026, 2, 15, tzinfo=UTC), bill_cycle_day=5)
    changed = change(served.subscription, action, desk)
    assert changed.rate_plans[plan].charges[0].effective_end == end
    assert changed.rate_plans[-1].charges[0].effective_start == end


def test_without_dates_it_takes_effect_on_the_orders(served: "Customer", sold: "Callable[..., Sold]") -> None:
    plan = served.subscription.rate_plans[0]
    action = replacing(served, sold(price=1), plan.id, None, policy="EffectiveImmediately")
    served.order(action, DAY)
    assert served.subscription.rate_plans[-1].charges[0].effective_start == DAY


def test_a_plan_may_be_named_by_what_it_copies(served: "Customer", sold: "Callable[..., Sold]") -> None:
    copied = served.subscription.rate_plans[0].product_rate_plan_id
    served.order(replacing(served, sold(price=1), copied, DAY))
    assert [one.last_change for one in served.subscription.rate_plans] == ["Remove", "Add", "Add"]


def test_a_plan_that_is_not_there_or_there_twice_cannot_be_named_so(
    served: "Customer", sold: "Callable[..., Sold]"
) -> None:
    offered = served.offer(sold(price=2)).product_rate_plan_id
    with pytest.raises(BillingError, match=f"Cannot find entity by key: '{offered}'"):
        served.order(replacing(served, sold(price=1), offered, DAY))
    plan = served.subscription.rate_plans[0]
    twice = (*served.subscription.rate_plans, plan)
    served.subscription = replace(served.subscription, rate_plans=twice)
    with pytest.raises(BillingError, match="has 2 copies of the rate plan"):
        served.order(replacing(served, sold(price=1), plan.product_rate_plan_id, DAY))


def test_a_plan_without_a_running_period_has_no_end_of_one(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(price=5, type="OneTime", billing_period=None), start=START)
    (plan,) = one.subscription.rate_plans
    action = replacing(one, sold(price=1), plan.id, None, policy="EffectiveEndOfBillingPeriod")
    with pytest.raises(BillingError, match="has no billing period on 2026-01-01 that could end"):
        one.order(action, START)
