"""Unbilling: what a bill marked as billed is taken back, so that the next bill bills it again."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from toolkit.billing.errors import RuleError
from toolkit.billing.invoices import Bill, mark_billed
from toolkit.billing.marks import Mark
from toolkit.billing.subscriptions import Charge, Subscription


def marks_of(owed: Bill) -> Iterator[Mark]:
    """Yield how far a bill moves each charge that it touches."""
    now = {charge.id: charge for subscription in owed.subscriptions for charge in subscription.charges}
    before = {line.item.charge.id: line.item.charge for line in owed.lines}
    for identity, charge in before.items():
        billed = now[identity]
        yield Mark(
            identity,
            charge.charged_through,
            charge.processed_through,
            charge.grants,
            (billed.charged_through, billed.grants),
        )


def unbill(subscription: Subscription, marks: Mapping[str, Mark]) -> Subscription:
    """Take back what a bill marked as billed, also of a segment that has been cut from it since.

    Raises:
        RuleError: A charge was billed further since.
    """
    for charge in subscription.charges:
        billed = marks.get(charge.id)
        if billed is not None and (charge.charged_through, charge.grants) != billed.now:
            raise RuleError(
                f"The charge {charge.number} was billed again since, through {charge.charged_through}: "
                "cancel what billed it last first."
            )
    moved = {key: (one.through, one.processed) for key, one in marks.items()}
    moved |= _inherited(subscription, marks)
    freed = mark_billed(subscription, moved, {key: one.grants for key, one in marks.items()})
    if not any(charge.installments for charge in freed.charges):
        return freed
    plans = (replace(plan, charges=tuple(map(_shortened, plan.charges))) for plan in freed.rate_plans)
    return replace(freed, rate_plans=tuple(plans))


def _shortened(charge: Charge) -> Charge:
    """Return a charge without the installments that reach beyond what is billed."""
    through = charge.charged_through
    kept = tuple(one for one in charge.installments if through is not None and one.end <= through)
    return replace(charge, installments=kept)


def _inherited(
    subscription: Subscription, marks: Mapping[str, Mark]
) -> Iterator[tuple[str, tuple[date | None, None]]]:
    """Yield how far the segments are billed without this bill that took over what it had billed beyond a cut.

    Usage and one-time charges are handed on so when an order cuts them; see `segments.split`.
    """
    billed = {charge.number: marks[charge.id] for charge in subscription.charges if charge.id in marks}
    for charge in subscription.charges:
        former = billed.get(charge.number)
        if former is None or charge.id in marks or charge.processed_through is not None:
            continue
        if charge.charged_through is not None and charge.charged_through == former.now[0]:
            before = former.through
            yield charge.id, (before if before and before > charge.effective_start else None, None)
