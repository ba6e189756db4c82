"""/system-health: how many documents were generated, and how payments went, in a span of time."""

from collections import defaultdict
from datetime import datetime

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.documents.sources import source_type


def sum_up_documents(call: Call) -> Reply:
    """Count the invoices and credit memos that were generated of subscriptions; here no account ever fails.

    Source: the official SDK, list billing documents volume summary records.
    """
    world, start, end = call.world, _moment(call, "startTime"), _moment(call, "endTime")
    invoices, memos = (
        sum(start <= one.created < end and source_type(one) == "Subscription" for one in table.latest())
        for table in (world.invoices, world.credit_memos)
    )
    counts = {"totalGeneratedInvoices": invoices, "totalGeneratedCreditMemos": memos}
    return Reply({"data": [{**counts, "totalFailedAccounts": 0}]})


def sum_up_payments(call: Call) -> Reply:
    """Count the electronic payments of each kind of gateway and of method: all, processed and failed ones.

    Source: the official SDK, list payment volume summary records.
    """
    world, start, end = call.world, _moment(call, "startTime"), _moment(call, "endTime")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in world.payments.latest():
        if one.type == "Electronic" and start <= one.created < end:
            gateway = world.gateways.find(one.gateway or "").kind
            method = world.payment_methods.find(one.payment_method_id or "").type
            found[gateway, method].append(one.status)
    asked = call.query.get
    rows = [
        {
            "paymentGatewayType": gateway,
            "paymentMethodType": method,
            "total": len(statuses),
            "success": statuses.count("Processed"),
            "error": statuses.count("Error"),
        }
        for (gateway, method), statuses in sorted(found.items())
        if asked("paymentGatewayType") in {None, gateway} and asked("paymentMethodType") in {None, method}
    ]
    return Reply({"data": rows})


def _moment(call: Call, name: str) -> datetime:
    """Return the moment that a parameter names, such as 2022-09-22T09:07+0800; a plus may come as a space.

    Raises:
        MissingValueError: It is not there.
        InvalidValueError: It is no moment, or names no zone.
    """
    given = call.query.get(name)
    if not given:
        raise MissingValueError(name)
    try:
        moment = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - refused at once, for it has no zone
    if moment.tzinfo is None:
        raise InvalidValueError(
            f"'{name}' should be a moment such as 2022-09-22T09:07+0800, not '{given[:40]}'."
        )
    return moment


ENDPOINTS = (
    Endpoint("GET", "/system-health/billing-documents/volume-summary", sum_up_documents),
    Endpoint("GET", "/system-health/payments/volume-summary", sum_up_payments),
)
