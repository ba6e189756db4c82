"""Payments are applied, taken back, transferred and cancelled."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.gateways import APPROVED, LOST, NO_ANSWER
from toolkit.billing.parts import ItemAmount, Part, Share
from toolkit.billing.payments import Payment, answered, apply_payment, cancel, transfer, unapply_payment
from toolkit.billing.refunds import Refund, cancel_refund, refund_answered, refund_payment, unrefund_payment
from toolkit.billing.settlement import item_balances

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.papers import Papers

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAYMENT = Payment(
    id="1",
    number="P-1",
    account_id="account",
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


def test_a_payment_is_applied_and_taken_back(papers: "Papers") -> None:
    """Source: PUT apply and unapply payment (SET-057, SET-058)."""
    later = NOW.replace(hour=1)
    paid, invoice = apply_payment(PAYMENT, papers.invoice("10", "5"), Application(Decimal(12)), papers, later)
    assert [paid.applied, paid.unapplied, paid.updated] == [12, Decimal("2.99"), later]
    assert item_balances(invoice) == {"item-1": 2, "item-2": 1}
    back, invoice = unapply_payment(paid, invoice, Decimal(12), later)
    assert [back.applied, back.unapplied, invoice.balance, back.parts] == [0, Decimal("14.99"), 15, ()]


def test_items_can_be_named_when_a_payment_is_applied_and_taken_back(papers: "Papers") -> None:
    named = (ItemAmount("item-2", Decimal(4)),)
    wanted = Application(Decimal(4), named)
    paid, invoice = apply_payment(PAYMENT, papers.invoice("10", "5"), wanted, papers, NOW)
    assert item_balances(invoice) == {"item-1": 10, "item-2": 1}
    _, invoice = unapply_payment(paid, invoice, Decimal(4), NOW, named)
    assert invoice.balance == 15


def test_many_items_are_settled_one_after_the_other(papers: "Papers") -> None:
    """Source: Zuora, apply unapplied payments: above 15,000 the rule is first in, first out."""
    invoice = papers.invoice(*["0.01"] * 15_001)
    _, invoice = apply_payment(PAYMENT, invoice, Application(Decimal(12)), papers, NOW)
    left = [balance for balance in item_balances(invoice).values() if balance]
    assert left == [Decimal("0.01")] * 13_801


@pytest.mark.parametrize(
    ("terms", "amount", "reason"),
    [
        ({"status": "Processing"}, 1, "P-1 is Processing: only Processed ones can be applied"),
        ({"account_id": None}, 1, "belongs to another account than P-1"),
        ({}, 15, "15 should not be greater than the unapplied amount 14.99 of the payment P-1"),
    ],
)
def test_a_payment_gives_no_more_than_it_has(
    terms: dict[str, str | None], amount: int, reason: str, papers: "Papers"
) -> None:
    payment = replace(PAYMENT, **terms)
    with pytest.raises(RuleError, match=reason):
        apply_payment(payment, papers.invoice("20"), Application(Decimal(amount)), papers, NOW)


def test_only_an_untouched_payment_goes_to_another_account_or_is_cancelled() -> None:
    assert transfer(PAYMENT, None, NOW).account_id is None
    gone = cancel(PAYMENT, NOW)
    assert (gone.status, gone.cancelled) == ("Canceled", NOW)
    assert gone.unapplied == 0
    verbs: list[Callable[[Payment], Payment]] = [
        lambda one: transfer(one, "x", NOW),
        lambda one: cancel(one, NOW),
    ]
    for touched in (replace(PAYMENT, parts=(PART,)), replace(PAYMENT, refunded=Decimal(1)), gone):
        for verb in verbs:
            with pytest.raises(RuleError, match="wholly unapplied can be"):
                verb(touched)
    with pytest.raises(RuleError, match="only External ones can be canceled"):
        cancel(replace(PAYMENT, type="Electronic"), NOW)


def test_the_answer_of_the_gateway_is_the_status() -> None:
    """Source: Zuora, payment status values."""
    payment = replace(PAYMENT, status="Draft")
    told = [answered(payment, response, NOW) for response in (APPROVED, LOST, NO_ANSWER)]
    assert [one.status for one in told] == ["Processed", "Error", "Processing"]
    assert [one.gateway_state for one in told] == ["Submitted", "NotSubmitted", "NotSubmitted"]
    assert [one.submitted for one in told] == [NOW, None, None]


def test_a_refund_pays_back_what_is_unapplied() -> None:
    payment = refund_payment(PAYMENT, Decimal(10), NOW)
    assert [payment.refunded, payment.unapplied] == [10, Decimal("4.99")]
    with pytest.raises(RuleError, match="5 should not be greater than the unapplied amount 4.99"):
        refund_payment(payment, Decimal(5), NOW)
    with pytest.raises(InvalidValueError, match="0 should be greater than 0"):
        refund_payment(payment, Decimal(0), NOW)
    assert unrefund_payment(payment, Decimal(10), NOW).unapplied == Decimal("14.99")


def test_only_an_external_refund_that_is_done_can_be_cancelled() -> None:
    refund = Refund(
        id="1",
        number="R-1",
        account_id="account",
        amount=Decimal(1),
        refund_date=NOW.date(),
        type="External",
        method_type="Check",
        status="Processed",
        created=NOW,
        updated=NOW,
        part_id="2",
    )
    gone = cancel_refund(refund, NOW)
    assert (gone.status, gone.cancelled) == ("Canceled", NOW)
    for other in (gone, replace(refund, type="Electronic")):
        with pytest.raises(RuleError, match="Only External refunds with Processed status"):
            cancel_refund(other, NOW)
    told = [refund_answered(refund, response, NOW).status for response in (APPROVED, LOST, NO_ANSWER)]
    assert told == ["Processed", "Error", "Processing"]
