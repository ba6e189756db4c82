"""Contacts over the API: changed, deleted, transferred and scrubbed, with what is kept of them."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Find, Run
    from toolkit.zuora.tenant import Tenant

GRACE = {"firstName": "Grace", "lastName": "Hopper", "country": "USA", "state": "New York"}


@pytest.fixture
def contact(client: Client, account: str) -> str:
    """A contact whom the account neither bills nor delivers to."""
    body = {**GRACE, "accountNumber": account, "personalEmail": "grace@example.com", "rank__c": "admiral"}
    return str(client.post("/v1/contacts", body)["id"])


@pytest.fixture
def posted(client: Client, account: str, subscription: str, run_for: "Run") -> str:
    """The account, with an invoice that is posted."""
    assert subscription
    run_for(client, account, "2026-01-01", autoPost=True)
    return account


def snapshots(client: Client, contact: str) -> list[dict[str, Any]]:
    """Return the snapshots of a contact, oldest first."""
    query = f"select Id from ContactSnapshot where ContactId = '{contact}'"  # noqa: S608 - ZOQL, of our own ids
    found = client.post("/v1/action/query", {"queryString": query}).get("records", [])
    return [client.get(f"/v1/contact-snapshots/{one['Id']}") for one in found]


def test_a_change_leaves_what_it_does_not_name(client: Client, contact: str) -> None:
    change = {"lastName": "Murray", "country": "FR", "state": None, "rank__c": "captain", "asBillTo": False}
    changed = client.put(f"/v1/contacts/{contact}", change)
    assert client.get(f"/v1/contacts/{contact}") == changed
    assert (changed["firstName"], changed["lastName"], changed["country"]) == ("Grace", "Murray", "France")
    assert (changed["state"], changed["rank__c"]) == (None, "captain")
    assert changed["personalEmail"] == "grace@example.com"


def test_a_name_cannot_be_taken_away(client: Client, contact: str) -> None:
    with pytest.raises(RefusedError, match="'firstName' may not be null"):
        client.put(f"/v1/contacts/{contact}", {"firstName": None})


def test_a_contact_without_documents_leaves_no_snapshot(client: Client, contact: str) -> None:
    client.put(f"/v1/contacts/{contact}", {"lastName": "Murray"})
    assert snapshots(client, contact) == []


@pytest.mark.usefixtures("posted")
def test_a_snapshot_shows_a_contact_as_it_was(client: Client, contact: str) -> None:
    client.put(f"/v1/contacts/{contact}", {"lastName": "Murray", "zipCode": "10001"})
    client.put(f"/v1/contacts/{contact}", {"lastName": "Brewster", "contactDescription": "later"})
    first, second = sorted(snapshots(client, contact), key=lambda one: one["lastName"])
    assert (first["lastName"], first["postalCode"], first["description"]) == ("Hopper", None, None)
    assert (second["lastName"], second["postalCode"]) == ("Murray", "10001")
    assert first["contactId"] == contact


def test_a_contact_is_deleted_but_not_whom_the_account_bills(
    client: Client, account: str, contact: str
) -> None:
    client.delete(f"/v1/contacts/{contact}")
    with pytest.raises(RefusedError, match=contact):
        client.get(f"/v1/contacts/{contact}")
    billed = client.get(f"/v1/accounts/{account}")["billToContact"]["id"]
    with pytest.raises(RefusedError, match="cannot be deleted"):
        client.delete(f"/v1/contacts/{billed}")


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize("path", ["/v1/contacts", "/v1/object/contact"])
def test_a_deleted_contact_leaves_its_snapshot(client: Client, contact: str, path: str) -> None:
    client.delete(f"{path}/{contact}")
    (kept,) = snapshots(client, contact)
    assert kept["lastName"] == "Hopper"


@pytest.mark.usefixtures("posted")
def test_a_change_by_crud_leaves_a_snapshot_too(client: Client, contact: str) -> None:
    client.put(f"/v1/object/contact/{contact}", {"LastName": "Murray"})
    (kept,) = snapshots(client, contact)
    assert kept["lastName"] == "Hopper"


def opened(client: Client, name: str, **more: object) -> str:
    body = {"name": name, "currency": "USD", "billToContact": GRACE, **more}
    return str(client.post("/v1/accounts", body)["accountNumber"])


def test_a_contact_moves_within_a_hierarchy(
    client: Client, account: str, contact: str, account_id: "Find"
) -> None:
    child = opened(client, "Child", parentId=account_id(client, account))
    client.put(f"/v1/contacts/{contact}/transfer", {"destinationAccountKey": child})
    assert client.get(f"/v1/contacts/{contact}")["accountNumber"] == child


def test_a_ring_of_accounts_is_no_trap(
    client: Client, account: str, contact: str, account_id: "Find"
) -> None:
    child = opened(client, "Child", parentId=account_id(client, account))
    client.put(f"/v1/accounts/{account}", {"parentId": account_id(client, child)})
    with pytest.raises(RefusedError, match="is not in the hierarchy"):
        client.put(f"/v1/contacts/{contact}/transfer", {"destinationAccountKey": opened(client, "Stranger")})


def test_whom_an_account_bills_stays_with_it(client: Client, account: str) -> None:
    billed = client.get(f"/v1/accounts/{account}")["billToContact"]["id"]
    with pytest.raises(RefusedError, match="cannot be transferred"):
        client.put(f"/v1/contacts/{billed}/transfer", {"destinationAccountKey": account})


@pytest.mark.usefixtures("posted")
def test_scrubbing_leaves_nobody_to_know(client: Client, tenant: "Tenant", contact: str) -> None:
    client.put(f"/v1/contacts/{contact}", {"workEmail": "hopper@example.com"})
    client.put(f"/v1/contacts/{contact}/scrub", {})
    (snapshot,) = snapshots(client, contact)
    for shown in (client.get(f"/v1/contacts/{contact}"), snapshot):
        assert (shown["firstName"], shown["lastName"]) == ("Scrubbed", "Scrubbed")
        assert (shown["personalEmail"], shown["workEmail"]) == (None, None)
        assert (shown["state"], shown["country"]) == ("New York", "United States")
        assert "rank__c" not in shown
    assert "Hopper" not in repr(list(tenant.world.contacts.rows.values()))
