"""Mails that nobody asks for one by one: of notifications, and of bill runs that post by themselves."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.receiving import ACCOUNT, definition, receiving
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Run
    from tests.zuora.conftest import Order

TEMPLATES = "/notifications/email-templates"
DEFINITIONS = "/notifications/notification-definitions"
TEMPLATE = {
    "name": "Welcome",
    "eventTypeName": "AccountCreated",
    "eventTypeNamespace": "com.zuora.notification",
    "emailSubject": "<Event.Category>: <Account.Name>",
    "emailBody": "Dear <BillToContact.FirstName>, <Notification.Name> greets you.",
    "fromEmailType": "TenantEmail",
    "toEmailType": "BillToContact",
}


def mails(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/__toolkit/mails")["mails"]
    return found


def template(client: Client, **other: Any) -> str:  # noqa: ANN401 - any JSON
    return str(client.post(TEMPLATES, {**TEMPLATE, **other})["id"])


def posting(client: Client, **other: Any) -> str:  # noqa: ANN401 - any JSON
    body = {key: value for key, value in TEMPLATE.items() if not key.startswith("event")}
    return str(client.post(TEMPLATES, {**body, "eventCategory": 1110, **other})["id"])


def test_a_notification_mails_what_its_template_says(client: Client) -> None:
    key = template(client)
    body = {"name": "Welcome", "eventTypeName": "AccountCreated", "emailActive": True}
    made = client.post(DEFINITIONS, {**body, "emailTemplateId": key})
    assert (made["emailActive"], made["emailTemplateId"], made["calloutActive"]) == (True, key, False)
    account = client.post("/v1/accounts", ACCOUNT)["accountId"]
    (mail,) = mails(client)
    assert (mail["subject"], mail["to"]) == ("AccountCreated: Acme", "ada@example.com")
    assert mail["body"] == "Dear Ada, Welcome greets you."
    assert (mail["accountId"], mail["objectId"], mail["event"]) == (account, account, "AccountCreated")
    assert (mail["fileId"], mail["waiting"]) == (None, True)
    (known,) = client.get("/v1/notification-history/email", failedOnly="false")["emailHistories"]
    assert known["notification"] == "Welcome"


def test_a_notification_calls_and_mails(client: Client) -> None:
    with receiving() as receiver:
        more = {"emailActive": True, "emailTemplateId": template(client)}
        client.post(DEFINITIONS, {**definition(receiver.url), **more})
        client.post("/v1/accounts", ACCOUNT)
    assert len(mails(client)) == len(client.get("/__toolkit/callouts")["callouts"]) == 1


@pytest.mark.parametrize("gone", ["notification", "email", "template", "deleted"])
def test_what_is_switched_off_mails_nothing(client: Client, gone: str) -> None:
    key = template(client)
    body = {"name": "Welcome", "eventTypeName": "AccountCreated", "emailActive": True}
    made = client.post(DEFINITIONS, {**body, "emailTemplateId": key})["id"]
    if gone == "deleted":
        client.delete(f"{TEMPLATES}/{key}")
    elif gone == "template":
        client.put(f"{TEMPLATES}/{key}", {"active": False})
    else:
        client.put(f"{DEFINITIONS}/{made}", {"active" if gone == "notification" else "emailActive": False})
    client.post("/v1/accounts", ACCOUNT)
    assert mails(client) == []
    if gone == "email":
        assert client.get(f"{DEFINITIONS}/{made}")["emailTemplateId"] == key


def test_an_event_without_an_account_is_mailed_to_addresses_only(
    client: Client, order: "Order", creation: dict[str, Any], account: str, run_for: "Run"
) -> None:
    for kind, address in (("BillToContact", None), ("SpecificEmails", "all@example.com")):
        key = posting(client, name=kind, eventCategory=1410, toEmailType=kind, toEmailAddress=address)
        body = {"name": kind, "eventCategory": 1410, "emailActive": True, "emailTemplateId": key}
        client.post(DEFINITIONS, body)
        client.advance("PT1S")
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    run = run_for(client, account, "2026-01-01")
    unknown, sent = mails(client)
    assert (unknown["to"], unknown["error"]) == ("", "No email address is known for the recipient.")
    assert (sent["to"], sent["error"], sent["accountId"]) == ("all@example.com", None, None)
    assert (sent["objectId"], sent["event"]) == (run["id"], "1410")


def test_a_template_of_another_event_is_refused(client: Client) -> None:
    key, other = template(client), posting(client, name="Posted")
    unknown = posting(client, name="Unknown", eventCategory=1111)
    body = {"name": "Posted", "eventTypeName": "InvoicePosted"}
    for wrong, event in ((key, "AccountCreated"), (unknown, "1111")):
        with pytest.raises(RefusedError, match=f"is for {event}, the notification for InvoicePosted"):
            client.post(DEFINITIONS, {**body, "emailTemplateId": wrong})
    with pytest.raises(RefusedError, match="x"):
        client.post(DEFINITIONS, {**body, "emailTemplateId": "x"})
    made = client.post(DEFINITIONS, {**body, "emailTemplateId": other})
    assert (made["emailActive"], made["emailTemplateId"]) == (False, other)


def test_a_bill_run_mails_what_it_posts_to_those_who_want_it(
    client: Client, order: "Order", creation: dict[str, Any], account: str, run_for: "Run"
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    client.put(
        f"/v1/accounts/{account}",
        {"additionalEmailAddresses": ["eve@example.com, max@example.com", "eve@example.com"]},
    )
    run_for(client, account, "2026-01-01", autoPost=True, autoEmail=True)
    assert mails(client) == []
    client.put(f"/v1/accounts/{account}", {"invoiceDeliveryPrefsEmail": True})
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    draft = run_for(client, account, "2026-01-01", autoEmail=True)
    client.put(f"/v1/bill-runs/{draft['id']}/cancel")
    assert mails(client) == []
    run = run_for(client, account, "2026-01-01", autoPost=True, autoEmail=True)
    (mail,) = mails(client)
    assert (mail["to"], mail["event"]) == ("eve@example.com,max@example.com", "1110")
    assert mail["fileId"]
    shown = client.get(f"/v1/bill-runs/{run['id']}")
    assert (shown["autoEmail"], shown["noEmailForZeroAmountInvoice"]) == (True, False)


@pytest.mark.parametrize(("spared", "sent"), [(True, 0), (False, 1)])
def test_an_invoice_over_nothing_is_mailed_unless_that_is_not_wanted(
    client: Client,
    order: "Order",
    creation: dict[str, Any],
    account: str,
    run_for: "Run",
    *,
    spared: bool,
    sent: int,
) -> None:
    client.put(f"/v1/accounts/{account}", {"invoiceDeliveryPrefsEmail": True})
    charges = creation["subscribeToRatePlans"][0]["chargeOverrides"]
    for charge in charges:
        charge["pricing"] = {"recurringPerUnit": {"listPrice": 0, "quantity": 1}}
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    posted = {"autoPost": True, "autoEmail": True, "noEmailForZeroAmountInvoice": spared}
    run_for(client, account, "2026-01-01", **posted)
    assert len(mails(client)) == sent


def test_an_invoice_goes_to_additional_addresses_if_that_is_asked_for(client: Client) -> None:
    body = {**ACCOUNT, "additionalEmailAddresses": ["eve@example.com", "max@example.com"]}
    account = client.post("/v1/accounts", body)["accountId"]
    known = client.get(f"/v1/accounts/{account}")["billingAndPayment"]["additionalEmailAddresses"]
    assert known == ["eve@example.com", "max@example.com"]
    item = {"amount": 5, "chargeDate": "2026-01-01", "chargeName": "x", "serviceStartDate": "2026-01-01"}
    invoice = {"accountId": account, "invoiceDate": "2026-01-01", "status": "Posted", "invoiceItems": [item]}
    key = client.post("/v1/invoices", invoice)["id"]
    client.post(f"/v1/invoices/{key}/emails", {"includeAdditionalEmailAddresses": True})
    client.post(f"/v1/invoices/{key}/emails", {})
    first, second = mails(client)
    assert first["to"] == "ada@example.com,eve@example.com,max@example.com"
    assert second["to"] == "ada@example.com"
    found = client.get(f"/object-query/accounts/{account}")
    assert found["additionalEmailAddresses"] == "eve@example.com,max@example.com"
    client.put(f"/v1/object/account/{account}", {"AdditionalEmailAddresses": None})
    assert client.get(f"/v1/accounts/{account}/summary")["basicInfo"]["additionalEmailAddresses"] == []
