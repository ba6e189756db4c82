"""/v1/payment-gateways: show gateways; under the simulator's own prefix, add them and answer for them."""

from typing import Any, Literal

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.gateways import APPROVED, Gateway, GatewayKind, Response
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, Nothing
from toolkit.zuora.payments.inquiring import settle
from toolkit.zuora.state.world import Change


class NewGateway(Body, frozen=True):
    """A gateway, which answers like the test environment of its kind."""

    name: str
    kind: GatewayKind = "Stripe"
    default: bool = False


class Answer(Body, frozen=True):
    """What a gateway answers at last, and in which words if it declines."""

    outcome: Literal["approved", "declined"]
    code: str = "card_declined"
    text: str = "Your card was declined."


def list_gateways(call: Call) -> Reply:
    """Show the gateways in order of their numbers."""
    rows = sorted(call.world.gateways.latest(), key=lambda gateway: gateway.number)
    return Reply({"paymentgateways": [_show(one) for one in rows], "success": True})


def add(call: Call) -> Reply:
    """Add a gateway, as the settings of a tenant do; a default one takes the place of the former."""
    said: NewGateway = call.body
    world, change = call.world, Change(call.world)
    if any(one.name == said.name for one in world.gateways.latest()):
        raise InvalidValueError(f"A payment gateway of the name {said.name} exists already.")
    gateway = Gateway(
        id=change.id(),
        number=change.number("gateway"),
        name=said.name,
        kind=said.kind,
        default=said.default,
    )
    if said.default:
        for one in world.gateways.latest():
            change.put(replace(one, default=False))
    change.put(gateway)
    return Reply({**_show(gateway), "success": True}, change.world)


def close(call: Call) -> Reply:
    """Let a gateway answer a payment or a refund of which nobody knows the outcome."""
    said: Answer = call.body
    world, change = call.world, Change(call.world)
    row = world.payments.get(call.path["key"]) or world.refunds.find(call.path["key"])
    inquiry = world.inquiries.find(row.number)
    response = APPROVED if said.outcome == "approved" else Response("declined", said.code, said.text)
    done = settle(change, world, inquiry, response)
    return Reply({"number": done.number, "status": done.status, "success": True}, change.world)


def authenticate(call: Call) -> Reply:
    """Let the holder of a card confirm it with 3-D Secure."""
    change = Change(call.world)
    method = call.world.payment_methods.find(call.path["key"])
    change.put(replace(method, authenticated=True, updated=call.world.now))
    return Reply({"id": method.id, "success": True}, change.world)


def _show(gateway: Gateway) -> dict[str, Any]:
    return {
        "id": gateway.id,
        "number": gateway.number,
        "name": gateway.name,
        "type": gateway.kind,
        "isActive": True,
        "isDefault": gateway.default,
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/payment-gateways", list_gateways),
    Endpoint("GET", "/v1/paymentgateways", list_gateways),
    Endpoint("POST", "/__toolkit/payment-gateways", add, NewGateway, public=True),
    Endpoint("POST", "/__toolkit/gateway-answers/{key}", close, Answer, public=True),
    Endpoint("POST", "/__toolkit/payment-methods/{key}/authenticate", authenticate, Nothing, public=True),
)
