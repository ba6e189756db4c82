"""/v1/orderActions: why an action of an order was taken, and its custom fields."""

from msgspec.structs import replace

from toolkit.billing.errors import NotFoundError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, note, recall
from toolkit.zuora.orders.request import Action
from toolkit.zuora.query.ordering import action_with
from toolkit.zuora.state.world import Change


class ActionUpdate(Body, frozen=True):
    """What changes of an action; its other custom fields stay."""

    change_reason: str | None = None


def update(call: Call) -> Reply:
    """Set the reason and custom fields of an action. Source: the official SDK, update an order action.

    Raises:
        NotFoundError: There is no such action.
    """
    said: ActionUpdate = call.body
    key, change = call.path["id"], Change(call.world)
    found = next(iter(action_with(call.world, key)), None)
    if found is None:
        raise NotFoundError(key)
    order, ordered = found.order, found.ordered
    noted = [*ordered.actions]
    action = recall(noted[found.sequence], Action)
    fields = {**action.custom_fields, **said.custom_fields}
    reason = action.change_reason if said.change_reason is None else said.change_reason
    noted[found.sequence] = note(replace(action, change_reason=reason, custom_fields=fields))
    changed = replace(ordered, actions=tuple(noted))
    actions = tuple(changed if one.number == ordered.number else one for one in order.actions)
    change.put(replace(order, actions=actions))
    return Reply({"success": True}, change.world)


ENDPOINTS = (Endpoint("PUT", "/v1/orderActions/{id}", update, ActionUpdate),)
