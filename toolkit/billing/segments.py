"""Segments: how orders begin, cut, end and extend the charges of a rate plan."""

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeTerms, Pricing, ProductCharge
from toolkit.billing.errors import InvalidValueError, MissingValueError, RuleError
from toolkit.billing.metrics import mrr, tcv
from toolkit.billing.models import chosen
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Desk, Discounting, Metering, Override, Schedule, Taxation, Triggers
from toolkit.billing.pricechanges import inherit
from toolkit.billing.ratable import check_fit, check_ratable
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, end_day


def begin(
    subscription: Subscription, charge: ProductCharge, wanted: Override, triggers: Triggers, desk: Desk
) -> Charge:
    """Copy a charge of the catalog into a subscription.

    Raises:
        InvalidValueError: It has no price in the subscription's currency, or its price and terms do not
            fit one another.
        MissingValueError: It lacks what its terms call for.
    """
    pricing = charge.pricing.get(subscription.currency)
    if pricing is None:
        raise InvalidValueError(f"The charge {charge.number} has no price in {subscription.currency}.")
    if pricing.cards and wanted.attributes is None:
        pricing = chosen(pricing, {})
    terms, pricing = described(charge.terms, wanted, desk), _repriced(pricing, wanted)
    check_fit(charge.number, terms, pricing, subscription.current_term)
    start = triggers.start(terms, wanted.specific_trigger)
    identity = next(desk.parts)
    quantity = charge.default_quantity if wanted.quantity is None else wanted.quantity
    copied = Charge(
        id=identity,
        original_id=identity,
        number=desk.names.number("charge"),
        product_charge_id=charge.id,
        terms=terms,
        pricing=pricing,
        quantity=Decimal(1)
        if quantity is None and terms.model == "FlatFee"
        else _stored(quantity, terms, desk),
        trigger_day=start,
        effective_start=start,
        effective_end=end_day(terms, start, subscription.end, wanted.specific_end),
        original_order_date=desk.order_date,
        trigger_date=wanted.specific_trigger,
        specific_end_date=wanted.specific_end,
        term=subscription.current_term,
        custom_fields=wanted.custom_fields,
    )
    check_ratable(subscription, copied, desk.bill_cycle_day)
    return replace(copied, dmrc=mrr(copied), dtcv=tcv(copied))


def _stored(quantity: Decimal | None, terms: ChargeTerms, desk: Desk) -> Decimal | None:
    """Round the quantity of a charge by its unit. Source: Zuora, data type rounding rules (CM-062).

    Raises:
        InvalidValueError: It is below zero. Source: the official SDK, whose models of orders allow none.
    """
    if quantity is None:
        return None
    if quantity < 0:
        raise InvalidValueError(f"'quantity' should be at least 0, not {quantity}.")
    return desk.rules.rounded_quantity(quantity, terms.uom)


def retrigger(
    subscription: Subscription, charge: Charge, triggers: Triggers, specific: date | None
) -> Charge:
    """Return a charge that is not billed yet with the days that follow from its order's dates.

    Args:
        subscription: Its subscription, with these dates.
        charge: The charge.
        triggers: The dates.
        specific: Its own trigger date where that has become known.
    """
    own = specific or charge.trigger_date
    start = triggers.start(charge.terms, own)
    moved = replace(
        charge,
        trigger_day=start,
        effective_start=start,
        effective_end=end_day(charge.terms, start, subscription.end, charge.specific_end_date),
        trigger_date=own,
    )
    return replace(moved, dmrc=mrr(moved), dtcv=tcv(moved))


def split(
    charges: tuple[Charge, ...], number: str, wanted: Override, day: date, desk: Desk
) -> tuple[Charge, ...]:
    """Cut the segment of the charge `number` that holds `day`, and begin another with the changes there.

    The new segment ends where the cut one did: what an earlier order has planned for later stays.
    Source: Zuora, update products on subscriptions with future-dated updates.

    Raises:
        RuleError: The charge starts after `day` or ends before it.
    """
    segments = [charge for charge in charges if charge.number == number]
    first, last = segments[0], segments[-1]
    if last.effective_end is not None and day > last.effective_end:
        raise RuleError(f"The charge {number} ends on {last.effective_end} and cannot change on {day}.")
    if day < first.effective_start:
        raise RuleError(f"The charge {number} starts on {first.effective_start} and cannot change on {day}.")
    held = [charge for charge in segments if charge.effective_start <= day][-1]
    if held.effective_end is not None and day > held.effective_end:
        raise RuleError(f"The charge {number} ended on {held.effective_end} and cannot change on {day}.")
    cut = replace(held, effective_end=day, version=held.version + 1, amended_by_order_on=desk.order_date)
    following = replace(
        held,
        id=next(desk.parts),
        terms=described(held.terms, wanted, desk),
        pricing=_repriced(held.pricing, wanted),
        quantity=held.quantity if wanted.quantity is None else _stored(wanted.quantity, held.terms, desk),
        version=held.version + 1,
        effective_start=day,
        charged_through=_used_through(held, day),
        processed_through=None,
        amended_by_order_on=None,
        original_order_date=desk.order_date,
        grants=(),
        open_period=None,
        installments=(),
        custom_fields={**held.custom_fields, **wanted.custom_fields},
    )
    at = charges.index(held)
    renumbered = (
        replace(charge, segment=charge.segment + 1) if charge.number == number else charge
        for charge in (following, *charges[at + 1 :])
    )
    return (*charges[:at], cut, *renumbered)


