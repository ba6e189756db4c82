"""The metrics of an order as answers show them: what each of its actions changed."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby, takewhile
from typing import Any, NamedTuple

from toolkit.billing.catalog import Pricing
from toolkit.billing.deltas import (
    Delta,
    Measure,
    Row,
    billed,
    contracted,
    deltas,
    listed,
    monthly,
    quantity,
    rows,
)
from toolkit.billing.identities import seen_in
from toolkit.billing.lineitems import LineItem
from toolkit.billing.ordermetrics import Slice, discounts, slices
from toolkit.billing.orders import Order, OrderedSubscription
from toolkit.billing.rules import BillingRules
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, first_bill_cycle_day
from toolkit.zuora.calls.wire import number, recall
from toolkit.zuora.orders.request import Action
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.world import World

_Kind = tuple[dict[str, str], Slice]


class Step(NamedTuple):
    """One action of an order.

    Attributes:
        sequence: Its position among the actions on its subscription, from 0.
        type: Such as AddProduct.
        before: The version before it; None if it created the subscription.
        after: The version that it made.
    """

    sequence: int
    type: str
    before: Subscription | None
    after: Subscription


def steps(world: World, order: Order) -> Iterator[Step]:
    """Yield what the actions of an order did, subscription by subscription; none until it is completed."""
    for ordered in order.actions if order.status == "Completed" else ():
        held = versions(world, ordered)
        actions = [recall(noted, Action) for noted in ordered.actions]
        for after, (sequence, action) in enumerate(enumerate(actions), ordered.base_version + 1):
            yield Step(sequence, action.type, held.get(after - 1), held[after])


def versions(world: World, ordered: OrderedSubscription) -> dict[int, Subscription]:
    """Return the versions from the order's base to its last, by version number."""
    latest = world.subscriptions.find(ordered.number)
    known = versions_of(world.subscriptions, latest.number)
    return {one.version: one for one in takewhile(lambda one: one.version >= ordered.base_version, known)}


def billing_day(world: World, subscription: Subscription) -> int:
    """Return the bill cycle day of the account that is invoiced for a subscription."""
    owner = world.accounts.find(subscription.invoice_owner_id)
    return owner.bill_cycle_day or first_bill_cycle_day([subscription])


def show_deltas(world: World, order: Order) -> dict[str, list[dict[str, Any]]]:
    """Return the order delta metrics of an order. Source: the official SDK, OrderDeltaMetrics."""
    shown: dict[str, list[dict[str, Any]]] = {
        "orderDeltaMrr": [],
        "orderDeltaTcb": [],
        "orderDeltaTcv": [],
        "orderDeltaQty": [],
    }
    for step in steps(world, order):
        changes = list(deltas(step.before, step.after, world.rules))
        bill = billed(billing_day(world, step.after), world.rules)
        measured: tuple[tuple[str, Measure], ...] = (
            ("orderDeltaMrr", monthly),
            ("orderDeltaTcb", bill),
            ("orderDeltaTcv", contracted),
        )
        for name, measure in measured:
            shown[name] += [_show_amount(row, step) for row in rows(changes, measure)]
        whole = deltas(step.before, step.after, discounted=False)
        shown["orderDeltaQty"] += [_show_quantity(row, step) for row in rows(whole, quantity)]
    for item in world.order_line_items.of(order.number):
        for name in ("orderDeltaTcb", "orderDeltaTcv"):
            shown[name].append(_show_line_item(item, world.rules))
    return shown


def _show_amount(row: Row, step: Step) -> dict[str, Any]:
    return _show_row(row, step) | {
        "currency": step.after.currency,
        "grossAmount": number(row.gross),
        "netAmount": number(row.net),
    }


