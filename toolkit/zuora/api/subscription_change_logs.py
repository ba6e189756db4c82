"""/subscription-change-logs: what each version of a subscription has changed of the one before it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api._subscription_detail import Detail
from toolkit.zuora.api.subscription_versions import find_version
from toolkit.zuora.api.subscriptions import show_subscription
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.orders.showing import find_order
from toolkit.zuora.orders.undoing import in_force
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.world import World

Shown = Mapping[str, Any]

_UNTOLD = frozenset(
    {
        *("id", "version", "revision", "orderNumber", "createTime", "updateTime", "isLatestVersion"),
        *("number", "segment", "originalChargeId", "subscriptionRatePlanNumber", "originalRatePlanId"),
        *("chargedThroughDate", "processedThroughDate", "done", "pricingSummary"),
    }
)
"""What names a part or a version, or moves with billing and not with an order."""


def list_by_subscription(call: Call) -> Reply:
    """List the changes of a subscription, latest first. Source of that order: an assumption."""
    latest = call.world.subscriptions.find(call.path["subscription-number"])
    return _listed(call.world, versions_of(call.world.subscriptions, latest.number))


def list_by_order(call: Call) -> Reply:
    """List the changes that an order has made, of one subscription after the other."""
    world = call.world
    order = find_order(world, call.path["order-number"])
    numbers = order.subscription_numbers
    versions = (version for number in numbers for version in versions_of(world.subscriptions, number))
    return _listed(world, (one for one in versions if one.order_number == order.number))


def read(call: Call) -> Reply:
    """Show the changes that one version has made."""
    found = find_version(call.world, call.path["subscription-number"], call.path["version"])
    return Reply({"success": True, "subscription": _log(call.world, found)})


def _listed(world: World, versions: Iterable[Subscription]) -> Reply:
    return Reply({"success": True, "subscriptions": [_log(world, one) for one in versions]})


def _log(world: World, version: Subscription) -> dict[str, Any]:
    """Return what a version has changed. Source: the official SDK, SubscriptionChangeLog.

    Its fields are named as the subscription's own answer names them, and values are text. Source: an
    assumption. `type` is left out: what it says is documented nowhere.
    """
    after = _whole(world, version)
    before: Shown = {}
    if version.previous_id is not None:
        before = _whole(world, world.subscriptions.find(version.previous_id))
    return {
        "subscriptionNumber": version.number,
        "accountNumber": after["accountNumber"],
        "invoiceOwnerAccountNumber": after["invoiceOwnerAccountNumber"],
        "currency": version.currency,
        "orderNumber": version.order_number,
        "version": str(version.version),
        "changedTime": after["createTime"] if not before else after["updateTime"],
        "externalSubscriptionId": None,
        "subscriptionStartDate": after["subscriptionStartDate"],
        "subscriptionEndDate": after["subscriptionEndDate"],
        "termStartDate": after["termStartDate"],
        "termEndDate": after["termEndDate"],
        "fields": _fields(before, after),
        "ratePlans": list(_plans(before, after)),
    }


def _whole(world: World, version: Subscription) -> Shown:
    """Return a version as it stood before the next one took its place."""
    standing = in_force(version) if version.status == "Expired" else version
    return show_subscription(world, standing, Detail("all-segments", world.today, bare_plans=True))


def _plans(before: Shown, after: Shown) -> Iterator[dict[str, Any]]:
    """Yield the rate plans that differ; those of the version before that are gone come last."""
    plans = _pairs(before.get("ratePlans", ()), after["ratePlans"], "subscriptionRatePlanNumber")
    for (number,), former, plan in plans:
        segments = _pairs(former.get("ratePlanCharges", ()), plan.get("ratePlanCharges", ()), *_SEGMENT)
        charges = [_charge(old, new) for _, old, new in segments if _fields(old, new)]
        fields = _fields(former, plan)
        if fields or charges:
            yield {"ratePlanNumber": number, "ratePlanCharges": charges, "fields": fields}


_SEGMENT = ("number", "segment")


def _charge(before: Shown, after: Shown) -> dict[str, Any]:
    one = after or before
    return {
        "chargeNumber": one["number"],
        "ratePlanChargeId": one["id"],
        "effectiveStartDate": one["effectiveStartDate"],
        "effectiveEndDate": one["effectiveEndDate"],
        "fields": _fields(before, after),
    }


def _pairs(
    before: Iterable[Shown], after: Iterable[Shown], *keys: str
) -> Iterator[tuple[tuple[Any, ...], Shown, Shown]]:
    """Yield parts by their key, as they were and as they are; what one side lacks is empty there."""
    was = {tuple(one[key] for key in keys): one for one in before}
    now = {tuple(one[key] for key in keys): one for one in after}
    for key in now | was:
        yield key, was.get(key, {}), now.get(key, {})


def _fields(before: Shown, after: Shown) -> list[dict[str, Any]]:
    """Return the fields that differ, apart from lists and objects, which have logs of their own or none."""
    pairs = ((name, before.get(name), after.get(name)) for name in {**after, **before})
    return [
        {"fieldName": name, "oldValue": _text(old), "newValue": _text(new)}
        for name, old, new in pairs
        if name not in _UNTOLD and old != new and not isinstance(old or new, list | dict)
    ]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, list | dict):
        return None
    text = str(value)
    return text.lower() if isinstance(value, bool) else text


_PATH = "/subscription-change-logs"

ENDPOINTS = tuple(
    Endpoint("GET", f"{version}{_PATH}{path}", answer)
    for version in ("", "/v1")
    for path, answer in (
        ("/{subscription-number}", list_by_subscription),
        ("/orders/{order-number}", list_by_order),
        ("/{subscription-number}/versions/{version}", read),
    )
)
"""Under both paths: the official SDK leaves /v1 out, other clients do not."""
