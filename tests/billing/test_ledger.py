"""Each document posts as much debit as credit, to the accounts that it touches."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import pytest
from msgspec.structs import replace

from tests.billing.conftest import NOW
from tests.billing.papers import Papers
from toolkit.billing.allocation import Application
from toolkit.billing.applications import apply_memo, refund_memo
from toolkit.billing.documents import DocumentItem
from toolkit.billing.ledger import WRITE_OFF, Document, LedgerAccount, entries, net
from toolkit.billing.parts import ItemAmount, with_part
from toolkit.billing.payments import Payment
from toolkit.billing.taxcodes import TaxItem

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = NOW.date()


def posted(document: Document) -> dict[LedgerAccount, Decimal]:
    """Return debits less credits by account, of books that balance."""
    found = entries(document)
    assert net(found) == 0
    assert all(min(entry.debit, entry.credit) == 0 for entry in found)
    return {entry.account: net(found, entry.account) for entry in found}


def taxed(papers: Papers, amount: str, tax: str) -> DocumentItem:
    """Return an item with a tax."""
    said = {
        "id": "tax",
        "tax": {"name": "VAT", "rate": "0.2"},
        "code": "VAT",
        "code_description": "",
        "mode": "TaxExclusive",
        "country": None,
        "tax_date": TODAY,
        "start": TODAY,
        "end": TODAY,
        "taxable_amount": amount,
        "amount": tax,
        "unrounded": tax,
    }
    item = papers.item("taxed", Decimal(amount))
    return replace(item, tax_items=(msgspec.convert(said, TaxItem, strict=False),))


def payment(amount: int, **more: object) -> Payment:
    terms = {
        "id": "payment",
        "number": "P-1",
        "account_id": "account",
        "amount": amount,
        "currency": "USD",
        "effective_date": TODAY,
        "type": "External",
        "status": "Processed",
        "payment_method_id": None,
        "created": NOW,
        "updated": NOW,
        **more,
    }
    return msgspec.convert(terms, Payment)


@pytest.mark.parametrize("make", [Papers.invoice, Papers.debit_memo])
def test_what_is_owed_is_receivable_and_earned_or_deferred(
    papers: Papers, make: "Callable[..., Document]"
) -> None:
    later = replace(papers.item("later", Decimal(70)), end=TODAY + timedelta(days=1))
    items = (taxed(papers, "50", "10"), papers.item("off", Decimal(-5)), later)
    assert posted(make(papers, items=items, amount=125)) == {
        "Accounts Receivable": 125,
        "Revenue": -45,
        "Deferred Revenue": -70,
        "Sales Tax Payable": -10,
    }


def test_a_credit_memo_gives_back_applies_and_refunds(papers: Papers) -> None:
    items = (taxed(papers, "50", "10"), papers.item("other", Decimal(40)))
    memo = papers.credit_memo(items=items, amount=100)
    assert posted(memo) == {"Unapplied Credits": -100, "Revenue": 90, "Sales Tax Payable": 10}
    memo, _ = apply_memo(memo, papers.invoice("80"), Application(Decimal(30)), papers, NOW)
    memo, _ = refund_memo(memo, Decimal(20), NOW)
    assert posted(memo) == {
        "Unapplied Credits": -50,
        "Revenue": 90,
        "Sales Tax Payable": 10,
        "Accounts Receivable": -30,
        "Cash": -20,
    }


def test_a_payment_is_cash_until_it_is_applied_or_refunded(papers: Papers) -> None:
    assert posted(payment(100)) == {"Cash": 100, "Unapplied Payments": -100}
    parts = with_part((), papers.invoice("80"), [ItemAmount("item-1", Decimal(60))], papers, NOW)
    assert posted(payment(100, parts=msgspec.to_builtins(parts), refunded=15)) == {
        "Cash": 85,
        "Unapplied Payments": -25,
        "Accounts Receivable": -60,
    }


def test_what_is_not_posted_posts_nothing(papers: Papers) -> None:
    for status in ("Draft", "Canceled"):
        for make in (papers.invoice, papers.debit_memo, papers.credit_memo):
            assert entries(make("10", status=status)) == ()
    assert entries(payment(10, status="Error")) == ()


def test_an_amount_that_is_no_sum_of_items_does_not_balance(papers: Papers) -> None:
    assert net(entries(papers.invoice("10", "20", amount=31))) == 1


def test_what_is_written_off_takes_back_no_revenue(papers: Papers) -> None:
    assert posted(papers.credit_memo("30", reason=WRITE_OFF)) == {"Unapplied Credits": -30, "Write-offs": 30}
