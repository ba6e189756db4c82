"""Invoices, made by billing what an account's subscriptions owe."""

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.generation import Heading, documents
from toolkit.billing.invoices import Bill, Invoice, bill
from toolkit.billing.taxes import add_taxes
from toolkit.errors import ToolkitError
from toolkit.factories import Bench
from toolkit.factories._record import RecordFactory, needed, same


class InvoiceFactory(RecordFactory[Invoice]):
    """What `account`, which must be given, owes by `target_date`; posted unless `post` is false.

    Raises:
        ToolkitError: Nothing is due, or the account would get a credit memo.
    """

    class Meta:
        model = Invoice

    account = needed("account")
    target_date = same("bench.today")
    invoice_date = same("target_date")
    post = True

    @classmethod
    def make(cls, bench: Bench, fields: dict[str, Any]) -> Invoice:
        """Bill the account."""
        said = {"now": bench.now, "source": "API", "source_id": None, **fields}
        head = msgspec.convert(said, Heading, from_attributes=True)
        account = head.account
        owed = _owed(bench, account, head.target_date)
        owed = add_taxes(owed, account, head.invoice_date, bench, bench.rules)
        made = documents(owed, head, bench, bench.rules)
        if len(made) != 1 or not isinstance(made[0], Invoice):
            found = " and ".join(f"{one.number} of {one.amount} {one.currency}" for one in made)
            reason = f"would get {found}" if made else "owes nothing"
            raise ToolkitError(
                f"There is no invoice to make: by {head.target_date} the account {account.number} {reason}.",
                "Give it a subscription with something to bill, or a later target_date.",
            )
        return made[0]

    @classmethod
    def keep(cls, bench: Bench, row: Invoice, fields: dict[str, Any]) -> None:
        """Put it, and note in the subscriptions and in the account what it billed."""
        for subscription in _owed(bench, fields["account"], row.target_date).subscriptions:
            bench.put(subscription)
        account = bench.table("accounts").find(row.account_id)
        bench.put(replace(account, last_invoice_date=row.invoice_date))
        bench.put(row)


def _owed(bench: Bench, account: Account, target_date: date) -> Bill:
    known = bench.table("subscriptions").of(account.id)
    invoiced = [subscription for subscription in known if subscription.invoice_owner_id == account.id]
    return bill(account, invoiced, target_date, bench.rules)


FACTORY = InvoiceFactory
