"""Stored credential profiles over the API: made, listed, ended."""

from typing import Any

import pytest

from toolkit.zuora.client import Client, RefusedError

AGREED = {"type": "Recurring", "status": "Agreed", "consentAgreementSrc": "External"}
ACTIVE = {**AGREED, "status": "Active"}
CARD = {"type": "CreditCard", "cardType": "Visa", "cardNumber": "4242424242424242"}
LATER = {"expirationMonth": 12, "expirationYear": 2031}


@pytest.fixture
def profiles(client: Client, account: str) -> str:
    """The path of the profiles of a card."""
    made = client.post("/v1/payment-methods", {**CARD, **LATER, "accountKey": account})
    return f"/v1/payment-methods/{made['id']}/profiles"


def shown(client: Client, path: str) -> list[tuple[int, str]]:
    listed: list[dict[str, Any]] = client.get(path)["profiles"]
    return [(one["number"], one["status"]) for one in listed]


def test_an_agreement_is_noted(client: Client, profiles: str) -> None:
    made = client.post(profiles, {**AGREED, "agreedOn": "2025-12-24", "consentAgreementRef": "C-7"})
    assert made["number"] == 1
    (profile,) = client.get(profiles)["profiles"]
    assert (profile["agreedOn"], profile["activatedOn"]) == ("2025-12-24 00:00:00", None)
    assert (profile["brand"], profile["consentAgreementRef"]) == ("Visa", "C-7")


def test_what_a_gateway_approves_is_active_at_once(client: Client, profiles: str) -> None:
    client.post(profiles, ACTIVE)
    (profile,) = client.get(profiles)["profiles"]
    assert (profile["status"], profile["activatedOn"]) == ("Active", "2026-01-01 00:00:00")
    assert profile["agreedOn"] == "2026-01-01 00:00:00"


def test_what_a_gateway_declines_is_no_profile_unless_it_is_known_elsewhere(
    client: Client, account: str
) -> None:
    card = {**CARD, **LATER, "cardNumber": "4000000000000002", "accountKey": account}
    path = f"/v1/payment-methods/{client.post('/v1/payment-methods', card)['id']}/profiles"
    with pytest.raises(RefusedError, match="card_declined"):
        client.post(path, ACTIVE)
    assert shown(client, path) == []
    client.post(path, {**ACTIVE, "action": "Persist", "networkTransactionId": "N-1"})
    assert shown(client, path) == [(1, "Active")]


@pytest.mark.parametrize(("verb", "status"), [("cancel", "Cancelled"), ("expire", "Expired")])
def test_what_has_ended_is_listed_on_demand_and_stays_so(
    client: Client, profiles: str, verb: str, status: str
) -> None:
    client.post(profiles, AGREED)
    client.post(profiles, {**AGREED, "type": "Unscheduled"})
    client.post(f"{profiles}/1/{verb}", {})
    assert shown(client, profiles) == [(2, "Agreed")]
    assert shown(client, f"{profiles}?includeAll=true") == [(1, status), (2, "Agreed")]
    for again in ("cancel", "expire"):
        with pytest.raises(RefusedError, match=f"profile 1 is {status} already"):
            client.post(f"{profiles}/1/{again}", {})


def test_a_profile_is_known_at_several_gateways(client: Client, profiles: str) -> None:
    client.post(profiles, AGREED)
    (gateway,) = client.get("/v1/payment-gateways")["paymentgateways"]
    said = {"authGateway": gateway["id"], "networkTransactionId": "N-2"}
    first = client.post(f"{profiles}/1/profile-data", said)["id"]
    assert client.post(f"{profiles}/1/profile-data", said)["id"] != first


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/9/cancel", {}, "9"),
        ("/1/profile-data", {"authGateway": "nobody", "networkTransactionId": "N"}, "nobody"),
        ("", {**AGREED, "status": "Expired"}, "should be one of: Agreed, Active"),
        ("", {**AGREED, "authGateway": "nobody"}, "nobody"),
    ],
)
def test_what_is_unknown_is_refused(
    client: Client, profiles: str, path: str, body: dict[str, str], message: str
) -> None:
    client.post(profiles, AGREED)
    with pytest.raises(RefusedError, match=message):
        client.post(f"{profiles}{path}", body)


def test_a_bank_account_has_no_stored_credentials(client: Client) -> None:
    method = client.post("/v1/payment-methods", {"type": "PayPalNativeEC", "BAID": "B-1"})["id"]
    with pytest.raises(RefusedError, match="is no card"):
        client.post(f"/v1/payment-methods/{method}/profiles", AGREED)
