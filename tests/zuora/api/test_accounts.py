"""Accounts, their contacts, payment methods and summary."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.billing.accounts import NetTerm
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.tenant import Tenant

CONTACT = {"firstName": "J", "lastName": "S", "workEmail": "j@customer.test"}
CARD = {
    "type": "CreditCard",
    "cardNumber": "4111 1111 1111 1111",
    "cardType": "Visa",
    "expirationMonth": 12,
    "expirationYear": 2030,
    "cardHolderInfo": {"cardHolderName": "J S", "city": "Paris"},
    "securityCode": "123",
}


def create(client: Client, **more: object) -> dict[str, Any]:
    return client.post("/v1/accounts", {"name": "A", "currency": "USD", "billToContact": CONTACT, **more})


def test_every_field_of_an_account_reads_as_it_was_written(client: Client) -> None:
    written = {
        "batch": "Batch7",
        "crmId": "crm",
        "notes": "n",
        "salesRep": "rep",
        "customerServiceRepName": "csr",
        "purchaseOrderNumber": "po",
        "paymentTerm": "Net 30",
        "paymentGateway": "Test",
        "invoiceDeliveryPrefsEmail": True,
        "Region__c": "EMEA",
    }
    shown = client.get(f"/v1/accounts/{create(client, accountNumber='A-MINE', **written)['accountId']}")
    found = {**shown["basicInfo"], **shown["billingAndPayment"]}
    assert {name: found[name] for name in written} == written
    assert shown["basicInfo"]["accountNumber"] == "A-MINE"


def test_a_sold_to_contact_may_be_another_than_bill_to(client: Client) -> None:
    answer = create(client, soldToContact={**CONTACT, "firstName": "K"})
    shown = client.get(f"/v1/accounts/{answer['accountId']}")
    assert (shown["billToContact"]["firstName"], shown["soldToContact"]["firstName"]) == ("J", "K")
    assert answer["billToContactId"] != answer["soldToContactId"]


def test_a_payment_method_made_first_can_be_taken_once(client: Client) -> None:
    method = client.post("/v1/payment-methods", CARD)["id"]
    account = create(client, paymentMethodId=method, autoPay=True)
    assert account["paymentMethodId"] == method
    shown = client.get(f"/v1/payment-methods/{method}")
    assert (shown["isDefault"], shown["cardNumber"], shown["status"]) == (True, "************1111", "Active")
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        create(client, hpmCreditCardPaymentMethodId=method)


def test_changes_touch_only_what_is_said(client: Client, account: str) -> None:
    contact = client.post("/v1/contacts", {"accountNumber": account, **CONTACT, "firstName": "New"})
    method = client.post("/v1/payment-methods", {**CARD, "accountKey": account})["id"]
    changes = {
        "name": "B",
        "crmId": None,
        "billToContactId": contact["id"],
        "soldToContactId": contact["id"],
        "defaultPaymentMethodId": method,
        "invoiceDeliveryPrefsPrint": True,
        "customerServiceRepName": "csr",
        "billCycleDay": 15,
        "Region__c": "AMER",
    }
    assert client.put(f"/v1/accounts/{account}", changes) == {"success": True}
    shown = client.get(f"/v1/accounts/{account}")
    assert shown["basicInfo"]["name"] == "B"
    assert shown["basicInfo"]["Region__c"] == "AMER"
    assert shown["basicInfo"]["customerServiceRepName"] == "csr"
    assert shown["billToContact"]["firstName"] == shown["soldToContact"]["firstName"] == "New"
    assert shown["billingAndPayment"]["defaultPaymentMethodId"] == method
    assert shown["billingAndPayment"]["invoiceDeliveryPrefsPrint"] is True
    assert shown["billingAndPayment"]["billCycleDay"] == 15
    client.put(f"/v1/accounts/{account}", {"defaultPaymentMethodId": None})
    assert client.get(f"/v1/accounts/{account}")["billingAndPayment"]["defaultPaymentMethodId"] is None


def test_another_accounts_method_cannot_be_the_default(client: Client, account: str) -> None:
    theirs = client.post("/v1/payment-methods", {**CARD, "accountKey": "A00000001"})["id"]
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.put(f"/v1/accounts/{account}", {"defaultPaymentMethodId": theirs})


def test_contacts_change_with_their_account(client: Client) -> None:
    """Source: python-zuora and the official SDK, update an account."""
    account = create(client, soldToContact={**CONTACT, "firstName": "K"})["accountId"]
    before = client.get(f"/v1/accounts/{account}")["billToContact"]
    changes = {"billToContact": {"address1": "New Addr 1"}, "soldToContact": {"country": "USA"}}
    assert client.put(f"/v1/accounts/{account}", {**changes, "notes": "moved"}) == {"success": True}
    shown = client.get(f"/v1/accounts/{account}")
    assert shown["billToContact"] == {**before, "address1": "New Addr 1"}
    assert (shown["soldToContact"]["firstName"], shown["soldToContact"]["country"]) == ("K", "United States")
    assert shown["basicInfo"]["notes"] == "moved"


def test_one_contact_for_both_keeps_what_is_said_of_either(client: Client, account: str) -> None:
    changes = {"billToContact": {"city": "Cork", "postalCode": "1"}, "soldToContact": {"city": "Cobh"}}
    client.put(f"/v1/accounts/{account}", changes)
    shown = client.get(f"/v1/accounts/{account}")["soldToContact"]
    assert (shown["city"], shown["zipCode"]) == ("Cobh", "1")


def test_a_contact_that_an_account_does_not_have_cannot_change(client: Client) -> None:
    draft = {"Name": "D", "Currency": "USD", "BillCycleDay": 1, "Status": "Draft"}
    key = client.post("/v1/object/account", draft)["Id"]
    with pytest.raises(RefusedError, match="'billToContactId' may not be null"):
        client.put(f"/v1/accounts/{key}", {"billToContact": {"city": "Cork"}})


def test_another_accounts_contact_gets_no_bills(client: Client, account: str) -> None:
    """Source: the official SDK: the contact must be associated with the account."""
    other = client.get(f"/v1/accounts/{create(client)['accountId']}")["billToContact"]["id"]
    for name in ("billToContactId", "soldToContactId"):
        with pytest.raises(RefusedError, match="Cannot find entity by key"):
            client.put(f"/v1/accounts/{account}", {name: other})


def test_a_contact_stands_alone_and_within_its_account(client: Client, account: str) -> None:
    made = client.post(
        "/v1/contacts", {"accountNumber": account, **CONTACT, "Team__c": "x", "postalCode": "1"}
    )
    shown = client.get(f"/v1/contacts/{made['id']}")
    assert shown == made
    assert (shown["accountNumber"], shown["asBillTo"], shown["Team__c"]) == (account, False, "x")
    bill_to = client.get(f"/v1/accounts/{account}")["billToContact"]["id"]
    assert client.get(f"/v1/contacts/{bill_to}")["asBillTo"] is True
    with pytest.raises(RefusedError, match="'accountId' may not be null"):
        client.post("/v1/contacts", CONTACT)


def test_payment_methods_are_grouped_by_type(client: Client, account: str) -> None:
    first = client.post("/v1/payment-methods", {**CARD, "accountKey": account, "makeDefault": True})["id"]
    client.post("/v1/payment-methods", {"type": "Check", "accountKey": account})
    shown = client.get(f"/v1/accounts/{account}/payment-methods")
    assert [one["isDefault"] for one in shown["creditcard"]] == [True]
    assert [one["cardNumber"] for one in shown["check"]] == [None]
    assert shown["defaultPaymentMethodId"] == first


@pytest.mark.parametrize("number", ["4111", "4111-1111-1111-1111", "x" * 16])
def test_a_number_that_is_no_card_number_is_refused(client: Client, number: str) -> None:
    with pytest.raises(RefusedError, match="12 to 19 digits") as caught:
        client.post("/v1/payment-methods", {**CARD, "cardNumber": number})
    assert number not in str(caught.value)


def test_a_credit_card_needs_its_number(client: Client) -> None:
    with pytest.raises(RefusedError, match="'cardNumber' may not be null"):
        client.post("/v1/payment-methods", {"type": "CreditCard"})


def test_a_method_of_no_account_is_nobodys_default(client: Client) -> None:
    method = client.post("/v1/payment-methods", CARD)["id"]
    assert client.get(f"/v1/payment-methods/{method}")["isDefault"] is False


def test_a_summary_of_an_account_without_business(client: Client, account: str) -> None:
    shown = client.get(f"/v1/accounts/{account}/summary")
    assert (shown["subscriptions"], shown["invoices"], shown["payments"], shown["usage"]) == ([], [], [], [])
    assert shown["basicInfo"]["balance"] == 0
    assert shown["basicInfo"]["defaultPaymentMethod"]["id"] is None
    assert shown["basicInfo"]["lastInvoiceDate"] is None


def test_a_summary_shows_the_latest_business(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    client.post("/v1/payment-methods", {**CARD, "accountKey": account, "makeDefault": True})
    both = {"runBilling": True, "collectPayment": True}
    for _ in range(7):
        order("CreateSubscription", "2026-01-01", createSubscription=creation, processingOptions=both)
    shown = client.get(f"/v1/accounts/{account}/summary")
    numbers = [one["invoiceNumber"] for one in shown["invoices"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(shown["subscriptions"]) == len(shown["payments"]) == 6
    assert shown["basicInfo"]["defaultPaymentMethod"]["creditCardNumber"] == "************1111"
    assert shown["basicInfo"]["lastPaymentAmount"] == Decimal(3480)
    paid = shown["payments"][0]["paidInvoices"][0]
    assert (paid["invoiceNumber"], paid["appliedPaymentAmount"]) == (numbers[0], Decimal(3480))
    assert shown["subscriptions"][0]["initialTerm"] == 12
    assert shown["subscriptions"][0]["ratePlans"][0]["ratePlanName"] == "Premium - 1 Year"


def test_a_payment_term_that_nobody_has_defined_is_refused(
    client: Client, account: str, call: "Caller", tenant: "Tenant"
) -> None:
    said = "The payment term Net 31 is invalid"
    new = {
        "name": "Ada",
        "currency": "USD",
        "billCycleDay": 1,
        "billToContact": CONTACT,
        "paymentTerm": "Net 31",
    }
    item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01", "amount": 1}
    invoice = {"accountNumber": account, "invoiceDate": "2026-01-01", "invoiceItems": [item]}
    with pytest.raises(RefusedError, match=said):
        client.post("/v1/accounts", new)
    with pytest.raises(RefusedError, match=said):
        client.put(f"/v1/accounts/{account}", {"paymentTerm": "Net 31"})
    with pytest.raises(RefusedError, match=said):
        client.post("/v1/invoices", {**invoice, "paymentTerm": "Net 31"})
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    refused = call("PUT", f"/v1/object/account/{key}", {"PaymentTerm": "Net 31"})
    assert refused.body["Errors"][0]["Message"] == f"{said}."
    tenant.world = replace(tenant.world, payment_terms={"Net 31": NetTerm(days=31)})
    assert client.put(f"/v1/accounts/{account}", {"paymentTerm": "Net 31"})["success"]
    made = client.post("/v1/invoices", {**invoice, "paymentTerm": "Net 31"})
    assert made["dueDate"] == "2026-02-01"
