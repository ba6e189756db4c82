"""Event triggers: made, shown, changed, listed, deleted, refused."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.receiving import definition

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from toolkit.zuora.client import Client

PATH = "/events/event-triggers"
CONDITION = (
    "changeType == 'UPDATE' && Invoice.Status == 'Posted' && Invoice.Status_old != 'Posted'"
    " && Invoice.Amount > 1000.0"
)
# The example of Zuora's page on creating an event trigger.
LARGE = {
    "active": True,
    "baseObject": "Invoice",
    "condition": CONDITION,
    "eventType": {"name": "LargeInvoicePosted", "displayName": "Large Invoice Posted"},
}


def test_a_trigger_is_shown_as_the_documents_show_it(client: "Client") -> None:
    made = client.post(PATH, LARGE)
    event = {**LARGE["eventType"], "description": None}  # type: ignore[dict-item]
    assert made == {**LARGE, "id": made["id"], "eventType": event, "description": None}
    assert client.get(f"{PATH}/{made['id']}") == made


def test_a_trigger_is_changed_in_part(client: "Client") -> None:
    made = client.post(PATH, LARGE)
    changed = client.put(f"{PATH}/{made['id']}", {"active": False, "eventType": {"displayName": "Large"}})
    assert (changed["active"], changed["eventType"]["displayName"]) == (False, "Large")
    assert changed["condition"] == CONDITION
    assert client.put(f"{PATH}/{made['id']}", {"condition": "true"})["condition"] == "true"


def test_triggers_are_listed_by_name_and_by_object(client: "Client") -> None:
    client.post(PATH, LARGE)
    client.post(PATH, {**LARGE, "baseObject": "Account", "eventType": {"name": "Any", "displayName": "Any"}})
    assert [one["eventType"]["name"] for one in client.get(PATH)["data"]] == ["Any", "LargeInvoicePosted"]
    assert [one["baseObject"] for one in client.get(PATH, baseObject="Account")["data"]] == ["Account"]


def test_a_trigger_that_a_notification_waits_for_stays(call: "Caller") -> None:
    made = call("POST", PATH, LARGE).body
    listening = definition("https://a.example", "LargeInvoicePosted")
    call("POST", "/notifications/notification-definitions", listening)
    answer = call("DELETE", f"{PATH}/{made['id']}", version="2025-08-12")
    message = "A notification waits for the event LargeInvoicePosted; delete that first."
    assert (answer.status, answer.reason[1]) == (400, message)


def test_a_deleted_trigger_is_gone(call: "Caller") -> None:
    made = call("POST", PATH, LARGE).body
    assert call("DELETE", f"{PATH}/{made['id']}").status == 204
    assert call("GET", f"{PATH}/{made['id']}", version="2025-08-12").status == 404


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ({"baseObject": "invoice"}, "'baseObject' value should be one of: Account, Amendment, BillingRun,"),
        ({"eventType": {"name": "Large invoice", "displayName": "x"}}, "The event name 'Large invoice' must"),
        ({"condition": "Invoice.Amount >"}, "The condition 'Invoice.Amount >' cannot be read"),
        ({}, "An event of the name LargeInvoicePosted exists already."),
    ],
)
def test_what_cannot_be_is_refused(call: "Caller", change: dict[str, Any], start: str) -> None:
    call("POST", PATH, LARGE)
    answer = call("POST", PATH, {**LARGE, **change}, version="2025-08-12")
    assert answer.status == 400
    assert answer.reason[1].startswith(start)


def test_triggers_are_narrowed(client: "Client") -> None:
    client.post(PATH, LARGE)

    def names(**query: str) -> list[str]:
        return [one["eventType"]["name"] for one in client.get(PATH, **query)["data"]]

    name = "LargeInvoicePosted"
    assert names(eventTypeName=name) == names(active="true") == names(baseObject="Invoice") == [name]
    assert names(eventTypeName="Other") == names(active="false") == names(baseObject="Account") == []
