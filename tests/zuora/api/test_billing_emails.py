"""Mails with billing documents, the templates that they are made from, and their history."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import KEYS, Caller, Order
from toolkit import worlds
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.state import archive
from toolkit.zuora.state.journal import Journal
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from pathlib import Path

    from tests.zuora.api.conftest import Run, Standalone

HISTORY = "/v1/notification-history/email"
TEMPLATES = "/notifications/email-templates"
TEMPLATE = {
    "name": "Bills",
    "eventCategory": 1130,
    "emailSubject": "Bill <Invoice.InvoiceNumber> for <Account.Name>",
    "emailBody": "<b>Pay <Invoice.Balance></b>",
    "isHtml": True,
    "fromEmailType": "SpecificEmail",
    "fromEmailAddress": "bills@example.com",
    "fromName": "Bills, Inc.",
    "toEmailType": "SpecificEmails",
    "toEmailAddress": "all@example.com",
}


@pytest.fixture
def account(client: Client) -> str:
    """The number of an account whose bill-to and sold-to contacts have addresses."""
    ada = {"firstName": "Ada", "lastName": "Tanaka", "country": "USA", "workEmail": "ada@example.com"}
    bob = {"firstName": "Bob", "lastName": "Tanaka", "country": "USA", "personalEmail": "bob@example.com"}
    body = {"name": "Acme", "currency": "USD", "billCycleDay": 1, "billToContact": ada, "soldToContact": bob}
    return str(client.post("/v1/accounts", body)["accountNumber"])


def sent(client: Client, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(HISTORY, failedOnly="false", **query)["emailHistories"]
    return rows


def test_an_invoice_goes_to_the_bill_to_contact_with_its_file(
    client: Client, standalone: "Standalone"
) -> None:
    invoice = standalone(5)
    client.post(f"/v1/invoices/{invoice['id']}/emails", {})
    (mail,) = sent(client)
    assert mail == {
        "accountId": client.get(f"/v1/invoices/{invoice['id']}")["accountId"],
        "bcc": "",
        "cc": "",
        "errorMessage": None,
        "eventCategory": "1130",
        "fromEmail": "billing@zuora.test",
        "notification": "Manual Email For Invoice",
        "replyTo": "",
        "result": "OK",
        "sendTime": "2026-01-01T00:00:00",
        "subject": f"Your invoice {invoice['invoiceNumber']}",
        "toEmail": "ada@example.com",
    }
    (known,) = client.get("/__toolkit/mails", object=invoice["id"])["mails"]
    (file,) = client.get(f"/v1/invoices/{invoice['id']}/files")["invoiceFiles"]
    assert (known["fileId"], known["waiting"]) == (file["id"], True)
    assert "Dear Ada Tanaka" in known["body"]
    assert client.get("/__toolkit/mails", object="x")["mails"] == []


@pytest.mark.parametrize("spelling", ["credit-memos", "creditmemos", "debit-memos", "debitmemos"])
def test_memos_are_sent_to_the_addresses_given(
    client: Client, standalone: "Standalone", spelling: str
) -> None:
    invoice = standalone(100)
    items = [{"invoiceItemId": invoice["invoiceItems"][0]["id"], "amount": 15, "skuName": "x"}]
    memo = client.post(f"/v1/{spelling}/invoice/{invoice['id']}", {"items": items, "autoPost": True})
    if memo["status"] == "Draft":
        client.put(f"/v1/{spelling}/{memo['id']}/post", {})
    path = f"/v1/{spelling}/{memo['number']}"
    client.post(f"{path}/emails", {"emailAddresses": "eve@example.com, max@example.com"})
    (mail,) = sent(client, objectId=memo["id"])
    assert mail["toEmail"] == "eve@example.com,max@example.com"
    assert mail["subject"].endswith(memo["number"])
    assert mail["eventCategory"] == ("EmailCreditMemo" if "credit" in spelling else "EmailDebitMemo")


def test_what_cannot_be_sent_is_refused(client: Client, standalone: "Standalone", tenant: Tenant) -> None:
    invoice, other, draft = standalone(5), standalone(6), standalone(7, status="Draft")
    path = f"/v1/invoices/{invoice['id']}/emails"
    for wrong in ("ada", "ada@", "@example.com", "a b@example.com", "ada@example.com,"):
        with pytest.raises(RefusedError, match="should be email addresses"):
            client.post(path, {"emailAddresses": wrong})
    (foreign,) = client.get(f"/v1/invoices/{other['id']}/files")["invoiceFiles"]
    for key in (foreign["id"], "x"):
        with pytest.raises(RefusedError, match=f"'{key}' is no file of {invoice['invoiceNumber']}"):
            client.post(path, {"pdfFileId": key})
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be sent"):
        client.post(f"/v1/invoices/{draft['id']}/emails", {})
    (own,) = client.get(f"/v1/invoices/{invoice['id']}/files")["invoiceFiles"]
    client.post(path, {"pdfFileId": own["id"]})
    world = tenant.world
    account = world.accounts.find(client.get(f"/v1/invoices/{invoice['id']}")["accountId"])
    tenant.world = replace(world, accounts=world.accounts.put(replace(account, bill_to_id=None)))
    with pytest.raises(RefusedError, match="No email address is known for the recipient"):
        client.post(path, {})


@pytest.mark.parametrize(
    ("kind", "given", "to"),
    [
        ("SpecificEmails", "all@example.com", "all@example.com"),
        ("BillToContact", None, "ada@example.com"),
        ("SoldToContact", None, "bob@example.com"),
        ("BillToAndSoldToContacts", None, "ada@example.com,bob@example.com"),
        ("InvoiceOwnerAllContacts", None, "ada@example.com,bob@example.com"),
        ("RunOwner", None, "billing@zuora.test"),
    ],
)
def test_a_template_says_what_is_written_and_to_whom(
    client: Client, standalone: "Standalone", kind: str, given: str | None, to: str
) -> None:
    body = {**TEMPLATE, "toEmailType": kind, "toEmailAddress": given, "bccEmailAddress": "b@example.com"}
    body |= {"ccEmailType": "SoldToContact", "replyToEmailType": "TenantEmail"}
    client.post(TEMPLATES, body)
    invoice = standalone(5)
    client.post(f"/v1/invoices/{invoice['id']}/emails", {"useEmailTemplateSetting": True})
    (mail,) = sent(client)
    assert (mail["toEmail"], mail["cc"], mail["bcc"]) == (to, "bob@example.com", "b@example.com")
    assert (mail["fromEmail"], mail["replyTo"]) == ('"Bills, Inc." <bills@example.com>', "billing@zuora.test")
    assert mail["subject"] == f"Bill {invoice['invoiceNumber']} for Acme"
    (known,) = client.get("/__toolkit/mails")["mails"]
    assert known["body"] == "<b>Pay 5.00</b>"


def test_the_newest_active_template_of_the_occasion_counts(client: Client, standalone: "Standalone") -> None:
    invoice = standalone(5)
    client.post(TEMPLATES, TEMPLATE)
    client.post(TEMPLATES, {**TEMPLATE, "name": "Other", "eventCategory": 1110, "emailSubject": "Other"})
    client.advance("PT1H")
    own = {"eventTypeName": "ManualEmailForInvoice", "eventTypeNamespace": "com.zuora.notification"}
    body = {key: value for key, value in TEMPLATE.items() if key != "eventCategory"}
    later = client.post(TEMPLATES, {**body, **own, "name": "Later", "emailSubject": "Later"})
    given = {"emailAddresses": "eve@example.com"}
    client.post(f"/v1/invoices/{invoice['id']}/emails", given)
    assert (sent(client)[0]["subject"], sent(client)[0]["toEmail"]) == ("Later", "eve@example.com")
    client.put(f"{TEMPLATES}/{later['id']}", {"active": False})
    client.post(f"/v1/invoices/{invoice['id']}/emails", given)
    assert sent(client)[0]["subject"].startswith("Bill ")


def test_a_bill_run_sends_its_posted_documents_once(
    client: Client, order: Order, creation: dict[str, Any], account: str, run_for: "Run"
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    run = run_for(client, account, "2026-01-01")
    path = f"/v1/bill-runs/{run['billRunNumber']}/emails"
    with pytest.raises(RefusedError, match="Only bill runs with Posted status can be emailed"):
        client.post(path, {})
    client.put(f"/v1/bill-runs/{run['id']}/post")
    client.post(path, {})
    client.post(path, {})
    assert [mail["toEmail"] for mail in sent(client)] == ["ada@example.com"]
    client.post(path, {"resend": True})
    assert len(sent(client)) == 2


def test_what_a_bill_run_cannot_send_stands_in_the_history(
    client: Client, order: Order, creation: dict[str, Any], account: str, run_for: "Run", tenant: Tenant
) -> None:
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    run = run_for(client, account, "2026-01-01", autoPost=True)
    found = tenant.world.accounts.find(account)
    accounts = tenant.world.accounts.put(replace(found, bill_to_id=None))
    tenant.world = replace(tenant.world, accounts=accounts)
    client.post(f"/v1/bill-runs/{run['id']}/emails", {})
    (mail,) = client.get(HISTORY)["emailHistories"]
    assert (mail["result"], mail["errorMessage"]) == (
        "Failed",
        "No email address is known for the recipient.",
    )
    (known,) = client.get("/__toolkit/mails")["mails"]
    assert not known["waiting"]
    client.post("/notifications/email-histories/resend", [known["id"]])  # type: ignore[arg-type]  # a list
    assert [mail["result"] for mail in sent(client)] == ["Failed", "Failed"]
    world = tenant.world
    key = world.bill_runs.find(run["id"]).invoice_ids[0]
    tenant.world = replace(world, invoices=world.invoices.drop(world.invoices.find(key), found.id))
    client.post(f"/v1/bill-runs/{run['id']}/emails", {})
    assert len(sent(client)) == 2


def test_histories_are_narrowed(client: Client, account: str, standalone: "Standalone") -> None:
    one, two = standalone(5), standalone(6)
    client.post(f"/v1/invoices/{one['id']}/emails", {})
    client.advance("PT1H")
    client.post(f"/v1/invoices/{two['id']}/emails", {})
    assert client.get(HISTORY) == {"emailHistories": [], "success": True}
    newest, oldest = sent(client)
    assert (newest["sendTime"], oldest["sendTime"]) == ("2026-01-01T01:00:00", "2026-01-01T00:00:00")
    key = newest["accountId"]
    assert sent(client, objectId=one["id"]) == [oldest]
    assert sent(client, accountId=key) == sent(client, eventCategory="1130") == [newest, oldest]
    assert sent(client, accountId="x") == sent(client, eventCategory="1110") == []
    assert sent(client, startTime="2026-01-01T00:30:00") == [newest]
    assert sent(client, endTime="2026-01-01T00:30:00") == [oldest]
    assert len(client.pages(HISTORY, "emailHistories", failedOnly="false", pageSize="1")) == 2
    assert client.get(f"/v1/accounts/{account}")["basicInfo"]["id"] == key


def test_a_mail_is_sent_once_more(call: Caller, client: Client, standalone: "Standalone") -> None:
    client.post(f"/v1/invoices/{standalone(5)['id']}/emails", {})
    (known,) = client.get("/__toolkit/mails")["mails"]
    client.advance("PT1H")
    path = "/notifications/email-histories/resend"
    answer = call("POST", path, [known["id"], "x"])
    assert (answer.status, list(answer.body)) == (202, ["x"])
    assert answer.body["x"]["message"] == "Cannot find an email history by x."
    assert call("POST", path, ["x"]).status == 400
    again, first = sent(client)
    assert again == {**first, "sendTime": "2026-01-01T01:00:00"}


def test_what_became_of_a_mail_is_noted(client: Client, standalone: "Standalone") -> None:
    client.post(f"/v1/invoices/{standalone(5)['id']}/emails", {})
    for error, result in (("down", "Failed"), (None, "OK")):
        client.post("/__toolkit/mails/00000001/outcome", {"error": error})
        (mail,) = sent(client)
        assert (mail["result"], mail["errorMessage"]) == (result, error)
    assert client.get("/__toolkit/mails")["mails"][0]["waiting"] is False


def test_the_histories_of_an_account_are_deleted(
    call: Caller, client: Client, account: str, standalone: "Standalone"
) -> None:
    target = {"name": "call", "calloutBaseurl": "https://receiver.invalid", "httpMethod": "POST"}
    for event in ("AccountUpdated", "AccountCreated"):
        body = {"name": event, "eventTypeName": event, "calloutActive": True, "callout": target}
        client.post("/notifications/notification-definitions", body)
    client.put(f"/v1/accounts/{account}", {"notes": "a"})
    client.put(f"/v1/accounts/{account}", {"notes": "b"})
    client.post("/__toolkit/callouts/00000001/attempts", {"success": True, "status": 200})
    for _ in range(2):
        client.post(f"/v1/invoices/{standalone(5)['id']}/emails", {})
    client.post("/__toolkit/mails/00000001/outcome", {})
    answer = call("DELETE", f"/notifications/history?accountId={account}")
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    assert (answer.status, answer.body["accountId"], answer.body["status"]) == (202, key, "FINISHED")
    assert answer.body["createdOn"] == 1767254400000
    assert client.get(f"/notifications/history/tasks/{answer.body['id']}") == answer.body
    assert sent(client) == client.get("/__toolkit/callouts")["callouts"] == []
    assert not call.tenant.world.outbox
    assert not call.tenant.world.mailbag
    with pytest.raises(RefusedError, match="'accountId' may not be null"):
        client.delete("/notifications/history")


def answers(tenant: Tenant, invoice: str) -> list[object]:
    """Return what a tenant tells of mails and files, and what stands in the files."""
    call = Caller(tenant)
    paths = (f"{HISTORY}?failedOnly=false", "/__toolkit/mails", TEMPLATES, f"/v1/invoices/{invoice}/files")
    bodies = [call("GET", path).body for path in paths]
    keys = [file["id"] for file in bodies[-1]["invoiceFiles"]]
    assert len(keys) == 2
    return [*bodies, *(tenant.handle(Request("GET", f"/v1/files/{key}", headers=KEYS)).body for key in keys)]


def test_files_and_mails_come_back_from_a_journal_and_an_archive(tmp_path: "Path") -> None:
    begun = worlds.load("gitlab-self-managed")
    with Journal(tmp_path / "journal") as journal:
        tenant = Tenant(begun, journal)
        call = Caller(tenant)
        call("POST", TEMPLATES, TEMPLATE)
        item = {"chargeName": "Cable", "serviceStartDate": "2026-01-01", "amount": 5}
        body = {"accountNumber": "A00000001", "invoiceDate": "2026-01-01", "invoiceItems": [item]}
        key = call("POST", "/v1/invoices", {**body, "status": "Posted"}).body["id"]
        call("PUT", f"/v1/object/invoice/{key}", {"RegenerateInvoicePDF": True})
        call("POST", f"/v1/invoices/{key}/emails", {"emailAddresses": "eve@example.com"})
        before = answers(tenant, key)
    with Journal(tmp_path / "journal") as journal:
        assert answers(Tenant.recover(begun, journal), key) == before
    read = archive.read(b"".join(archive.write(tenant.world))).world
    assert answers(Tenant(read), key) == before
    assert (dict(read.mailbag), read.now) == (dict(tenant.world.mailbag), tenant.world.now)
