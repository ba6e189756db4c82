"""/v1/subscriptions/{key}/versions and custom fields: former versions, and what no order changes."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.billing.subscriptions import RatePlan, Subscription
from toolkit.zuora.api._subscription_detail import detail_of
from toolkit.zuora.api.subscriptions import show_as_asked
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.orders.showing import find_order
from toolkit.zuora.state.identities import lasting_id
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.world import Change, World


class ChargeFields(Body, frozen=True):
    """New values of a charge's custom fields: of the segment with the id, or of the last one of the number.

    Source: the official SDK, update custom fields of a subscription version.
    """

    charge_number: str | None = None
    charge_id: str | None = None


class RatePlanFields(Body, frozen=True, kw_only=True):
    """New values of a rate plan's custom fields, and of its charges'; others stay."""

    rate_plan_id: str
    charges: tuple[ChargeFields, ...] = ()


class SubscriptionFields(Body, frozen=True):
    """New values of a subscription's custom fields, and of its rate plans'; others stay."""

    rate_plans: tuple[RatePlanFields, ...] = ()


class OrderFields(Body, frozen=True):
    """New values of an order's custom fields; others stay."""

    lacking: ClassVar[frozenset[str]] = frozenset({"subscriptions"})


def read(call: Call) -> Reply:
    """Show one version of a subscription."""
    found = find_version(call.world, call.path["subscription-key"], call.path["version"])
    return Reply({"success": True, **show_as_asked(call, found, detail_of(call))})


def find_version(world: World, key: str, wanted: str) -> Subscription:
    """Return a version by its number.

    Raises:
        InvalidValueError: The subscription has no such version.
    """
    for version in versions_of(world.subscriptions, world.subscriptions.find(key).number):
        if str(version.version) == wanted:
            return version
    raise InvalidValueError(f"The subscription {key} has no version '{wanted[:10]}'.")


def set_fields(call: Call) -> Reply:
    """Set custom fields of the latest version."""
    found = call.world.subscriptions.find(call.path["subscription-number"])
    return _with_fields(call, call.world.subscriptions.find(found.number))


def set_version_fields(call: Call) -> Reply:
    """Set custom fields of one version."""
    return _with_fields(
        call, find_version(call.world, call.path["subscription-number"], call.path["version"])
    )


def _with_fields(call: Call, version: Subscription) -> Reply:
    said: SubscriptionFields = call.body
    latest, change = call.world.subscriptions.find(version.number), Change(call.world)
    lasting = partial(lasting_id, call.world.subscriptions, version.number)
    plans = {lasting(one.rate_plan_id): one for one in said.rate_plans}
    unknown = plans.keys() - {plan.id for plan in version.rate_plans}
    if unknown:
        raise NotFoundError(min(unknown))
    changed = replace(
        version,
        custom_fields={**version.custom_fields, **said.custom_fields},
        rate_plans=tuple(
            _with_plan_fields(plan, plans[plan.id], lasting) if plan.id in plans else plan
            for plan in version.rate_plans
        ),
    )
    change.put(changed)
    if latest.id != version.id:
        change.put(latest)  # remains the one that the number stands for
    return Reply({"success": True}, change.world)


def _with_plan_fields(plan: RatePlan, said: RatePlanFields, lasting: Callable[[str], str]) -> RatePlan:
    charges = {charge.id: charge for charge in plan.charges}
    last = {charge.number: charge.id for charge in plan.charges}
    for one in said.charges:
        key = lasting(one.charge_id) if one.charge_id else last.get(one.charge_number or "")
        if key not in charges:
            raise NotFoundError(one.charge_id or one.charge_number or "chargeNumber")
        charge = charges[key]
        charges[key] = replace(charge, custom_fields={**charge.custom_fields, **one.custom_fields})
    custom = {**plan.custom_fields, **said.custom_fields}
    return replace(plan, charges=tuple(charges.values()), custom_fields=custom)


def set_order_fields(call: Call) -> Reply:
    """Set custom fields of an order."""
    said: OrderFields = call.body
    order, change = find_order(call.world, call.path["order-number"]), Change(call.world)
    change.put(replace(order, custom_fields={**order.custom_fields, **said.custom_fields}))
    return Reply({"success": True}, change.world)


_PATH = "/v1/subscriptions/{subscription-number}"

_VERSION_FIELDS = f"{_PATH}/versions/{{version}}/customFields"

ENDPOINTS = (
    Endpoint("GET", "/v1/subscriptions/{subscription-key}/versions/{version}", read),
    Endpoint("PUT", f"{_PATH}/customFields", set_fields, SubscriptionFields, resource=535000),
    Endpoint("PUT", _VERSION_FIELDS, set_version_fields, SubscriptionFields, resource=535000),
    Endpoint("PUT", "/v1/orders/{order-number}/customFields", set_order_fields, OrderFields, resource=585600),
)
