"""Placing, previewing and showing orders."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant

LIST_PRICE = Decimal(348)  # a seat of Premium a year: 29 USD a month, billed annually


def plan_of(client: Client, number: str) -> dict[str, Any]:
    plan: dict[str, Any] = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]
    return plan


def seats(plan: dict[str, Any], count: int, **more: object) -> dict[str, Any]:
    charge = plan["ratePlanCharges"][0]["number"]
    pricing = {"recurringPerUnit": {"quantity": count}}
    change = {"chargeNumber": charge, "pricing": pricing, **more}
    return {"ratePlanId": plan["id"], "chargeUpdates": [change]}


def invoice_amounts(client: Client, number: str) -> list[Decimal]:
    items = client.get(f"/v1/invoices/{number}/items")["invoiceItems"]
    return [item["chargeAmount"] for item in items]


def test_an_order_creates_a_subscription_and_bills_it(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    answer = order(
        "CreateSubscription",
        "2026-01-01",
        createSubscription=creation,
        processingOptions={"runBilling": True},
    )
    assert answer["status"] == "Completed"
    assert answer["subscriptions"][0]["status"] == "Active"
    invoice = client.get(f"/v1/invoices/{answer['invoiceNumbers'][0]}")
    assert (invoice["amount"], invoice["status"], invoice["source"]) == (LIST_PRICE * 10, "Posted", "API")


def test_billing_may_leave_a_draft_on_another_date(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    options = {
        "generateDraftInvoice": True,
        "documentDate": "2026-01-05",
        "targetDate": "2026-01-01",
    }
    answer = order(
        "CreateSubscription",
        "2026-01-01",
        createSubscription=creation,
        processingOptions={"runBilling": True, "billingOptions": options},
    )
    invoice = client.get(f"/v1/invoices/{answer['invoiceNumbers'][0]}")
    shown = invoice["status"], invoice["invoiceDate"], invoice["balance"]
    assert shown == ("Draft", "2026-01-05", LIST_PRICE * 10)


def test_nothing_is_billed_before_it_is_due(order: "Order", creation: dict[str, Any]) -> None:
    answer = order(
        "CreateSubscription",
        "2026-02-01",
        createSubscription=creation,
        processingOptions={"runBilling": True, "collectPayment": True},
    )
    assert "invoiceNumbers" not in answer
    assert "paymentNumber" not in answer


def test_billing_and_payment_stand_or_fall_together(
    call: "Caller", client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    both = {"runBilling": True, "collectPayment": True}
    before = call.tenant.world
    with pytest.raises(RefusedError, match="no default payment method"):
        order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=both)
    assert call.tenant.world.orders is before.orders
    card = {
        "type": "CreditCard",
        "cardNumber": "4111111111111111",
        "accountKey": account,
        "makeDefault": True,
    }
    client.post("/v1/payment-methods", card)
    answer = order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=both)
    assert answer["paidAmount"] == LIST_PRICE * 10
    payment = client.get(f"/v1/payments/{answer['paymentNumber']}")
    assert (payment["type"], payment["status"], payment["unappliedAmount"]) == ("Electronic", "Processed", 0)
    assert client.get(f"/v1/invoices/{answer['invoiceNumbers'][0]}")["balance"] == 0


def test_added_seats_are_credited_and_charged_again_in_proportion(
    client: Client, order: "Order", subscription: str
) -> None:
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "autoPost": True})
    client.advance("P3M")
    update = seats(plan_of(client, subscription), 15)
    answer = order(
        "UpdateProduct",
        "2026-04-01",
        subscription,
        updateProduct=update,
        processingOptions={"runBilling": True},
    )
    credit, charge = invoice_amounts(client, answer["invoiceNumbers"][0])
    assert (credit, charge) == (-LIST_PRICE * 10 * 9 / 12, LIST_PRICE * 15 * 9 / 12)


def test_an_update_begins_a_segment_and_a_version(
    tenant: "Tenant", client: Client, order: "Order", subscription: str
) -> None:
    update = seats(plan_of(client, subscription), 15)
    order("UpdateProduct", "2026-04-01", subscription, updateProduct=update)
    shown = client.get(f"/v1/subscriptions/{subscription}", **{"charge-detail": "all-segments"})
    charges = shown["ratePlans"][0]["ratePlanCharges"]
    assert [(c["segment"], c["effectiveStartDate"], c["effectiveEndDate"]) for c in charges] == [
        (1, "2026-01-01", "2026-04-01"),
        (2, "2026-04-01", "2027-01-01"),
    ]
    assert (shown["version"], shown["ratePlans"][0]["lastChangeType"]) == (2, "Update")
    assert [
        one.status for one in tenant.world.subscriptions.rows.values() if one.number == subscription
    ].count("Expired") == 1


def test_an_update_may_name_its_day_its_price_and_the_plan_by_number(
    client: Client, order: "Order", subscription: str
) -> None:
    plan = plan_of(client, subscription)
    charge = plan["ratePlanCharges"][0]
    change = {
        "productRatePlanChargeId": charge["productRatePlanChargeId"],
        "pricing": {"recurringPerUnit": {"listPrice": 300}},
        "effectiveDate": {"specificTriggerDate": "2026-06-01"},
        "description": "special",
    }
    update = {"subscriptionRatePlanNumber": plan["subscriptionRatePlanNumber"], "chargeUpdates": [change]}
    order("UpdateProduct", "2026-01-01", subscription, updateProduct=update)
    charge = plan_of(client, subscription)["ratePlanCharges"][0]
    assert (charge["price"], charge["quantity"], charge["effectiveStartDate"]) == (300, 10, "2026-06-01")


def test_the_plans_update_date_counts_for_charges_without_one(
    client: Client, order: "Order", subscription: str
) -> None:
    update = {**seats(plan_of(client, subscription), 12), "specificUpdateDate": "2026-03-01"}
    order("UpdateProduct", "2026-01-01", subscription, updateProduct=update)
    assert plan_of(client, subscription)["ratePlanCharges"][0]["effectiveStartDate"] == "2026-03-01"


def test_a_plan_is_added_and_removed(
    client: Client, order: "Order", subscription: str, creation: dict[str, Any]
) -> None:
    added = {"productRatePlanId": creation["subscribeToRatePlans"][0]["productRatePlanId"]}
    order("AddProduct", "2026-02-01", subscription, addProduct=added)
    plans = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"]
    assert [plan["lastChangeType"] for plan in plans] == ["Add", "Add"]
    removed = {"subscriptionRatePlanNumber": plans[1]["subscriptionRatePlanNumber"]}
    order("RemoveProduct", "2026-03-01", subscription, removeProduct=removed)
    after = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][1]
    assert (after["lastChangeType"], after["ratePlanCharges"][0]["effectiveEndDate"]) == (
        "Remove",
        "2026-03-01",
    )


def test_terms_and_conditions_change_how_it_renews(client: Client, order: "Order", subscription: str) -> None:
    terms = {"autoRenew": True, "renewalTerms": [{"period": 24, "periodType": "Month"}]}
    order("TermsAndConditions", "2026-02-01", subscription, termsAndConditions=terms)
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["autoRenew"], shown["renewalTerm"]) == (True, 24)


def test_a_cancelled_subscription_ends_its_term_and_cannot_be_changed(
    client: Client, order: "Order", subscription: str
) -> None:
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    order("CancelSubscription", "2026-05-01", subscription, cancelSubscription=policy)
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert (shown["status"], shown["termEndDate"], shown["subscriptionEndDate"]) == (
        "Cancelled",
        "2026-05-01",
        "2026-05-01",
    )
    with pytest.raises(RefusedError, match="is cancelled"):
        order("RenewSubscription", "2026-06-01", subscription, renewSubscription={})


def test_several_actions_of_one_order_make_a_version_each(client: Client, body: dict[str, Any]) -> None:
    actions = body["subscriptions"][0]["orderActions"]
    actions.append({"type": "TermsAndConditions", "termsAndConditions": {"autoRenew": True}})
    body |= {"orderNumber": "O-MINE", "description": "both"}
    client.post("/v1/orders", body)
    shown = client.get("/v1/orders/O-MINE")["order"]
    assert (shown["description"], shown["status"]) == ("both", "Completed")
    done = shown["subscriptions"][0]
    assert (done["baseVersion"], done["newVersion"]) == (0, 2)
    assert [(action["type"], action["sequence"]) for action in done["orderActions"]] == [
        ("CreateSubscription", 0),
        ("TermsAndConditions", 1),
    ]
    with pytest.raises(RefusedError, match="The order number O-MINE is used already"):
        client.post("/v1/orders", body)


def test_an_order_shows_the_overrides_with_the_spelling_of_the_sdk(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    number = order("CreateSubscription", "2026-01-01", createSubscription=creation)["orderNumber"]
    action = client.get(f"/v1/orders/{number}")["order"]["subscriptions"][0]["orderActions"][0]
    override = action["createSubscription"]["subscribeToRatePlans"][0]["chargeOverrides"][0]
    assert override["pricing"]["recurringPerUnit"]["quantity"] == 10
    assert "productRateplanChargeId" in override


def test_an_accounts_orders_are_listed_latest_first(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    order("RenewSubscription", "2026-06-01", subscription, renewSubscription={})
    listed = client.get(f"/v1/orders/subscriptionOwner/{account}")["orders"]
    kinds = [one["subscriptions"][0]["orderActions"][0]["type"] for one in listed]
    assert kinds == ["RenewSubscription", "CreateSubscription"]


def test_ids_are_answered_where_they_are_asked_for(
    client: Client, card: "Callable[..., str]", body: dict[str, Any]
) -> None:
    card()
    options = {"runBilling": True, "collectPayment": True}
    answer = client.post("/v1/orders?returnIds=true", {**body, "processingOptions": options})
    assert {"orderId", "accountId", "subscriptionIds", "invoiceIds", "paymentId"} <= answer.keys()
    assert "orderNumber" not in answer


@pytest.mark.parametrize(("version", "field"), [("216.0", "subscriptionNumbers"), ("223.0", "subscriptions")])
def test_subscriptions_are_listed_as_the_version_says(
    call: "Caller", body: dict[str, Any], version: str, field: str
) -> None:
    answer = call("POST", "/v1/orders", body, version=version)
    assert field in answer.body


def test_the_first_recurring_charge_sets_an_unset_bill_cycle_day(
    client: Client, body: dict[str, Any]
) -> None:
    contact = {"firstName": "J", "lastName": "S"}
    made = client.post("/v1/accounts", {"name": "A", "currency": "USD", "billToContact": contact})
    (action,) = body["subscriptions"][0]["orderActions"]
    action["triggerDates"][0]["triggerDate"] = "2026-01-17"
    client.post("/v1/orders", {**body, "existingAccountNumber": made["accountNumber"]})
    shown = client.get(f"/v1/accounts/{made['accountId']}")
    assert shown["billingAndPayment"]["billCycleDay"] == 17


def changed(creation: dict[str, Any], **parts: object) -> dict[str, Any]:
    return {**creation, **parts}


@pytest.mark.parametrize(
    ("kind", "parts", "message"),
    [
        ("CreateSubscription", {}, "'createSubscription' may not be null"),
        ("UpdateProduct", {"updateProduct": {}}, "'ratePlanId' may not be null"),
        ("UpdateProduct", {"updateProduct": {"ratePlanId": "x"}}, "Cannot find entity by key: 'x'."),
        ("RemoveProduct", {"removeProduct": {}}, "'ratePlanId' may not be null"),
        ("AddProduct", {"addProduct": {}}, "'productRatePlanId' may not be null"),
        ("AddProduct", {"addProduct": {"productRatePlanId": "x"}}, "Cannot find entity by key: 'x'."),
        ("CancelSubscription", {}, "'cancelSubscription' may not be null"),
        ("TermsAndConditions", {}, "'termsAndConditions' may not be null"),
        ("RevertOrder", {}, "'type' value should be one of"),
        (
            "AddProduct",
            {"addProduct": {"ratePlanOverrides": [1]}},
            "'ratePlanOverrides' is not simulated yet",
        ),
    ],
)
def test_an_action_that_cannot_be_carried_out_is_refused(
    order: "Order", subscription: str, kind: str, parts: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        order(kind, "2026-02-01", None if kind == "CreateSubscription" else subscription, **parts)


def test_a_subscription_is_created_by_the_first_action_only(
    order: "Order", client: Client, account: str, subscription: str, creation: dict[str, Any]
) -> None:
    day = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
    renewal = {"type": "RenewSubscription", "triggerDates": day, "renewSubscription": {}}
    create = {"type": "CreateSubscription", "triggerDates": day, "createSubscription": creation}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account}
    wanted = {"subscriptionNumber": subscription, "orderActions": [renewal, create]}
    with pytest.raises(RefusedError, match="should be the first action"):
        client.post("/v1/orders", {**body, "subscriptions": [wanted]})
    with pytest.raises(RefusedError, match="'subscriptionNumber' may not be null"):
        client.post("/v1/orders", {**body, "subscriptions": [{"orderActions": [renewal]}]})
    named = changed(creation, subscriptionNumber=subscription)
    with pytest.raises(RefusedError, match="is used already"):
        order("CreateSubscription", "2026-01-01", createSubscription=named)


def test_an_order_needs_subscriptions_and_these_need_actions(client: Client, account: str) -> None:
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account}
    none: dict[str, list[object]] = {"orderActions": []}
    action = {"type": "RenewSubscription"}
    for subscriptions, message in (
        (list[object](), "between 1 and 50 subscriptions, not 0"),
        ([none], "should have an action"),
        ([none] * 51, "between 1 and 50 subscriptions, not 51"),
        ([{"orderActions": [action] * 26}, {"orderActions": [action] * 25}], "at most 50 actions, not 51"),
    ):
        with pytest.raises(RefusedError, match=message):
            client.post("/v1/orders", {**body, "subscriptions": subscriptions})


def test_another_accounts_subscription_cannot_be_changed(client: Client, order: "Order") -> None:
    theirs = client.get("/v1/subscriptions/accounts/A00000001")["subscriptions"][0]["subscriptionNumber"]
    with pytest.raises(RefusedError, match="does not belong to the account"):
        order("RenewSubscription", "2026-06-01", theirs, renewSubscription={})


def test_another_account_may_own_the_invoices(
    client: Client, order: "Order", creation: dict[str, Any]
) -> None:
    body = changed(creation, invoiceOwnerAccountNumber="A00000002", subscriptionNumber="A-SMINE", notes="n")
    order("CreateSubscription", "2026-01-01", createSubscription=body)
    shown = client.get("/v1/subscriptions/A-SMINE")
    assert shown["invoiceOwnerAccountNumber"] == "A00000002"
    assert shown["notes"] == "n"
