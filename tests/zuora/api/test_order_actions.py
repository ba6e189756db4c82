"""Orders that suspend, resume, transfer and replace what is subscribed to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Order
    from toolkit.billing.catalog import ProductRatePlan
    from toolkit.zuora.tenant import Tenant

FIRST = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
YEAR = Decimal(3480)  # ten seats of Premium, at 348 USD a seat
BILL = {"runBilling": True}


@pytest.fixture
def other(client: Client) -> str:
    """The number of a second account."""
    contact = {"firstName": "Bo", "lastName": "Lin", "country": "USA"}
    account = {"name": "Bolt", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    return str(client.post("/v1/accounts", account)["accountNumber"])


@pytest.fixture
def ultimate(tenant: "Tenant") -> "ProductRatePlan":
    """The plan that is changed to."""
    return next(plan for plan in tenant.world.plans.latest() if plan.name == "Ultimate - 1 Year")


def run_bills(client: Client, day: str) -> None:
    client.post("/v1/bill-runs", {"targetDate": day, "invoiceDate": day, "autoPost": True})


def credit_memos(client: Client, account: str) -> list[Decimal]:
    identity = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    memos = client.get("/v1/credit-memos", accountId=identity)["creditmemos"]
    return [memo["amount"] for memo in memos]


def invoices(client: Client, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    return found


def shown(client: Client, number: str) -> dict[str, Any]:
    subscription: dict[str, Any] = client.get(
        f"/v1/subscriptions/{number}", **{"charge-detail": "all-segments"}
    )
    return subscription


def segments(client: Client, number: str) -> list[tuple[str, str]]:
    charges = shown(client, number)["ratePlans"][0]["ratePlanCharges"]
    return [(charge["effectiveStartDate"], charge["effectiveEndDate"]) for charge in charges]


def specific(action: str, day: str) -> dict[str, str]:
    return {f"{action}Policy": "SpecificDate", f"{action}SpecificDate": day}


def test_a_suspension_is_credited_and_the_resumption_charged(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    run_bills(client, "2026-01-01")
    client.advance("P3M")
    suspended = order(
        "Suspend", "2026-04-01", subscription, suspend={"suspendPolicy": "Today"}, processingOptions=BILL
    )
    assert suspended["subscriptions"][0]["status"] == "Suspended"
    assert credit_memos(client, account) == [YEAR * 9 / 12]
    client.advance("P2M")
    resumed = order(
        "Resume", "2026-06-01", subscription, resume={"resumePolicy": "Today"}, processingOptions=BILL
    )
    assert resumed["subscriptions"][0]["status"] == "Active"
    invoice = client.get(f"/v1/invoices/{resumed['invoiceNumbers'][0]}")
    assert invoice["amount"] == YEAR * 7 / 12
    assert segments(client, subscription) == [("2026-01-01", "2026-04-01"), ("2026-06-01", "2027-01-01")]


def test_a_suspension_to_come_shows_in_the_history_and_then_in_the_status(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    pause = {"suspendPolicy": "FixedPeriodsFromToday", "suspendPeriods": 3, "suspendPeriodsType": "Month"}
    answer = order("Suspend", "2026-01-01", subscription, suspend=pause)
    assert answer["subscriptions"][0]["status"] == "Active"
    history = [tuple(stretch.values()) for stretch in shown(client, subscription)["statusHistory"]]
    assert history == [
        ("2026-01-01", "2026-04-01", "Active"),
        ("2026-04-01", "2027-01-01", "Suspended"),
        ("2027-01-01", None, "OutOfTerm"),
    ]
    client.advance("P3M")
    assert shown(client, subscription)["status"] == "Suspended"
    summary = client.get(f"/v1/accounts/{account}/summary")
    assert [one["status"] for one in summary["subscriptions"]] == ["Suspended"]


def test_a_resumption_may_extend_the_term(client: Client, order: "Order", subscription: str) -> None:
    order("Suspend", "2026-03-01", subscription, suspend=specific("suspend", "2026-03-01"))
    length = {"resumePeriods": 1, "resumePeriodsType": "Week", "extendsTerm": True}
    resume = {"resumePolicy": "FixedPeriodsFromSuspendDate", **length}
    order("Resume", "2026-03-01", subscription, resume=resume)
    assert shown(client, subscription)["termEndDate"] == "2027-01-08"
    assert segments(client, subscription) == [("2026-01-01", "2026-03-01"), ("2026-03-08", "2027-01-08")]


def test_a_suspended_subscription_is_neither_renewed_nor_cancelled(
    client: Client, order: "Order", subscription: str
) -> None:
    order("TermsAndConditions", "2026-01-01", subscription, termsAndConditions={"autoRenew": True})
    order("Suspend", "2026-03-01", subscription, suspend=specific("suspend", "2026-03-01"))
    with pytest.raises(RefusedError, match="is suspended from 2026-03-01: resume it"):
        order("CancelSubscription", "2026-03-01", subscription, cancelSubscription=cancelled("2026-03-01"))
    client.advance("P1Y1D")
    assert shown(client, subscription)["termEndDate"] == "2027-01-01"


def cancelled(day: str) -> dict[str, str]:
    return {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": day}


def test_later_credits_go_to_the_new_owner_and_earlier_invoices_stay(
    client: Client, account: str, other: str, order: "Order", subscription: str
) -> None:
    """Source: Zuora, case II of invoice and memo association; there half of 1200 is credited."""
    run_bills(client, "2026-01-01")
    both = {"destinationAccountNumber": other, "destinationInvoiceAccountNumber": other}
    order("OwnerTransfer", "2026-02-01", subscription, ownerTransfer=both)
    now = shown(client, subscription)
    assert (now["accountNumber"], now["invoiceOwnerAccountNumber"]) == (other, other)
    assert [client.get(f"/v1/subscriptions/accounts/{one}")["subscriptions"] for one in (account,)] == [[]]
    assert len(client.get(f"/v1/subscriptions/accounts/{other}")["subscriptions"]) == 1
    action = {
        "type": "CancelSubscription",
        "triggerDates": [{"name": "ContractEffective", "triggerDate": "2026-07-01"}],
        "cancelSubscription": cancelled("2026-07-01"),
    }
    wanted = {"subscriptionNumber": subscription, "orderActions": [action]}
    client.post(
        "/v1/orders",
        {"orderDate": "2026-07-01", "existingAccountNumber": other, "subscriptions": [wanted]},
    )
    run_bills(client, "2026-07-01")
    assert (credit_memos(client, account), credit_memos(client, other)) == ([], [YEAR / 2])
    assert [invoice["amount"] for invoice in invoices(client, account)] == [YEAR]


def test_invoices_alone_may_go_to_another_account(
    client: Client, account: str, other: str, order: "Order", subscription: str
) -> None:
    transfer = {"destinationInvoiceAccountNumber": other}
    answer = order(
        "OwnerTransfer", "2026-01-01", subscription, ownerTransfer=transfer, processingOptions=BILL
    )
    assert answer["accountNumber"] == account
    assert [invoice["amount"] for invoice in invoices(client, other)] == [YEAR]
    assert invoices(client, account) == []
    assert len(client.get(f"/v1/subscriptions/accounts/{account}")["subscriptions"]) == 1
    assert client.get(f"/v1/subscriptions/accounts/{other}")["subscriptions"] == []


def test_a_bill_run_is_taken_back_after_the_subscription_went_to_another_account(
    client: Client, other: str, order: "Order", subscription: str
) -> None:
    run = client.post("/v1/bill-runs", {"targetDate": "2026-01-01"})["id"]
    order(
        "OwnerTransfer", "2026-01-01", subscription, ownerTransfer={"destinationInvoiceAccountNumber": other}
    )
    client.put(f"/v1/bill-runs/{run}/cancel", {})
    run_bills(client, "2026-01-01")
    assert [invoice["amount"] for invoice in invoices(client, other)] == [YEAR]


def test_an_order_is_foretold_and_billed_to_each_invoice_owner(
    client: Client, account: str, other: str, creation: dict[str, Any]
) -> None:
    created = [creation, {**creation, "invoiceOwnerAccountNumber": other}]
    actions = [
        {"type": "CreateSubscription", "triggerDates": FIRST, "createSubscription": one} for one in created
    ]
    order = {
        "orderDate": "2026-01-01",
        "existingAccountNumber": account,
        "subscriptions": [{"orderActions": [action]} for action in actions],
    }
    options = {"previewThruType": "SpecificDate", "specificPreviewThruDate": "2026-01-01"}
    preview = client.post("/v1/orders/preview", {**order, "previewOptions": options})["previewResult"]
    assert [invoice["amount"] for invoice in preview["invoices"]] == [YEAR, YEAR]
    answer = client.post("/v1/orders", {**order, "processingOptions": BILL})
    owned = [invoice["invoiceNumber"] for owner in (account, other) for invoice in invoices(client, owner)]
    assert owned == answer["invoiceNumbers"]


def test_one_plan_is_replaced_by_another(
    client: Client, order: "Order", subscription: str, ultimate: "ProductRatePlan"
) -> None:
    run_bills(client, "2026-01-01")
    plan = shown(client, subscription)["ratePlans"][0]
    seats = {"recurringPerUnit": {"quantity": 10}}
    override = {"productRatePlanChargeId": ultimate.charges[0].id, "pricing": seats}
    change = {
        "subType": "Upgrade",
        "ratePlanId": plan["id"],
        "newProductRatePlan": {"productRatePlanId": ultimate.id, "chargeOverrides": [override]},
    }
    answer = order("ChangePlan", "2026-07-01", subscription, changePlan=change, processingOptions={})
    plans = shown(client, subscription)["ratePlans"]
    assert [(one["lastChangeType"], one["ratePlanName"]) for one in plans] == [
        ("Remove", "Premium - 1 Year"),
        ("Add", "Ultimate - 1 Year"),
    ]
    placed = client.get(f"/v1/orders/{answer['orderNumber']}")["order"]
    recorded = placed["subscriptions"][0]["orderActions"][0]["changePlan"]
    assert recorded["subType"] == "Upgrade"
    assert "productRateplanChargeId" in recorded["newProductRatePlan"]["chargeOverrides"][0]


def test_a_downgrade_waits_for_the_end_of_the_billing_period(
    client: Client, account: str, subscription: str, ultimate: "ProductRatePlan"
) -> None:
    copied = shown(client, subscription)["ratePlans"][0]["productRatePlanId"]
    change = {
        "subType": "Downgrade",
        "productRatePlanId": copied,
        "newProductRatePlan": {"productRatePlanId": ultimate.id},
    }
    action = {"type": "ChangePlan", "changePlan": change}
    wanted = {"subscriptionNumber": subscription, "orderActions": [action]}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "subscriptions": [wanted]}
    client.post("/v1/orders", body)
    removed, added = shown(client, subscription)["ratePlans"]
    assert removed["ratePlanCharges"][0]["effectiveEndDate"] == "2027-01-01"
    assert added["ratePlanCharges"][0]["effectiveStartDate"] == "2027-01-01"


NEW = {"newProductRatePlan": {"productRatePlanId": "x"}}


@pytest.mark.parametrize(
    ("kind", "parts", "message"),
    [
        ("Suspend", {}, "'suspend' may not be null"),
        ("Suspend", {"suspend": {"suspendPolicy": "Now"}}, "'suspendPolicy' value should be one of: Today"),
        ("Resume", {}, "'resume' may not be null"),
        ("Resume", {"resume": {"resumePolicy": "Today"}}, "is not suspended"),
        ("OwnerTransfer", {}, "'ownerTransfer' may not be null"),
        ("OwnerTransfer", {"ownerTransfer": {}}, "'destinationAccountNumber' may not be null"),
        ("OwnerTransfer", {"ownerTransfer": {"destinationAccountNumber": "x"}}, "entity by key: 'x'"),
        ("ChangePlan", {}, "'changePlan' may not be null"),
        ("ChangePlan", {"changePlan": NEW}, "'ratePlanId' may not be null"),
        ("ChangePlan", {"changePlan": {**NEW, "productRatePlanNumber": "x"}}, "entity by key: 'x'"),
        (
            "ChangePlan",
            {"changePlan": {**NEW, "ratePlanId": "x", "productRatePlanId": "y"}},
            "either 'ratePlanId' or 'productRatePlanId'",
        ),
        (
            "ChangePlan",
            {"changePlan": {**NEW, "ratePlanId": "x", "effectivePolicy": "EffectiveEndOfBillingPeriod"}},
            "'triggerDates' cannot be set",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_refused(
    order: "Order", subscription: str, kind: str, parts: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        order(kind, "2026-02-01", subscription, **parts)


def test_an_account_of_another_currency_gets_no_subscription(
    client: Client, order: "Order", subscription: str
) -> None:
    contact = {"firstName": "Bo", "lastName": "Lin", "country": "Germany"}
    account = {"name": "Bolzen", "currency": "EUR", "billCycleDay": 1, "billToContact": contact}
    euros = client.post("/v1/accounts", account)["accountNumber"]
    with pytest.raises(RefusedError, match="is billed in EUR, not USD"):
        order("OwnerTransfer", "2026-02-01", subscription, ownerTransfer={"destinationAccountNumber": euros})
