"""/v1/async/orders and /v1/async-jobs: orders whose outcome is asked for later."""

from typing import Any

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.zuora.api._customer import PlacedOrder, order_of
from toolkit.zuora.api._jobs import attempt
from toolkit.zuora.api.order_preview import OrderPreview, previewed
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.failing import check
from toolkit.zuora.orders.processing import answer, submit
from toolkit.zuora.orders.showing import find_order
from toolkit.zuora.orders.undoing import delete as delete_order
from toolkit.zuora.runs.jobs import Job
from toolkit.zuora.state.world import Change

_MOST = 300
"""Source: Zuora, order actions: up to 300 subscriptions, and up to 300 actions, in an asynchronous call."""


def create(call: Call) -> Reply:
    """Start to place an order."""

    def work(change: Change) -> dict[str, Any]:
        check(call)
        said = order_of(change, call.body)
        if said.processing_options.gives_back:  # Source: Zuora, cancelation with a refund using the REST API
            raise RuleError("An order that refunds or writes off cannot be placed asynchronously.")
        processed = submit(change, change.world, said, most=_MOST)
        ids = call.query.get("returnIds") == "true"
        shown = answer(change.world, processed, ids=ids, version=call.version)
        del shown["success"]
        return {**shown, "jobType": "AsyncCreateOrder"}

    return _answered(*attempt(call.world, work, "Order"), status=202)


def preview(call: Call) -> Reply:
    """Start to preview an order; the answer has its job only. Source: the official SDK."""

    def work(_: Change) -> dict[str, Any]:
        check(call)
        return {**previewed(call, _MOST), "jobType": "AsyncPreviewOrder"}

    job, change = attempt(call.world, work, "Order")
    return Reply({"jobId": job.id}, change.world, 202)


def delete(call: Call) -> Reply:
    """Start to delete an order."""

    def work(change: Change) -> None:
        check(call)
        delete_order(change, find_order(call.world, call.path["order-number"]))

    return _answered(*attempt(call.world, work, "Order"), status=200)


def _answered(job: Job, change: Change, status: int) -> Reply:
    return Reply({"jobId": job.id, "success": True}, change.world, status)


def read(call: Call) -> Reply:
    """Show how a job ended; one that failed is a success too. Source: recorded."""
    key = call.path["job-id"]
    job = call.world.jobs.get(key)
    if job is None or job.operation != "Order":
        raise InvalidValueError(f"Invalid jobId: {key}")
    shown = {"status": job.status, "errors": job.errors, "result": job.result}
    return Reply({**shown, "success": True})


ENDPOINTS = (
    Endpoint("POST", "/v1/async/orders", create, PlacedOrder, resource=585600),
    Endpoint("POST", "/v1/async/orders/preview", preview, OrderPreview, resource=587400),
    Endpoint("DELETE", "/v1/async/orders/{order-number}", delete),
    Endpoint("GET", "/v1/async-jobs/{job-id}", read),
)
