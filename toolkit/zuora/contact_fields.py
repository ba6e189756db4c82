"""What may be said of a contact, and the contact that is made of it."""

from typing import ClassVar

from msgspec.structs import asdict

from toolkit.billing.accounts import Contact
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.countries import country_name
from toolkit.zuora.state.world import Change


class ContactFields(Body, frozen=True):
    """What may be said of a contact, alone or within an account."""

    harmless: ClassVar[frozenset[str]] = frozenset({"asBillTo", "asSoldTo", "asShipTo"})

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
    postal_code: str | None = None


def new_contact(change: Change, account_id: str, fields: ContactFields) -> Contact:
    """Make a contact of what was said of it and put it into the change."""
    said = asdict(fields)
    said.pop("account_number", None)
    said["zip_code"] = said.pop("postal_code") or fields.zip_code  # orders call it so
    said |= {"account_id": account_id, "country": country_name(fields.country)}
    contact = Contact(id=change.id(), number=change.number("contact"), **said)
    change.put(contact)
    return contact
