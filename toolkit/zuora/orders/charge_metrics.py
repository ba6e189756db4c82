"""What each charge of a subscription brings, by itself and more than before, as previews show it."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.deltas import Row, billed, contracted, deltas, rows
from toolkit.billing.metrics import contracted_segments, mrr, tcv
from toolkit.billing.money import ZERO, round_money
from toolkit.billing.orders import Order
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription
from toolkit.zuora.calls.wire import number
from toolkit.zuora.orders.metrics import billing_day
from toolkit.zuora.state.world import World


def show_metrics(after: Subscription, before: Subscription | None, today: date) -> Iterator[dict[str, Any]]:
    """Yield what each charge brings, by itself and more than before.

    Source: the official SDK, ChargeMetrics; that charges are there which do not change is an assumption.
    """
    nothing: dict[str, Decimal] = {}
    monthly, whole = _worth(after, today)
    was_monthly, was_whole = (nothing, nothing) if before is None else _worth(before, today)
    for name, (plan, charge) in _charges(after).items():
        known = {"number": name, "originRatePlanId": plan.id, "originalId": charge.original_id}
        yield {
            "mrr": number(monthly.get(name, ZERO)),
            "dmrr": number(monthly.get(name, ZERO) - was_monthly.get(name, ZERO)),
            "tcv": number(whole[name]),
            "dtcv": number(whole[name] - was_whole.get(name, ZERO)),
            "productRatePlanId": plan.product_rate_plan_id,
            "productRatePlanChargeId": charge.product_charge_id,
            **({} if before is None else known),
        }


def _worth(subscription: Subscription, today: date) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Return MRR and TCV of each charge by its number; without MRR if the contract has it no more."""
    monthly = {charge.number: mrr(charge) for charge in contracted_segments(subscription, today)}
    whole: dict[str, Decimal] = {}
    for charge in subscription.charges:
        whole[charge.number] = whole.get(charge.number, ZERO) + tcv(charge)
    return monthly, whole


def _charges(subscription: Subscription) -> dict[str, tuple[RatePlan, Charge]]:
    """Return the latest segment of each charge, and its plan, by the charge's number."""
    return {charge.number: (plan, charge) for plan in subscription.rate_plans for charge in plan.charges}


class _Amount(NamedTuple):
    """What a charge brings of one metric, and what discounts take off it, as a negative amount."""

    regular: Decimal = ZERO
    discount: Decimal = ZERO


def show_charge_metrics(former: World, world: World, order: Order) -> Iterator[dict[str, Any]]:
    """Yield what each charge of an order's subscriptions brings, and how much more than in a former world.

    Source: the official SDK, PreviewChargeMetrics; that removed charges are told and those that do not
    change, that usage and discounts are not, and that discounts are negative as in Zuora's order MRR data
    source, are assumptions. The taxes are left out.
    """
    for ordered in order.actions:
        before, after = former.subscriptions.get(ordered.number), world.subscriptions.find(ordered.number)
        now, was = _measured(world, after), {} if before is None else _measured(world, before)
        charges = {} if before is None else _charges(before)
        yield {
            "subscriptionNumber": ordered.number,
            "charges": [
                {
                    "chargeNumber": name,
                    "originRatePlanId": plan.id,
                    "productRatePlanChargeId": charge.product_charge_id,
                    "productRatePlanId": plan.product_rate_plan_id,
                    "subscriptionRatePlanNumber": plan.number,
                    **{
                        metric: _show(amounts, was.get(metric, {}), name, after.currency)
                        for metric, amounts in now.items()
                    },
                }
                for name, (plan, charge) in (charges | _charges(after)).items()
                if charge.terms.type != "Usage" and not charge.terms.model.startswith("Discount")
            ],
        }


def _show(now: dict[str, _Amount], was: dict[str, _Amount], name: str, currency: str) -> dict[str, Any]:
    regular, discount = (round_money(amount, currency) for amount in now.get(name, _Amount()))
    before, off = (round_money(amount, currency) for amount in was.get(name, _Amount()))
    return {
        "regular": number(regular),
        "regularDelta": number(regular - before),
        "discount": number(discount),
        "discountDelta": number(discount - off),
    }


def _measured(world: World, version: Subscription) -> dict[str, dict[str, _Amount]]:
    """Return the metrics by their names, and each by the numbers of the charges that have it.

    Of CMRR, discounts count that last as long as the subscription, and of TCV those of TCB.
    """
    rules, lasting = world.rules, _with_lasting_discounts(version)
    kept = {delta.charge.id: delta.kept for delta in deltas(None, lasting, rules)}
    cmrr = {
        charge.number: _Amount(mrr(charge), mrr(charge) * _part(kept.get(charge.id, Fraction(1)) - 1))
        for charge in contracted_segments(version, world.today)
    }
    bill = billed(billing_day(world, version), rules)
    tcb = _sums(rows(deltas(None, version, rules), bill))
    tcv_by_charge = _sums(rows(deltas(None, version, discounted=False), contracted))
    value = {
        name: _Amount(amount.regular, tcb.get(name, amount).discount)
        for name, amount in tcv_by_charge.items()
    }
    return {"cmrr": cmrr, "tcb": tcb, "tcv": value}


def _part(fraction: Fraction) -> Decimal:
    return Decimal(fraction.numerator) / fraction.denominator


def _sums(found: Iterable[Row]) -> dict[str, _Amount]:
    sums: dict[str, _Amount] = {}
    for row in found:
        regular, discount = sums.get(row.delta.charge.number, _Amount())
        sums[row.delta.charge.number] = _Amount(regular + row.gross, discount + row.net - row.gross)
    return sums


def _with_lasting_discounts(version: Subscription) -> Subscription:
    plans = tuple(
        replace(
            plan,
            charges=tuple(
                charge
                for charge in plan.charges
                if charge.terms.end_date_condition == "Subscription_End"
                or not charge.terms.model.startswith("Discount")
            ),
        )
        for plan in version.rate_plans
    )
    return replace(version, rate_plans=plans)
