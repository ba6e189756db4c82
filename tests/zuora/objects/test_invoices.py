"""Invoices and subscriptions, changed over /v1/object."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller
    from tests.zuora.objects.conftest import Refuse, Shown
    from toolkit.zuora.client import Client


@pytest.fixture
def draft(client: "Client", account: str, subscription: str) -> str:
    """The id of a draft for ten seats for a year: 3480."""
    assert subscription
    key = client.get(f"/v1/accounts/{account}")["basicInfo"]["id"]
    filters = [{"filterType": "Account", "accountId": key}]
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": filters})
    (made,) = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    return str(made["id"])


def test_an_invoice_is_posted_and_a_draft_again(call: "Caller", draft: str, shown: "Shown") -> None:
    for status in ("Posted", "Posted", "Draft"):
        answer = call("PUT", f"/v1/object/invoice/{draft}", {"Status": status, "Comments": "Thanks"})
        assert answer.body == {"Success": True, "Id": draft}
        assert (shown(f"invoice/{draft}")["Status"], shown(f"invoice/{draft}")["Comments"]) == (
            status,
            "Thanks",
        )


def test_an_invoice_is_cancelled_and_deleted(call: "Caller", draft: str, shown: "Shown") -> None:
    call("PUT", f"/v1/object/invoice/{draft}", {"Status": "Canceled"})
    assert shown(f"invoice/{draft}")["Status"] == "Canceled"
    assert call("DELETE", f"/v1/object/invoice/{draft}").body == {"success": True, "id": draft}
    assert call("GET", f"/v1/object/invoice/{draft}").status == 404


def test_a_draft_is_deleted(call: "Caller", draft: str) -> None:
    assert call("DELETE", f"/v1/object/invoice/{draft}").body["success"]


@pytest.mark.parametrize("body", [{"Status": "Canceled"}])
def test_what_a_posted_invoice_cannot_be(
    call: "Caller", draft: str, refused: "Refuse", body: dict[str, Any]
) -> None:
    call("PUT", f"/v1/object/invoice/{draft}", {"Status": "Posted"})
    assert refused("PUT", f"invoice/{draft}", body)[0] == "INVALID_VALUE"
    assert refused("DELETE", f"invoice/{draft}")[0] == "INVALID_VALUE"


def test_an_unknown_invoice_is_refused_as_recorded(refused: "Refuse") -> None:
    assert refused("PUT", "invoice/no", {"Status": "Canceled"}) == ("INVALID_ID", "invalid id for update")


def test_notes_of_a_subscription_are_changed(
    call: "Caller", subscription: str, shown: "Shown", refused: "Refuse"
) -> None:
    key = call("GET", f"/v1/subscriptions/{subscription}").body["id"]
    call("PUT", f"/v1/object/subscription/{key}", {"Notes": "VIP", "Region__c": "EU"})
    changed = shown(f"subscription/{key}")
    assert (changed["Notes"], changed["Region__c"], changed["Name"]) == ("VIP", "EU", subscription)
    assert refused("PUT", f"subscription/{key}", {"AutoRenew": True})[0] == "INVALID_VALUE"


def test_a_former_version_of_a_subscription_stays(
    call: "Caller", subscription: str, refused: "Refuse"
) -> None:
    key = call("GET", f"/v1/subscriptions/{subscription}").body["id"]
    body = {"orderDate": "2026-01-01"}
    assert call("PUT", f"/v1/subscriptions/{subscription}/renew", body).body["success"]
    assert refused("PUT", f"subscription/{key}", {"Notes": "Late"})[0] == "INVALID_VALUE"
