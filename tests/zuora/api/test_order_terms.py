"""What an order may change of a catalog charge, and of a subscription's term."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named, subscribed
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Order


def bought(client: Client, order: "Order", creation: dict[str, Any], **override: object) -> dict[str, Any]:
    """Return the charge of a subscription whose seats are bought with more overrides."""
    creation["subscribeToRatePlans"][0]["chargeOverrides"][0].update(override)
    answer = order("CreateSubscription", "2026-01-15", createSubscription=creation)
    number = subscribed(answer)
    shown: dict[str, Any] = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    return shown


def test_a_charge_starts_on_its_own_date(client: Client, order: "Order", creation: dict[str, Any]) -> None:
    start = {"triggerEvent": "SpecificDate", "specificTriggerDate": "2026-03-01"}
    charge = bought(client, order, creation, startDate=start)
    assert (charge["triggerEvent"], charge["effectiveStartDate"]) == ("SpecificDate", "2026-03-01")


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ({"endDateCondition": "Specific_End_Date", "specificEndDate": "2026-06-01"}, "2026-06-01"),
        (
            {"endDateCondition": "Fixed_Period", "upToPeriods": 2, "upToPeriodsType": "Months"},
            "2026-03-15",
        ),
    ],
)
def test_a_charge_ends_by_its_own_terms(
    client: Client, order: "Order", creation: dict[str, Any], end: dict[str, Any], day: str
) -> None:
    assert bought(client, order, creation, endDate=end)["effectiveEndDate"] == day


def test_a_charge_is_billed_by_its_own_periods(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    billing = {
        "billingPeriod": "Quarter",
        "billCycleType": "SpecificDayofMonth",
        "billCycleDay": 10,
        "billingTiming": "IN_ARREARS",
        "billingPeriodAlignment": "AlignToTermStart",
    }
    charge = bought(client, order, creation, billing=billing)
    assert [charge["billingPeriod"], charge["billingTiming"]] == ["Quarter", "IN_ARREARS"]
    assert [charge["billingDay"], charge["billingPeriodAlignment"]] == [
        "SpecificDayofMonth",
        "AlignToTermStart",
    ]


def test_a_price_may_be_of_another_length(client: Client, order: "Order", creation: dict[str, Any]) -> None:
    pricing = {"recurringPerUnit": {"listPrice": 12, "quantity": 1, "listPriceBase": "Per_Month"}}
    charge = bought(client, order, creation, pricing=pricing)
    assert (charge["listPriceBase"], charge["mrr"]) == ("Per_Month", 12)


def test_a_recurring_charge_takes_a_price_table(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    step = {"tier": 1, "startingUnit": 0, "price": 3, "priceFormat": "PerUnit"}
    charge = bought(client, order, creation, pricing={"recurringTiered": {"tiers": [step], "quantity": 4}})
    assert [one["price"] for one in charge["tiers"]] == [3]


def change_terms(order: "Order", subscription: str, **terms: object) -> None:
    order("TermsAndConditions", "2026-01-01", subscription, termsAndConditions=terms)


def test_the_current_term_may_be_longer(client: Client, order: "Order", subscription: str) -> None:
    """Source: the official SDK, create order terms and conditions, lastTerm."""
    last = {"termType": "TERMED", "period": 18, "periodType": "Month"}
    change_terms(order, subscription, lastTerm=last, invoiceSeparately=True)
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["currentTerm"], shown["initialTerm"], shown["termEndDate"]) == (18, 18, "2027-07-01")
    assert shown["ratePlans"][0]["ratePlanCharges"][0]["effectiveEndDate"] == "2027-07-01"
    assert shown["invoiceSeparately"] is True


def test_a_term_may_end_earlier_or_begin_later(client: Client, order: "Order", subscription: str) -> None:
    last = {"termType": "TERMED", "period": 6, "periodType": "Month", "startDate": "2026-02-01"}
    change_terms(order, subscription, lastTerm=last)
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["termStartDate"], shown["termEndDate"]) == ("2026-02-01", "2026-08-01")
    assert shown["ratePlans"][0]["ratePlanCharges"][0]["effectiveEndDate"] == "2026-08-01"


def test_a_later_term_leaves_the_first_as_it_was(client: Client, order: "Order", subscription: str) -> None:
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    change_terms(order, subscription, lastTerm={"termType": "TERMED", "period": 6})
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["initialTerm"], shown["currentTerm"], shown["termEndDate"]) == (12, 6, "2027-07-01")


def test_a_subscription_becomes_evergreen_and_termed_again(
    client: Client, order: "Order", subscription: str
) -> None:
    change_terms(order, subscription, lastTerm={"termType": "EVERGREEN"})
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["termType"], shown["termEndDate"]) == ("EVERGREEN", None)
    change_terms(order, subscription, lastTerm={"termType": "TERMED", "period": 3})
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert shown["termEndDate"] == shown["ratePlans"][0]["ratePlanCharges"][0]["effectiveEndDate"]
    with pytest.raises(RefusedError, match=r"'lastTerm\.period' may not be null"):
        change_terms(order, subscription, lastTerm={"termType": "TERMED"})


def test_a_change_of_plan_may_reset_the_bill_cycle_day(
    client: Client, tenant: Tenant, order: "Order", subscription: str, account: str
) -> None:
    new = plan_named(tenant, "Ultimate - 1 Year")
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]["id"]
    change = {"ratePlanId": plan, "newProductRatePlan": {"productRatePlanId": new.id}, "resetBcd": True}
    order("ChangePlan", "2026-02-17", subscription, changePlan=change)
    assert client.get(f"/v1/accounts/{account}")["billingAndPayment"]["billCycleDay"] == 17
