"""A credit memo is used up by what it is applied to."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import pytest
from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo, apply_memo
from toolkit.billing.errors import RuleError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MEMO = CreditMemo(
    id="1",
    number="CM1",
    account_id="2",
    currency="USD",
    memo_date=NOW.date(),
    target_date=date(2026, 1, 1),
    status="Posted",
    items=(),
    amount=Decimal(15),
    created=NOW,
    updated=NOW,
    source="API",
)


def test_what_is_applied_or_refunded_is_left_no_more() -> None:
    """Source: PUT unapply credit memo (SET-056): of 15, 14 are applied and 1 is not."""
    later = NOW.replace(hour=1)
    used = apply_memo(MEMO, Decimal(14), later)
    assert [used.applied, used.unapplied, MEMO.unapplied] == [14, 1, 15]
    assert used.updated == later
    assert replace(used, refunded=Decimal(1)).unapplied == 0
    with pytest.raises(
        RuleError, match="1.01 should not be greater than the unapplied amount 1 of the credit memo CM1"
    ):
        apply_memo(used, Decimal("1.01"), later)


@pytest.mark.parametrize(("status", "left"), [("Draft", 15), ("Canceled", 0)])
def test_only_a_posted_memo_is_applied(status: Literal["Draft", "Canceled"], left: int) -> None:
    """Source: POST credit memo from invoice (SET-060): of a draft of 10, 10 are unapplied."""
    memo = replace(MEMO, status=status)
    assert memo.unapplied == left
    with pytest.raises(RuleError, match=f"CM1 is {status}: only Posted ones can be applied"):
        apply_memo(memo, Decimal(1), NOW)
