"""Query parameters that the official SDK knows change what the simulator answers, or are named as gaps."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.zuora import fidelity
from tests.zuora.api.test_billing_emails import TEMPLATE
from tests.zuora.api.test_event_triggers import LARGE
from tests.zuora.conftest import KEYS
from tests.zuora.receiving import definition
from toolkit.zuora.calls.call import Request

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Pay, Standalone
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.client import Client
    from toolkit.zuora.tenant import Tenant

VALUES = ("zzz", "1", "true", "false", "1999-01-01", "2026-01-01T00:00:00")
BESIDE = {
    "as-of-date": "charge-detail=specific-segment",
    "asOfDay": "getDetailedMetrics=true&subscriptionNumbers={subscription}",
    "exclude-rate-plans-with-no-charges": "charge-detail=specific-segment&as-of-date=1999-01-01",
    "lastProcessedItems": "accountNumber={account}",
    "nextPendingItems": "accountNumber={account}",
    **dict.fromkeys(
        ("accountId", "objectId", "eventCategory", "includeResponseContent", "startTime"), "failedOnly=false"
    ),
}
"""What has to be asked for so that a parameter can matter."""
SPAN = "startTime=2025-12-31T00:00Z&endTime=2027-01-01T00:00Z"
NEEDED = {
    "/v1/billing-documents": "accountNumber={account}",
    "/system-health/billing-documents/volume-summary": SPAN,
    "/system-health/payments/volume-summary": SPAN,
}
"""What has to be asked for so that an operation answers."""

PAGE = {"type": "hp_creditcard", "pageName": "Card", "domain": "https://x", "gateway": "Test Gateway"}
PAID = {"amount": 1, "currency": "USD", "type": "Electronic"}

Keys = dict[str, str]


@pytest.fixture
def papers(client: "Client", standalone: "Standalone", pay: "Pay") -> Keys:
    """Documents and money: each list of them has a row."""
    invoice = standalone(100, 20)
    first, second = (item["id"] for item in invoice["invoiceItems"])
    items = [{"invoiceItemId": first, "amount": 30}, {"invoiceItemId": second, "amount": 10}]
    path = f"/v1/{{}}-memos/invoice/{invoice['id']}"
    credit = client.post(path.format("credit"), {"items": items, "autoPost": True})["id"]
    debit = client.post(path.format("debit"), {"items": items})["id"]
    to = {"invoices": [{"invoiceId": invoice["id"], "amount": 5}]}
    client.put(f"/v1/credit-memos/{credit}/apply", to)
    payment = pay(50, (invoice["id"], 20))["id"]
    given = {"type": "External", "methodType": "Check", "totalAmount": 10}
    refund = client.post(f"/v1/payments/{payment}/refunds", given)["id"]
    client.post("/v1/payment-runs", {"targetDate": "2026-01-01", "runDate": "2027-01-01 00:00:00"})
    client.post(f"/v1/invoices/{invoice['id']}/emails", {"emailAddresses": "ada@example.com"})
    part = client.get(f"/v1/payments/{payment}/parts")["parts"][0]["id"]
    return {
        "invoiceKey": invoice["id"],
        "itemId": first,
        "creditMemoKey": credit,
        "creditMemoItemId": client.get(f"/v1/credit-memos/{credit}/items")["items"][0]["id"],
        "credit-memos partId": client.get(f"/v1/credit-memos/{credit}/parts")["parts"][0]["id"],
        "debitMemoKey": debit,
        "debitMemoItemId": client.get(f"/v1/debit-memos/{debit}/items")["items"][0]["id"],
        "paymentKey": payment,
        "payments partId": part,
        "refundKey": refund,
        "refundPartId": client.get(f"/v1/refunds/{refund}/parts")["parts"][0]["id"],
    }


@pytest.fixture
def sold(client: "Client", account: str, subscription: str, order: "Order") -> Keys:
    """A subscription in its second version, a line item and usage."""
    plan = client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]
    more = {"pricing": {"recurringPerUnit": {"quantity": 20}}}
    update = {"chargeNumber": plan["ratePlanCharges"][0]["number"], **more}
    parts = {"ratePlanId": plan["id"], "chargeUpdates": [update]}
    order("UpdateProduct", "2026-07-01", subscription, updateProduct=parts)
    router = {"itemName": "Router", "amountPerUnit": 20, "quantity": 2}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "orderLineItems": [router]}
    placed = client.post("/v1/orders", body)
    return {
        "account-key": account,
        "accountNumber": account,
        "account": account,
        "subscription": subscription,
        "subscription-key": subscription,
        "subscriptionNumber": subscription,
        "version": "2",
        "ratePlanId": client.get(f"/v1/subscriptions/{subscription}")["ratePlans"][0]["id"],
        "orderNumber": placed["orderNumber"],
        "order-line-items itemId": placed["orderLineItems"][0]["id"],
    }


@pytest.fixture
def told(client: "Client", call: "Caller", account: str, card: Callable[..., str]) -> Keys:
    """Cards, a schedule, a page, events and what was sent."""
    client.put(f"/v1/payment-methods/{card()}/scrub", {})
    method = card()
    said = {"type": "Recurring", "status": "Agreed", "consentAgreementSrc": "External"}
    profiles = f"/v1/payment-methods/{method}/profiles"
    client.post(profiles, said)
    client.post(f"{profiles}/1/cancel", {})
    monthly = {"period": "Monthly", "startDate": "2026-01-31", "occurrences": 3, "amount": 20}
    schedule = client.post("/v1/payment-schedules", {"accountNumber": account, **monthly})
    used = {"AccountNumber": account, "UOM": "Seat", "Quantity": 1, "StartDateTime": "2026-01-01"}
    usage = call("POST", "/v1/object/usage", used).body["Id"]
    client.post("/v1/payments", {**PAID, "accountId": schedule["accountId"], "paymentMethodId": method})
    held = {"accountNumber": account, "amount": 30, "gatewayOrderId": "O-1"}
    client.post(f"/v1/payment-methods/{method}/authorize", held)
    client.post("/v1/hostedpages", PAGE)
    client.post("/events/event-triggers", LARGE)
    client.post("/notifications/email-templates", TEMPLATE)
    client.post(
        "/notifications/notification-definitions", definition("https://there.invalid", "AccountUpdated")
    )
    client.put(f"/v1/accounts/{account}", {"notes": "x"})
    client.post("/__toolkit/callouts/00000001/attempts", {"success": True, "status": 200, "content": "a"})
    client.post("/query/jobs", {"query": "select id from account"})
    return {
        "payment-method-id": method,
        "paymentScheduleKey": schedule["paymentScheduleNumber"],
        "usage id": usage,
    }


def known(tenant: "Tenant", client: "Client") -> Keys:
    """Return keys of what is in the catalog, and of what is found by queries alone."""
    plan = next(iter(tenant.world.plans.latest()))

    def first(kind: str) -> str:
        found = client.post("/v1/action/query", {"queryString": f"select Id from {kind}"})  # noqa: S608 - ZOQL
        return str(found["records"][0]["Id"])

    return {
        "product-key": plan.product_id,
        "object": "Account",
        "product-rate-plan-charge id": plan.charges[0].id,
        "product-rate-plan-charge-tier id": first("ProductRatePlanChargeTier"),
        "payment-method-snapshot id": first("PaymentMethodSnapshot"),
        "payment-method-transaction-log id": first("PaymentMethodTransactionLog"),
    }


def filled(path: str, keys: Keys) -> str:
    """Return an operation's path with keys in the places of its placeholders."""
    segments = path.split("/")

    def key(found: re.Match[str]) -> str:
        named = (keys[name] for one in segments if (name := f"{one} {found[1]}") in keys)
        return next(named, None) or keys[found[1]]

    return re.sub("{([^}]*)}", key, path)


