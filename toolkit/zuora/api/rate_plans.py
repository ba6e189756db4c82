"""/v1/rateplans: one rate plan of a version of a subscription, and the order that made it so."""

from typing import Any

from toolkit.billing.errors import NotFoundError
from toolkit.billing.identities import seen_in
from toolkit.billing.orders import Order
from toolkit.billing.subscriptions import RatePlan, Subscription
from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import day, stamp
from toolkit.zuora.query.ordering import actions
from toolkit.zuora.state.identities import owner_id
from toolkit.zuora.state.world import World

_CHANGES = {"Add": "New"}


def read(call: Call) -> Reply:
    """Show a rate plan by its id in any version; that of the catalog is none. Source: the official SDK.

    With `getPrevRatePlanVersion` it is shown as the version before has it.

    Raises:
        NotFoundError: There is no such rate plan, or none in the version before.
    """
    key = call.path["rate-plan-id"]
    version = call.world.subscriptions.rows.get(owner_id(key))
    if version is not None and call.query.get("getPrevRatePlanVersion", "").lower() == "true":
        version = call.world.subscriptions.rows.get(version.previous_id or "")
    plans = version.rate_plans if version else ()
    plan = next((one for one in plans if one.id[:4] == key[:4]), None)
    if version is None or plan is None:
        raise NotFoundError(key)
    return Reply({"success": True, **_show(call.world, version, plan)})


def _show(world: World, version: Subscription, plan: RatePlan) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": seen_in(version.id, plan.id),
        "productId": plan.product_id,
        "productName": plan.product_name,
        "productSku": plan.product_sku,
        "productRatePlanId": plan.product_rate_plan_id,
        "ratePlanName": plan.name,
        "lastChangeType": _CHANGES.get(plan.last_change or "", plan.last_change),
        "subscriptionId": version.id,
        "externallyManagedPlanId": None,
    }
    amendments = world.amendments.of(version.number)
    made = next((one for one in amendments if one.new_subscription_id == version.id), None)
    if made is not None:
        shown["amendment"] = {
            "id": made.id,
            "code": made.number,
            "name": made.name,
            "type": made.type,
            "description": made.description,
            "contractEffectiveDate": day(made.contract_effective),
            "serviceActivationDate": day(made.service_activation),
            "customerAcceptanceDate": day(made.customer_acceptance),
            "effectiveDate": day(made.effective),
            "isCreatedByOrder": True,
            "createdBy": SYSTEM_USER,
            "createdDate": stamp(made.created),
            "updatedBy": SYSTEM_USER,
            "updatedDate": stamp(made.updated),
            "customFields": made.custom_fields,
        }
    order = world.orders.get(version.order_number or "")
    return shown | ({"order": _show_order(order, version.number)} if order else {})


def _show_order(order: Order, number: str) -> dict[str, Any]:
    """Return an order with what it did to the subscription's products."""
    return {
        "id": order.id,
        "orderNumber": order.number,
        "orderActions": [
            {"id": one.id, "sequence": one.sequence, "type": one.said["type"], "customFields": {}}
            for one in actions(order)
            if one.ordered.number == number
        ],
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/rateplans/{rate-plan-id}", read),
    Endpoint("GET", "/v1/rate-plans/{rate-plan-id}", read),
)
