"""A payment is left over as far as it is not applied."""

from datetime import UTC, date, datetime
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.parts import Part, Share
from toolkit.billing.payments import Payment

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
PART = Part(
    id="3",
    document_id="4",
    document_number="INV1",
    kind="invoice",
    shares=(Share("5", "6", Decimal(12)),),
    created=NOW,
    updated=NOW,
)


def test_what_is_applied_or_refunded_is_left_no_more() -> None:
    """Source: PUT apply and unapply payment (SET-057, SET-058)."""
    applied = replace(PAYMENT, parts=(PART,))
    assert [applied.applied, applied.unapplied] == [12, Decimal("2.99")]
    assert [PAYMENT.applied, PAYMENT.unapplied] == [0, Decimal("14.99")]
    assert replace(applied, refunded=Decimal(2)).unapplied == Decimal("0.99")


def test_a_payment_that_was_not_processed_leaves_nothing() -> None:
    assert replace(PAYMENT, status="Error").unapplied == 0
