"""Usage: what customers have used, and what it costs by billing period."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Literal

from msgspec.structs import replace

from toolkit.billing.documents import DocumentItem
from toolkit.billing.errors import RuleError
from toolkit.billing.models import price_of
from toolkit.billing.money import ZERO
from toolkit.billing.periods import Grid
from toolkit.billing.rating import Rated, RatedItem, reached
from toolkit.billing.rules import BillingRules
from toolkit.billing.smoothing import rate_smoothed
from toolkit.billing.stubs import first_used_day
from toolkit.billing.subscriptions import Charge, Subscription
from toolkit.billing.unnumbered import Unnumbered


class Usage(Unnumbered, frozen=True, kw_only=True, gc=False):
    """One record of an account's usage.

    Attributes:
        start: The day that decides to which billing period the record belongs.
        begun: The moment at which it began, where that is known; for reports only, as `ended` is.
        charge_number: The charge that bills the record; without it every charge with the record's unit of
            measure does, of the subscription that is named or else of the account.
        upload: The file that brought the record.
        group: The customer's own rating group.
        prerated: What a pre-rated charge bills, for a unit or for the record as its model says.
        items: The ids of the document items that bill it.

    Source: Zuora, usage object, additional field detail; usage file format.
    """

    account_id: str
    uom: str
    quantity: Decimal
    start: date
    begun: datetime | None = None
    ended: datetime | None = None
    subscription_number: str | None = None
    charge_number: str | None = None
    upload: str | None = None
    group: str | None = None
    prerated: Decimal | None = None
    description: str | None = None
    source: Literal["API", "Import"] = "API"
    created: datetime | None = None
    updated: datetime | None = None
    custom_fields: Mapping[str, object] = {}
    items: tuple[str, ...] = ()

    @property
    def status(self) -> Literal["Pending", "Processed"]:
        """Whether something bills it. Source: Zuora, usage object, RbeStatus."""
        return "Processed" if self.items else "Pending"


def usage_of(subscription: Subscription, charge: Charge, records: Iterable[Usage]) -> list[Usage]:
    """Return the records that a charge bills, in the order of their days."""
    its = (
        record
        for record in records
        if record.account_id == subscription.account_id
        and _belongs(record, charge.terms.uom, subscription.number, charge.number)
    )
    return sorted(its, key=attrgetter("start"))


def _belongs(
    record: Usage, uom: str | None, subscription_number: str | None, charge_number: str | None
) -> bool:
    return (
        record.uom == uom
        and record.subscription_number in {None, subscription_number}
        and record.charge_number in {None, charge_number}
    )


def processed(records: Iterable[Usage], items: Collection[DocumentItem]) -> Iterator[Usage]:
    """Yield the records that one of these items bills, with its id noted.

    Args:
        records: Those of the account that owns the items' subscriptions.
        items: Of usage charges.
    """
    for record in records:
        billing = tuple(
            item.id
            for item in items
            if item.start <= record.start <= item.end
            and _belongs(record, item.uom, item.subscription_number, item.charge_number)
        )
        if billing:
            yield replace(record, items=(*record.items, *billing))


def released(records: Iterable[Usage], item_ids: Collection[str]) -> Iterator[Usage]:
    """Yield the records that one of these items billed, which are cancelled, without them."""
    for record in records:
        kept = tuple(one for one in record.items if one not in item_ids)
        if kept != record.items:
            yield replace(record, items=kept)


def rate_usage(
    charge: Charge, span: Grid, records: Sequence[Usage], target: date, rules: BillingRules
) -> Rated:
    """Rate one segment of a usage charge up to and including `target`, always in arrears.

    What is billed is closed: records that come late are not rated, and a segment that is cut short
    afterwards gives no credit. On demand the part of a period before the target date is rated with what
    the period has used before, less what that cost; the period is open until its end, so that records
    that nothing bills yet are rated too, and the item begins with the first of them.
    Source: Zuora, rate usage charges; on-demand usage rating by billing period.

    Args:
        charge: The segment.
        span: Its billing periods.
        records: The charge's, in the order of their days; those of other segments are left out.
        target: The target date.
        rules: The tenant's.

    Raises:
        RuleError: A pre-rated charge meets a record without a price.
    """

    def within(first: date, after: date) -> list[Usage]:
        return [record for record in records if first <= record.start < after]

    if charge.terms.model == "Overage" and charge.terms.number_of_periods:
        return rate_smoothed(
            charge, span, lambda first, after: _quantity(charge, within(first, after), rules), target, rules
        )
    start = charge.charged_through or first_used_day(charge, span, rules)
    end = charge.effective_end or date.max
    skips = rules.skip_unused and not rules.unbilled_usage
    items: list[RatedItem] = []
    open_period = charge.open_period
    for period in _periods(charge, span, start, end):
        begin, after = max(period[0], charge.effective_start), min(period[1], end)
        first = max(begin, start)
        if charge.terms.on_demand:
            after = min(after, target)
        if not first < after <= target:
            break
        before = within(begin, first) if charge.terms.on_demand else []
        late = [record for record in before if not record.items]
        used = [*late, *within(first, after)]
        if used or not (skips or charge.terms.drawdown):
            open_period = period if charge.terms.on_demand else None
            part = _part(charge, first, after, period)
            billed = [record for record in before if record.items]
            amount = _amount(charge, [*billed, *used], part, rules)
            if begin < first and charge.terms.on_demand:
                amount -= _amount(charge, billed, part, rules)
            items.append(
                RatedItem(
                    charge=charge,
                    start=min(first, late[0].start) if late else first,
                    end=after,
                    amount=amount,
                    quantity=_quantity(charge, used, rules),
                    partial=part < 1,
                )
            )
    return replace(reached(charge, tuple(items), target, arrears=True), open_period=open_period)


def _periods(charge: Charge, span: Grid, start: date, end: date) -> Iterator[tuple[date, date]]:
    """Yield the billing periods from `start` on; on demand the one that bills have begun stays as it was.

    When the account's bill cycle day moves meanwhile, that period ends where it would have ended, or on the
    new day if that comes first and is not billed yet; what follows lasts until the new day.
    Source: Zuora, on-demand usage rating, changing bill cycle day, cases 1 to 3.
    """
    begun, through = charge.open_period, charge.charged_through
    for first, after in span.periods(start, end):
        if begun is None or through is None or not max(first, begun[0]) < through:
            yield first, after
            continue
        turn = begun[1]
        if through < turn:
            yield begun[0], min(after, turn)
        if turn < after:
            yield turn, after


def _part(charge: Charge, start: date, end: date, period: tuple[date, date]) -> Fraction:
    """Return the part of the period's price that is due, all of it unless the charge says otherwise.

    Source: Zuora, usage charge proration: no proration by default, and by actual days when time based.
    """
    if charge.terms.proration_option == "TimeBasedProration":
        return Fraction((end - start).days, (period[1] - period[0]).days)
    return Fraction(1)


def _amount(charge: Charge, used: Sequence[Usage], part: Fraction, rules: BillingRules) -> Decimal:
    """Sum the rounded prices of the period's rating groups, or of its records.

    Source: Zuora, usage rating by group; rate aggregated or individual usage.
    """
    prices = (price * part.numerator / part.denominator for price in _prices(charge, used, rules))
    return sum((rules.rounded(price, charge.pricing.currency) for price in prices), ZERO)


_GROUPS: dict[str, Callable[[Usage], object]] = {
    "ByUsageStartDate": attrgetter("start"),
    "ByUsageRecord": attrgetter("id"),
    "ByUsageUpload": attrgetter("upload"),
    "ByGroupId": attrgetter("group"),
}
_DIVISIBLE = frozenset({"PerUnit", "Tiered", "Volume"})


def _prices(charge: Charge, used: Sequence[Usage], rules: BillingRules) -> Iterator[Decimal]:
    """Yield the price of each rating group, or of each record where the rules price them one by one.

    Models other than per unit, tiered and volume know no group but the billing period.
    """
    if charge.terms.model not in _DIVISIBLE:
        yield _price(charge, used, rules)
        return
    for group in _groups(charge, used):
        if rules.price_usage_individually and group:
            yield from _individually(charge, group, rules)
        else:
            yield _price(charge, group, rules)


def _groups(charge: Charge, used: Sequence[Usage]) -> Collection[Sequence[Usage]]:
    """Return the period's rating groups; without usage there is one, and it is empty."""
    belongs_to = _GROUPS.get(charge.terms.rating_group or "")
    if belongs_to is None or not used:
        return (used,)
    groups: dict[object, list[Usage]] = defaultdict(list)
    for record in used:
        groups[belongs_to(record)].append(record)
    return groups.values()


