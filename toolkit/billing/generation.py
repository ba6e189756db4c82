"""Generation: the invoices and credit memos that a bill becomes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from toolkit.billing.accounts import Account, PaymentTerm, due_date
from toolkit.billing.addressees import DEFAULT, Addressee
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import DocumentItem, document_items, total
from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Bill, Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Names
from toolkit.billing.parts import DocumentSource, summed
from toolkit.billing.rating import Line, RatedItem
from toolkit.billing.rules import DEFAULT_RULES, BillingRules
from toolkit.billing.subscriptions import Subscription

MOST_PREVIEWED = 1000
"""Items of a document whose taxes are looked at before it is one. Source: Zuora, tax preview."""


class Heading(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a billing document says above its items; `payment_terms` are the tenant's own.

    Attributes:
        addressee: Of the subscriptions that it bills, where it is not the account's.
    """

    account: Account
    invoice_date: date
    target_date: date
    now: datetime
    source: DocumentSource
    source_id: str | None
    post: bool
    payment_terms: Mapping[str, PaymentTerm] = {}
    addressee: Addressee = DEFAULT


def documents(
    owed: Bill,
    heading: Heading,
    names: Names,
    rules: BillingRules = DEFAULT_RULES,
    more: tuple[DocumentItem, ...] = (),
) -> tuple[Invoice | CreditMemo, ...]:
    """Turn a bill into an invoice, a credit memo, or several of them; into nothing when nothing is due.

    A subscription that is to be invoiced separately has documents of its own; the others share theirs with
    those of the same addressee.
    What becomes a credit memo is decided by the generation rule, of amounts with tax if there are not too
    many of them.
    Items of which no subscription knows, in `more`, are on the shared invoice, or on one of their own where
    the tenant does not consolidate them. They never become a credit memo.
    Source: Zuora, rules for generating invoices and credit memos; tax preview to prevent negative billing
    documents, which is always made with Zuora Tax; invoice subscriptions separately; use cases of
    subscription management and invoice generation; of order line items, interaction with invoice settlement.

    Raises:
        RuleError: An invoice with items of `more` would be negative.
    """
    made: list[Invoice | CreditMemo] = []
    if more and not rules.consolidate:
        made.append(_invoice((), heading, names, rules, more))
        more = ()
    for addressee, lines in _invoiced_together(owed, heading.account):
        head = replace(heading, addressee=addressee)
        whole = more and rules.credit_memo_generation == "net_negative"
        charges, credited = (lines, ()) if whole else _divided(lines, rules)
        if charges or more:
            made.append(_invoice(charges, head, names, rules, more))
            more = ()
        if credited:
            made.append(_credit_memo(credited, head, names, rules))
    return tuple(made)


def parts(owed: Bill, account: Account, rules: BillingRules) -> Iterator[tuple[Sequence[Line], bool]]:
    """Yield the lines of each document that a bill becomes, and whether it is a credit memo."""
    for _, lines in _invoiced_together(owed, account):
        for part, credited in zip(_divided(lines, rules), (False, True), strict=True):
            if part:
                yield part, credited


def credited(owed: Bill, account: Account, rules: BillingRules) -> list[bool]:
    """Return for each line of a bill whether it will be on a credit memo."""
    kinds = [credit for _, credit in parts(owed, account, rules)]
    return [kinds[place] for place in placed(owed, account, rules)]


def placed(owed: Bill, account: Account, rules: BillingRules) -> list[int]:
    """Return for each line of a bill which of its documents the line will be on."""
    places = {
        id(line): place
        for place, (part, _) in enumerate(parts(owed, account, rules))
        for line in part
        if line.item.applied_to is None
    }
    return [places[id(base)] for base in _bases(owed.lines)]


def _invoiced_together(owed: Bill, account: Account) -> Iterator[tuple[Addressee, Sequence[Line]]]:
    """Yield the lines that share documents; first those of subscriptions of which nothing special is said."""

    def key_of(subscription: Subscription) -> tuple[Addressee, str | None]:
        alone = subscription.id if subscription.invoice_separately else None
        return subscription.addressee.beside(account), alone

    common = (DEFAULT, None)
    keys = dict.fromkeys([common, *map(key_of, owed.subscriptions)])
    if len(keys) == 1:
        yield DEFAULT, owed.lines
        return
    owners = [key_of(base.subscription) for base in _bases(owed.lines)]
    for key in keys:
        yield key[0], _part(owed.lines, [owner == key for owner in owners])


