"""Crediting: what of an invoice bills give back, and how much is left to be credited by hand."""

from collections.abc import Container, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import VOID, DocumentItem, tax_total, total
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.parts import summed
from toolkit.billing.rules import BillingRules


class Available(NamedTuple):
    """What can still be credited of an invoice.

    Attributes:
        whole: Taxes included.
        items: Of each item by id, without tax.
        tax: Of all taxes together.
        taxes: Of each tax item by id; what bills have credited of taxes lessens their sum alone.
    """

    whole: Decimal
    items: dict[str, Decimal]
    tax: Decimal
    taxes: dict[str, Decimal]


def available_to_credit(
    invoice: Invoice, memos: Iterable[CreditMemo], invoices: Iterable[Invoice], rules: BillingRules
) -> Available:
    """Return what can still be credited of an invoice by hand.

    Payments leave it as it is. What bills have credited since counts if the tenant says so: items of
    their memos, and negative items of later invoices, for the same charge and part of the same time.
    Source: Zuora, preventing over-crediting (SET-007 to SET-011).

    Args:
        invoice: The invoice.
        memos: The account's credit memos.
        invoices: The account's invoices.
        rules: The tenant's.
    """
    valid = [memo for memo in memos if memo.status != "Canceled"]
    taken = [item for memo in valid if memo.invoice_id == invoice.id for item in memo.items]
    credited = summed((item.source_item_id or "", item.amount) for item in taken)
    given_back = summed((tax.source_id or "", tax.amount) for item in taken for tax in item.tax_items)
    whole, tax_left = invoice.amount - total(taken), tax_total(invoice.items) - tax_total(taken)
    if rules.count_engine_credits:
        later = [one for one in invoices if one.status not in VOID and one.id != invoice.id]
        given = [item for memo in valid if memo.invoice_id is None for item in memo.items]
        back = [(item, 1) for item in given] + [(item, -1) for one in later for item in one.items]
        for item, sign in back:
            found = _credited_by(item, invoice.items)
            if found and sign * item.amount > 0:
                whole -= sign * (item.amount + item.tax_amount)
                tax_left -= sign * item.tax_amount
                credited[found.id] = credited.get(found.id, ZERO) + sign * item.amount
    taxes = [tax for item in invoice.items for tax in item.tax_items]
    return Available(
        whole,
        {item.id: item.amount - credited.get(item.id, ZERO) for item in invoice.items},
        tax_left,
        {tax.id: tax.amount - given_back.get(tax.id, ZERO) for tax in taxes},
    )


def _credited_by(credit: DocumentItem, items: Sequence[DocumentItem]) -> DocumentItem | None:
    """Return the item of which a bill's credit takes back a part."""
    if credit.charge_number is None:
        return None
    return next(
        (
            item
            for item in items
            if item.charge_number == credit.charge_number
            and item.start <= credit.start
            and credit.end <= item.end
        ),
        None,
    )


def credit_from(memo: CreditMemo, invoices: Iterable[Invoice]) -> CreditMemo:
    """Let the items of a bill's memo name the invoice items of which they give back a part, the latest ones.

    Source: Zuora, use cases of invoice and memo association, case I; its known limitations: of an invoice
    that was split, usually the part with the greater sequence number. That discounts name none is an
    assumption.

    Args:
        memo: The memo of a bill.
        invoices: The account's, the latest last.
    """
    valid = [one for one in invoices if one.status not in VOID]
    billed = [item for one in reversed(valid) for item in one.items if item.amount > 0]
    found = ((item, _credited_by(item, billed) if item.amount > 0 else None) for item in memo.items)
    items = tuple(
        item if source is None else replace(item, source_item_id=source.id) for item, source in found
    )
    return replace(memo, items=items)


def check_credit(
    available: Available,
    items: Sequence[DocumentItem],
    rules: BillingRules,
    by_hand: Container[str] = (),
) -> None:
    """Refuse items of a credit memo that take more of an invoice than can be credited.

    Source: Zuora, preventing over-crediting, for tax: taxes that are computed are looked at together.

    Args:
        available: What can be credited.
        items: The memo's.
        rules: The tenant's.
        by_hand: The ids of the invoice's items whose taxes are said, and not computed.

    Raises:
        RuleError: They do, as a whole or, where the tenant says so, one of them, or their taxes.
    """
    wanted = total(items)
    if wanted > available.whole:
        raise RuleError(
            f"The amount {wanted} of the credit memo should not be greater than the {available.whole} "
            "that is available to credit."
        )
    if rules.credit_validation == "header":
        return
    for key, amount in summed((item.source_item_id or "", item.amount) for item in items).items():
        if amount > available.items[key]:
            raise RuleError(
                f"The amount {amount} should not be greater than the {available.items[key]} that is "
                f"available to credit of the item {key}."
            )
    if tax_total(items) > available.tax:
        raise RuleError(
            f"The taxes of {tax_total(items)} should not be greater than the {available.tax} that are "
            "available to credit."
        )
    said = [tax for item in items if (item.source_item_id or "") in by_hand for tax in item.tax_items]
    for key, amount in summed((tax.source_id or "", tax.amount) for tax in said).items():
        if amount > available.taxes[key]:
            raise RuleError(
                f"The amount {amount} should not be greater than the {available.taxes[key]} that is "
                f"available to credit of the tax item {key}."
            )
