"""RatePlanData of amendments: what can be said of a charge that the subscription has."""

from typing import Any

from tests.zuora.conftest import Caller


def test_an_amendment_cannot_change_the_billing_period(call: Caller, subscription: str) -> None:
    sold = call("GET", f"/v1/subscriptions/{subscription}").body
    plan = sold["ratePlans"][0]
    key = plan["ratePlanCharges"][0]["productRatePlanChargeId"]
    charge: dict[str, Any] = {"ProductRatePlanChargeId": key, "BillingPeriod": "Semi-Annual"}
    amendment = {
        "Type": "UpdateProduct",
        "Name": "Change",
        "ContractEffectiveDate": "2026-01-01",
        "SubscriptionId": sold["id"],
        "RatePlanData": {
            "RatePlan": {"AmendmentSubscriptionRatePlanId": plan["id"]},
            "RatePlanChargeData": [{"RatePlanCharge": charge}],
        },
    }
    (refused,) = call("POST", "/v1/action/amend", {"requests": [{"Amendments": [amendment]}]}).body["results"]
    assert "BillingPeriod" in refused["Errors"][0]["Message"]
