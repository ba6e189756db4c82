"""An account that does not exist, for which something is previewed."""

from msgspec.structs import asdict

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.api.accounts import TaxFields, check_bill_cycle_day, tax_info_of
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change, World


class PreviewContact(Body, frozen=True):
    """Where the account is. Source: the official SDK, PreviewContactInfo."""

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    country: str | None = None
    county: str | None = None
    first_name: str = ""
    last_name: str = ""
    postal_code: str | None = None
    state: str | None = None
    tax_region: str | None = None
    zip_code: str | None = None


class PreviewAccount(Body, frozen=True):
    """What a preview needs to know of an account; taxes go by sold-to, or else by bill-to.

    Source: the official SDK, PreviewAccountInfo and PreviewSubscriptionAccountInfo.
    """

    bill_cycle_day: int
    currency: str
    bill_to_contact: PreviewContact | None = None
    sold_to_contact: PreviewContact | None = None
    ship_to_contact: PreviewContact | None = None
    tax_info: TaxFields | None = None


def account_of(world: World, key: str, said: PreviewAccount | None, name: str) -> tuple[World, str]:
    """Return a world for a preview, and the key of the account there that it is for.

    Args:
        world: The world, which stays without an account that is only described.
        key: That of an account that exists, or nothing.
        said: What is said of one that does not, or nothing.
        name: The field that names an account.

    Raises:
        MissingValueError: There is neither.
        InvalidValueError: There are both, or the bill cycle day is none.
    """
    if said is None:
        if not key:
            raise MissingValueError(name)
        return world, key
    if key:
        raise InvalidValueError(f"'{name}' and 'previewAccountInfo' cannot be specified both.")
    check_bill_cycle_day(said.bill_cycle_day)
    change = Change(world)
    identity = change.id()
    contact = _contact(change, identity, said.sold_to_contact or said.bill_to_contact)
    account = Account(
        id=identity,
        number=change.number("account"),
        name="",
        currency=said.currency,
        bill_cycle_day=said.bill_cycle_day,
        bill_to_id=contact,
        sold_to_id=contact,
        created=world.now,
        updated=world.now,
        tax_info=tax_info_of(None, said.tax_info) if said.tax_info else None,
        custom_fields=said.custom_fields,
    )
    change.put(account)
    return change.world, account.number


def _contact(change: Change, account_id: str, said: PreviewContact | None) -> str:
    """Put a contact into the change and return its id; one of whom nothing is said has no address."""
    fields = asdict(said or PreviewContact())
    fields["zip_code"] = fields.pop("postal_code") or fields["zip_code"]
    contact = Contact(id=change.id(), number=change.number("contact"), account_id=account_id, **fields)
    change.put(contact)
    return contact.id
