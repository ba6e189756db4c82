"""Bills: what a tenant's account owes, turned into documents of that tenant."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.billruns import Mark, marks_of
from toolkit.billing.credits import CreditMemo
from toolkit.billing.invoices import Heading, Invoice, bill, document
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.usages import process, usage_for
from toolkit.zuora.world import Change


class Issued(NamedTuple):
    """A document, or None when nothing is due, and how far each charge was moved for it."""

    document: Invoice | CreditMemo | None
    marks: tuple[Mark, ...]


def issue(
    change: Change,
    head: Heading,
    subscriptions: Sequence[Subscription],
    rules: BillingRules,
    excluded: Collection[str] = (),
) -> Issued:
    """Bill these subscriptions of one account and put document and billed subscriptions into the change.

    Args:
        change: Where to put them.
        head: What the document says above its items.
        subscriptions: Those that are invoiced to the account.
        rules: The tenant's.
        excluded: The charge types that are not billed.
    """
    usage = usage_for(change.table("usages"), subscriptions)
    owed = bill(head.account, subscriptions, head.target_date, rules, usage, excluded)
    made = document(owed, head, change)
    if made is None:
        return Issued(None, ())
    for subscription in owed.subscriptions:
        change.put(subscription)
    change.put(made)
    process(change, made.items)
    if isinstance(made, Invoice):
        change.put(
            replace(change.table("accounts").find(head.account.id), last_invoice_date=made.invoice_date)
        )
    return Issued(made, tuple(marks_of(owed)))
