"""What is written off or reversed is settled by a memo of its items."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo
from toolkit.billing.documents import amounts
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.memos import MemoTerms
from toolkit.billing.parts import ItemAmount
from toolkit.billing.reversals import reverse, reverse_memo
from toolkit.billing.rules import BillingRules
from toolkit.billing.settlement import item_balances, settle
from toolkit.billing.writeoffs import write_off, write_off_memo

if TYPE_CHECKING:
    from tests.billing.papers import Papers
    from toolkit.billing.documents import DocumentItem
    from toolkit.billing.rules import MirrorRule

YES, NOT_ZERO, NO = (BillingRules(mirror_items=rule) for rule in ("yes", "not_zero", "no"))


@pytest.fixture
def terms(papers: "Papers") -> MemoTerms:
    made = papers.invoice("1")
    return MemoTerms(
        account_id="account",
        currency="USD",
        memo_date=made.invoice_date,
        now=made.created,
        source="AdhocFromInvoice",
    )


def values(items: "tuple[DocumentItem, ...]") -> list[Decimal]:
    return [amount for _, amount in amounts(items)]


def test_what_is_left_of_a_paid_invoice_s_items_is_written_off(papers: "Papers", terms: MemoTerms) -> None:
    """Source: write-off use case VII (SET-027)."""
    invoice = papers.taxed_invoice("100 20", "-10 -2")
    paid, _ = settle(invoice, Application(Decimal(108)), terms.now, credit=False)
    memo, settled = write_off(paid, terms, NO, papers)
    assert values(memo.items) == [10, 2, -10, -2]
    assert [memo.amount, settled.balance, settled.credited] == [0, 0, 0]
    assert set(item_balances(settled).values()) == {0}
    assert [memo.status, memo.unapplied] == ["Posted", 0]


@pytest.mark.parametrize(
    ("rules", "expected"), [(YES, [100, 20, 0, 0]), (NOT_ZERO, [100, 20]), (NO, [100, 20])]
)
def test_what_is_paid_of_an_invoice_is_mirrored_with_nothing_or_not_at_all(
    papers: "Papers", terms: MemoTerms, rules: BillingRules, expected: list[int]
) -> None:
    """Source: Zuora, invoice write-off use case VI: writing off partially paid invoices."""
    invoice = papers.taxed_invoice("100 20", "10 2")
    second = invoice.items[1]
    parts = [ItemAmount(second.id, Decimal(10)), ItemAmount(second.tax_items[0].id, Decimal(2))]
    paid, _ = settle(invoice, Application(Decimal(12), parts), terms.now, credit=False)
    memo, settled = write_off(paid, terms, rules, papers)
    assert values(memo.items) == expected
    assert [memo.amount, settled.balance] == [120, 0]
    assert set(item_balances(settled).values()) == {0}


@pytest.mark.parametrize(("rule", "expected"), [("Proration", [25, 5]), ("FIFO", [30])])
def test_an_amount_is_written_off_by_the_rule(
    rule: str, expected: list[int], papers: "Papers", terms: MemoTerms
) -> None:
    rules = replace(YES, write_off_rule=rule)
    memo, settled = write_off(papers.debit_memo("100", "20"), terms, rules, papers, Decimal(30))
    assert values(memo.items) == expected
    assert [settled.balance, memo.unapplied] == [90, 0]


@pytest.mark.parametrize(("amount", "error"), [(Decimal(0), InvalidValueError), (Decimal(121), RuleError)])
def test_no_more_is_written_off_than_is_open(
    amount: Decimal, error: type[Exception], papers: "Papers", terms: MemoTerms
) -> None:
    with pytest.raises(error, match="should"):
        write_off(papers.invoice("100", "20"), terms, YES, papers, amount)


@pytest.mark.parametrize("rules", [NOT_ZERO, NO])
def test_where_nothing_is_open_only_mirroring_makes_a_memo(
    rules: BillingRules, papers: "Papers", terms: MemoTerms
) -> None:
    paid, _ = settle(papers.invoice("100"), Application(Decimal(100)), terms.now, credit=False)
    memo, _ = write_off(paid, terms, YES, papers)
    assert values(memo.items) == [0]
    with pytest.raises(RuleError, match="has nothing to write off"):
        write_off(paid, terms, rules, papers)


@pytest.mark.parametrize(("rules", "expected"), [(YES, [10, -33]), (NOT_ZERO, [10, -33]), (NO, [1, -330])])
def test_a_reversal_mirrors_quantity_and_price(
    rules: BillingRules, expected: list[int], papers: "Papers", terms: MemoTerms
) -> None:
    """Source: invoice write-off and reversal enhancements, case 1 (SET-028): 10 of 33, and 1 of 100."""
    invoice = papers.invoice("330", "100")
    ten = replace(invoice.items[0], quantity=Decimal(10), unit_price=Decimal(33))
    memo, settled = reverse(replace(invoice, items=(ten, invoice.items[1])), terms, rules, papers)
    assert [memo.items[0].quantity, memo.items[0].unit_price] == expected
    assert [memo.items[1].quantity, memo.items[1].unit_price] == [1, -100]
    assert [memo.amount, memo.unapplied, settled.balance] == [430, 0, 0]


@pytest.mark.parametrize(
    ("rule", "expected"), [("yes", [100, 0, 10, 0]), ("not_zero", [100, 10]), ("no", [100, 10])]
)
def test_what_is_0_is_mirrored_by_the_rule(
    rule: "MirrorRule", expected: list[int], papers: "Papers", terms: MemoTerms
) -> None:
    """Source: reversal, case IV (SET-023)."""
    memo, _ = reverse(papers.taxed_invoice("100 0", "10 0"), terms, BillingRules(mirror_items=rule), papers)
    assert values(memo.items) == expected
    assert memo.amount == 110


def test_an_invoice_of_nothing_is_reversed_only_by_mirroring(papers: "Papers", terms: MemoTerms) -> None:
    """Source: reversal, case V (SET-024)."""
    invoice = papers.invoice("0", "0")
    memo, _ = reverse(invoice, terms, YES, papers)
    assert [memo.amount, len(memo.items)] == [0, 2]
    with pytest.raises(RuleError, match="has nothing to write off"):
        reverse(invoice, terms, NO, papers)


def test_some_invoices_are_not_reversed(papers: "Papers", terms: MemoTerms) -> None:
    """Source: reversal, case VI (SET-025); reverse an invoice, restrictions."""
    paid, _ = settle(papers.invoice("100", "32"), Application(Decimal(12)), terms.now, credit=False)
    assert paid.balance == 120
    with pytest.raises(RuleError, match="is settled in part: it cannot be reversed"):
        reverse(paid, terms, YES, papers)
    with pytest.raises(RuleError, match="is negative: it cannot be reversed"):
        reverse(papers.invoice("-1"), terms, YES, papers)
    with pytest.raises(RuleError, match="is Draft: only Posted ones can be settled"):
        reverse(papers.invoice("1", status="Draft"), terms, YES, papers)


def test_a_credit_memo_is_taken_back_by_a_debit_memo(papers: "Papers", terms: MemoTerms) -> None:
    memo = papers.credit_memo("15", "-3")
    debit, used = reverse_memo(memo, replace(terms, source="AdhocFromCreditMemo"), YES, papers)
    assert (debit.status, debit.credit_memo_id, debit.source) == ("Posted", memo.id, "AdhocFromCreditMemo")
    assert [debit.amount, debit.balance, used.applied, used.unapplied] == [12, 0, 12, 0]
    assert used.reversed
    assert not write_off_memo(memo, terms, YES, papers)[1].reversed


def test_a_memo_that_is_applied_or_no_longer_valid_is_not_taken_back(
    papers: "Papers", terms: MemoTerms
) -> None:
    memo, _ = apply_memo(
        papers.credit_memo("15"), papers.invoice("9"), Application(Decimal(1)), papers, terms.now
    )
    with pytest.raises(RuleError, match="is not fully unapplied: it cannot be written off"):
        write_off_memo(memo, terms, YES, papers)
    with pytest.raises(RuleError, match="is Draft: only Posted ones can be applied"):
        reverse_memo(papers.credit_memo("15", status="Draft"), terms, YES, papers)
