"""A tenant that holds something of everything, for queries."""

from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from tests.zuora.conftest import ADA, subscribed, triggers
from toolkit import worlds
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.identities import part_id
from toolkit.billing.memos import MemoTerms, Portion, credit_memo, debit_memo, portions_of
from toolkit.billing.splitting import InvoiceSplit, InvoiceSplitItem
from toolkit.zuora.client import Client
from toolkit.zuora.state.world import Change, World
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

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
NEWCOMER = {"name": "Newcomer", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
YEAR = {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}}


@pytest.fixture(scope="session")
def _full() -> Tenant:
    """An Irish customer of a taxed catalog who has bought, changed, used, been billed, paid and got back."""
    tenant = Tenant(worlds.load("taxed"))
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        live(tenant, client, _numbers(tenant)["Liffey Books"], _plans(tenant))
    return tenant


@pytest.fixture(scope="session")
def _traded(_full: Tenant) -> Tenant:
    """That customer, and another one who buys at a discount, owes by memos and gives it all away."""
    tenant = _full.fork()
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        trade(client, _numbers(tenant)["Bay Ferries"], _numbers(tenant)["Alpine Maps"], _plans(tenant))
    return tenant


def crowd(tenant: Tenant, times: int) -> World:
    """Return the tenant's world with that many pairs of customers more who do the same."""
    tenant = tenant.fork()
    with Client(transport=InProcessTransport(tenant.handle)) as client:
        for _ in range(times):
            first, second = (client.post("/v1/accounts", NEWCOMER)["accountNumber"] for _ in range(2))
            live(tenant, client, first, _plans(tenant))
            trade(client, second, first, _plans(tenant))
    return tenant.world


def _numbers(tenant: Tenant) -> dict[str, str]:
    return {one.name: one.number for one in tenant.world.accounts.latest()}


class Plans(NamedTuple):
    """The ids of rate plans: with seats, with a price table, and with seats at a discount."""

    seats: str
    stepped: str
    reduced: str


def _plans(tenant: Tenant) -> Plans:
    """Return them, which are made when somebody asks for the first time."""
    known = {one.name: one.id for one in tenant.world.plans.latest()}
    return Plans(
        known["Net"],
        known.get("Stepped") or _stepped(tenant),
        known.get("Reduced") or _reduced(tenant),
    )


def live(tenant: Tenant, client: Client, key: str, plans: Plans) -> None:
    """Let an account buy, change, use, be billed, pay and get back."""
    account = tenant.world.accounts.find(key)
    client.put(f"/v1/accounts/{key}", {"taxInfo": {"VATId": "IE1"}, "CDotOwner__c": "Ada"})
    card = client.post(
        "/v1/payment-methods", {**CARD, "expirationMonth": 1, "expirationYear": 2030, "accountKey": key}
    )
    client.put(f"/v1/accounts/{key}", {"defaultPaymentMethodId": card["id"]})
    plan = tenant.world.plans.find(plans.seats)
    seats = {"productRatePlanChargeId": plan.charges[0].id, "pricing": {"recurringPerUnit": {"quantity": 10}}}
    wanted = {"productRatePlanId": plan.id, "chargeOverrides": [seats]}
    creation = {"terms": YEAR, "subscribeToRatePlans": [wanted]}
    created = _order(client, key, "CreateSubscription", createSubscription=creation)
    number = subscribed(created)
    terms = {"autoRenew": True, "billToContactId": account.bill_to_id}
    _order(client, key, "TermsAndConditions", number, termsAndConditions=terms)
    _order(client, key, "AddProduct", number, addProduct={"productRatePlanId": plans.stepped})
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    _order(client, key, "CancelSubscription", number, cancelSubscription=end)
    _order(client, key, "CreateSubscription", status="Draft", createSubscription=creation)
    sale = {"orderDate": "2026-01-01", "existingAccountNumber": key}
    client.post("/v1/orders", {**sale, "orderLineItems": [ROUTER]})
    used = {"AccountNumber": key, "UOM": "Hour", "Quantity": 3, "StartDateTime": "2026-01-02"}
    client.post("/v1/object/usage", {**used, "SubscriptionNumber": number})
    _bill(client, account.id, "2026-01-01")
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


