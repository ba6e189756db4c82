"""Parts: what of a payment or a credit memo went to which invoice or debit memo, item by item."""

from collections.abc import Container, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple, Protocol

import msgspec
from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.orders import Names

DebtKind = Literal["invoice", "debit memo"]
DocumentKind = Literal["invoice", "debit memo", "credit memo"]
DocumentSource = Literal[
    "BillRun",
    "API",
    "Standalone",
    "AdhocFromPrpc",
    "AdhocFromInvoice",
    "AdhocFromCreditMemo",
    "AdhocFromDebitMemo",
]


ENGINE: frozenset[DocumentSource] = frozenset({"BillRun", "API"})
"""The sources of what bills make; other documents are made by hand."""


class Share(msgspec.Struct, frozen=True, gc=False):
    """What of a part went to one item.

    Attributes:
        item_id: The item, or the tax item, that it settles.
        amount: Negative only for an item whose amount is.
        source_id: The item, or the tax item, of the credit memo that it comes from; None for a payment.
    """

    id: str
    item_id: str
    amount: Decimal
    source_id: str | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of a payment or a credit memo went to one document."""

    id: str
    document_id: str
    document_number: str
    kind: DebtKind
    shares: tuple[Share, ...]
    created: datetime
    updated: datetime

    @property
    def amount(self) -> Decimal:
        """The sum of its shares."""
        return sum((share.amount for share in self.shares), ZERO)


class ItemAmount(NamedTuple):
    """How much goes to one item of a debt, and from which item of a credit memo; either may be a tax item."""

    item_id: str
    amount: Decimal
    source_id: str | None = None


class Settled(Protocol):
    """An invoice or a debit memo."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def number(self) -> str:
        """Its number."""

    @property
    def kind(self) -> DebtKind:
        """Which of both it is."""


def with_part(
    parts: tuple[Part, ...], debt: Settled, items: Iterable[ItemAmount], names: Names, now: datetime
) -> tuple[Part, ...]:
    """Return the parts of a payment or a credit memo with what it gives to the items of `debt` now.

    A document has one part of each payment and credit memo, however often they are applied to it.
    Source: an assumption.
    """
    shares = tuple(Share(names.id(), item.item_id, item.amount, item.source_id) for item in items)
    former = _to(parts, debt)
    if former is not None:
        more = replace(former, shares=former.shares + shares, updated=now)
        return tuple(more if part is former else part for part in parts)
    part = Part(
        id=names.id(),
        document_id=debt.id,
        document_number=debt.number,
        kind=debt.kind,
        shares=shares,
        created=now,
        updated=now,
    )
    return (*parts, part)


def without_part(
    parts: tuple[Part, ...],
    debt: Settled,
    amount: Decimal,
    now: datetime,
    items: Iterable[ItemAmount] | None = None,
) -> tuple[tuple[Part, ...], dict[str, Decimal]]:
    """Take `amount` of a payment or a credit memo back from `debt`.

    Args:
        parts: What was applied.
        debt: The document from which it comes back.
        amount: Positive.
        now: The moment of it.
        items: How much comes back from which item; without them what was applied first comes back
            first. Source: Zuora, default application rule: unapplying is FIFO only.

    Returns:
        The parts that are left, and what comes back from each item of the debt.

    Raises:
        InvalidValueError: `amount` is not positive.
        RuleError: Less was applied, or `items` add up to another amount.
    """
    check_positive(amount)
    part = _to(parts, debt)
    applied = part.amount if part else ZERO
    if part is None or amount > applied:
        raise RuleError(
            f"The amount {amount} should not be greater than the amount {applied} applied to the "
            f"{debt.kind} {debt.number}."
        )
    if items is not None:
        freed = _named(part, amount, items)
    elif amount == applied:
        freed = {share.id: share.amount for share in part.shares}
    else:
        freed = _first(part, amount)
    rest = (replace(share, amount=share.amount - freed.get(share.id, ZERO)) for share in part.shares)
    kept = tuple(share for share in rest if share.amount)
    left = replace(part, shares=kept, updated=now)
    return (
        tuple(left if one is part else one for one in parts if one is not part or kept),
        summed((share.item_id, freed[share.id]) for share in part.shares if share.id in freed),
    )


def given_to(parts: Iterable[Part], debt: Settled, own: Container[str]) -> dict[str, Decimal]:
    """Return what went to those items of `debt` whose ids are in `own`."""
    part = _to(parts, debt)
    shares = part.shares if part else ()
    return summed((share.item_id, share.amount) for share in shares if share.item_id in own)


def _to(parts: Iterable[Part], debt: Settled) -> Part | None:
    return next((part for part in parts if part.document_id == debt.id), None)


def _first(part: Part, amount: Decimal) -> dict[str, Decimal]:
    freed = {}
    for share in part.shares:
        freed[share.id] = taken = nearer(share.amount, amount)
        amount -= taken
    return freed


def _named(part: Part, amount: Decimal, items: Iterable[ItemAmount]) -> dict[str, Decimal]:
    freed: dict[str, Decimal] = {}
    for item in items:
        wanted = item.amount
        for share in part.shares:
            if share.item_id == item.item_id and item.source_id in {None, share.source_id}:
                taken = nearer(share.amount - freed.get(share.id, ZERO), wanted)
                freed[share.id] = freed.get(share.id, ZERO) + taken
                wanted -= taken
        if wanted:
            raise RuleError(
                f"The amount {item.amount} is more than what was applied to the item {item.item_id}."
            )
    check_sum(freed.values(), amount)
    return freed


def check_sum(amounts: Iterable[Decimal], amount: Decimal) -> None:
    """Refuse amounts of items that do not add up.

    Raises:
        RuleError: Their sum is not `amount`.
    """
    found = sum(amounts, ZERO)
    if found != amount:
        raise RuleError(f"The amounts of the items add up to {found}, not to the amount {amount}.")


def summed(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add up amounts by key."""
    sums: dict[str, Decimal] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, ZERO) + amount
    return sums


def nearer(one: Decimal, other: Decimal) -> Decimal:
    """Return the amount that is nearer to 0 of two on the same side of it, and 0 for others."""
    return max(min(one, other), ZERO) + min(max(one, other), ZERO)
