"""Amendments become completed by the version that they make."""

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from toolkit.billing.amendments import completed, composite
from toolkit.billing.orders import Triggers

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START, DAY, LATER = date(2026, 1, 1), date(2026, 7, 1), date(2026, 8, 1)


def test_an_order_leaves_a_completed_record_between_two_versions(yearly: "Customer") -> None:
    before, after = yearly.subscription, yearly.cancel(DAY)
    found = composite("id", "A-AM1", before, after, Triggers(START, DAY, LATER))
    assert (found.type, found.status, found.order_number) == ("Composite", "Completed", "O-1")
    assert (found.subscription_id, found.new_subscription_id) == (before.id, after.id)
    assert (found.contract_effective, found.service_activation) == (START, DAY)
    assert (found.customer_acceptance, found.effective) == (LATER, DAY)


def test_a_new_product_names_the_rate_plan_that_it_has_made(
    yearly: "Customer", sold: "Callable[..., Sold]"
) -> None:
    before = yearly.subscription
    after = yearly.add(sold(3), day=DAY)
    waiting = composite("id", "A-AM1", before, after, Triggers(DAY))
    assert waiting.new_rate_plan_id is None
    found = completed(replace(waiting, type="NewProduct"), before, after, Triggers(DAY))
    assert found.new_rate_plan_id == after.rate_plans[-1].id
    assert found.effective == DAY
