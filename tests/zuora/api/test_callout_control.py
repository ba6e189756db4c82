"""The ledger of callouts and what can be made to go wrong with them, over the simulator's own routes."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.receiving import ACCOUNT, definition
from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.zuora.api.conftest import Pay, Run
    from tests.zuora.conftest import Caller

LEDGER, FAULTS, SETTINGS = "/__toolkit/callouts", "/__toolkit/callout-faults", "/__toolkit/callout-settings"
PATH = "/notifications/notification-definitions"


@pytest.fixture(autouse=True)
def _listening(client: Client) -> None:
    client.post(PATH, definition("https://receiver.invalid", calloutParams={"Name": "<Account.Name>"}))


def open_accounts(client: Client, *names: str) -> None:
    for name in names:
        client.post("/v1/accounts", {**ACCOUNT, "name": name})


def sent(client: Client) -> list[str]:
    """Deliver what is due as a courier does: the earliest first; return whose accounts they were about."""
    names: list[str] = []
    while True:
        now = client.now()
        due = [row for row in client.get(LEDGER)["callouts"] if row["due"] and row["due"] <= now]
        if not due:
            return names
        first = min(due, key=lambda row: (row["due"], row["number"]))
        names.append(first["content"]["Name"])
        client.post(f"{LEDGER}/{first['number']}/attempts", {"success": True, "status": 200})


def states(client: Client) -> list[str]:
    return [row["state"] for row in client.get(LEDGER)["callouts"]]


def test_the_ledger_is_narrowed_by_what_it_shows(client: Client) -> None:
    open_accounts(client, "First", "Second")
    first, second = client.get(LEDGER)["callouts"]
    for query, found in (
        ({"object": second["objectId"]}, [second]),
        ({"event": "AccountCreated", "state": "waiting"}, [first, second]),
        ({"state": "delivered"}, []),
        ({"event": "OrderProcessed"}, []),
        ({"notification": "AccountCreated"}, [first, second]),
        ({"notification": "Other"}, []),
    ):
        assert client.get(LEDGER, **query)["callouts"] == found


def test_a_delayed_callout_is_due_later(client: Client) -> None:
    client.post(FAULTS, {"kind": "delay", "by": "PT2H"})
    open_accounts(client, "Late", "Early")
    assert sent(client) == ["Early"]
    client.advance("PT2H")
    assert sent(client) == ["Late"]


def test_a_lost_callout_is_never_sent(client: Client) -> None:
    client.post(FAULTS, {"kind": "loss", "number": 2})
    open_accounts(client, "First", "Second", "Third")
    assert sent(client) == ["First", "Third"]
    assert states(client) == ["delivered", "lost", "delivered"]


def test_a_duplicate_has_the_same_notification_id(client: Client) -> None:
    client.post(FAULTS, {"kind": "duplicate", "event": "AccountCreated"})
    open_accounts(client, "Twice", "Once")
    assert sent(client) == ["Twice", "Twice", "Once"]
    first, second, third = client.get(LEDGER)["callouts"]
    assert first["notificationId"] == second["notificationId"] != third["notificationId"]


def test_swapped_callouts_come_behind_the_next_one(client: Client) -> None:
    client.post(FAULTS, {"kind": "swap", "times": 2})
    open_accounts(client, "First", "Second")
    assert sent(client) == []
    assert states(client) == ["held", "held"]
    open_accounts(client, "Third")
    rows = {row["number"]: row["content"]["Name"] for row in client.get(LEDGER)["callouts"]}
    assert rows == {"00000001": "First", "00000002": "Second", "00000003": "Third"}
    assert set(states(client)) == {"waiting"}


def test_a_fault_meets_only_what_it_names(client: Client) -> None:
    client.post(FAULTS, {"kind": "loss", "event": "OrderProcessed"})
    open_accounts(client, "First")
    assert sent(client) == ["First"]
    (left,) = client.get(FAULTS)["faults"]
    assert left == {"kind": "loss", "event": "OrderProcessed", "number": None, "times": 1}
    assert client.delete(FAULTS)["faults"] == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [({"times": 0}, "'times' should be 1 or more."), ({"by": "soon"}, "'soon' is not an ISO 8601 duration.")],
)
def test_a_fault_that_cannot_be_is_refused(client: Client, fault: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post(FAULTS, {"kind": "delay", **fault})


def test_attempts_and_their_distance_are_settings(client: Client) -> None:
    assert client.get(SETTINGS) == {"attempts": 3, "intervalMinutes": 30, "confirm": False}
    client.put(SETTINGS, {"attempts": 2, "intervalMinutes": 5})
    open_accounts(client, "First")
    note = f"{LEDGER}/00000001/attempts"
    client.post(note, {"success": False, "status": 500})
    assert client.get(LEDGER)["callouts"][0]["due"] == "2026-01-01T00:05:00-08:00"
    client.post(note, {"success": False, "error": "ConnectError"})
    assert states(client) == ["failed"]
    with pytest.raises(RefusedError, match="The callout 00000001 is failed, not to be sent"):
        client.post(note, {"success": True})


@pytest.mark.parametrize(
    "settings", [{"attempts": 0}, {"attempts": 6}, {"intervalMinutes": 0}, {"intervalMinutes": 1441}]
)
def test_settings_beyond_the_documented_limits_are_refused(client: Client, settings: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="should be from 1 to"):
        client.put(SETTINGS, settings)


def test_a_callout_that_is_over_can_be_sent_again(client: Client) -> None:
    open_accounts(client, "First")
    again = f"{LEDGER}/00000001/resend"
    with pytest.raises(RefusedError, match="The callout 00000001 is still to be sent"):
        client.post(again, {})
    sent(client)
    client.post(again, {})
    assert sent(client) == ["First"]


@pytest.mark.parametrize(
    ("number", "event"), [("4242424242424242", "PaymentProcessed"), ("4000000000000002", "PaymentDeclined")]
)
def test_an_electronic_payment_is_processed_or_declined(
    call: "Caller",
    client: Client,
    account: str,
    number: str,
    event: str,
    card: "Callable[..., str]",
    invoice: dict[str, Any],
) -> None:
    for kind in ("PaymentProcessed", "PaymentDeclined"):
        params = {"Status": "<Payment.Status>", "Failures": "<PaymentMethod.NumConsecutiveFailures>"}
        client.post(PATH, definition("https://receiver.invalid", kind, calloutParams=params))
    card(number)
    body = {"accountNumber": account, "amount": 10, "currency": "USD", "type": "Electronic"}
    call("POST", "/v1/payments", {**body, "invoices": [{"invoiceId": invoice["id"], "amount": 10}]})
    rows = client.get(LEDGER)["callouts"]
    declined = event == "PaymentDeclined"
    (row,) = [one for one in rows if one["event"].startswith("Payment")]
    assert row["event"] == event
    assert row["content"] == {"Status": "Error" if declined else "Processed", "Failures": str(int(declined))}


def test_a_refund_is_processed(client: Client, pay: "Pay") -> None:
    client.post(PATH, definition("https://receiver.invalid", "PaymentRefundProcessed"))
    refund = {"type": "External", "methodType": "Check", "totalAmount": 30}
    given = client.post(f"/v1/payments/{pay(100)['id']}/refunds", refund)
    (row,) = client.get(LEDGER, event="PaymentRefundProcessed")["callouts"]
    assert row["content"]["RefundNumber"] == given["number"]


@pytest.mark.usefixtures("invoice")
def test_a_bill_run_is_complete_once(client: Client, account: str, run_for: "Run") -> None:
    client.post(PATH, definition("https://receiver.invalid", "BillingRunCompletion"))
    run = run_for(client, account, "2027-06-01")
    client.put(f"/v1/bill-runs/{run['billRunNumber']}/post", {"invoiceDate": "2026-01-02"})
    (row,) = client.get(LEDGER, event="BillingRunCompletion")["callouts"]
    assert (row["content"]["BillingRunNumber"], row["accountId"]) == (run["billRunNumber"], None)
