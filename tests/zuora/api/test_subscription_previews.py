"""What subscriptions would bill: new ones, and ones that exist."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import plan_named, subscribed
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order

ITEM = {
    *("chargeAmount", "chargeDescription", "chargeName", "productName", "productRatePlanChargeId"),
    *("quantity", "serviceEndDate", "serviceStartDate", "taxAmount", "unitOfMeasure"),
}
"""Source: the official SDK, PreviewSubscriptionInvoiceItem."""


@pytest.fixture
def wanted(account: str, tenant: Tenant) -> dict[str, Any]:
    """Ten seats of Premium for a year."""
    plan = plan_named(tenant, "Premium - 1 Year")
    seats = {"productRatePlanChargeId": plan.charges[0].id, "quantity": 10}
    return {
        "accountKey": account,
        "contractEffectiveDate": "2026-01-01",
        "termType": "TERMED",
        "initialTerm": 12,
        "subscribeToRatePlans": [{"productRatePlanId": plan.id, "chargeOverrides": [seats]}],
    }


def test_a_preview_bills_what_the_creation_would_and_creates_nothing(
    call: "Caller", client: Client, wanted: dict[str, Any]
) -> None:
    before = call.tenant.world
    shown = call("POST", "/v1/subscriptions/preview", wanted, version="215.0").body
    assert call.tenant.world is before
    made = client.post("/v1/subscriptions", {**wanted, "runBilling": True})
    assert shown["invoice"]["amount"] == shown["totalContractedValue"] == made["totalContractedValue"]
    assert set(shown["invoice"]["invoiceItems"][0]) == ITEM
    assert shown["invoice"]["targetDate"] == "2026-01-01"


def test_an_old_version_has_the_fields_beside_one_another(call: "Caller", wanted: dict[str, Any]) -> None:
    """Source: Zuora, API upgrades, 207.0."""
    shown = call("POST", "/v1/subscriptions/preview", wanted, version="206.0").body
    assert shown["amount"] == shown["totalContractedValue"]
    assert (shown["invoiceTargetDate"], len(shown["invoiceItems"])) == ("2026-01-01", 1)
    assert "invoice" not in shown


def test_a_preview_of_what_is_not_due_is_empty(client: Client, wanted: dict[str, Any]) -> None:
    shown = client.post("/v1/subscriptions/preview", {**wanted, "targetDate": "2025-12-31"})
    assert (shown["invoice"]["amount"], shown["invoice"]["invoiceItems"]) == (0, [])


def test_a_preview_of_a_negative_price_is_a_credit_memo(client: Client, wanted: dict[str, Any]) -> None:
    wanted["subscribeToRatePlans"][0]["chargeOverrides"][0]["price"] = -2
    shown = client.post("/v1/subscriptions/preview", wanted)
    assert shown["creditMemo"]["amount"] == 20
    assert shown["creditMemo"]["creditMemoItems"][0]["chargeAmount"] == 20


def test_a_preview_tells_what_each_charge_brings(client: Client, wanted: dict[str, Any]) -> None:
    """Source: the official SDK, ChargeMetrics."""
    body = {**wanted, "previewType": "ChargeMetrics"}
    shown = client.post("/v1/subscriptions/preview", body)
    (row,) = shown["chargeMetrics"]
    assert (row["mrr"], row["tcv"]) == (shown["contractedMrr"], shown["totalContractedValue"])
    assert (row["dmrr"], row["dtcv"]) == (row["mrr"], row["tcv"])
    bought = wanted["subscribeToRatePlans"][0]
    assert row["productRatePlanId"] == bought["productRatePlanId"]
    assert row["productRatePlanChargeId"] == bought["chargeOverrides"][0]["productRatePlanChargeId"]
    assert not {"invoice", "targetDate", "number"} & shown.keys() | ({"number"} & row.keys())
    both = client.post("/v1/subscriptions/preview", {**body, "previewType": "LegalDocChargeMetrics"})
    assert both["chargeMetrics"] == [row]
    assert both["invoice"]["amount"] == row["tcv"]


@pytest.mark.parametrize(
    "through",
    [
        {"previewThruDatePolicy": "nextBillingPeriods", "nextBillingPeriods": 1},
        {"previewThruDatePolicy": "endOfTerm"},
        {"previewThruDatePolicy": "specificDate", "specificDate": "2026-02-01"},
    ],
)
def test_a_subscription_that_exists_is_previewed(
    client: Client, subscription: str, through: dict[str, Any]
) -> None:
    shown = client.post(f"/v1/subscriptions/{subscription}/preview", {"previewThroughDate": through})
    (invoice,) = shown["invoices"]
    (item,) = invoice["invoiceItems"]
    assert (item["serviceStartDate"], item["serviceEndDate"]) == ("2026-01-01", "2026-12-31")
    assert item["quantity"] == Decimal(10)
    assert "additionalInfo" not in item


def test_a_subscription_that_was_cut_short_is_credited(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    options = {"runBilling": True}
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=options)
    number = subscribed(made)
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    order("CancelSubscription", "2026-01-01", number, cancelSubscription=end)
    through = {"previewThruDatePolicy": "specificDate", "specificDate": "2026-12-31"}
    shown = client.post(f"/v1/subscriptions/{number}/preview", {"previewThroughDate": through})
    assert shown["creditMemos"][0]["creditMemoItems"][0]["serviceStartDate"] == "2026-07-01"


@pytest.fixture
def more_seats(client: Client, subscription: str) -> dict[str, Any]:
    """An update of the subscription to twenty seats from today."""
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    change = {"ratePlanChargeId": plan["ratePlanCharges"][0]["id"], "quantity": 20}
    start = {"contractEffectiveDate": "2026-01-01", "ratePlanId": plan["id"]}
    return {"update": [{**start, "chargeUpdateDetails": [change]}]}


def test_an_update_is_previewed_as_it_would_be_billed_and_changes_nothing(
    call: "Caller", client: Client, subscription: str, more_seats: dict[str, Any]
) -> None:
    path, before = f"/v1/subscriptions/{subscription}", call.tenant.world
    seen = call("PUT", path, {**more_seats, "preview": True}, version="215.0").body
    assert call.tenant.world is before
    made = client.put(path, {**more_seats, "runBilling": True})
    assert seen["totalDeltaTcv"] == made["totalDeltaTcv"] == 3480
    assert seen["totalDeltaMrr"] == made["totalDeltaMrr"]
    assert seen["invoice"]["amount"] == client.get(f"/v1/invoices/{made['invoiceId']}")["amount"] == 6960
    assert set(seen["invoice"]["invoiceItems"][0]) == ITEM


def test_an_update_of_nothing_previews_what_is_due(call: "Caller", subscription: str) -> None:
    body = {"preview": True, "previewType": "InvoiceItem", "invoiceTargetDate": "2026-01-01"}
    seen = call("PUT", f"/v1/subscriptions/{subscription}", body, version="206.0").body
    assert (seen["amount"], seen["totalDeltaTcv"], seen["invoiceTargetDate"]) == (3480, 0, "2026-01-01")


def test_a_preview_has_the_documents_that_the_tenant_s_rules_make(
    client: Client, wanted: dict[str, Any], tenant: Tenant
) -> None:
    """Source: Zuora, rules for generating invoices and credit memos."""
    rules = replace(tenant.world.rules, credit_memo_generation="negative")
    tenant.world = replace(tenant.world, rules=rules)
    (plan,) = wanted["subscribeToRatePlans"]
    (seats,) = plan["chargeOverrides"]
    wanted["subscribeToRatePlans"] = [plan, {**plan, "chargeOverrides": [{**seats, "price": -2}]}]
    shown = client.post("/v1/subscriptions/preview", wanted)
    assert (shown["invoice"]["amount"], shown["creditMemo"]["amount"]) == (3480, 20)


def test_an_update_is_previewed_charge_by_charge(
    client: Client, subscription: str, more_seats: dict[str, Any]
) -> None:
    """Source: the official SDK, ChargeMetrics: numbers and original ids are those of an update."""
    body = {**more_seats, "preview": True, "previewType": "ChargeMetrics"}
    shown = client.put(f"/v1/subscriptions/{subscription}", body)
    (row,) = shown["chargeMetrics"]
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    (charge,) = plan["ratePlanCharges"]
    assert (row["mrr"], row["tcv"]) == (2 * charge["mrr"], 2 * charge["tcv"])
    assert (row["dmrr"], row["dtcv"]) == (shown["totalDeltaMrr"], shown["totalDeltaTcv"]) == (290, 3480)
    assert (row["number"], row["originalId"]) == (charge["number"], charge["originalChargeId"])
    assert row["originRatePlanId"] == plan["id"]
    assert "invoice" not in shown


def test_what_an_update_removes_brings_nothing(client: Client, subscription: str) -> None:
    (plan,) = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    remove = {"ratePlanId": plan["id"], "contractEffectiveDate": "2026-01-01"}
    body = {"remove": [remove], "preview": True, "previewType": "ChargeMetrics"}
    shown = client.put(f"/v1/subscriptions/{subscription}", body)
    (row,) = shown["chargeMetrics"]
    assert (row["mrr"], row["dmrr"], row["tcv"], row["dtcv"]) == (0, -290, 0, -3480)