def _show_line_item(item: LineItem, rules: BillingRules) -> dict[str, Any]:
    """Return what a line item counts for. Source: Zuora, order delta TCB: gross and net are the same."""
    start, end = item.counted
    amount = number(item.amount(rules))
    return {
        "chargeNumber": None,
        "startDate": start,
        "endDate": end,
        "orderLineItemNumber": item.item_number,
        "orderLineItemId": item.id,
        "currency": item.currency,
        "grossAmount": amount,
        "netAmount": amount,
    }


def _show_quantity(row: Row, step: Step) -> dict[str, Any]:
    return _show_row(row, step) | {"quantity": number(row.gross), "orderLineItemId": None}


def _show_row(row: Row, step: Step) -> dict[str, Any]:
    delta = row.delta
    return {
        "chargeNumber": delta.charge.number,
        "startDate": delta.start,
        "endDate": delta.end,
        "orderActionSequence": str(step.sequence),
        "orderActionType": step.type,
        "orderLineItemNumber": None,
        "productRatePlanChargeId": delta.charge.product_charge_id,
        "ratePlanChargeId": seen_in(step.after.id, delta.charge.id),
        "subscriptionNumber": step.after.number,
    }


def show_order_metrics(world: World, order: Order) -> list[dict[str, Any]]:
    """Return the older metrics of an order. Source: the official SDK, PreviewResultOrderMetricsInner."""
    by_subscription = groupby(steps(world, order), lambda step: step.after.number)
    return [
        {
            "subscriptionNumber": subscription,
            "orderActions": [
                {
                    "sequence": str(step.sequence),
                    "type": step.type,
                    "orderMetrics": _show_charges(world, step),
                }
                for step in made
            ],
        }
        for subscription, made in by_subscription
    ]


def _show_charges(world: World, step: Step) -> list[dict[str, Any]]:
    bill = billed(billing_day(world, step.after), world.rules)
    changes = list(deltas(step.before, step.after, discounted=False))
    lessened = list(deltas(step.before, step.after, world.rules))
    found = {
        "quantity": _slices(changes, quantity),
        "elp": _slices(changes, listed(partial(_catalog_pricing, world), bill), "Regular"),
    }
    for name, measure in (("mrr", monthly), ("tcb", bill), ("tcv", contracted)):
        found[name] = [
            *_slices(changes, measure, "Regular"),
            *(({"type": "Discount"}, one) for one in discounts(rows(lessened, measure))),
        ]
    plans = {delta.charge.number: (delta.plan, delta.charge) for delta in (*changes, *lessened)}
    return [
        {
            "chargeNumber": charge.number,
            "originRatePlanId": plan.id,
            "productRatePlanChargeId": charge.product_charge_id,
            "productRatePlanId": plan.product_rate_plan_id,
            "subscriptionRatePlanNumber": plan.number,
            **{name: _show_slices(world, step, charge, metric) for name, metric in found.items()},
        }
        for plan, charge in plans.values()
    ]


def _slices(changes: Iterable[Delta], measure: Measure, kind: str = "") -> list[_Kind]:
    """Return the slices of one metric, each with what is shown of its type."""
    said = {"type": kind} if kind else {}
    return [(said, one) for one in slices(rows(changes, measure))]


def _show_slices(world: World, step: Step, charge: Charge, found: Iterable[_Kind]) -> list[dict[str, Any]]:
    owners = {
        "invoiceOwner": world.accounts.find(step.after.invoice_owner_id).number,
        "subscriptionOwner": world.accounts.find(step.after.account_id).number,
    }
    return [
        {
            "amount": number(one.amount),
            "startDate": one.start,
            "endDate": one.end,
            "termNumber": one.term,
            **said,
            **owners,
        }
        for said, one in found
        if one.charge_number == charge.number
    ]


def _catalog_pricing(world: World, plan: RatePlan, charge: Charge) -> Pricing:
    _, copied = world.plan(plan.product_rate_plan_id)
    product_charge = next(one for one in copied.charges if one.id == charge.product_charge_id)
    return product_charge.pricing[charge.pricing.currency]
