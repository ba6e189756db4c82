"""Mailing: from a billing document, or an event and its template, to a mail, and what becomes of it.

A mail stands in the history as soon as it is asked for. Where the tenant has a mail server, the courier gives
it what the mailbag holds, and notes what could not be sent; without a server nothing can go wrong.
"""

from collections.abc import Iterable, Mapping
from email.utils import formataddr
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.billruns import BillRun
from toolkit.zuora.files import billing_files
from toolkit.zuora.files.sheets import Document
from toolkit.zuora.messages.events import Event
from toolkit.zuora.messages.mails import ContactType, EmailTemplate, Mail, SenderType, several
from toolkit.zuora.messages.merge_fields import Fields, fields, filled, joined
from toolkit.zuora.messages.notifications import ZUORAS, Notification
from toolkit.zuora.state.world import Change, World

TENANT = "billing@zuora.test"
"""The tenant's own address, and that of its users. Source: an assumption; nobody receives mail there."""

UNKNOWN = "No email address is known for the recipient."

_HELLO = "Dear <BillToContact.FirstName> <BillToContact.LastName>,\n\n"
_BYE = "\n\nThank you for your business.\n"


class Occasion(NamedTuple):
    """Why a document of some kind is sent.

    Attributes:
        base: What merge fields call the document.
        event: Of which templates may be; `category` is its code if it has one.
        notification: What the history calls it.
        subject: Unless a template says another one, as `body`.
    """

    base: str
    event: str
    category: int | None
    notification: str
    subject: str
    body: str


_OCCASIONS = {
    "invoice": Occasion(
        "Invoice",
        "ManualEmailForInvoice",
        1130,
        "Manual Email For Invoice",
        "Your invoice <Invoice.InvoiceNumber>",
        f"{_HELLO}the invoice <Invoice.InvoiceNumber> of <Invoice.InvoiceDate> over <Invoice.Currency> "
        f"<Invoice.Amount> is attached. It is due on <Invoice.DueDate>.{_BYE}",
    ),
    "credit memo": Occasion(
        "CreditMemo",
        "EmailCreditMemo",
        None,
        "Email Credit Memo",
        "Your credit memo <CreditMemo.MemoNumber>",
        f"{_HELLO}the credit memo <CreditMemo.MemoNumber> over <CreditMemo.Currency> <CreditMemo.Amount> is "
        f"attached.{_BYE}",
    ),
    "debit memo": Occasion(
        "DebitMemo",
        "EmailDebitMemo",
        None,
        "Email Debit Memo",
        "Your debit memo <DebitMemo.MemoNumber>",
        f"{_HELLO}the debit memo <DebitMemo.MemoNumber> over <DebitMemo.Currency> <DebitMemo.Amount> is "
        f"attached. It is due on <DebitMemo.DueDate>.{_BYE}",
    ),
}
"""Sources: Zuora, event categories, for the code and the names; that a mail says so without a template of the
tenant's own is an assumption."""

EVENTS = frozenset(one.event for one in _OCCASIONS.values())
"""What raises no event of its own, but has templates."""

_POSTED = {
    kind: _OCCASIONS[kind]._replace(event=event, category=category, notification=notification)
    for kind, event, category, notification in (
        ("invoice", "InvoicePosted", 1110, "Invoice Posted within a Bill Run of Auto-Post"),
        ("credit memo", "CreditMemoPosted", None, "Credit Memo Posted within a Bill Run of Auto-Post"),
    )
}
"""Source: Zuora, email delivery, and email credit memos automatically upon posting a bill run."""


def of_run(change: Change, run: BillRun, documents: Iterable[Document]) -> list[Mail]:
    """Return the mails that a bill run sends by itself when it has posted its documents.

    They go to accounts that want their invoices by email, to their additional addresses too, and not for
    nothing if the run says so. Sources: Zuora, create a bill run, and email delivery; that credit memos of
    nothing are sent is an assumption.
    """
    accounts = change.world.accounts
    return [
        _composed(change, document, _POSTED[document.kind], Wish(additional=True))
        for document in documents
        if document.status == "Posted"
        and accounts.find(document.account_id).invoice_delivery_email
        and (document.amount or document.kind != "invoice" or not run.no_email_for_zero)
    ]


class Wish(NamedTuple):
    """What is wanted of a mail with a document, where its template is not to say it.

    Attributes:
        to: Addresses, separated by commas.
        file_id: The file of the document to send, unless it is the latest.
        additional: Whether the mail goes to the additional addresses of the account, too.
    """

    to: str | None = None
    file_id: str | None = None
    additional: bool = False


def compose(change: Change, document: Document, wish: Wish) -> Mail:
    """Return a mail with a posted document, and put the file into the change that the mail needs.

    The newest active template of the occasion counts. Source: Zuora, email an invoice; that a template needs
    no notification that names it, and that a document without any file gets one, is an assumption.
    """
    return _composed(change, document, _OCCASIONS[document.kind], wish)


