"""Memos: credit and debit memos made by hand, from an invoice or from the catalog's charges."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.debits import DebitMemo
from toolkit.billing.documents import DocumentItem, total
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.parts import DocumentSource
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.taxcodes import TaxItem


class MemoTerms(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a memo says above its items.

    Attributes:
        invoice_id: The invoice that it is made from.
        bill_to_id: The contact that gets it, where it is not the account's.
        credit_memo_id: The credit memo that it takes back.
        number: The customer's own; None for the next one.
        due_date: Of a debit memo; None for its own date.
    """

    account_id: str
    currency: str
    memo_date: date
    now: datetime
    source: DocumentSource
    post: bool = False
    invoice_id: str | None = None
    bill_to_id: str | None = None
    credit_memo_id: str | None = None
    number: str | None = None
    reason: str | None = None
    comment: str | None = None
    due_date: date | None = None
    auto_apply: bool = False
    payment_runs: bool = True
    custom_fields: Mapping[str, object] = {}


class Portion(NamedTuple):
    """What a memo takes of an invoice's item; what is None is the item's own.

    Attributes:
        amount: 0 or more, without tax unless it is `inclusive`.
        taxes: The amount of each tax item by id; None for what their rates make of the amount.
        inclusive: Whether the amount includes its taxes.
    """

    item_id: str
    amount: Decimal
    quantity: Decimal | None = None
    start: date | None = None
    end: date | None = None
    description: str | None = None
    taxes: Mapping[str, Decimal] | None = None
    custom_fields: Mapping[str, object] = {}
    inclusive: bool = False


def credit_memo(items: Sequence[DocumentItem], terms: MemoTerms, names: Names) -> CreditMemo:
    """Return a credit memo of these items."""
    return CreditMemo(
        id=names.id(),
        number=terms.number or names.number("credit memo"),
        account_id=terms.account_id,
        currency=terms.currency,
        memo_date=terms.memo_date,
        target_date=terms.memo_date,
        status="Posted" if terms.post else "Draft",
        items=tuple(items),
        amount=total(items),
        created=terms.now,
        updated=terms.now,
        source=terms.source,
        posted=terms.now if terms.post else None,
        invoice_id=terms.invoice_id,
        bill_to_id=terms.bill_to_id,
        reason=terms.reason,
        comment=terms.comment,
        auto_apply=terms.auto_apply,
        payment_runs=terms.payment_runs,
        custom_fields=terms.custom_fields,
    )


def debit_memo(items: Sequence[DocumentItem], terms: MemoTerms, names: Names) -> DebitMemo:
    """Return a debit memo of these items."""
    return DebitMemo(
        id=names.id(),
        number=terms.number or names.number("debit memo"),
        account_id=terms.account_id,
        currency=terms.currency,
        memo_date=terms.memo_date,
        due_date=terms.due_date or terms.memo_date,
        status="Posted" if terms.post else "Draft",
        items=tuple(items),
        amount=total(items),
        created=terms.now,
        updated=terms.now,
        source=terms.source,
        posted=terms.now if terms.post else None,
        invoice_id=terms.invoice_id,
        bill_to_id=terms.bill_to_id,
        reason=terms.reason,
        comment=terms.comment,
        auto_pay=terms.payment_runs,
        credit_memo_id=terms.credit_memo_id,
        custom_fields=terms.custom_fields,
    )


def portions_of(
    invoice: Invoice,
    portions: Iterable[Portion],
    names: Names,
    now: datetime,
    rules: BillingRules = DEFAULT_RULES,
) -> tuple[DocumentItem, ...]:
    """Return the items of a memo that is made from a posted invoice.

    Raises:
        InvalidValueError: An amount is negative. That it may be 0, for taxes alone or for no money at all, is
            of the source.
        NotFoundError: The invoice has no such item, or the item has no such tax item.
        RuleError: The invoice is not posted.

    Source: Zuora, create a credit memo from an invoice: zero-amount memo items.
    """
    if invoice.status != "Posted":
        raise RuleError(f"The invoice {invoice.number} is {invoice.status}: memos are made from Posted ones.")
    known = {item.id: item for item in invoice.items}
    found = []
    for portion in portions:
        item = known.get(portion.item_id)
        if item is None:
            raise NotFoundError(portion.item_id)
        found.append(_portion(item, portion, _taxes(item, portion, invoice.currency, rules), names, now))
    return tuple(found)


def _taxes(item: DocumentItem, portion: Portion, currency: str, rules: BillingRules) -> Mapping[str, Decimal]:
    """Return the amount of each tax item of a portion by id.

    Percentages are taken anew, of what the invoice taxed of the item; other taxes are shared as the amount.
    Of an amount that includes them the last gets what the others leave of the tax on the whole.
    Source: Zuora, scenarios of using tax inclusive mode when creating memos (SET-044).
    """
    if portion.taxes is not None:
        return portion.taxes
    rates = {tax.id: _rate(tax, item.amount) for tax in item.tax_items}
    divisor = 1 + sum(rates.values(), ZERO) if portion.inclusive else 1
    exact = {key: portion.amount * rate / divisor for key, rate in rates.items()}
    taxes = {key: rules.rounded(tax, currency) for key, tax in exact.items()}
    if portion.inclusive and taxes:
        *others, last = taxes
        whole = rules.included(sum(exact.values(), ZERO), portion.amount, currency)
        taxes[last] = whole - sum((taxes[key] for key in others), ZERO)
    return taxes


def _rate(tax: TaxItem, amount: Decimal) -> Decimal:
    """Return the part of an item's amount that a tax of it is."""
    if not (amount and tax.amount):
        return ZERO
    if tax.tax.type == "Percentage" and tax.tax.rate:
        return tax.tax.rate * tax.taxable_amount / amount
    return tax.amount / amount


def _portion(
    item: DocumentItem, portion: Portion, taxes: Mapping[str, Decimal], names: Names, now: datetime
) -> DocumentItem:
    if portion.amount < 0:
        raise InvalidValueError(f"The amount {portion.amount} should not be less than 0.")
    strangers = taxes.keys() - {tax.id for tax in item.tax_items}
    if strangers:
        raise NotFoundError(min(strangers))
    quantity = Decimal(1) if portion.quantity is None else portion.quantity
    amount = portion.amount - sum(taxes.values(), ZERO) if portion.inclusive else portion.amount
    return replace(
        item,
        id=names.id(),
        source_item_id=item.id,
        applied_to_item_id=None,
        processing_type="Charge",
        amount=amount,
        quantity=quantity,
        unit_price=amount / quantity if quantity else amount,
        start=portion.start or item.start,
        end=portion.end or item.end,
        description=item.description if portion.description is None else portion.description,
        charge_date=now,
        custom_fields=portion.custom_fields,
        tax_items=tuple(
            replace(
                tax,
                id=names.id(),
                source_id=tax.id,
                mode="TaxInclusive" if portion.inclusive else "TaxExclusive",
                taxable_amount=amount,
                amount=taxes[tax.id],
                exempt_amount=ZERO,
            )
            for tax in item.tax_items
            if taxes.get(tax.id)
        ),
    )
