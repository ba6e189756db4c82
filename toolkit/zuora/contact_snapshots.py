"""Contact snapshots: what contacts were when an account got the documents that it still has."""

from msgspec.structs import replace

from toolkit.billing.accounts import Contact, ContactSnapshot
from toolkit.zuora.state.world import Change

SCRUBBED = "Scrubbed"


def keep(change: Change, contact: Contact) -> None:
    """Keep a contact as it is before it changes, if its account has got an invoice.

    Zuora takes a snapshot as a document is posted; here it is taken when it begins to differ from the
    contact, so that a contact that stays as it is has none. Source: an assumption.
    """
    if any(invoice.status == "Posted" for invoice in change.table("invoices").of(contact.account_id)):
        change.put(ContactSnapshot(id=change.id(), contact=contact))


def erase(change: Change, contact: Contact) -> None:
    """Replace what identifies a person, in a contact and in all its snapshots, for good.

    Names become the word `Scrubbed` and the rest nothing; county, state, country and tax region stay, for
    they decide taxes. Source: Zuora, scrub contacts; that these four stay and which word it is are assumed.
    """
    change.put(_erased(contact))
    for snapshot in change.table("contact_snapshots").of(contact.id):
        change.put(replace(snapshot, contact=_erased(snapshot.contact)))


def _erased(contact: Contact) -> Contact:
    return Contact(
        id=contact.id,
        number=contact.number,
        account_id=contact.account_id,
        first_name=SCRUBBED,
        last_name=SCRUBBED,
        county=contact.county,
        state=contact.state,
        country=contact.country,
        tax_region=contact.tax_region,
    )