def _composed(change: Change, document: Document, occasion: Occasion, wish: Wish) -> Mail:
    world = change.world
    template = _template(world, occasion)
    account = receiver(world, document)
    objects = joined(world, occasion.base, fields(document))
    file_id = wish.file_id
    if file_id is None:
        file = billing_files.latest(world, document) or billing_files.generate(change, document)
        file_id = file.id
    said = Mail(
        id=change.id(),
        number=change.number("mail"),
        account_id=account.id,
        object_id=document.id,
        event=occasion.event if occasion.category is None else str(occasion.category),
        notification=occasion.notification,
        sender=TENANT,
        to=addresses(world, account, "BillToContact"),
        subject=filled(occasion.subject, objects),
        body=filled(occasion.body, objects),
        created=world.now,
        file_id=file_id,
    )
    if template is not None:
        said = _styled(world, said, template, objects)
    if wish.to is not None:
        said = replace(said, to=wish.to)
    if wish.additional:
        said = replace(said, to=",".join(dict.fromkeys((*several(said.to), *account.additional_emails))))
    return said if said.to else replace(said, error=UNKNOWN)


def of_event(
    change: Change,
    notification: Notification,
    template: EmailTemplate,
    event: Event,
    objects: Mapping[str, Fields],
) -> Mail:
    """Return the mail of a notification about an event.

    It has no file: whether Zuora attaches one is set where the API does not reach. Source: Zuora, create and
    edit notifications.

    Args:
        change: Gives the mail its id and number.
        notification: Sends it.
        template: What it says, and to whom it goes.
        event: What has happened.
        objects: What merge fields may name.
    """
    world, owner = change.world, event.objects.get("Account")
    account = None if owner is None else world.accounts.get(owner["Id"])
    blank = Mail(
        id=change.id(),
        number=change.number("mail"),
        account_id=None if account is None else account.id,
        object_id=event.objects[event.base]["Id"],
        event=event.name if event.category is None else str(event.category),
        notification=notification.name,
        sender=TENANT,
        to="",
        subject="",
        body="",
        created=world.now,
    )
    said = _styled(world, blank, template, objects)
    return said if said.to else replace(said, error=UNKNOWN)


def _template(world: World, occasion: Occasion) -> EmailTemplate | None:
    fitting = (
        one
        for one in world.email_templates.latest()
        if one.active
        and (
            (one.category is not None and one.category == occasion.category)
            or (one.event, one.namespace) == (occasion.event, ZUORAS)
        )
    )
    return max(fitting, key=lambda one: (one.created, one.id), default=None)


def _styled(world: World, mail: Mail, template: EmailTemplate, objects: Mapping[str, Fields]) -> Mail:
    account = world.accounts.get(mail.account_id or "")
    named = _sender(template.sender_type, template.sender)
    return replace(
        mail,
        sender=formataddr((template.sender_name or "", named)),
        to=addresses(world, account, template.to_type, template.to),
        cc=addresses(world, account, template.cc_type, template.cc),
        bcc=template.bcc or "",
        reply_to=_sender(template.reply_to_type, template.reply_to) if template.reply_to_type else "",
        subject=filled(template.subject, objects),
        body=filled(template.body, objects),
        html=template.html,
        encoding=template.encoding,
    )


def _sender(kind: SenderType, given: str | None) -> str:
    return (given or TENANT) if kind == "SpecificEmail" else TENANT


def receiver(world: World, document: Document) -> Account:
    """Return the account of a document, with the bill-to contact that the document has of its own."""
    account = world.accounts.find(document.account_id)
    return replace(account, bill_to_id=document.bill_to_id or account.bill_to_id)


def addresses(world: World, account: Account | None, kind: ContactType, given: str | None = None) -> str:
    """Return whom a type of recipient means: work addresses, or else personal ones, separated by commas.

    The owner of a bill run and the tenant's administrator have the tenant's own address.
    """
    if kind == "SpecificEmails":
        return given or ""
    if kind in {"TenantAdmin", "RunOwner"}:
        return TENANT
    contacts: Iterable[Contact | None] = ()
    if account is not None and kind.endswith("AllContacts"):
        contacts = world.contacts.of(account.id)
    elif account is not None:
        wanted = (("BillTo", account.bill_to_id), ("SoldTo", account.sold_to_id))
        contacts = (world.contacts.get(key or "") for word, key in wanted if word in kind)
    found = (contact.work_email or contact.personal_email for contact in contacts if contact is not None)
    return ",".join(dict.fromkeys(address for address in found if address))


def send(change: Change, mails: Iterable[Mail]) -> None:
    """Put mails into the history of a change, and those with a recipient into its mailbag."""
    for mail in mails:
        change.put(mail)
        if mail.error is None:
            change.mailbag = change.mailbag.set(mail.number, mail.id)


def note(world: World, mail: Mail, error: str | None) -> World:
    """Return the world after a mail was given to a mail server, or could not be."""
    change = Change(world)
    change.put(replace(mail, error=error))
    bag = world.mailbag
    return replace(change.world, mailbag=bag.delete(mail.number) if mail.number in bag else bag)


def again(change: Change, mail: Mail) -> Mail:
    """Return a mail as it is sent once more: another mail, with the same text and file."""
    error = None if mail.to else UNKNOWN
    return replace(mail, id=change.id(), number=change.number("mail"), created=change.before.now, error=error)
