"""/v1/orders/deltaMetrics: what an order changed of its subscriptions' metrics."""

from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.orders.metrics import show_deltas
from toolkit.zuora.orders.showing import find_order


def read_deltas(call: Call) -> Reply:
    """Show the order delta metrics of an order; of one that is not completed they are being processed.

    Source: the official SDK, GET order delta metrics, generationStatus.
    """
    order = find_order(call.world, call.path["order-number"])
    if order.status != "Completed":
        return Reply({"success": True, "generationStatus": "PROCESSING"})
    metrics = show_deltas(call.world, order)
    return Reply({"success": True, "generationStatus": "COMPLETED", "orderDeltaMetrics": metrics})


ENDPOINTS = (Endpoint("GET", "/v1/orders/deltaMetrics/{order-number}", read_deltas),)