def _divided(lines: Sequence[Line], rules: BillingRules) -> tuple[Sequence[Line], Sequence[Line]]:
    """Part the lines of an invoice from those of a credit memo."""
    rule, amounts = rules.credit_memo_generation, _amounts(lines)
    if rule == "net_negative":
        return ((), lines) if sum(amounts, ZERO) < 0 else (lines, ())
    bases = _bases(lines)
    if rule == "net_negative_by_charge":
        numbers = [base.item.charge.number for base in bases]
        nets = summed(zip(numbers, amounts, strict=True))
        credited = [nets[number] < 0 for number in numbers]
    else:
        zero = rule == "negative_and_zero_credits"
        credited = [_is_credit(base.item, zero=zero) for base in bases]
    return _part(lines, [not one for one in credited]), _part(lines, credited)


def _amounts(lines: Sequence[Line]) -> list[Decimal]:
    """Return the amounts by which lines are divided, with tax unless there are too many for that."""
    if len(lines) <= MOST_PREVIEWED and any(line.taxes for line in lines):
        return [line.item.amount + line.tax_amount for line in lines]
    return [line.item.amount for line in lines]


def _is_credit(item: RatedItem, *, zero: bool) -> bool:
    return item.amount < 0 or (zero and item.credit and item.amount == 0)


def _bases(lines: Sequence[Line]) -> list[Line]:
    """Return for each line what decides where it goes: a discount stays with what it discounts."""
    return [line if line.item.applied_to is None else lines[line.item.applied_to] for line in lines]


def _part(lines: Sequence[Line], chosen: Iterable[bool]) -> tuple[Line, ...]:
    """Return the chosen lines; a discount among them points to where its item is now."""
    kept = [index for index, is_chosen in enumerate(chosen) if is_chosen]
    places = {index: place for place, index in enumerate(kept)}
    return tuple(_moved(lines[index], places) for index in kept)


def _moved(line: Line, places: Mapping[int, int]) -> Line:
    if line.item.applied_to is None:
        return line
    return replace(line, item=replace(line.item, applied_to=places[line.item.applied_to]))


def _invoice(
    lines: Sequence[Line],
    heading: Heading,
    names: Names,
    rules: BillingRules,
    more: tuple[DocumentItem, ...],
) -> Invoice:
    account = heading.account
    if more and total(more) + sum(_amounts(lines), ZERO) < 0:
        raise RuleError(
            f"With its order line items the invoice of the account {account.number} would be negative."
        )
    items = (*document_items(lines, names, heading.now, suffix=rules.credit_suffix), *more)
    if rules.round_invoices:
        items += _rounding(items, heading, names, rules)
    return invoice_of(items, heading, names)


def invoice_of(
    items: Sequence[DocumentItem], heading: Heading, names: Names, number: str | None = None
) -> Invoice:
    """Return an invoice of these items; `number` is the customer's own, None for the next one."""
    account, addressee = heading.account, heading.addressee
    term = addressee.payment_term or account.payment_term
    return Invoice(
        id=names.id(),
        number=number or names.number("invoice"),
        account_id=account.id,
        currency=account.currency,
        invoice_date=heading.invoice_date,
        due_date=due_date(heading.invoice_date, term, heading.payment_terms),
        target_date=heading.target_date,
        status="Posted" if heading.post else "Draft",
        items=tuple(items),
        amount=total(items),
        created=heading.now,
        updated=heading.now,
        source=heading.source,
        source_id=heading.source_id,
        posted=heading.now if heading.post else None,
        payment_term=addressee.payment_term,
        bill_to_id=addressee.bill_to_id,
        group=addressee.group,
    )


def _rounding(
    items: Sequence[DocumentItem], heading: Heading, names: Names, rules: BillingRules
) -> tuple[DocumentItem, ...]:
    """Return the item by which the total is rounded, if it is.

    Source: Zuora, invoice-level rounding example (SET-034).
    """
    account, whole = heading.account, total(items)
    amount = rules.rounded_total(whole, account.currency) - whole
    if not amount:
        return ()
    item = DocumentItem(
        id=names.id(),
        charge_name="Rounding Amount",
        start=heading.invoice_date,
        end=heading.invoice_date,
        amount=amount,
        quantity=ZERO,
        unit_price=ZERO,
        processing_type="Rounding",
        charge_date=heading.now,
    )
    return (item,)


def _credit_memo(lines: Sequence[Line], heading: Heading, names: Names, rules: BillingRules) -> CreditMemo:
    items = document_items(lines, names, heading.now, sign=-1, suffix=rules.credit_suffix)
    return CreditMemo(
        id=names.id(),
        number=names.number("credit memo"),
        account_id=heading.account.id,
        currency=heading.account.currency,
        memo_date=heading.invoice_date,
        target_date=heading.target_date,
        status="Posted" if heading.post else "Draft",
        items=items,
        amount=total(items),
        created=heading.now,
        updated=heading.now,
        source=heading.source,
        source_id=heading.source_id,
        posted=heading.now if heading.post else None,
        bill_to_id=heading.addressee.bill_to_id,
    )
