"""Bills: what a tenant's account owes, turned into documents of that tenant."""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.billruns import Mark, marks_of
from toolkit.billing.credits import CreditMemo
from toolkit.billing.invoices import Heading, Invoice, bill, document
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.world import Change


class Issued(NamedTuple):
    """A document, or None when nothing is due, and how far each charge was moved for it."""

    document: Invoice | CreditMemo | None
    marks: tuple[Mark, ...]


def issue(
    change: Change, head: Heading, subscriptions: Iterable[Subscription], rules: BillingRules
) -> Issued:
    """Bill these subscriptions of one account and put document and billed subscriptions into the change."""
    owed = bill(head.account, subscriptions, head.target_date, rules)
    made = document(owed, head, change)
    if made is None:
        return Issued(None, ())
    for subscription in owed.subscriptions:
        change.put(subscription)
    change.put(made)
    if isinstance(made, Invoice):
        change.put(
            replace(change.table("accounts").find(head.account.id), last_invoice_date=made.invoice_date)
        )
    return Issued(made, tuple(marks_of(owed)))
