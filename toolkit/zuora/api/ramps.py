"""/v1/ramps and ramp metrics: the ramps of subscriptions, and what they are worth by interval."""

from toolkit.billing.errors import NotFoundError
from toolkit.billing.ramps import Ramp
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.orders.ramps import show_metrics, show_order_ramps, show_ramp
from toolkit.zuora.orders.showing import find_order


def read(call: Call) -> Reply:
    """Show a ramp."""
    return Reply({"success": True, "ramp": show_ramp(*_ramp(call))})


def read_metrics(call: Call) -> Reply:
    """Show the metrics of a ramp."""
    return Reply({"success": True, "rampMetrics": show_metrics(call.world, *_ramp(call))})


def read_of_subscription(call: Call) -> Reply:
    """List the ramps of a subscription, of which it has one at most."""
    subscription = call.world.subscriptions.find(call.path["subscription-key"])
    ramps = [show_ramp(subscription.ramp, subscription)] if subscription.ramp else []
    return Reply({"success": True, "ramps": ramps})


def read_metrics_of_subscription(call: Call) -> Reply:
    """Show the metrics of a subscription's ramp."""
    key = call.path["subscription-key"]
    subscription = call.world.subscriptions.find(key)
    if subscription.ramp is None:
        raise NotFoundError(key)
    return Reply({"success": True, "rampMetrics": show_metrics(call.world, subscription.ramp, subscription)})


def read_metrics_of_order(call: Call) -> Reply:
    """Show the metrics of the ramps of an order, and by how much the order changed them."""
    order = find_order(call.world, call.path["order-number"])
    return Reply({"success": True, "rampMetrics": show_order_ramps(call.world, order)})


def _ramp(call: Call) -> tuple[Ramp, Subscription]:
    """Return the ramp that is asked for and its subscription; one that was removed is not found."""
    key = call.path["ramp-number"]
    subscription = call.world.subscriptions.find(call.world.ramps.find(key).subscription_number)
    if subscription.ramp is None:
        raise NotFoundError(key)
    return subscription.ramp, subscription


ENDPOINTS = (
    Endpoint("GET", "/v1/ramps/{ramp-number}", read),
    Endpoint("GET", "/v1/ramps/{ramp-number}/ramp-metrics", read_metrics),
    Endpoint("GET", "/v1/subscriptions/{subscription-key}/ramps", read_of_subscription),
    Endpoint("GET", "/v1/subscriptions/{subscription-key}/ramp-metrics", read_metrics_of_subscription),
    Endpoint("GET", "/v1/orders/{order-number}/ramp-metrics", read_metrics_of_order),
)
