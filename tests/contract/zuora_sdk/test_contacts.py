"""Contacts and the end of an account through the SDK."""

from typing import Any

import pytest


@pytest.fixture
def api(client: Any) -> Any:
    return client.contacts_api()


@pytest.fixture
def contact(desk: Any, ask: Any, api: Any, account: Any) -> Any:
    wanted = {"accountId": account.id, "firstName": "Grace", "lastName": "Hopper", "workEmail": "g@a.example"}
    return ask(api.create_contact, desk.write("CreateContactRequest", **wanted))


def test_a_contact_is_changed_and_scrubbed(desk: Any, ask: Any, api: Any, contact: Any) -> None:
    request = desk.write("UpdateContactRequest", lastName="Murray", city="Arlington")
    changed = ask(api.update_contact, contact.id, request)
    assert (changed.first_name, changed.last_name, changed.city) == ("Grace", "Murray", "Arlington")
    ask(api.scrub_contact, contact.id)
    assert ask(api.get_contact, contact.id).work_email is None


def test_a_contact_is_transferred_within_a_hierarchy(
    desk: Any, ask: Any, api: Any, client: Any, account: Any, contact: Any
) -> None:
    child = desk.open_account("Kestrel Bells")
    request = desk.write("UpdateAccountRequest", parentId=account.id)
    ask(client.accounts_api().update_account, child.number, request)
    request = desk.write("TransferContactRequest", destinationAccountKey=child.number)
    ask(api.transfer_contact, contact.id, request)
    assert ask(api.get_contact, contact.id).account_number == child.number


def test_a_contact_is_deleted(desk: Any, ask: Any, api: Any, contact: Any) -> None:
    ask(api.delete_contact, contact.id)
    with pytest.raises(desk.sdk.exceptions.ApiException, match=contact.id):
        api.get_contact(contact.id)


def test_a_snapshot_shows_a_contact_as_it_was(
    desk: Any, ask: Any, api: Any, client: Any, account: Any, contact: Any
) -> None:
    desk.invoice(account, dueDate=desk.clock.today().isoformat())
    ask(api.update_contact, contact.id, desk.write("UpdateContactRequest", lastName="Murray"))
    zoql = f"select Id from ContactSnapshot where ContactId = '{contact.id}'"  # noqa: S608 - this is no SQL
    request = desk.write("ProxyActionqueryRequest", queryString=zoql)
    (found,) = client.actions_api().action_post_query(request).records
    snapshot = ask(client.contact_snapshots_api().get_contact_snapshot, found["Id"])
    assert (snapshot.last_name, snapshot.contact_id) == ("Hopper", contact.id)


def test_an_account_is_deleted(ask: Any, client: Any, account: Any) -> None:
    done = ask(client.accounts_api().delete_account, account.number)
    assert (done.id, done.job_status) == (account.id, "Completed")
    assert ask(client.accounts_api().get_account, account.number).basic_info.status == "Canceled"
