"""Notification definitions: made, shown without their password, changed, listed, deleted, refused."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.receiving import definition

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from toolkit.zuora.client import Client

PATH = "/notifications/notification-definitions"
URL = "https://receiver.example/callouts"
SIGNED: dict[str, Any] = {
    "requiredAuth": True,
    "calloutAuth": {"username": "zuora", "password": "hush", "preemptive": True},
}


def test_a_definition_is_shown_as_the_documents_show_it_and_never_its_password(client: "Client") -> None:
    made = client.post(PATH, definition(URL, **SIGNED, calloutParams={"Account": "<Account.Id>"}))
    shown = client.get(f"{PATH}/{made['id']}")
    assert shown == made
    assert "hush" not in str(shown)
    assert "sealed" not in str(shown)
    assert made["callout"]["calloutAuth"] == {"username": "zuora", "preemptive": True}
    assert made["callout"]["calloutParams"] == {"Account": "<Account.Id>"}
    assert (made["active"], made["calloutActive"], made["emailActive"]) == (True, True, False)
    assert made["createdOn"] == "2026-01-01T08:00:00.000 UTC"
    assert made["eventTypeNamespace"] == "com.zuora.notification"


def test_a_standard_event_may_be_named_by_its_category(client: "Client") -> None:
    made = client.post(PATH, {"name": "Posted", "eventCategory": 1110})
    assert (made["eventTypeName"], made["callout"]) == ("InvoicePosted", None)


def test_a_change_keeps_what_it_does_not_say(client: "Client") -> None:
    made = client.post(PATH, definition(URL, **SIGNED))
    rule = {"condition": "Account.Balance >= _MOST", "parameters": {"_MOST": {"valueType": "BIG_DECIMAL"}}}
    callout = definition(f"{URL}/2", requiredAuth=True)["callout"]
    said = {"callout": callout, "filterRule": rule, "filterRuleParams": {"_MOST": "100"}}
    changed = client.put(f"{PATH}/{made['id']}", {**said, "active": False})
    assert (changed["name"], changed["active"]) == ("AccountCreated", False)
    assert changed["callout"]["calloutAuth"]["username"] == "zuora"
    assert changed["callout"]["id"] == made["callout"]["id"]
    assert changed["filterRule"]["condition"] == "Account.Balance >= _MOST"
    more = {"filterRule": {"condition": "true"}, "description": "all"}
    again = client.put(f"{PATH}/{made['id']}", more)
    assert again["filterRule"]["id"] == changed["filterRule"]["id"]
    assert (again["filterRuleParams"], again["description"]) == ({"_MOST": "100"}, "all")
    assert (again["calloutActive"], again["active"]) == (True, False)


def test_definitions_are_listed_in_parts(client: "Client") -> None:
    for event in ("AccountCreated", "OrderProcessed", "InvoicePosted"):
        client.post(PATH, definition(URL, event))
        client.advance("PT1S")
    first = client.get(PATH, limit="2")
    assert [one["name"] for one in first["data"]] == ["AccountCreated", "OrderProcessed"]
    rest = client.get(first["next"])
    assert ([one["name"] for one in rest["data"]], rest["next"]) == (["InvoicePosted"], None)


def test_a_deleted_definition_is_gone(call: "Caller") -> None:
    made = call("POST", PATH, definition(URL)).body
    assert call("DELETE", f"{PATH}/{made['id']}").status == 204
    assert call("GET", f"{PATH}/{made['id']}", version="2025-08-12").status == 404


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": None}, "'name' may not be null"),
        ({"eventTypeName": "Nothing"}, "The event type 'Nothing' does not exist."),
        ({"eventTypeNamespace": "user.notification"}, "The event type 'AccountCreated' does not exist."),
        ({"eventTypeName": None, "eventCategory": 9999}, "The event type '9999' does not exist."),
        ({"callout": None}, "'callout' may not be null"),
        ({"emailActive": True}, "'emailTemplateId' may not be null"),
        ({"calloutTemplateIds": ["x"]}, "'calloutTemplateIds' is not simulated yet."),
        ({"filterRule": {"condition": "1 +"}}, "The condition '1 +' cannot be read at '+'."),
        ({"name": "Twin"}, "A notification of the name Twin exists already."),
    ],
)
def test_what_cannot_be_is_refused(call: "Caller", change: dict[str, Any], message: str) -> None:
    call("POST", PATH, {**definition(URL), "name": "Twin"})
    answer = call("POST", PATH, {**definition(URL), **change}, version="2025-08-12")
    assert (answer.status, answer.reason[1]) == (400, message)


@pytest.mark.parametrize(
    ("callout", "message"),
    [
        (
            {"calloutBaseurl": "http://receiver.example"},
            "The callout URL 'http://receiver.example' must start with 'https://'.",
        ),
        ({"calloutBaseurl": "https://"}, "The callout URL 'https://' must start with 'https://'."),
        (
            {"calloutBaseurl": "https://a:x/"},
            "The callout URL 'https://a:x/' cannot be read: Port could not be cast to integer value as 'x'.",
        ),
        (
            {"calloutBaseurl": "https://me:hush@receiver.example"},
            "The callout URL must not hold credentials; say them in 'calloutAuth'.",
        ),
        (
            {"eventTypeName": "InvoicePosted"},
            "The callout is for InvoicePosted, the notification for AccountCreated.",
        ),
        ({"requiredAuth": True}, "'calloutAuth.username' may not be null"),
        (
            {"requiredAuth": True, "calloutAuth": {"username": "zuora"}},
            "'calloutAuth.password' may not be null",
        ),
        ({"calloutAuth": {"domain": "corp"}}, "'domain' is not simulated yet."),
    ],
)
def test_a_callout_that_cannot_be_is_refused(call: "Caller", callout: dict[str, Any], message: str) -> None:
    answer = call("POST", PATH, definition(URL) | {"callout": definition(URL)["callout"] | callout})
    assert answer.reason[1] == message


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/x",
        "http://127.0.0.1:3000",
        "http://[::1]:80",
        "http://a.localhost",
        "https://b.example",
    ],
)
def test_this_machine_may_be_called_without_encryption(client: "Client", url: str) -> None:
    assert client.post(PATH, definition(url))["callout"]["calloutBaseurl"] == url


@pytest.mark.parametrize("query", ["start=x", "limit=0", "limit=101", "start=1234567890"])
def test_a_part_that_is_no_number_is_refused(call: "Caller", query: str) -> None:
    assert call("GET", f"{PATH}?{query}", version="2025-08-12").status == 400
