"""/v1/contacts: the people of an account."""

from operator import attrgetter
from typing import ClassVar

import msgspec
from msgspec import UNSET, Raw, UnsetType
from msgspec.structs import asdict, replace

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.errors import RuleError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed_account
from toolkit.zuora.calls.wire import Body, Nothing, write
from toolkit.zuora.contact_fields import ContactFields, new_contact
from toolkit.zuora.contact_snapshots import erase, keep
from toolkit.zuora.countries import country_name
from toolkit.zuora.state.remembering import remembered
from toolkit.zuora.state.world import Change, World


class NewContact(ContactFields, frozen=True):
    """A contact for an account that exists."""

    account_id: str | None = None
    account_number: str | None = None


class ContactChange(Body, frozen=True):
    """New values for some fields of a contact."""

    harmless: ClassVar[frozenset[str]] = ContactFields.harmless

    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    address1: str | UnsetType | None = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    contact_description: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    county: str | UnsetType | None = UNSET
    fax: str | UnsetType | None = UNSET
    home_phone: str | UnsetType | None = UNSET
    mobile_phone: str | UnsetType | None = UNSET
    nickname: str | UnsetType | None = UNSET
    other_phone: str | UnsetType | None = UNSET
    other_phone_type: str | UnsetType | None = UNSET
    personal_email: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    tax_region: str | UnsetType | None = UNSET
    work_email: str | UnsetType | None = UNSET
    work_phone: str | UnsetType | None = UNSET
    zip_code: str | UnsetType | None = UNSET
    postal_code: str | UnsetType | None = UNSET


class Transfer(Body, frozen=True):
    """The account that is to have a contact."""

    destination_account_key: str


_WIRE = {
    field.name: field.encode_name
    for field in msgspec.structs.fields(ContactFields)
    if field.name not in {"custom_fields", "postal_code"}
}
_values = attrgetter("id", *_WIRE)


def show_contact(contact: Contact) -> dict[str, object]:
    """Return a contact as it stands within an account. Source: recorded GET account."""
    return dict(zip(("id", *_WIRE.values()), _values(contact), strict=True), **contact.custom_fields)


def show_contact_of(world: World, key: str | None) -> Raw | None:
    """Return the contact with this id, or nothing of an account that has none. Source: recorded."""
    return None if key is None else _shown(world.contacts.find(key))


@remembered
def _shown(contact: Contact) -> Raw:
    return Raw(write(show_contact(contact)))


def show_contact_for(
    world: World, account: Account, key: str | None, *, specified: bool = False
) -> dict[str, object] | None:
    """Return a contact as it stands within a subscription of the account, or nothing without one.

    Source: recorded GET subscription, GET subscriptions.

    Args:
        world: Has the contact.
        account: The subscription's.
        key: The contact's id.
        specified: Whether it is the subscription's own; else it is the account's.
    """
    if key is None:
        return None
    shown = show_contact(world.contacts.find(key))
    of = {"accountId": account.id, "accountNumber": account.number, "postalCode": shown["zipCode"]}
    return {**shown, **of, "isSpecifiedInSubscription": specified}


def _show_alone(contact: Contact, account: Account) -> dict[str, object]:
    return {
        "success": True,
        "accountId": account.id,
        "accountNumber": account.number,
        **show_contact(contact),
        "asBillTo": account.bill_to_id == contact.id,
        "asSoldTo": account.sold_to_id == contact.id,
    }


def create(call: Call) -> Reply:
    """Add a contact to an account."""
    fields: NewContact = call.body
    account = needed_account(call.world, fields)
    change = Change(call.world)
    contact = new_contact(change, account.id, fields)
    return Reply(_show_alone(contact, account), change.world)


def read(call: Call) -> Reply:
    """Show a contact."""
    contact = _found(call)
    return Reply(_show_alone(contact, call.world.accounts.find(contact.account_id)))


def change_contact(call: Call) -> Reply:
    """Change some fields of a contact; those that are not named stay."""
    contact, change = _found(call), Change(call.world)
    changed = changed_contact(change, contact, call.body)
    return Reply(_show_alone(changed, call.world.accounts.find(contact.account_id)), change.world)


def changed_contact(change: Change, contact: Contact, said: ContactChange) -> Contact:
    """Put a contact with what is said of it into the change; what it was stays as a snapshot."""
    given = {name: value for name, value in asdict(said).items() if value is not UNSET}
    if "country" in given:
        given["country"] = country_name(given["country"])
    if "postal_code" in given:
        given["zip_code"] = given.pop("postal_code")
    given["custom_fields"] = {**contact.custom_fields, **said.custom_fields}
    changed = replace(contact, **given)
    keep(change, contact)
    change.put(changed)
    return changed


def delete(call: Call) -> Reply:
    """Delete a contact that its account neither bills nor delivers to."""
    contact, change = _found(call), Change(call.world)
    _check_free(call.world, contact, "deleted")
    keep(change, contact)
    change.drop(contact)
    return Reply({"success": True}, change.world)


def transfer(call: Call) -> Reply:
    """Give a contact to another account of the same hierarchy."""
    said: Transfer = call.body
    world, contact, change = call.world, _found(call), Change(call.world)
    target = world.accounts.find(said.destination_account_key)
    _check_free(world, contact, "transferred")
    if _root(world, world.accounts.find(contact.account_id)) != _root(world, target):
        raise RuleError(
            f"The account {target.number} is not in the hierarchy of the contact {contact.id}'s account."
        )
    keep(change, contact)
    change.put(replace(contact, account_id=target.id))
    return Reply({"success": True}, change.world)


def scrub(call: Call) -> Reply:
    """Replace what identifies a person, in the contact and in its snapshots, for good."""
    contact, change = _found(call), Change(call.world)
    erase(change, contact)
    return Reply({"success": True}, change.world)


def _found(call: Call) -> Contact:
    return call.world.contacts.find(call.path["contact-id"])


def _check_free(world: World, contact: Contact, verb: str) -> None:
    """Refuse to take a contact from an account that needs it. Source: an assumption for a transfer."""
    account = world.accounts.find(contact.account_id)
    if contact.id in {account.bill_to_id, account.sold_to_id}:
        raise RuleError(
            f"The contact {contact.id} cannot be {verb}: the account {account.number} has it as a bill-to or "
            "a sold-to contact."
        )
    for subscription in world.subscriptions.of(contact.account_id):
        if subscription.addressee.bill_to_id == contact.id:
            raise RuleError(
                f"The contact {contact.id} cannot be {verb}: the subscription {subscription.number} is "
                "billed to it."
            )


def _root(world: World, account: Account) -> str:
    """Return the id of the account at the top of a hierarchy; one that is a ring has none, and ends it."""
    seen = {account.id}
    while account.parent_id is not None and account.parent_id not in seen:
        account = world.accounts.find(account.parent_id)
        seen.add(account.id)
    return account.id


_ONE = "/v1/contacts/{contact-id}"

ENDPOINTS = (
    Endpoint("POST", "/v1/contacts", create, NewContact, resource=520000),
    Endpoint("GET", _ONE, read),
    Endpoint("PUT", _ONE, change_contact, ContactChange),
    Endpoint("DELETE", _ONE, delete),
    Endpoint("PUT", f"{_ONE}/transfer", transfer, Transfer),
    Endpoint("PUT", f"{_ONE}/scrub", scrub, Nothing),
)
