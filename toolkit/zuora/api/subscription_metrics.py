"""/v1/subscriptions/subscription-metrics: what subscriptions bring, before and after discounts."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from toolkit.billing.discounted_metrics import net_mrr, net_tcv
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.metrics import contracted_segments, mrr, subscription_mrr, subscription_tcv
from toolkit.billing.money import ZERO, round_money
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import number
from toolkit.zuora.state.owners import owned_by
from toolkit.zuora.state.world import World


def list_metrics(call: Call) -> Reply:
    """Show the metrics of subscriptions by their numbers. Source: the official SDK.

    Raises:
        InvalidValueError: The day is none.
        MissingValueError: No subscription is named.
        NotFoundError: A subscription does not exist.
    """
    said = parse_qsl(call.query_string)
    numbers = [value for name, value in said if name in {"subscriptionNumbers", "subscriptionNumbers[]"}]
    keys = [key for value in numbers for key in value.split(",") if key]
    if not keys:
        raise MissingValueError("subscriptionNumbers")
    day = day_of(call, "asOfDay")
    found = [call.world.subscriptions.find(key) for key in keys]
    return Reply(
        {"success": True, "subscriptionMetrics": [metrics_of(call.world, one, day) for one in found]}
    )


def day_of(call: Call, name: str) -> date:
    """Return the day that a query parameter names, or today.

    Raises:
        InvalidValueError: It is no day.
    """
    said = call.query.get(name)
    try:
        return call.world.today if said is None else date.fromisoformat(said)
    except ValueError as error:
        raise InvalidValueError(f"'{name}' should be a date as 2026-01-31, not '{said}'.") from error


def metrics_of(world: World, one: Subscription, day: date) -> dict[str, Any]:
    """Return the metrics of a subscription; what is contracted is so today.

    The contracted MRR counts charges that are still to start; discounts take of these what they take on their
    first day. Source: the official SDK, SubscriptionMetrics; the last is an assumption.
    """
    beside = list(owned_by(world.subscriptions, one.account_id))
    running = [charge for charge in one.charges if charge.holds(day) and charge.terms.type == "Recurring"]
    net = net_mrr(beside, day, world.rules)
    after = net_tcv(beside, world.rules)
    sums = {
        "contractedMrr": subscription_mrr(one, world.today),
        "contractedNetMrr": _contracted_net(world, one, beside),
        "asOfDayGrossMrr": sum(map(mrr, running), ZERO),
        "asOfDayNetMrr": sum((net[charge.id] for charge in running if charge.id in net), ZERO),
        "totalContractedValue": subscription_tcv(one),
        "netTotalContractedValue": sum((after.get(charge.id, ZERO) for charge in one.charges), ZERO),
    }
    shown = {name: number(round_money(value, one.currency)) for name, value in sums.items()}
    return {"subscriptionNumber": one.number, **shown}


def _contracted_net(world: World, one: Subscription, beside: Sequence[Subscription]) -> Decimal:
    segments = [
        charge for charge in contracted_segments(one, world.today) if charge.terms.type == "Recurring"
    ]
    days = {charge.id: max(world.today, charge.effective_start) for charge in segments}
    nets = {day: net_mrr(beside, day, world.rules) for day in set(days.values())}
    return sum((nets[day].get(key, ZERO) for key, day in days.items()), ZERO)


ENDPOINTS = (Endpoint("GET", "/v1/subscriptions/subscription-metrics", list_metrics),)
