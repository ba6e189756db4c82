"""A payment is left over as far as it is not applied."""

from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.payments import Payment, PaymentPart

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAYMENT = Payment(
    id="1",
    number="P-1",
    account_id="2",
    amount=Decimal("14.99"),
    currency="USD",
    effective_date=date(2026, 1, 1),
    type="External",
    status="Processed",
    payment_method_id=None,
    created=NOW,
    updated=NOW,
)


def test_what_is_applied_or_refunded_is_left_no_more() -> None:
    """Source: PUT apply and unapply payment (SET-057, SET-058)."""
    applied = replace(PAYMENT, parts=(PaymentPart("3", "4", "INV1", Decimal(12)),))
    assert [applied.applied, applied.unapplied] == [12, Decimal("2.99")]
    assert [PAYMENT.applied, PAYMENT.unapplied] == [0, Decimal("14.99")]
    assert replace(applied, refunded=Decimal(2)).unapplied == Decimal("0.99")


def test_a_payment_that_was_not_processed_leaves_nothing() -> None:
    assert replace(PAYMENT, status="Error").unapplied == 0
