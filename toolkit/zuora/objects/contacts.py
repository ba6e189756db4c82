"""Contact: a person of an account."""

from msgspec import UNSET, UnsetType, field
from msgspec.structs import replace

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.contact_snapshots import keep
from toolkit.zuora.countries import country_name
from toolkit.zuora.objects._writing import Fields, Said, Writer, found, in_use, said
from toolkit.zuora.state.world import Change


class ContactFields(Fields, frozen=True):
    """What may be said of a contact."""

    account_id: str | UnsetType | None = UNSET
    account_number: str | UnsetType | None = UNSET
    first_name: str | UnsetType | None = UNSET
    last_name: str | UnsetType | None = UNSET
    address1: str | UnsetType | None = UNSET
    address2: str | UnsetType | None = UNSET
    city: str | UnsetType | None = UNSET
    contact_description: str | UnsetType | None = field(default=UNSET, name="Description")
    country: str | UnsetType | None = UNSET
    county: str | UnsetType | None = UNSET
    fax: str | UnsetType | None = UNSET
    home_phone: str | UnsetType | None = UNSET
    mobile_phone: str | UnsetType | None = UNSET
    nickname: str | UnsetType | None = field(default=UNSET, name="NickName")
    other_phone: str | UnsetType | None = UNSET
    other_phone_type: str | UnsetType | None = UNSET
    personal_email: str | UnsetType | None = UNSET
    state: str | UnsetType | None = UNSET
    tax_region: str | UnsetType | None = UNSET
    work_email: str | UnsetType | None = UNSET
    work_phone: str | UnsetType | None = UNSET
    zip_code: str | UnsetType | None = field(default=UNSET, name="PostalCode")


def create(change: Change, fields: ContactFields) -> str:
    """Add a contact to an account."""
    told = said(fields)
    account = _account(change, told)
    names = {name: told.given(name) for name in ("first_name", "last_name")}
    contact = Contact(id=change.id(), number=change.number("contact"), account_id=account.id, **names)
    _keep(change, contact, told)
    return contact.id


def _account(change: Change, told: Said) -> Account:
    """Return the account that is named by its id, or by its number.

    Source: recorded, cuon-inc/zuora, a contact for an account number that nobody has.
    """
    accounts, number = change.table("accounts"), told.values.get("account_number")
    if number is None:
        key, problem = told.given("account_id"), "The account '{}' does not exist."
    else:
        key, problem = number, "The account number {} is invalid."
    account: Account | None = accounts.get(key)
    if account is None or key != (account.id if number is None else account.number):
        raise InvalidValueError(problem.format(key))
    return account


def update(change: Change, identity: str, fields: ContactFields) -> None:
    """Change a contact; it stays with its account."""
    told, contact = said(fields), found(change, "contacts", identity, "update")
    if told.values.get("account_id", contact.account_id) != contact.account_id:
        raise InvalidValueError("A contact cannot be moved to another account.")
    for name in ("first_name", "last_name"):
        if name in told.values:
            told.given(name)
    keep(change, contact)
    _keep(change, contact, told)


_OWNER = frozenset({"account_id", "account_number"})


def _keep(change: Change, contact: Contact, told: Said) -> None:
    changes = {name: value for name, value in told.values.items() if name not in _OWNER}
    if "country" in changes:
        changes["country"] = country_name(changes["country"])
    change.put(replace(contact, **changes, custom_fields={**contact.custom_fields, **told.custom}))


def delete(change: Change, identity: str) -> None:
    """Delete a contact that no account bills or delivers to."""
    contact = found(change, "contacts", identity, "delete")
    account = change.table("accounts").find(contact.account_id)
    if contact.id in {account.bill_to_id, account.sold_to_id}:
        raise in_use(f"The contact {contact.id}")
    if any(one.addressee.bill_to_id == contact.id for one in change.table("subscriptions").of(account.id)):
        raise in_use(f"The contact {contact.id}")
    keep(change, contact)
    change.drop(contact)


WRITERS = (Writer("Contact", ContactFields, update, create, delete),)
