"""Payments of invoices."""

from typing import Any

from toolkit.billing.invoices import settle
from toolkit.billing.payments import Payment
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
    parts = lazy(
        lambda made: (
            {
                "id": made.bench.id(),
                "invoice_id": made.invoice.id,
                "invoice_number": made.invoice.number,
                "amount": made.amount,
            },
        )
    )

    @classmethod
    def keep(cls, bench: Bench, row: Payment, fields: dict[str, Any]) -> None:
        """Put it, and apply it to its invoice."""
        owed = bench.table("invoices").find(fields["invoice"].id)
        bench.put(settle(owed, row.amount, bench.now, credit=False))
        bench.put(row)


FACTORY = PaymentFactory
