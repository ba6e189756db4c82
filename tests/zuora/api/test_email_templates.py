"""Email templates: created, changed, listed, imported and deleted, as the official SDK knows them."""

from typing import Any

import pytest

from tests.zuora.conftest import Caller
from toolkit.zuora.client import Client, RefusedError

PATH = "/notifications/email-templates"
TEMPLATE: dict[str, Any] = {
    "name": "Bills",
    "eventCategory": 1110,
    "emailSubject": "Bill",
    "emailBody": "Pay",
    "fromEmailType": "TenantEmail",
    "toEmailType": "BillToContact",
}
ZUORAS = "com.zuora.notification"


def test_a_template_is_made_shown_changed_and_deleted(call: Caller, client: Client) -> None:
    made = client.post(PATH, TEMPLATE)
    assert made.items() >= TEMPLATE.items()
    assert (made["active"], made["isHtml"], made["encodingType"], made["ccEmailType"]) == (
        True,
        False,
        "UTF8",
        "SpecificEmails",
    )
    assert made["createdOn"] == made["updatedOn"] == "2026-01-01T08:00:00.000+00:00"
    path = f"{PATH}/{made['id']}"
    assert client.get(path) == made
    client.advance("PT1H")
    changed = client.put(path, {"emailSubject": "Your bill", "isHtml": True})
    kept = {**made, "emailSubject": "Your bill", "isHtml": True, "updatedOn": "2026-01-01T09:00:00.000+00:00"}
    assert changed == client.get(path) == kept
    deleted = call.tenant
    assert client.get(PATH)["data"] == [kept]
    assert client.delete(path) == {}
    assert deleted.world.email_templates.get(made["id"]) is None
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.get(path)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": None}, "'name' may not be null"),
        ({"emailBody": None}, "'emailBody' may not be null"),
        ({"name": ""}, "'name' should have 1 to 255 characters"),
        ({"fromName": "x" * 51}, "'fromName' should have at most 50 characters"),
        ({"eventCategory": None}, "'eventTypeName' may not be null"),
        ({"eventCategory": 1}, "The event category '1' does not exist"),
        ({"eventTypeName": "InvoicePosted"}, "'user.notification:InvoicePosted' does not exist"),
        ({"eventTypeName": "X", "eventTypeNamespace": ZUORAS}, f"'{ZUORAS}:X' does not exist"),
        ({"fromEmailType": "SpecificEmail"}, "'fromEmailAddress' may not be null"),
        ({"toEmailType": "SpecificEmails"}, "'toEmailAddress' may not be null"),
        ({"replyToEmailType": "SpecificEmail"}, "'replyToEmailAddress' may not be null"),
        ({"toEmailType": "Nobody"}, "'toEmailType' value should be one of: BillToContact"),
    ],
)
def test_a_template_that_cannot_be_is_refused(client: Client, more: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        client.post(PATH, {**TEMPLATE, **more})


def test_no_two_templates_have_one_name(client: Client) -> None:
    made = client.post(PATH, TEMPLATE)
    with pytest.raises(RefusedError, match="An email template of the name Bills exists already"):
        client.post(PATH, TEMPLATE)
    assert client.put(f"{PATH}/{made['id']}", {"name": "Bills"})["name"] == "Bills"


def test_templates_are_listed_in_parts_and_narrowed(client: Client) -> None:
    body = {key: value for key, value in TEMPLATE.items() if key != "eventCategory"}
    client.post(PATH, TEMPLATE)
    client.advance("PT1H")
    event = {"eventTypeName": "OrderProcessed", "eventTypeNamespace": ZUORAS}
    client.post(PATH, {**body, **event, "name": "Orders"})

    def names(**query: str) -> list[str]:
        return [one["name"] for one in client.get(PATH, **query)["data"]]

    assert names() == ["Bills", "Orders"]
    assert names(eventCategory="1110") == names(eventCategory="1110.0") == names(name="Bills") == ["Bills"]
    assert names(eventTypeName="OrderProcessed") == ["Orders"]
    first = client.get(PATH, limit="1")
    assert [one["name"] for one in client.get(first["next"])["data"]] == ["Orders"]


def test_templates_are_imported_all_or_those_that_can_be(client: Client) -> None:
    made = client.post(PATH, TEMPLATE)
    good = {**TEMPLATE, "name": "More"}
    change = {**TEMPLATE, "id": made["id"], "emailSubject": "Changed"}
    assert client.post(f"{PATH}/import", {"emailTemplates": [good, change]}) == {"reasons": []}
    assert client.get(f"{PATH}/{made['id']}")["emailSubject"] == "Changed"
    bad = {**TEMPLATE, "name": "Bad", "eventCategory": 1}
    better = {**TEMPLATE, "name": "Better"}
    with pytest.raises(RefusedError, match="Bad: The event category '1' does not exist"):
        client.post(f"{PATH}/import", {"emailTemplates": [better, bad]})
    assert len(client.get(PATH)["data"]) == 2
    partly = {"emailTemplates": [better, bad, {"id": "x"}], "allowPartialSuccess": True}
    assert len(client.post(f"{PATH}/import", partly)["reasons"]) == 2
    assert len(client.get(PATH)["data"]) == 3
    with pytest.raises(RefusedError, match="Bad"):
        client.post(f"{PATH}/import", {"emailTemplates": [bad], "allowPartialSuccess": True})
    with pytest.raises(RefusedError, match="At most 1000"):
        client.post(f"{PATH}/import", {"emailTemplates": [{"id": "x"}] * 1001})
