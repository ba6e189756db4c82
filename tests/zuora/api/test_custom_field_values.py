"""Custom fields of every object that carries them: written, shown, queried, and held to what is declared."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.zuora.conftest import Caller, subscribed, triggers
from toolkit.zuora.client import Client

Written = Callable[[dict[str, str]], dict[str, Any]]
FIRST, SECOND = {"Region__c": "EMEA"}, {"Region__c": "AMER"}


@pytest.fixture
def ask(call: Caller) -> Callable[..., Any]:
    """Calls, and answers the body."""

    def made(method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        return call(method, path, body, version="2025-08-12").body

    return made


@pytest.fixture
def items(invoice: dict[str, Any]) -> list[dict[str, Any]]:
    """The item of an invoice, as a memo is to take a part of it."""
    return [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 10, "quantity": 1}]


def standalone(account: str, item: dict[str, str], **fields: object) -> dict[str, Any]:
    one = {"amount": 5, "serviceStartDate": "2026-01-01", "chargeName": "Workshop", **item}
    return {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": [one], **fields}


EXTERNAL = {"currency": "USD", "type": "External", "amount": 7, "effectiveDate": "2026-01-01"}
CHECK = {"type": "External", "methodType": "Check", "totalAmount": 2}
CARD = {
    "type": "CreditCard",
    "cardType": "Visa",
    "cardNumber": "4111111111111111",
    "expirationMonth": 12,
    "expirationYear": 2030,
    "cardHolderInfo": {"cardHolderName": "Ada"},
}


@pytest.fixture
def create(
    ask: Callable[..., Any],
    client: Client,
    account: str,
    invoice: dict[str, Any],
    items: list[dict[str, Any]],
) -> dict[str, Written]:
    """How an object of each kind is created with custom fields."""
    owner = invoice["accountId"]

    def refund(fields: dict[str, str]) -> dict[str, Any]:
        payment = client.post("/v1/payments", {**EXTERNAL, "accountId": owner})
        return dict(ask("POST", f"/v1/payments/{payment['id']}/refunds", {**CHECK, **fields}))

    def memo(kind: str) -> Written:
        path = f"/v1/{kind}-memos/invoice/{invoice['id']}"
        return lambda fields: ask("POST", path, {"items": items, **fields})

    return {
        "payments": lambda fields: ask("POST", "/v1/payments", {**EXTERNAL, "accountId": owner, **fields}),
        "refunds": refund,
        "credit-memos": memo("credit"),
        "debit-memos": memo("debit"),
        "invoices": lambda fields: ask("POST", "/v1/invoices", standalone(account, {}, **fields)),
        "payment-methods": lambda fields: ask(
            "POST", "/v1/payment-methods", {**CARD, "accountKey": account, **fields}
        ),
    }


OBJECTS = {
    "payments": "Payment",
    "refunds": "Refund",
    "credit-memos": "CreditMemo",
    "debit-memos": "DebitMemo",
    "invoices": "Invoice",
    "payment-methods": "PaymentMethod",
}


@pytest.mark.parametrize("path", OBJECTS)
def test_custom_fields_are_written_shown_changed_and_queried(
    ask: Callable[..., Any], create: dict[str, Written], path: str
) -> None:
    made = create[path](FIRST)
    one = f"/v1/{path}/{made['id']}"
    assert ask("GET", one)["Region__c"] == "EMEA"
    assert ask("PUT", one, SECOND)["success"]
    assert ask("GET", one)["Region__c"] == "AMER"
    found = ask("GET", f"/object-query/{path}/{made['id']}")
    assert found["Region__c"] == "AMER"
    (record,) = ask("GET", f"/object-query/{path}?filter[]=region__c.EQ:amer&fields[]=id,Region__c")["data"]
    assert record == {"id": made["id"], "Region__c": "AMER"}


@pytest.mark.parametrize("path", OBJECTS)
def test_what_is_declared_holds_for_each_object(
    ask: Callable[..., Any], create: dict[str, Written], path: str
) -> None:
    region = {"type": "string", "enum": ["EMEA", "AMER"], "default": "AMER"}
    ask("PUT", f"/settings/custom-fields/zuora/{OBJECTS[path]}", {"properties": {"Region__c": region}})
    wrong = create[path]({"Region__c": "Moon"})
    assert not wrong["success"]
    assert "'Region__c' value should be one of: EMEA, AMER" in wrong["reasons"][0]["message"]
    assert not create[path]({"Regoin__c": "EMEA"})["success"]
    assert ask("GET", f"/v1/{path}/{create[path]({})['id']}")["Region__c"] == "AMER"


def test_items_of_documents_have_their_own(
    ask: Callable[..., Any], account: str, invoice: dict[str, Any], items: list[dict[str, Any]]
) -> None:
    made = ask("POST", "/v1/invoices", standalone(account, FIRST))
    (item,) = ask("GET", f"/v1/invoices/{made['id']}/items")["invoiceItems"]
    assert item["Region__c"] == "EMEA"
    assert "Region__c" not in ask("GET", f"/v1/invoices/{made['id']}")
    for kind in ("credit", "debit"):
        body = {"items": [{**items[0], **SECOND}]}
        memo = ask("POST", f"/v1/{kind}-memos/invoice/{invoice['id']}", body)
        (item,) = ask("GET", f"/v1/{kind}-memos/{memo['id']}/items")["items"]
        assert item["Region__c"] == "AMER"
    for name in ("invoice-items", "credit-memo-items", "debit-memo-items"):
        assert len(ask("GET", f"/object-query/{name}?filter[]=region__c.NE:Moon")["data"]) == 1
    ask("PUT", "/settings/custom-fields/zuora/InvoiceItem", {"properties": {"Team__c": {"type": "string"}}})
    assert not ask("POST", "/v1/invoices", standalone(account, FIRST))["success"]


def test_crud_writes_those_of_invoices_and_payment_methods(
    ask: Callable[..., Any], invoice: dict[str, Any], create: dict[str, Written]
) -> None:
    assert ask("PUT", f"/v1/object/invoice/{invoice['id']}", FIRST)["Success"]
    assert ask("GET", f"/v1/object/invoice/{invoice['id']}")["Region__c"] == "EMEA"
    method = create["payment-methods"]({})
    assert ask("PUT", f"/v1/object/payment-method/{method['id']}", FIRST)["Success"]
    assert ask("GET", f"/v1/payment-methods/{method['id']}")["Region__c"] == "EMEA"


def test_charges_keep_theirs_through_an_order_an_update_and_a_call_of_their_own(
    ask: Callable[..., Any], order: Callable[..., Any], creation: dict[str, Any]
) -> None:
    creation["subscribeToRatePlans"][0]["chargeOverrides"][0]["customFields"] = {
        "Cost__c": "7",
        "Team__c": "a",
    }
    made = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    number = subscribed(made)

    def charges() -> list[dict[str, Any]]:
        plans = ask("GET", f"/v1/subscriptions/{number}?charge-detail=all-segments")["ratePlans"]
        return [dict(charge) for charge in plans[0]["ratePlanCharges"]]

    (charge,) = charges()
    assert (charge["Cost__c"], charge["Team__c"]) == ("7", "a")
    plan = ask("GET", f"/v1/subscriptions/{number}")["ratePlans"][0]["id"]
    seats = {
        "chargeNumber": charge["number"],
        "pricing": {"recurringPerUnit": {"quantity": 12}},
        "customFields": {"Cost__c": "9"},
    }
    order("UpdateProduct", "2026-02-01", number, updateProduct={"ratePlanId": plan, "chargeUpdates": [seats]})
    assert [(one["Cost__c"], one["Team__c"]) for one in charges()] == [("7", "a"), ("9", "a")]
    query = "select Cost__c from RatePlanCharge where Team__c = 'a' and Quantity = 12"
    (found,) = ask("POST", "/v1/action/query", {"queryString": query})["records"]
    assert found["Cost__c"] == "9"

    path = f"/v1/subscriptions/{number}/customFields"
    plan = ask("GET", f"/v1/subscriptions/{number}")["ratePlans"][0]["id"]
    by_number = {"chargeNumber": charge["number"], "customFields": {"Team__c": "b"}}
    by_id = {"chargeId": charges()[0]["id"], "customFields": {"Cost__c": "1"}}
    wanted = {"ratePlanId": plan, "charges": [by_number, by_id]}
    assert ask("PUT", path, {"ratePlans": [wanted]})["success"]
    assert [(one["Cost__c"], one["Team__c"]) for one in charges()] == [("1", "a"), ("9", "b")]
    nobody = {"ratePlanId": plan, "charges": [{"chargeNumber": "C-none", "customFields": {}}]}
    assert not ask("PUT", path, {"ratePlans": [nobody]})["success"]

    declared = {
        "properties": {"Team__c": {"type": "string", "enum": ["a", "b"]}, "Cost__c": {"type": "number"}}
    }
    ask("PUT", "/settings/custom-fields/zuora/RatePlanCharge", declared)
    by_number["customFields"] = {"Team__c": "c"}
    assert not ask("PUT", path, {"ratePlans": [{"ratePlanId": plan, "charges": [by_number]}]})["success"]


def test_defaults_within_other_objects_are_refused_by_name(ask: Callable[..., Any]) -> None:
    declared = {"properties": {"Team__c": {"type": "string", "default": "a"}}}
    refused = ask("PUT", "/settings/custom-fields/zuora/RatePlanCharge", declared)
    assert "RatePlanCharge are not simulated yet" in refused["messages"][0]


def test_an_order_sets_and_clears_those_of_its_subscriptions(
    ask: Callable[..., Any], client: Client, account: str, creation: dict[str, Any]
) -> None:
    """Source: the official SDK, create order subscription."""
    dates = triggers("2026-01-01")
    action = {"type": "CreateSubscription", "createSubscription": creation, "triggerDates": dates}
    body: dict[str, Any] = {"orderDate": "2026-01-01", "existingAccountNumber": account}

    def placed(**wanted: object) -> str:
        answer = client.post("/v1/orders", {**body, "subscriptions": [wanted]})
        return subscribed(answer)

    number = placed(orderActions=[action], customFields={**FIRST, "Team__c": "a"})
    shown = ask("GET", f"/v1/subscriptions/{number}")
    assert (shown["Region__c"], shown["Team__c"]) == ("EMEA", "a")
    change = {"termsAndConditions": {"autoRenew": True}}
    later = {"type": "TermsAndConditions", "triggerDates": triggers("2026-02-01"), **change}
    more = {"customFields": SECOND, "clearingCustomFields": ["Team__c"]}
    placed(subscriptionNumber=number, orderActions=[later], **more)
    shown = ask("GET", f"/v1/subscriptions/{number}")
    assert (shown["Region__c"], shown["Team__c"], shown["version"]) == ("AMER", None, 2)
