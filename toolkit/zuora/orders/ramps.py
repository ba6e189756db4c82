"""Ramps and their metrics, as answers show them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from toolkit.billing.deltas import billed, deltas
from toolkit.billing.identities import seen_in
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Order
from toolkit.billing.rampmetrics import Amount, RampCharge, Stretch, change, worth
from toolkit.billing.ramps import Interval, Ramp
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.wire import number
from toolkit.zuora.orders.metrics import billing_day, versions
from toolkit.zuora.state.world import World

_DAY = timedelta(days=1)


def show_ramp(ramp: Ramp, subscription: Subscription) -> dict[str, Any]:
    """Return a ramp. Source: the official SDK, RampResponse."""
    regular = dict.fromkeys(
        charge.number
        for charge in subscription.charges
        if charge.terms.type != "Usage" and not charge.terms.model.startswith("Discount")
    )
    return {
        "id": ramp.id,
        "number": ramp.number,
        "name": ramp.name,
        "description": ramp.description,
        "subscriptionNumber": subscription.number,
        "charges": [{"chargeNumber": key} for key in ramp.charges or regular],
        "intervals": [_show_interval(interval) for interval in ramp.intervals],
    }


def _show_interval(interval: Interval) -> dict[str, Any]:
    return {
        "name": interval.name,
        "description": interval.description,
        "startDate": interval.start,
        "endDate": interval.end - _DAY,
    }


def show_metrics(world: World, ramp: Ramp, subscription: Subscription) -> dict[str, Any]:
    """Return the metrics of a ramp, interval by interval. Source: the official SDK, RampMetrics."""
    bill = billed(billing_day(world, subscription), world.rules)
    held = list(deltas(None, subscription, world.rules))
    intervals, sums = [], (Amount(ZERO, ZERO), Amount(ZERO, ZERO))
    for interval in ramp.intervals:
        found = worth(held, ramp, interval, bill)
        tcb, tcv = (_total(one.tcb for one in found), _total(one.tcv for one in found))
        sums = _total((sums[0], tcb)), _total((sums[1], tcv))
        shown = [_show_worth(one, subscription) for one in found]
        intervals.append(_show_interval(interval) | _show_sums(tcb, tcv) | {"intervalMetrics": shown})
    heading = {"number": ramp.number, "name": ramp.name, "description": ramp.description}
    return heading | _show_sums(*sums) | {"intervals": intervals}


def show_order_ramps(world: World, order: Order) -> list[dict[str, Any]]:
    """Return the metrics of each ramp of an order, and by how much the order changed them.

    Source: the official SDK, OrderRampMetrics.
    """
    found = []
    for ordered in order.actions if order.status == "Completed" else ():
        held = versions(world, ordered)
        before, after = held.get(ordered.base_version), held[ordered.new_version]
        if after.ramp is None:
            continue
        shown, bill = show_metrics(world, after.ramp, after), billed(billing_day(world, after), world.rules)
        changes = list(deltas(before, after, world.rules))
        for interval, metrics in zip(after.ramp.intervals, shown["intervals"], strict=True):
            changed = change(changes, after.ramp, interval, bill)
            metrics["intervalDeltaMetrics"] = [_show_change(one, after) for one in changed]
        found.append(shown)
    return found


def _total(amounts: Iterable[Amount]) -> Amount:
    gross, net = ZERO, ZERO
    for one in amounts:
        gross, net = gross + one.gross, net + one.net
    return Amount(gross, net)


def _show_sums(tcb: Amount, tcv: Amount) -> dict[str, Any]:
    return {
        "grossTcb": number(tcb.gross),
        "netTcb": number(tcb.net),
        "discountTcb": number(tcb.discount),
        "grossTcv": number(tcv.gross),
        "netTcv": number(tcv.net),
        "discountTcv": number(tcv.discount),
    }


def _show_worth(one: RampCharge, subscription: Subscription) -> dict[str, Any]:
    charge = one.delta.charge
    return {
        "chargeNumber": charge.number,
        "productRatePlanChargeId": charge.product_charge_id,
        "ratePlanChargeId": seen_in(subscription.id, charge.id),
        "subscriptionNumber": subscription.number,
        "startDate": one.delta.start,
        "endDate": one.end - _DAY,
        "quantity": number(charge.quantity or ZERO),
        "mrr": [_show_stretch(stretch) for stretch in one.mrr],
        **_show_sums(one.tcb, one.tcv),
    }


def _show_change(one: RampCharge, subscription: Subscription) -> dict[str, Any]:
    charge = one.delta.charge
    sums = _show_sums(one.tcb, one.tcv)
    return {
        "chargeNumber": charge.number,
        "productRatePlanChargeId": charge.product_charge_id,
        "subscriptionNumber": subscription.number,
        "deltaMrr": [_show_stretch(stretch) for stretch in one.mrr],
        "deltaQuantity": [
            {
                "amount": number(stretch.amount.gross),
                "startDate": stretch.start,
                "endDate": stretch.end - _DAY,
            }
            for stretch in one.quantities
        ],
        **{f"delta{name[0].upper()}{name[1:]}": amount for name, amount in sums.items()},
    }


def _show_stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "startDate": stretch.start,
        "endDate": stretch.end - _DAY,
        "gross": number(stretch.amount.gross),
        "net": number(stretch.amount.net),
        "discount": number(stretch.amount.discount),
    }
