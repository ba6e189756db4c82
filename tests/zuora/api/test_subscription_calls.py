"""The calls on single subscriptions, each of which is an order."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import plan_named, subscribed
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order

TODAY = {"orderDate": "2026-01-01"}


@pytest.fixture
def body(account: str, tenant: Tenant) -> dict[str, Any]:
    """A subscription to ten seats of Premium for a year."""
    plan = plan_named(tenant, "Premium - 1 Year")
    seats = {"productRatePlanChargeId": plan.charges[0].id, "quantity": 10}
    return {
        "accountKey": account,
        "contractEffectiveDate": "2026-01-01",
        "termType": "TERMED",
        "initialTerm": 12,
        "renewalTerm": 12,
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [seats]}],
    }


def shown(client: Client, number: str) -> dict[str, Any]:
    return client.get(f"/v1/subscriptions/{number}")


def test_a_subscription_is_created_and_billed_in_one_call(client: Client, body: dict[str, Any]) -> None:
    answer = client.post("/v1/subscriptions", {**body, "runBilling": True, "CostCentre__c": "7"})
    assert answer["totalContractedValue"] > 0
    assert answer["contractedMrr"] > 0
    found = shown(client, answer["subscriptionNumber"])
    assert (found["id"], found["status"]) == (answer["subscriptionId"], "Active")
    assert (found["customerAcceptanceDate"], found["CostCentre__c"]) == ("2026-01-01", "7")
    assert client.get(f"/v1/invoices/{answer['invoiceId']}")["amount"] == answer["totalContractedValue"]
    assert client.get(f"/v1/orders/{found['orderNumber']}")["order"]["status"] == "Completed"


def test_a_created_subscription_never_waits_for_dates(
    client: Client, body: dict[str, Any], require: Callable[..., None]
) -> None:
    """Source: the official SDK, create a subscription: each date defaults to the one before it."""
    require(require_service_activation=True, require_customer_acceptance=True)
    answer = client.post("/v1/subscriptions", body)
    assert shown(client, answer["subscriptionNumber"])["status"] == "Active"


def test_a_charge_may_differ_from_the_catalog(client: Client, body: dict[str, Any]) -> None:
    del body["renewalTerm"]
    seats = body["subscribeToRatePlans"][0]["chargeOverrides"][0]
    seats |= {"price": 5, "triggerEvent": "USD", "triggerDate": "2026-02-01", "billingPeriod": "Month"}
    seats |= {"endDateCondition": "Specific_End_Date", "specificEndDate": "2026-05-01"}
    number = client.post("/v1/subscriptions", body)["subscriptionNumber"]
    charge = shown(client, number)["ratePlans"][0]["ratePlanCharges"][0]
    assert (charge["effectiveStartDate"], charge["effectiveEndDate"]) == ("2026-02-01", "2026-05-01")
    assert (charge["price"], charge["quantity"], charge["billingPeriod"]) == (5, 10, "Month")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"accountKey": "none"}, "Cannot find entity by key: 'none'"),
        ({"termType": "OPEN"}, "'termType' value should be one of: TERMED, EVERGREEN"),
        ({"subscribeToRatePlans": [{}]}, "'productRatePlanId' may not be null"),
        ({"runBilling": True, "collect": True}, "no default payment method"),
    ],
)
def test_a_subscription_that_cannot_be_is_refused(
    client: Client, body: dict[str, Any], change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(RefusedError, match=problem):
        client.post("/v1/subscriptions", {**body, **change})


def test_the_code_of_a_wrong_value_is_that_of_the_call(call: "Caller", body: dict[str, Any]) -> None:
    """Source: Zuora, create a subscription: 53100320."""
    answer = call("POST", "/v1/subscriptions", {**body, "termType": "OPEN"})
    assert answer.reason == (53100320, "'termType' value should be one of: TERMED, EVERGREEN")


def test_an_unknown_charge_is_refused(client: Client, body: dict[str, Any], subscription: str) -> None:
    body["subscribeToRatePlans"][0]["chargeOverrides"][0]["productRatePlanChargeId"] = "none"
    with pytest.raises(RefusedError, match="'none'"):
        client.post("/v1/subscriptions", body)
    with pytest.raises(RefusedError, match="'none'"):
        client.put(
            f"/v1/subscriptions/{subscription}",
            {
                "update": [
                    {
                        "contractEffectiveDate": "2026-02-01",
                        "ratePlanId": "x",
                        "chargeUpdateDetails": [{"ratePlanChargeId": "none"}],
                    }
                ]
            },
        )


def test_a_call_without_an_order_date_is_refused(client: Client, subscription: str) -> None:
    """Source: a live tenant with Orders."""
    with pytest.raises(RefusedError, match="'orderDate' may not be null"):
        client.put(f"/v1/subscriptions/{subscription}/renew", {})


def test_a_renewal_answers_its_term_and_its_order(client: Client, subscription: str) -> None:
    answer = client.put(f"/v1/subscriptions/{subscription}/renew", TODAY)
    assert (answer["termStartDate"], answer["termEndDate"]) == ("2027-01-01", "2028-01-01")
    assert answer["totalDeltaTcv"] > 0
    assert shown(client, subscription)["orderNumber"] == answer["orderNumber"]


def test_a_cancellation_answers_its_day_and_its_delta(client: Client, subscription: str) -> None:
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01", **TODAY}
    before = shown(client, subscription)["totalContractedValue"]
    answer = client.put(f"/v1/subscriptions/{subscription}/cancel", end)
    assert (answer["cancelledDate"], answer["totalDeltaMrr"]) == ("2026-07-01", 0)
    assert shown(client, subscription)["totalContractedValue"] - before == answer["totalDeltaTcv"]
    with pytest.raises(RefusedError, match="Only activated subscription can be cancelled"):
        client.put(f"/v1/subscriptions/{subscription}/cancel", end)


def test_every_wrong_field_is_a_reason_of_its_own(call: "Caller", body: dict[str, Any]) -> None:
    """Source: recorded, contactually/zuora-ruby, zuora/fixtures/vcr_cassettes/subscription_create_."""
    wrong = {"invoiceTargetDate": "-4712-01-01", "renewalTermPeriodType": "Months"}
    answer = call("POST", "/v1/subscriptions", {**body, **wrong}, version="186.0")
    assert {one["code"] for one in answer.body["reasons"]} == {53001020, 53001820}


def test_a_version_before_the_last_is_not_updated(call: "Caller", client: Client, subscription: str) -> None:
    """Source: recorded, contactually/zuora-ruby, update_subscription_quantity_failure."""
    former = shown(client, subscription)["id"]
    client.put(f"/v1/subscriptions/{subscription}/renew", TODAY)
    answer = call("PUT", f"/v1/subscriptions/{former}", {"autoRenew": True})
    assert answer.reason == (53500030, "This subscription is not the latest version.")


def test_a_subscription_without_an_end_has_no_total_value(client: Client, body: dict[str, Any]) -> None:
    """Source: recorded, contactually/zuora-ruby, an evergreen subscription created, updated, cancelled."""
    wanted = {name: value for name, value in body.items() if name not in ("initialTerm", "renewalTerm")}
    wanted["termType"] = "EVERGREEN"
    assert client.post("/v1/subscriptions/preview", wanted)["totalContractedValue"] is None
    made = client.post("/v1/subscriptions", wanted)
    assert made["totalContractedValue"] is None
    path = f"/v1/subscriptions/{made['subscriptionNumber']}"
    assert client.put(path, {"notes": "n", "renewalTerm": 3, "preview": True})["totalDeltaTcv"] is None
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01", **TODAY}
    assert client.put(f"{path}/cancel", end)["totalDeltaTcv"] is None


def test_a_preview_tells_the_date_of_its_document(call: "Caller", body: dict[str, Any]) -> None:
    """Source: recorded, guardian/support-service-lambdas, the preview of an update."""
    dates = {"targetDate": "2026-01-01", "documentDate": "2026-01-03"}
    answer = call("POST", "/v1/subscriptions/preview", {**body, **dates}, version="215.0").body
    assert (answer["targetDate"], answer["documentDate"]) == ("2026-01-01", "2026-01-03")


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (
            {"invoiceTargetDate": "-4712-01-01"},
            53001020,
            "'invoiceTargetDate' must match \"\\d{4}-\\d{1,2}-\\d{1,2}\"",
        ),
        (
            {"renewalTermPeriodType": "Months"},
            53001820,
            "'renewalTermPeriodType' value should be one of: Month, Year, Day, Week",
        ),
        ({"invoice,collect": True}, 53000021, "Invalid parameter(s): 'invoice,collect'."),
    ],
)
def test_a_wrong_field_has_its_recorded_code(
    call: "Caller", body: dict[str, Any], change: dict[str, Any], code: int, message: str
) -> None:
    """Source: recorded, contactually/zuora-ruby, zuora/fixtures/vcr_cassettes/subscription_create_."""
    answer = call("POST", "/v1/subscriptions", {**body, **change}, version="186.0")
    assert answer.reason == (code, message)


@pytest.mark.parametrize(
    ("version", "said", "named"),
    [
        (None, {"invoice": True, "collect": False}, "invoice,collect"),
        ("189.0", {"runBilling": False}, "runBilling"),
        ("196.0", {"runBilling": True, "invoiceCollect": False}, "runBilling,invoiceCollect"),
        ("211.0", {"invoice": False}, "invoice"),
        ("2025-08-12", {"invoiceCollect": True}, "invoiceCollect"),
    ],
)
def test_a_version_does_not_know_the_fields_of_others(
    call: "Caller",
    subscription: str,
    body: dict[str, Any],
    version: str | None,
    said: dict[str, bool],
    named: str,
) -> None:
    """Source: recorded, PUT cancel under version 186.0: code 53200021; Zuora, API upgrades: 196.0, 211.0."""
    end = {"cancellationPolicy": "EndOfCurrentTerm", **said, **TODAY}
    answer = call("PUT", f"/v1/subscriptions/{subscription}/cancel", end, version=version)
    assert answer.reason == (53200021, f"Invalid parameter(s): '{named}'.")
    for path in ("/v1/subscriptions", "/v1/subscriptions/preview"):
        assert call("POST", path, {**body, **said}, version=version).reason[0] % 100 == 21


@pytest.mark.parametrize(
    ("version", "said"),
    [(None, "invoiceCollect"), ("196.0", "invoice"), ("207.0", "invoice"), ("211.0", "runBilling")],
)
def test_each_version_knows_its_own_field(
    call: "Caller", subscription: str, version: str | None, said: str
) -> None:
    end = {"cancellationPolicy": "EndOfCurrentTerm", said: False, **TODAY}
    assert call("PUT", f"/v1/subscriptions/{subscription}/cancel", end, version=version).body["success"]


def test_a_suspension_may_say_its_end(client: Client, subscription: str) -> None:
    pause = {
        "suspendPolicy": "SpecificDate",
        "suspendSpecificDate": "2026-03-01",
        "resume": True,
        "resumePolicy": "FixedPeriodsFromSuspendDate",
        "resumePeriods": "1",
        "resumePeriodsType": "Month",
        "extendsTerm": True,
    }
    answer = client.put(f"/v1/subscriptions/{subscription}/suspend", {**pause, **TODAY})
    assert (answer["suspendDate"], answer["resumeDate"]) == ("2026-03-01", "2026-04-01")
    assert answer["termEndDate"] == "2027-02-01"


def test_a_suspended_subscription_is_resumed(client: Client, subscription: str) -> None:
    pause = {"suspendPolicy": "Today", **TODAY}
    answer = client.put(f"/v1/subscriptions/{subscription}/suspend", pause)
    assert "resumeDate" not in answer
    assert answer["subscriptions"] == [{"subscriptionNumber": subscription, "status": "Suspended"}]
    again = {"resumePolicy": "SpecificDate", "resumeSpecificDate": "2026-02-01", **TODAY}
    assert client.put(f"/v1/subscriptions/{subscription}/resume", again)["resumeDate"] == "2026-02-01"


def test_an_update_adds_changes_and_removes_plans(client: Client, tenant: Tenant, subscription: str) -> None:
    """Source: recorded, the answer of PUT subscription."""
    plan = shown(client, subscription)["ratePlans"][0]
    new = plan_named(tenant, "Ultimate - 1 Year")
    seats = {"ratePlanChargeId": plan["ratePlanCharges"][0]["id"], "quantity": 12, "description": "More"}
    body = {
        "add": [{"contractEffectiveDate": "2026-02-01", "productRatePlanId": new.id}],
        "update": [
            {
                "contractEffectiveDate": "2026-02-01",
                "ratePlanId": plan["id"],
                "chargeUpdateDetails": [seats],
            }
        ],
        "notes": "Grown",
        "autoRenew": True,
        "renewalTerm": 6,
        "Region__c": "EMEA",
        "runBilling": True,
    }
    answer = client.put(f"/v1/subscriptions/{subscription}", body)
    assert set(answer) == {"success", "subscriptionId", "totalDeltaMrr", "totalDeltaTcv", "invoiceId"}
    found = shown(client, subscription)
    assert (found["id"], found["version"], found["notes"]) == (answer["subscriptionId"], 4, "Grown")
    assert (found["autoRenew"], found["renewalTerm"], found["Region__c"]) == (True, 6, "EMEA")
    assert found["ratePlans"][0]["ratePlanCharges"][0]["quantity"] == 12
    gone = {"remove": [{"contractEffectiveDate": "2026-03-01", "ratePlanId": plan["id"]}]}
    client.put(f"/v1/subscriptions/{subscription}", gone)
    assert shown(client, subscription)["ratePlans"][0]["lastChangeType"] == "Remove"


def test_an_update_replaces_a_plan_and_the_term(client: Client, tenant: Tenant, subscription: str) -> None:
    plan = shown(client, subscription)["ratePlans"][0]
    new = plan_named(tenant, "Ultimate - 1 Year")
    change = {"contractEffectiveDate": "2026-02-01", "ratePlanId": plan["id"], "newProductRatePlanId": new.id}
    client.put(f"/v1/subscriptions/{subscription}", {"change": [change], "currentTerm": 18})
    found = shown(client, subscription)
    assert [one["lastChangeType"] for one in found["ratePlans"]] == ["Remove", "Add"]
    assert found["termEndDate"] == "2027-07-01"


def test_notes_alone_make_no_new_version(client: Client, subscription: str) -> None:
    client.put(f"/v1/subscriptions/{subscription}", {"notes": "Quiet"})
    found = shown(client, subscription)
    assert (found["version"], found["notes"]) == (1, "Quiet")
    client.put(f"/v1/subscriptions/{subscription}", {"invoiceSeparately": True})
    assert shown(client, subscription)["notes"] == "Quiet"


def test_an_update_takes_nine_plans_at_most(client: Client, subscription: str) -> None:
    """Source: Zuora, update a subscription."""
    gone = {"contractEffectiveDate": "2026-03-01", "ratePlanId": "x"}
    with pytest.raises(RefusedError, match="at most 9 rate plans"):
        client.put(f"/v1/subscriptions/{subscription}", {"remove": [gone] * 10})


def test_a_subscription_is_deleted_with_its_orders(client: Client, order: "Order", subscription: str) -> None:
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    client.put(f"/v1/subscriptions/{subscription}/delete", {})
    with pytest.raises(RefusedError, match="Cannot find entity"):
        shown(client, subscription)


def test_a_former_version_is_shown_by_its_number(client: Client, order: "Order", subscription: str) -> None:
    first = shown(client, subscription)["id"]
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    found = client.get(f"/v1/subscriptions/{subscription}/versions/1")
    assert (found["id"], found["status"], found["isLatestVersion"]) == (first, "Expired", False)
    with pytest.raises(RefusedError, match="has no version '3'"):
        client.get(f"/v1/subscriptions/{subscription}/versions/3")


def test_custom_fields_are_set_of_the_latest_and_of_one_version(
    client: Client, order: "Order", subscription: str
) -> None:
    path = f"/v1/subscriptions/{subscription}"
    client.put(f"{path}/customFields", {"customFields": {"Region__c": "EMEA"}})
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    client.put(f"{path}/versions/1/customFields", {"customFields": {"Region__c": "APAC"}})
    assert shown(client, subscription)["Region__c"] == "EMEA"
    assert client.get(f"{path}/versions/1")["Region__c"] == "APAC"
    assert shown(client, subscription)["version"] == 2


def test_rate_plans_keep_custom_fields_of_their_own(
    client: Client, order: "Order", creation: dict[str, Any], tenant: Tenant
) -> None:
    """Source: the official SDK, create order: the custom fields of a rate plan when it is subscribed to."""
    creation["subscribeToRatePlans"][0]["customFields"] = {"Seat__c": "dev", "Tier__c": "1"}
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    number = subscribed(made)
    (plan,) = shown(client, number)["ratePlans"]
    assert (plan["Seat__c"], plan["Tier__c"]) == ("dev", "1")
    update = {"ratePlanId": plan["id"], "customFields": {"Tier__c": "2"}}
    order("UpdateProduct", "2026-02-01", number, updateProduct=update)
    new = plan_named(tenant, "Ultimate - 1 Year")
    add = {"contractEffectiveDate": "2026-03-01", "productRatePlanId": new.id, "Seat__c": "ops"}
    client.put(f"/v1/subscriptions/{number}", {"add": [add]})
    fields = {"ratePlanId": plan["id"], "customFields": {"Cost__c": "7"}}
    client.put(f"/v1/subscriptions/{number}/customFields", {"ratePlans": [fields]})
    first, second = shown(client, number)["ratePlans"]
    assert (first["Seat__c"], first["Tier__c"], first["Cost__c"]) == ("dev", "2", "7")
    assert (second["Seat__c"], "Tier__c" in second) == ("ops", False)
    found = client.get(f"/v1/object/rate-plan/{first['id']}")
    assert found["Cost__c"] == "7"
    with pytest.raises(RefusedError, match="'none'"):
        client.put(
            f"/v1/subscriptions/{number}/customFields", {"ratePlans": [{**fields, "ratePlanId": "none"}]}
        )


def test_custom_fields_of_an_order_are_set(client: Client, subscription: str) -> None:
    number = shown(client, subscription)["orderNumber"]
    client.put(f"/v1/orders/{number}/customFields", {"customFields": {"Channel__c": "web"}})
    assert client.get(f"/v1/orders/{number}")["order"]["customFields"] == {"Channel__c": "web"}


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (None, {"invoiceCollect": True}),
        ("196.0", {"invoice": True, "collect": True}),
        ("211.0", {"runBilling": True, "collect": True}),
    ],
)
def test_a_creation_collects_what_it_bills(
    client: Client, call: "Caller", body: dict[str, Any], version: str | None, said: dict[str, bool]
) -> None:
    method = {
        "type": "CreditCard",
        "accountKey": body["accountKey"],
        "cardNumber": "4111111111111111",
        "makeDefault": True,
    }
    client.post("/v1/payment-methods", method)
    answer = call("POST", "/v1/subscriptions", {**body, **said}, version=version).body
    assert answer["paidAmount"] == answer["totalContractedValue"]
    assert client.get(f"/v1/payments/{answer['paymentId']}")["amount"] == answer["paidAmount"]
