"""A tenant that holds something of everything, for queries."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.zuora.conftest import triggers
from toolkit import worlds
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.catalog import ChargeTerms
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, debit_memo, portions_of
from toolkit.billing.splitting import InvoiceSplit, InvoiceSplitItem
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport
from toolkit.zuora.world import Change

CARD = {
    "type": "CreditCard",
    "cardNumber": "4242424242424242",
    "cardHolderInfo": {"cardHolderName": "Ada"},
    "expirationMonth": 1,
    "expirationYear": 2030,
}
ROUTER = {
    "itemName": "Router",
    "itemType": "Product",
    "quantity": 1,
    "amountPerUnit": 20,
    "transactionStartDate": "2026-01-01",
}
YEAR = {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}}


@pytest.fixture(scope="session")
def _full() -> Tenant:
    """An Irish customer of a taxed catalog who has bought, changed, used, been billed, paid and got back."""
    tenant = Tenant(worlds.load("taxed"))
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        _live(tenant, client)
    return tenant


def _live(tenant: Tenant, client: Client) -> None:
    account = next(one for one in tenant.world.accounts.latest() if one.name == "Liffey Books")
    key = account.number
    client.put(f"/v1/accounts/{key}", {"taxInfo": {"VATId": "IE1"}, "CDotOwner__c": "Ada"})
    card = client.post(
        "/v1/payment-methods", {**CARD, "expirationMonth": 1, "expirationYear": 2030, "accountKey": key}
    )
    client.put(f"/v1/accounts/{key}", {"defaultPaymentMethodId": card["id"]})
    plan = next(iter(sorted(tenant.world.plans.latest(), key=lambda one: one.number)))
    seats = {"productRatePlanChargeId": plan.charges[0].id, "pricing": {"recurringPerUnit": {"quantity": 10}}}
    wanted = {"productRatePlanId": plan.id, "chargeOverrides": [seats]}
    creation = {"terms": YEAR, "subscribeToRatePlans": [wanted]}
    created = _order(client, key, "CreateSubscription", createSubscription=creation)
    number = created["subscriptions"][0]["subscriptionNumber"]
    _order(client, key, "TermsAndConditions", number, termsAndConditions={"autoRenew": True})
    _order(client, key, "AddProduct", number, addProduct={"productRatePlanId": _stepped(tenant)})
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    _order(client, key, "CancelSubscription", number, cancelSubscription=end)
    _order(client, key, "CreateSubscription", status="Draft", createSubscription=creation)
    sale = {"orderDate": "2026-01-01", "existingAccountNumber": key}
    client.post("/v1/orders", {**sale, "orderLineItems": [ROUTER]})
    used = {"AccountNumber": key, "UOM": "Hour", "Quantity": 3, "StartDateTime": "2026-01-02"}
    client.post("/v1/object/usage", {**used, "SubscriptionNumber": number})
    filters = [{"filterType": "Account", "accountId": account.id}]
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "autoPost": True, "billRunFilters": filters})
    invoice = tenant.world.invoices.of(account.id)[0]
    paid = {"accountNumber": key, "amount": 5, "currency": "USD", "type": "External"}
    payment = client.post("/v1/payments", {**paid, "invoices": [{"invoiceId": invoice.id, "amount": 4}]})
    client.post(
        f"/v1/payments/{payment['id']}/refunds", {"type": "External", "methodType": "Check", "totalAmount": 1}
    )
    client.post("/v1/payments", {**paid, "type": "Electronic"})
    held = {"accountNumber": key, "amount": 1, "gatewayOrderId": "O-1"}
    client.post(f"/v1/payment-methods/{card['id']}/authorize", held)
    client.put(f"/v1/contacts/{account.bill_to_id}", {"nickname": "Liffey"})
    _memos(tenant, account.id)


def _stepped(tenant: Tenant) -> str:
    """Return the id of a new rate plan with a price table."""
    steps = [
        {"tier": 1, "starting_unit": 0, "ending_unit": 10, "price": 2},
        {"tier": 2, "starting_unit": 11, "ending_unit": None, "price": 1},
    ]
    terms = {
        "name": "Minutes",
        "type": "Usage",
        "model": "Tiered",
        "uom": "Minute",
        "billing_period": "Month",
    }
    plan, tenant.world = worlds.make(
        tenant.world,
        "product_rate_plan",
        charge__terms=msgspec.convert(terms, ChargeTerms),
        charge__pricing={"USD": {"currency": "USD", "tiers": steps}},
    )
    return str(plan.id)


def _order(
    client: Client,
    key: str,
    kind: str,
    number: str | None = None,
    status: str | None = None,
    **parts: object,
) -> dict[str, Any]:
    action = {"type": kind, "triggerDates": triggers("2026-01-01")[:1], **parts}
    wanted = {"orderActions": [action], **({"subscriptionNumber": number} if number else {})}
    body = {"orderDate": "2026-01-01", "existingAccountNumber": key, "subscriptions": [wanted]}
    body |= {"status": status} if status else {}
    return client.post("/v1/orders", body)


def _memos(tenant: Tenant, account_id: str) -> None:
    world, change = tenant.world, Change(tenant.world)
    invoice = world.invoices.of(account_id)[0]
    terms = MemoTerms(
        account_id=account_id,
        currency=invoice.currency,
        memo_date=world.today,
        now=world.now,
        source="AdhocFromInvoice",
        post=True,
        invoice_id=invoice.id,
    )
    portion = Portion(invoice.items[0].id, Decimal(2))
    credit = credit_memo(portions_of(invoice, [portion], change, world.now), terms, change)
    credit, invoice = apply_memo(credit, invoice, Application(Decimal(1), None, "FIFO"), change, world.now)
    debit = debit_memo(portions_of(invoice, [portion], change, world.now), terms, change)
    item = InvoiceSplitItem(
        id=change.id(),
        invoice_date=world.today,
        percentage=Decimal(100),
        payment_term="Net 30",
        created=world.now,
        updated=world.now,
        invoice_id=invoice.id,
    )
    split = InvoiceSplit(
        id=change.id(), invoice_id=invoice.id, created=world.now, updated=world.now, items=(item,)
    )
    for row in (credit, invoice, debit, split):
        change.put(row)
    tenant.world = change.world


@pytest.fixture
def full(_full: Tenant) -> Tenant:
    """The tenant, in a cell of the test's own."""
    return _full.fork()
