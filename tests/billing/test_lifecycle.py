"""Documents are posted, unposted and cancelled in order."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo, refund_memo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.lifecycle import cancel, post, unpost
from toolkit.billing.settlement import settle

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.credits import CreditMemo
    from toolkit.billing.debits import DebitMemo
    from toolkit.billing.invoices import Invoice


@pytest.fixture(params=["invoice", "debit_memo", "credit_memo"])
def posted(request: pytest.FixtureRequest, papers: "Papers") -> "Invoice | DebitMemo | CreditMemo":
    made: Invoice | DebitMemo | CreditMemo = getattr(papers, request.param)("5")
    return made


def test_a_draft_is_posted_and_what_is_posted_made_a_draft(
    posted: "Invoice | DebitMemo | CreditMemo",
) -> None:
    later = posted.created.replace(hour=5)
    draft = unpost(posted, later)
    assert (draft.status, draft.posted, draft.updated) == ("Draft", None, later)
    again = post(draft, later)
    assert (again.status, again.posted) == ("Posted", later)
    with pytest.raises(InvalidValueError, match=f"Only {posted.kind}s with Draft status can be posted."):
        post(again, later)
    with pytest.raises(RuleError, match=f"Only {posted.kind}s with Posted status can be unposted."):
        unpost(draft, later)


def test_only_a_draft_is_cancelled(posted: "Invoice | DebitMemo | CreditMemo") -> None:
    later = posted.created.replace(hour=5)
    cancelled = cancel(unpost(posted, later), later)
    assert (cancelled.status, cancelled.updated) == ("Canceled", later)
    with pytest.raises(RuleError, match=f"Only {posted.kind}s with Draft status can be canceled."):
        cancel(posted, later)


def test_what_is_used_is_not_unposted(papers: "Papers") -> None:
    memo, invoice, debit = papers.credit_memo("9"), papers.invoice("5"), papers.debit_memo("5")
    now = memo.created
    applied, credited = apply_memo(memo, invoice, Application(Decimal(1)), papers, now)
    refunded, _ = refund_memo(memo, Decimal(1), now)
    paid, _ = settle(debit, Application(Decimal(1)), now, credit=False)
    with pytest.raises(RuleError, match="The invoice .* is applied or settled in part already"):
        unpost(credited, now)
    with pytest.raises(RuleError, match="The debit memo .* is applied or settled in part already"):
        unpost(paid, now)
    for used in (applied, refunded):
        with pytest.raises(RuleError, match="The credit memo .* is applied or settled in part already"):
            unpost(used, now)
