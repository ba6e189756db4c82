"""/v1/contacts: the people of an account."""

from operator import attrgetter
from typing import ClassVar

import msgspec
from msgspec.structs import asdict

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.errors import MissingValueError
from toolkit.zuora.countries import country_name
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.wire import Body
from toolkit.zuora.world import Change, World


class ContactFields(Body, frozen=True):
    """What may be said of a contact, alone or within an account."""

    harmless: ClassVar[frozenset[str]] = frozenset({"postalCode", "asBillTo", "asSoldTo", "asShipTo"})

    first_name: str
    last_name: str
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    contact_description: str | None = None
    country: str | None = None
    county: str | None = None
    fax: str | None = None
    home_phone: str | None = None
    mobile_phone: str | None = None
    nickname: str | None = None
    other_phone: str | None = None
    other_phone_type: str | None = None
    personal_email: str | None = None
    state: str | None = None
    tax_region: str | None = None
    work_email: str | None = None
    work_phone: str | None = None
    zip_code: str | None = None


class NewContact(ContactFields, frozen=True):
    """A contact for an account that exists."""

    account_id: str | None = None
    account_number: str | None = None


_WIRE = {
    field.name: field.encode_name
    for field in msgspec.structs.fields(ContactFields)
    if field.name != "custom_fields"
}
_values = attrgetter("id", *_WIRE)


def new_contact(change: Change, account_id: str, fields: ContactFields) -> Contact:
    """Make a contact of what was said of it and put it into the change."""
    said = asdict(fields)
    said.pop("account_number", None)
    said |= {"account_id": account_id, "country": country_name(fields.country)}
    contact = Contact(id=change.id(), number=change.number("contact"), **said)
    change.put(contact)
    return contact


def show_contact(contact: Contact) -> dict[str, object]:
    """Return a contact as it stands within an account. Source: recorded GET account."""
    return dict(zip(("id", *_WIRE.values()), _values(contact), strict=True), **contact.custom_fields)


def show_contact_of(world: World, key: str | None) -> dict[str, object] | None:
    """Return the contact with this id, or nothing of an account that has none. Source: recorded."""
    return None if key is None else show_contact(world.contacts.find(key))


def show_contact_for(world: World, account: Account, key: str | None) -> dict[str, object] | None:
    """Return a contact as it stands within a subscription of the account, or nothing without one.

    Subscriptions have no contacts of their own here. Source: recorded GET subscription, GET subscriptions.
    """
    shown = show_contact_of(world, key)
    if shown is None:
        return None
    of = {"accountId": account.id, "accountNumber": account.number, "postalCode": shown["zipCode"]}
    return {**shown, **of, "isSpecifiedInSubscription": False}


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
    key = fields.account_id or fields.account_number
    if key is None:
        raise MissingValueError("accountId")
    account = call.world.accounts.find(key)
    change = Change(call.world)
    contact = new_contact(change, account.id, fields)
    return Reply(_show_alone(contact, account), change.world)


def read(call: Call) -> Reply:
    """Show a contact."""
    contact = call.world.contacts.find(call.path["contact-id"])
    return Reply(_show_alone(contact, call.world.accounts.find(contact.account_id)))


ENDPOINTS = (
    Endpoint("POST", "/v1/contacts", create, NewContact, resource=520000),
    Endpoint("GET", "/v1/contacts/{contact-id}", read),
)
