"""Payments of invoices."""

from typing import Any

from toolkit.billing.allocation import Application
from toolkit.billing.parts import ItemAmount, with_part
from toolkit.billing.payments import Payment
from toolkit.billing.settlement import settle, settle_items
from toolkit.factories import Bench
from toolkit.factories._record import RecordFactory, lazy, needed, same


class PaymentFactory(RecordFactory[Payment]):
    """The payment of `invoice`, which must be given: all of its balance, or of `amount`.

    It goes to the account's default payment method; where there is none it came from outside.

    Raises:
        RuleError: The invoice owes less than `amount`.
    """

    class Meta:
        model = Payment

    class Params:
        owed = lazy(lambda made: made.bench.table("invoices").find(made.invoice.id))
        account = lazy(lambda made: made.bench.table("accounts").find(made.account_id))
        settled = lazy(lambda made: settle(made.owed, Application(made.amount), made.created, credit=False))
        items = lazy(lambda made: [ItemAmount(*share) for share in made.settled[1].items()])

    invoice = needed("invoice")
    id = lazy(lambda made: made.bench.id())
    number = lazy(lambda made: made.bench.number("payment"))
    account_id = same("owed.account_id")
    amount = same("owed.balance")
    currency = same("owed.currency")
    effective_date = same("bench.today")
    payment_method_id = same("account.default_payment_method_id")
    type = lazy(lambda made: "Electronic" if made.payment_method_id else "External")
    status = "Processed"
    created = same("bench.now")
    updated = same("created")
    parts = lazy(lambda made: with_part((), made.owed, made.items, made.bench, made.created))

    @classmethod
    def keep(cls, bench: Bench, row: Payment, fields: dict[str, Any]) -> None:
        """Put it, and apply it to its invoice."""
        owed = bench.table("invoices").find(fields["invoice"].id)
        shares = {share.item_id: share.amount for part in row.parts for share in part.shares}
        bench.put(settle_items(owed, shares, row.created, credit=False))
        bench.put(row)


FACTORY = PaymentFactory
