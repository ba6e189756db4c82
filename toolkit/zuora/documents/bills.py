"""Bills: what a tenant's account owes, turned into documents of that tenant."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.crediting import credit_from
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.generation import Heading, documents
from toolkit.billing.invoices import Bill, Invoice, bill
from toolkit.billing.lifecycle import post, redate
from toolkit.billing.marks import Mark
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.taxes import add_taxes
from toolkit.billing.unbilling import marks_of
from toolkit.zuora.documents.line_items import bill_line_items
from toolkit.zuora.runs.usages import process, usage_for
from toolkit.zuora.state.world import Change, World


def heading(world: World, account: Account, invoice_date: date, target_date: date, *, post: bool) -> Heading:
    """Return what documents say above their items that a call has asked for at once."""
    return Heading(
        account=account,
        invoice_date=invoice_date,
        target_date=target_date,
        now=world.now,
        source="API",
        source_id="",
        post=post,
        payment_terms=world.payment_terms,
    )


def issue(  # noqa: PLR0913 - what is billed, and what of it is not
    change: Change,
    head: Heading,
    subscriptions: Sequence[Subscription],
    rules: BillingRules,
    excluded: Collection[str] = (),
    *,
    line_items: bool = True,
) -> tuple[Invoice | CreditMemo, ...]:
    """Bill these subscriptions of one account and put documents and billed subscriptions into the change.

    An account that is cancelled, or still a draft, is not billed. Source: Zuora, cancel and delete customer
    accounts; that of drafts, which lack the contacts that a bill goes to, is an assumption.

    Args:
        change: Where to put them.
        head: What the document says above its items.
        subscriptions: Those that are invoiced to the account.
        rules: The tenant's.
        excluded: The charge types that are not billed.
        line_items: Whether the account's order line items are billed, too.
    """
    if head.account.status != "Active":
        return ()
    usage = usage_for(change.table("usages"), subscriptions)
    owed = bill(head.account, subscriptions, head.target_date, rules, usage, excluded)
    more = bill_line_items(change, head, rules) if line_items else ()
    return keep(change, head, owed, subscriptions, rules, more)


def catch_up(
    change: Change, head: Heading, subscriptions: Sequence[Subscription], rules: BillingRules
) -> None:
    """Mark what these subscriptions of one account owe as billed, without a document that asks for it.

    An account that has an invoice stays as it is. Source: Zuora, catch-up bill run.
    """
    if head.account.status != "Active" or change.table("invoices").of(head.account.id):
        return
    usage = usage_for(change.table("usages"), subscriptions)
    _mark(change, bill(head.account, subscriptions, head.target_date, rules, usage), subscriptions)


def keep(  # noqa: PLR0913, PLR0917 - a bill, what it was made of, and what is billed besides
    change: Change,
    head: Heading,
    owed: Bill,
    subscriptions: Sequence[Subscription],
    rules: BillingRules,
    more: tuple[DocumentItem, ...] = (),
) -> tuple[Invoice | CreditMemo, ...]:
    """Put the documents of a bill, taxed, and the subscriptions that it marks as billed into the change.

    Items that no subscription bills, in `more`, are on the invoice too.
    """
    owed = add_taxes(owed, head.account, head.invoice_date, change, rules)
    marks = {mark.charge_id: mark for mark in marks_of(owed)}
    made = tuple(_told(change, one, marks) for one in documents(owed, head, change, rules, more))
    _mark(change, owed, subscriptions)
    for one in made:
        change.put(one)
        process(change, one.items)
    if any(isinstance(one, Invoice) for one in made):
        account = change.table("accounts").find(head.account.id)
        change.put(replace(account, last_invoice_date=head.invoice_date))
    return made


def _mark(change: Change, owed: Bill, subscriptions: Sequence[Subscription]) -> None:
    """Put the subscriptions that a bill marks as billed into the change."""
    former = {one.id: one for one in subscriptions}
    for subscription in owed.subscriptions:
        if subscription is not former[subscription.id]:
            change.put(subscription)


def _told(change: Change, document: Invoice | CreditMemo, marks: Mapping[str, Mark]) -> Invoice | CreditMemo:
    """Note in a document how far its bill moved each charge that it has, and in a memo what it credits."""
    charges = dict.fromkeys(item.charge_id or "" for item in document.items)
    marked = replace(document, marks=tuple(marks[key] for key in charges if key in marks))
    if isinstance(marked, Invoice):
        return marked
    return credit_from(marked, change.table("invoices").of(marked.account_id))


def posted_on(world: World, invoice: Invoice, day: date | None) -> Invoice:
    """Post a draft, with another date if one is said, by which it is due later or sooner.

    Raises:
        InvalidValueError: It is no draft.
    """
    term = world.accounts.find(invoice.account_id).payment_term
    return post(redate(invoice, day, term, world.payment_terms), world.now)
