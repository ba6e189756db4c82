"""Bill-to contacts, payment terms and invoice groups of subscriptions, which decide what is billed together.

Source, where a test names a case: Zuora, use cases of subscription management and invoice generation.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import ADA, Order, subscribed
from toolkit.billing.credits import CreditMemo
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.files.sheets import sheet
from toolkit.zuora.tenant import Tenant

Subscribe = Callable[..., str]
People = dict[str | None, str]
Billed = tuple[str | None, str, set[str | None]]
Bill = Callable[[str], list[Billed]]
Restate = Callable[..., object]

RAY, STEVE, TOM, LOCK = "Ray", "Steve", "Tom", "Lock"


def _contact(client: Client, account: str, name: str) -> str:
    said = {"firstName": name, "lastName": "Of It", "country": "United States", "accountNumber": account}
    return str(client.post("/v1/contacts", said)["id"])


@pytest.fixture
def people(client: Client, account: str) -> People:
    """The contacts of the account, by their names, whose payment term is Net 30."""
    made: People = {name: _contact(client, account, name) for name in (RAY, STEVE, TOM, LOCK)}
    client.put(f"/v1/accounts/{account}", {"paymentTerm": "Net 30", "billToContactId": made[RAY]})
    return made


def _addressed(people: People, name: str | None, term: str | None) -> dict[str, object]:
    said = {"billToContactId": people.get(name), "paymentTerm": term}
    return {key: value for key, value in said.items() if value is not None}


@pytest.fixture
def subscribe(order: Order, creation: dict[str, Any], people: People) -> Subscribe:
    """Subscribes for a year from 1 January 2026, billed to somebody by some term."""

    def place(name: str | None = None, term: str | None = None, **more: object) -> str:
        wanted = {**creation, **_addressed(people, name, term), **more}
        return subscribed(order("CreateSubscription", "2026-01-01", createSubscription=wanted))

    return place


@pytest.fixture
def restate(order: Order, people: People) -> Restate:
    """Changes to whom a subscription is billed, and by which term."""

    def place(
        number: str, name: str | None = None, term: str | None = None, day: str = "2026-01-01", **more: object
    ) -> object:
        said = {**_addressed(people, name, term), **more}
        return order("TermsAndConditions", day, number, termsAndConditions=said)

    return place


@pytest.fixture
def bill(tenant: Tenant, client: Client, account: str, people: People) -> Bill:
    """Bills the account; returns of each new document its number, to whom it goes and what it bills.

    Of an invoice the number stands with its payment term.
    """
    names = {key: name for name, key in people.items()}

    def run(target: str) -> list[Billed]:
        body = {"targetDate": target, "effectiveDate": target, "autoPost": True}
        made = client.post(f"/v1/accounts/{account}/billing-documents/generate", body)
        world = tenant.world
        papers: list[Invoice | CreditMemo] = [world.invoices.find(one["id"]) for one in made["invoices"]]
        papers += [world.credit_memos.find(one["id"]) for one in made["creditMemos"]]
        return [(names.get(_bill_to(client, one)), _term(client, one), _subscriptions(one)) for one in papers]

    return run


def _bill_to(client: Client, document: Invoice | CreditMemo) -> str:
    plural = "invoices" if isinstance(document, Invoice) else "credit-memos"
    return str(client.get(f"/object-query/{plural}/{document.id}")["billToContactId"])


def _term(client: Client, document: Invoice | CreditMemo) -> str:
    if isinstance(document, CreditMemo):
        return "credit"
    term = str(client.get(f"/v1/invoices/{document.id}")["paymentTerm"])
    assert document.due_date == document.invoice_date + timedelta(days=int(term.removeprefix("Net ")))
    return term


def _subscriptions(document: Invoice | CreditMemo) -> set[str | None]:
    return {item.subscription_number for item in document.items}


def test_case_1_contacts_and_terms_decide_what_is_billed_together(subscribe: Subscribe, bill: Bill) -> None:
    first, second = subscribe(STEVE, "Net 30"), subscribe(STEVE, "Net 30")
    third, fourth = subscribe(TOM, "Net 45"), subscribe(TOM, "Net 45")
    assert bill("2026-01-01") == [(STEVE, "Net 30", {first, second}), (TOM, "Net 45", {third, fourth})]


def test_case_2_credits_and_new_charges_go_to_the_latest_contact(
    tenant: Tenant, order: Order, creation: dict[str, Any], subscribe: Subscribe, bill: Bill, restate: Restate
) -> None:
    """The page says Net 30 of the new documents in its table, and the latest payment term in its text."""
    rules = replace(tenant.world.rules, credit_memo_generation="negative")
    tenant.world = replace(tenant.world, rules=rules)
    number = subscribe(STEVE, "Net 30")
    bill("2026-01-01")
    restate(number, LOCK, "Net 60", lastTerm={"termType": "TERMED", "period": 20, "startDate": "2026-01-01"})
    (plan,) = tenant.world.subscriptions.find(number).rate_plans
    order("RemoveProduct", "2026-09-01", number, removeProduct={"ratePlanId": plan.id})
    order("AddProduct", "2026-09-01", number, addProduct=creation["subscribeToRatePlans"][0])
    assert bill("2027-01-01") == [(LOCK, "Net 60", {number}), (LOCK, "credit", {number})]


def test_case_3_and_9_the_account_says_what_a_subscription_does_not(subscribe: Subscribe, bill: Bill) -> None:
    first, second = subscribe(), subscribe(STEVE, "Net 45")
    third, fourth = subscribe(None, "Net 45"), subscribe(None, "Net 45")
    assert bill("2026-01-01") == [
        (RAY, "Net 30", {first}),
        (STEVE, "Net 45", {second}),
        (RAY, "Net 45", {third, fourth}),
    ]


@pytest.fixture
def renewed(order: Order, subscribe: Subscribe, restate: Restate, bill: Bill) -> tuple[str, str]:
    """Two subscriptions that are billed and renewed, and the second billed to Steve in its second term."""
    first, second = subscribe(), subscribe()
    assert bill("2026-01-01") == [(RAY, "Net 30", {first, second})]
    for number in (first, second):
        order("RenewSubscription", "2027-01-01", number, renewSubscription={})
    restate(second, STEVE, "Net 45", "2027-01-01")
    assert bill("2027-01-01") == [(RAY, "Net 30", {first}), (STEVE, "Net 45", {second})]
    return first, second


def test_case_4_and_6_what_is_reversed_is_billed_again_to_another(
    tenant: Tenant, client: Client, renewed: tuple[str, str], restate: Restate, bill: Bill, people: People
) -> None:
    _, second = renewed
    (wrong,) = (one for one in tenant.world.invoices.latest() if one.bill_to_id == people[STEVE])
    memo = client.put(f"/v1/invoices/{wrong.id}/reverse", {})["creditMemo"]["id"]
    assert _bill_to(client, tenant.world.credit_memos.find(memo)) == people[STEVE]
    restate(second, TOM, "Net 60", "2027-01-01")
    assert bill("2027-01-01") == [(TOM, "Net 60", {second})]


def test_case_7_past_terms_are_billed_again_by_what_holds_now(
    tenant: Tenant, client: Client, renewed: tuple[str, str], restate: Restate, bill: Bill
) -> None:
    first, second = renewed
    owner = tenant.world.subscriptions.find(first).account_id
    for one in sorted(tenant.world.invoices.of(owner), key=lambda one: one.number, reverse=True):
        client.put(f"/v1/invoices/{one.id}/reverse", {})
    for number in renewed:
        restate(number, TOM, "Net 60", "2027-01-01")
    assert bill("2026-01-01") == [(TOM, "Net 60", {first, second})]
    restate(second, STEVE, "Net 45", "2027-01-01")
    assert bill("2027-01-01") == [(TOM, "Net 60", {first}), (STEVE, "Net 45", {second})]


def test_case_8_what_changes_in_a_term_holds_for_the_next_bill(
    creation: dict[str, Any], subscribe: Subscribe, restate: Restate, bill: Bill
) -> None:
    override = creation["subscribeToRatePlans"][0]["chargeOverrides"][0]
    override["billing"] = {"billingPeriod": "Month"}
    first, second = subscribe(), subscribe(STEVE, "Net 45")
    assert bill("2026-01-01") == [(RAY, "Net 30", {first}), (STEVE, "Net 45", {second})]
    restate(second, TOM, "Net 60")
    assert bill("2026-02-01") == [(RAY, "Net 30", {first}), (TOM, "Net 60", {second})]


@pytest.fixture
def other(client: Client) -> tuple[str, str]:
    """Another account, which bills on the first, and its contact."""
    said = {"name": "Other", "currency": "USD", "billCycleDay": 1, "billToContact": ADA}
    made = client.post("/v1/accounts", {**said, "paymentTerm": "Net 15"})
    return made["accountNumber"], made["billToContactId"]


def test_case_10_a_transfer_names_a_contact_of_the_new_account(
    tenant: Tenant, client: Client, order: Order, subscribe: Subscribe, other: tuple[str, str]
) -> None:
    number, (account, contact) = subscribe(TOM, "Net 45"), other
    to = {"destinationInvoiceAccountNumber": account}
    with pytest.raises(RefusedError, match="does not belong to the account"):
        order("OwnerTransfer", "2026-01-01", number, ownerTransfer=to)
    own = {"billToContactId": contact, "paymentTerm": "Net 60"}
    order("OwnerTransfer", "2026-01-01", number, ownerTransfer={**to, **own})
    shown = client.get(f"/v1/subscriptions/{number}")
    assert (shown["billToContact"]["id"], shown["paymentTerm"]) == (contact, "Net 60")
    body = {"targetDate": "2026-01-01", "effectiveDate": "2026-01-01", "autoPost": True}
    made = client.post(f"/v1/accounts/{account}/billing-documents/generate", body)
    (invoice,) = (tenant.world.invoices.find(one["id"]) for one in made["invoices"])
    assert (_bill_to(client, invoice), _term(client, invoice)) == (contact, "Net 60")


def test_a_transfer_clears_contact_and_term(
    client: Client, order: Order, subscribe: Subscribe, other: tuple[str, str]
) -> None:
    number, (account, contact) = subscribe(TOM, "Net 45"), other
    cleared = {"clearingExistingBillToContact": True, "clearingExistingPaymentTerm": True}
    to = {"destinationAccountNumber": account, "destinationInvoiceAccountNumber": account, **cleared}
    order("OwnerTransfer", "2026-01-01", number, ownerTransfer=to)
    shown = client.get(f"/v1/subscriptions/{number}")
    assert (shown["billToContact"]["id"], shown["paymentTerm"]) == (contact, None)


def test_subscriptions_of_a_group_share_an_invoice(
    client: Client, subscribe: Subscribe, bill: Bill, tenant: Tenant
) -> None:
    plain = subscribe()
    first, second = (subscribe(invoiceGroupNumber="N-1") for _ in range(2))
    assert bill("2026-01-01") == [(RAY, "Net 30", {plain}), (RAY, "Net 30", {first, second})]
    assert client.get(f"/v1/subscriptions/{first}")["invoiceGroupNumber"] == "N-1"
    owner = tenant.world.subscriptions.find(first).account_id
    made = [one.id for one in tenant.world.invoices.of(owner)]
    shown = [client.get(f"/v1/invoices/{one}")["invoiceGroupNumber"] for one in made]
    assert sorted(shown, key=str) == ["N-1", None]


def test_a_contact_is_made_with_the_subscription(client: Client, account: str, subscribe: Subscribe) -> None:
    shown = client.get(f"/v1/subscriptions/{subscribe(billToContact=ADA)}")["billToContact"]
    assert (shown["accountNumber"], shown["firstName"]) == (account, ADA["firstName"])
    assert shown["isSpecifiedInSubscription"] is True
    with pytest.raises(RefusedError, match="is billed to"):
        client.delete(f"/v1/contacts/{shown['id']}")
    with pytest.raises(RefusedError, match=shown["id"]):
        client.delete(f"/v1/object/contact/{shown['id']}")


def test_a_renewal_says_who_is_billed_from_then_on(
    order: Order, subscribe: Subscribe, bill: Bill, people: People
) -> None:
    number = subscribe()
    order("RenewSubscription", "2027-01-01", number, renewSubscription={"billToContactId": people[TOM]})
    assert bill("2026-01-01") == [(TOM, "Net 30", {number})]


@pytest.mark.parametrize(
    ("said", "problem"), [({"paymentTerm": "Net 7"}, "payment term"), ({"billToContactId": "x"}, "x")]
)
def test_who_or_what_does_not_exist_is_refused(
    subscribe: Subscribe, said: dict[str, str], problem: str
) -> None:
    with pytest.raises(RefusedError, match=problem):
        subscribe(**said)


def test_an_invoice_is_mailed_and_printed_to_its_contact(
    tenant: Tenant, client: Client, account: str, order: Order, creation: dict[str, Any], bill: Bill
) -> None:
    rae = {"firstName": "Rae", "lastName": "Of It", "country": "USA", "workEmail": "rae@example.com"}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "billToContact": rae})
    bill("2026-01-01")
    (invoice,) = tenant.world.invoices.of(tenant.world.accounts.find(account).id)
    client.post(f"/v1/invoices/{invoice.id}/emails", {})
    (mail,) = client.get("/v1/notification-history/email", failedOnly="false")["emailHistories"]
    assert mail["toEmail"] == "rae@example.com"
    assert "Rae Of It" in sheet(tenant.world, invoice, "Posted", ZERO, tenant.world.now).address
