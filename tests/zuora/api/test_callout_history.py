"""Callout histories, as the documents and the official SDK know them."""

from typing import Any

import pytest

from tests.zuora.conftest import Caller, Order
from tests.zuora.receiving import ACCOUNT, definition
from toolkit.zuora.client import Client, RefusedError

HISTORY = "/v1/notification-history/callout"


@pytest.fixture
def key(client: Client) -> str:
    """The id of an account about which one callout has failed, one was delivered, and one is due."""
    url = "https://receiver.invalid"
    made = [client.post("/notifications/notification-definitions", definition(url, "AccountCreated"))]
    made += [client.post("/notifications/notification-definitions", definition(url, "AccountUpdated"))]
    account = client.post("/v1/accounts", ACCOUNT)
    for notes in ("a", "b"):
        client.put(f"/v1/accounts/{account['accountNumber']}", {"notes": notes})
    client.post("/__toolkit/callouts/00000001/attempts", {"success": False, "status": 503, "content": "down"})
    client.post("/__toolkit/callouts/00000002/attempts", {"success": True, "status": 200})
    return str(account["accountId"])


def shown(client: Client, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(HISTORY, **query)["calloutHistories"]
    return rows


def test_failures_of_the_last_day_are_shown(client: Client, key: str) -> None:
    (row,) = shown(client, objectId=key)
    assert (row["attemptedNum"], row["responseCode"], row["requestMethod"]) == ("1", "503", "POST")
    assert row["eventCategory"] == "com.zuora.notification:AccountCreated"
    assert (row["createTime"], row["requestUrl"]) == ("2026-01-01T00:00:00", "https://receiver.invalid")
    assert key in row["eventContext"]
    assert "responseContent" not in row
    assert shown(client, includeResponseContent="true")[0]["responseContent"] == "down"


@pytest.mark.usefixtures("key")
def test_histories_are_narrowed(client: Client) -> None:
    everything = shown(client, failedOnly="false")
    assert [row["notification"] for row in everything] == ["AccountUpdated", "AccountCreated"]
    for category in ("AccountUpdated", "com.zuora.notification:AccountUpdated"):
        assert shown(client, failedOnly="false", eventCategory=category) == everything[:1]
    assert shown(client, objectId="other") == []
    assert shown(client, endTime="2025-12-31T00:00:00") == []
    assert len(shown(client, startTime="2025-12-31T00:00:00Z")) == 1
    client.advance("P2D")
    assert shown(client) == []


@pytest.mark.usefixtures("key")
def test_histories_come_in_pages(client: Client) -> None:
    first = client.get(HISTORY, failedOnly="false", pageSize="1")
    assert len(client.pages(HISTORY, "calloutHistories", failedOnly="false", pageSize="1")) == 2
    assert first["nextPage"].endswith("?pageSize=1&failedOnly=false&page=2")


def test_a_standard_event_is_shown_by_its_category(
    client: Client, order: Order, creation: dict[str, Any]
) -> None:
    body = definition("https://receiver.invalid", "SubscriptionCreated")
    client.post("/notifications/notification-definitions", body)
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    client.post("/__toolkit/callouts/00000001/attempts", {"success": False, "error": "ConnectError"})
    (row,) = shown(client, eventCategory="1210", includeResponseContent="true")
    assert (row["eventCategory"], row["responseCode"], row["responseContent"]) == (
        "1210",
        None,
        "ConnectError",
    )


@pytest.mark.usefixtures("key")
def test_callouts_are_sent_again_but_those_that_cannot_be(call: Caller) -> None:
    first, second, third = call("GET", "/__toolkit/callouts").body["callouts"]
    again = "/notifications/callout-histories/resend"
    answer = call("POST", again, [second["id"], "nobody"])
    missing = {"code": "50000040", "message": "Cannot find a callout history by nobody."}
    assert (answer.status, answer.body) == (202, {"nobody": missing})
    assert [row["due"] is None for row in call("GET", "/__toolkit/callouts").body["callouts"]] == [False] * 3
    answer = call("POST", again, [third["id"]])
    message = f"The callout {third['number']} is still to be sent."
    assert (answer.status, answer.body[third["id"]]["message"]) == (400, message)
    assert call("POST", again, {"id": first["id"]}, version="2025-08-12").status == 400


def test_a_moment_that_is_none_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="'startTime' should be a moment"):
        client.get(HISTORY, startTime="yesterday")