def _used_through(held: Charge, day: date) -> date | None:
    """Return how far usage or a one-time charge cut on `day` is billed beyond it: that is not billed again.

    Other charges credit what they have billed, and bill it anew. That a one-time charge, which the rules give
    nothing back of, is not billed anew either is an assumption.
    """
    billed, final = held.charged_through, held.terms.type in {"Usage", "OneTime"}
    return billed if final and billed is not None and billed > day else None


def measured(charges: tuple[Charge, ...], before: Mapping[str, Charge]) -> tuple[Charge, ...]:
    """Note by how much an update changes the MRR and TCV of each segment of a rate plan.

    A new segment counts whole, a former one what it loses; what is not touched changes by nothing.
    Source: Zuora, delta monthly recurring revenue; the dmrc and dtcv of recorded subscriptions.
    """

    def one(former: Charge, charge: Charge) -> Charge:
        if charge.id in before:
            return replace(charge, dmrc=ZERO, dtcv=tcv(charge) - tcv(before[charge.id]))
        return replace(charge, dmrc=mrr(charge) - mrr(former), dtcv=tcv(charge))

    return tuple(map(one, (*charges[:1], *charges), charges))


def end(charge: Charge, day: date, desk: Desk) -> Charge:
    """End a segment on `day`, or where it starts if that is later, unless it has ended before."""
    if charge.effective_end is not None and charge.effective_end <= day:
        return charge
    return _redated(charge, max(day, charge.effective_start), desk.order_date)


def remove(charge: Charge, day: date, desk: Desk) -> Charge:
    """End a segment for good; of a one-time charge, which has ended by itself, note the day."""
    ended = end(charge, day, desk)
    return replace(ended, removed=day) if charge.terms.type == "OneTime" else ended


def extend(renewed: Subscription, plan: RatePlan, former_end: date | None) -> RatePlan:
    """Let the charges of a plan that ran to the subscription's former end run to its new one.

    So do those that were to start after it. A removed plan is not extended.
    """
    if plan.last_change == "Remove":
        return plan
    last = {charge.number: charge.id for charge in plan.charges}

    def extended(charge: Charge) -> Charge:
        later = former_end is not None and charge.effective_start >= former_end
        reaches = charge.effective_end == former_end or later
        if not reaches or charge.id != last[charge.number]:
            return charge
        day = end_day(charge.terms, charge.trigger_day, renewed.end, charge.specific_end_date)
        if day == charge.effective_end:
            return charge
        return _redated(replace(charge, term=renewed.current_term), day, renewed.last_booking)

    return replace(plan, charges=tuple(map(extended, plan.charges)))


def _redated(charge: Charge, day: date | None, ordered: date) -> Charge:
    """End a segment elsewhere, by an order of the date `ordered`."""
    changed = replace(charge, effective_end=day, version=charge.version + 1, amended_by_order_on=ordered)
    return replace(changed, dmrc=ZERO, dtcv=tcv(changed) - tcv(charge))


def _repriced(pricing: Pricing, wanted: Override) -> Pricing:
    if wanted.attributes is not None:
        pricing = chosen(pricing, wanted.attributes)
    if wanted.metering is not None:
        pricing = replace(pricing, **_given(wanted.metering, *_METERED_PRICES))
    if wanted.discount is not None:
        pricing = replace(pricing, **_given(wanted.discount, "discount_amount", "discount_percentage"))
    return pricing if wanted.price is None else replace(pricing, price=wanted.price)


def described(terms: ChargeTerms, wanted: Override, desk: Desk) -> ChargeTerms:
    """Return the terms of a charge with what an order changes of them.

    Raises:
        InvalidValueError: The tenant has no such tax code, or does not let prices change by themselves.
        MissingValueError: The charge is taxable and has no tax code.
    """
    if wanted.price_change is not None or desk.rules.price_change is not None:
        terms = inherit(terms, wanted.price_change, desk.rules.price_change)
    if wanted.schedule is not None:
        terms = replace(terms, **_given(wanted.schedule, *Schedule.__struct_fields__))
    if wanted.taxation is not None:
        terms = _taxed(terms, wanted.taxation, desk.tax_codes)
    if wanted.metering is not None:
        terms = replace(terms, **_given(wanted.metering, "number_of_periods", "rating_group", "uom"))
    if wanted.discount is not None:
        terms = replace(terms, **_given(wanted.discount, *_DISCOUNT_TERMS))
    return terms if wanted.description is None else replace(terms, description=wanted.description)


def _taxed(terms: ChargeTerms, wanted: Taxation, known: Container[str]) -> ChargeTerms:
    """Return the terms of a charge that is taxed as an order says.

    Source: Zuora, tax code and set tax mode; the official SDK, charge override. That a tax code alone makes
    a charge taxable is an assumption.

    Raises:
        InvalidValueError: The tenant has no such tax code.
        MissingValueError: The charge is taxable and has no tax code.
    """
    if wanted.code is not None and wanted.code not in known:
        raise InvalidValueError(f"The tax code '{wanted.code}' does not exist.")
    code = wanted.code or terms.tax_code
    taxable = terms.taxable or wanted.code is not None if wanted.taxable is None else wanted.taxable
    if taxable and code is None:
        raise MissingValueError("taxCode")
    return replace(
        terms, taxable=taxable, tax_code=code, tax_mode=wanted.mode or terms.tax_mode or "TaxExclusive"
    )


_METERED_PRICES = ("tiers", "included_units", "overage_price", "unused_price")
_DISCOUNT_TERMS = ("discount_level", "discount_class", "apply_discount_to", "apply_partially")


def _given(changed: Metering | Discounting | Schedule, *names: str) -> dict[str, object]:
    return {name: value for name in names if (value := getattr(changed, name)) is not None}