def unread(ask: Callable[[str, str], bytes], path: str, names: list[str], keys: Keys) -> Iterator[str]:
    """Yield the parameters that make no difference to an answer, whatever their value."""
    for name in names:
        beside = f"{NEEDED.get(path, '')}&{BESIDE.get(name, '')}".format(**keys)
        plain = ask(path, beside)
        if all(ask(path, f"{beside}&{name}={value}") == plain for value in VALUES):
            yield name


def asking(tenant: "Tenant") -> Callable[[str, str], bytes]:
    """Return what asks a tenant, and answers without what is new in each answer."""

    def ask(path: str, query: str) -> bytes:
        answer = tenant.handle(Request("GET", path, query, KEYS))
        return re.sub(rb'"(requestId|processId)":"[^"]*"', b"", answer.body)

    return ask


def test_each_parameter_of_the_official_sdk_is_read_or_named_as_a_gap(
    tenant: "Tenant", client: "Client", papers: Keys, sold: Keys, told: Keys
) -> None:
    """Where `page` is read `pageSize` is, by the same function."""
    keys = {**known(tenant, client), **told, **sold, **papers}
    served = {fidelity.shape(one.method, one.path) for one in fidelity.endpoints()}
    ask, found = asking(tenant), {}
    for operation, names in fidelity.parameters().items():
        method, path = operation.split(" ")
        if method == "GET" and fidelity.shape(method, path) in served:
            ignored = list(unread(ask, filled(path, keys), names, keys))
            found[operation] = [name for name in ignored if name != "pageSize" or "page" in ignored]
    gaps = {name: said for name, said in fidelity.unread_parameters().items() if name.startswith("GET ")}
    assert {name: ignored for name, ignored in found.items() if ignored} == gaps