def _individually(charge: Charge, group: Sequence[Usage], rules: BillingRules) -> Iterator[Decimal]:
    """Yield the price of each record: records use up tiers in turn, and share the tier of their volume."""
    quantities = [rules.rounded_quantity(record.quantity, charge.terms.uom) for record in group]
    quantity = sum(quantities, ZERO)
    if charge.terms.model == "Volume" and quantity:
        whole = price_of(charge.terms.model, charge.pricing, quantity)
        yield from (whole * one / quantity for one in quantities)
        return
    costs = (price_of(charge.terms.model, charge.pricing, reach) for reach in accumulate(quantities))
    yield from (cost - before for before, cost in pairwise((ZERO, *costs)))


def _price(charge: Charge, used: Sequence[Usage], rules: BillingRules) -> Decimal:
    """Return the unrounded price of these records together."""
    match charge.terms.model:
        case "PreratedPerUnit":
            return sum((_prerated(record, charge) * record.quantity for record in used), ZERO)
        case "PreratedPricing":
            return sum((_prerated(record, charge) for record in used), ZERO)
        case model:
            if rules.unbilled_usage and not used and _begins_above_zero(charge):
                return ZERO
            return price_of(model, charge.pricing, _quantity(charge, used, rules))


def _begins_above_zero(charge: Charge) -> bool:
    """Tell whether no tier is reached without usage. Source: Zuora, unbilled usage (CM-018)."""
    tiers = charge.pricing.tiers
    return bool(tiers) and tiers[0].starting_unit > 0


def _prerated(record: Usage, charge: Charge) -> Decimal:
    if record.prerated is None:
        raise RuleError(f"The usage {record.id} has no price, which the charge {charge.number} needs.")
    return record.prerated


def _quantity(charge: Charge, used: Sequence[Usage], rules: BillingRules) -> Decimal:
    """Return the quantity to rate: the sum, or with a high water mark the sum of the highest day.

    It is rounded by its unit: usage is kept as it was uploaded. Source: Zuora, examples of rounding.
    """
    if not charge.terms.model.startswith("HighWatermark"):
        quantity = sum((record.quantity for record in used), ZERO)
    else:
        days: dict[date, Decimal] = defaultdict(Decimal)
        for record in used:
            days[record.start] += record.quantity
        quantity = max(days.values(), default=ZERO)
    return rules.rounded_quantity(quantity, charge.terms.uom) if rules.units else quantity