def trade(client: Client, key: str, other: str, plans: Plans) -> None:
    """Let an account buy at a discount, amend that, owe by memos, and give it all to another account."""
    owner = client.get(f"/v1/accounts/{other}")["basicInfo"]["id"]
    client.put(f"/v1/accounts/{key}", {"crmId": f"CRM-{key}", "parentId": owner})
    bought = [{"productRatePlanId": plan} for plan in (plans.stepped, plans.reduced)]
    created = _order(
        client, key, "CreateSubscription", createSubscription={"terms": YEAR, "subscribeToRatePlans": bought}
    )
    number = subscribed(created)
    shown = client.get(f"/v1/subscriptions/{number}")
    meter = shown["ratePlans"][0]["ratePlanCharges"][0]["number"]
    used = {"AccountNumber": key, "UOM": "Minute", "Quantity": 3, "StartDateTime": "2026-01-02"}
    client.post("/v1/object/usage", {**used, "SubscriptionNumber": number, "ChargeNumber": meter})
    sale = {"orderDate": "2026-01-01", "existingAccountNumber": key}
    sent = {"itemState": "SentToBilling", "billTargetDate": "2026-01-01"}
    client.post("/v1/orders", {**sale, "orderLineItems": [{**ROUTER, **sent}]})
    account = client.get(f"/v1/accounts/{key}")["basicInfo"]["id"]
    _bill(client, account, "2026-01-01")
    (invoice,) = client.get(f"/v1/transactions/invoices/accounts/{key}")["invoices"]
    item = next(one["id"] for one in invoice["invoiceItems"] if one["chargeAmount"] > 0)
    _owe(client, key, invoice["id"], item)
    plan = shown["ratePlans"][0]["id"]
    more = {"Type": "NewProduct", "RatePlanData": {"RatePlan": {"ProductRatePlanId": plans.stepped}}}
    less = {
        "Type": "RemoveProduct",
        "RatePlanData": {"RatePlan": {"AmendmentSubscriptionRatePlanId": plan}},
    }
    for amendment in (more, less):
        base = {"SubscriptionId": client.get(f"/v1/subscriptions/{number}")["id"], "Name": "Change"}
        wanted = {"Amendments": [{**base, "ContractEffectiveDate": "2026-01-01", **amendment}]}
        unbilled = {"AmendOptions": {"GenerateInvoice": False, "ProcessPayments": False}}
        (result,) = client.post("/v1/action/amend", {"requests": [{**wanted, **unbilled}]})["results"]
        assert result["Success"], result
    _order(client, key, "OwnerTransfer", number, ownerTransfer={"destinationInvoiceAccountNumber": other})
    both = {"destinationAccountNumber": other, "destinationInvoiceAccountNumber": other}
    _order(client, key, "OwnerTransfer", number, ownerTransfer=both)
    end = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-01-15"}
    _order(client, other, "CancelSubscription", number, cancelSubscription=end)
    _bill(client, owner, "2026-01-15")


def _bill(client: Client, account_id: str, day: str) -> None:
    filters = [{"filterType": "Account", "accountId": account_id}]
    client.post("/v1/bill-runs", {"targetDate": day, "autoPost": True, "billRunFilters": filters})


def _owe(client: Client, key: str, invoice: str, item: str) -> None:
    """Let an account have debit memos, one of them of a credit memo, and pay and be credited for one."""
    said = {"items": [{"invoiceItemId": item, "amount": 2}], "autoPost": True}
    debit = client.post(f"/v1/debit-memos/invoice/{invoice}", said)["id"]
    part = {"debitMemos": [{"debitMemoId": debit, "amount": 1}]}
    paid = {"accountNumber": key, "amount": 1, "currency": "USD", "type": "External", **part}
    client.post("/v1/payments", paid)
    first, second = (client.post(f"/v1/credit-memos/invoice/{invoice}", said)["id"] for _ in range(2))
    client.put(f"/v1/credit-memos/{first}/apply", part)
    client.put(f"/v1/credit-memos/{second}/reverse", {})


def _reduced(tenant: Tenant) -> str:
    """Return the id of a new rate plan with a fee and a discount."""
    monthly = {"type": "Recurring", "billing_period": "Month", "billing_day": "DefaultFromCustomer"}
    plan, tenant.world = worlds.make(
        tenant.world,
        "product_rate_plan",
        name="Reduced",
        charge__terms=msgspec.convert({"name": "Fee", "model": "FlatFee", **monthly}, ChargeTerms),
        charge__pricing={"USD": {"currency": "USD", "price": Decimal(30)}},
    )
    (fee,) = plan.charges
    terms = msgspec.convert({"name": "Off", "model": "DiscountPercentage", **monthly}, ChargeTerms)
    pricing = Pricing(currency="USD", discount_percentage=Decimal(10))
    off = replace(
        fee, id=part_id(plan.id, 2), number=f"{fee.number}-OFF", terms=terms, pricing={"USD": pricing}
    )
    change = Change(tenant.world)
    change.put(replace(plan, charges=(fee, off)))
    tenant.world = change.world
    return str(plan.id)


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
        name="Stepped",
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


@pytest.fixture
def traded(_traded: Tenant) -> Tenant:
    """The tenant with the other customer, in a cell of the test's own."""
    return _traded.fork()
