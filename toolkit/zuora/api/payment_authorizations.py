"""/v1/payment-methods/{id}/authorize and voidAuthorize: let a gateway hold money, and let it go."""

from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.authorizations import Authorization
from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.gateways import APPROVED, Gateway, Terminal, charge
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed_account
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.payments.collecting import gateway_for, method_of
from toolkit.zuora.state.world import Change


class NewAuthorization(Body, frozen=True):
    """An amount that a gateway is to hold."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"cryptogram", "gatewayOptions", "mitTransactionSource", "softDescriptor", "softDescriptorPhone"}
    )

    amount: Decimal
    gateway_order_id: str
    account_id: str | None = None
    account_number: str | None = None
    payment_gateway_id: str | None = None
    currency: str | None = None


class Void(Body, frozen=True):
    """An authorization that is to end."""

    harmless: ClassVar[frozenset[str]] = frozenset({"gatewayOptions"})

    transaction_id: str
    gateway_order_id: str
    account_id: str | None = None
    account_number: str | None = None
    payment_gateway_id: str | None = None


def authorize(call: Call) -> Reply:
    """Ask a gateway to hold an amount; what it declines is kept in its log, and the call is refused.

    Source: Zuora, create authorization: the result code of what succeeds is 0.
    """
    said: NewAuthorization = call.body
    world, change = call.world, Change(call.world)
    if said.amount <= 0:
        raise InvalidValueError(f"'amount' should be greater than 0, not {said.amount}.")
    account = needed_account(world, said)
    method = method_of(world, account, call.path["payment-method-id"])
    gateway = gateway_for(world, account, said.payment_gateway_id)
    response = charge(Terminal(gateway, method), said.amount, world.today)
    made = Authorization(
        id=change.id(),
        payment_method_id=method.id,
        type="Authorization",
        amount=said.amount,
        currency=said.currency or account.currency,
        gateway_id=gateway.id,
        transaction_id=change.id(),
        order_id=said.gateway_order_id or change.id(),
        outcome=response.outcome,
        code=response.code,
        text=response.text,
        created=world.now,
    )
    change.put(made)
    shown = {**_show(made, gateway), "currency": made.currency}
    if response.outcome == "approved":
        return Reply(shown, change.world)
    return Reply(shown, change.world, refusal=Refusal(Category.INTEGRATION, response.reason))


def void(call: Call) -> Reply:
    """Let the gateway's hold go; once."""
    said: Void = call.body
    world, change = call.world, Change(call.world)
    made = [
        one
        for one in world.authorizations.of(call.path["payment-method-id"])
        if one.transaction_id == said.transaction_id and one.outcome == "approved"
    ]
    if not made:
        raise NotFoundError(said.transaction_id)
    if len(made) > 1:
        raise RuleError(f"The authorization {said.transaction_id} is voided already.")
    ended = replace(
        made[0],
        id=change.id(),
        type="VoidAuth",
        order_id=said.gateway_order_id or made[0].order_id,
        code=APPROVED.code,
        text=APPROVED.text,
        created=world.now,
    )
    change.put(ended)
    return Reply(_show(ended), change.world)


def _show(made: Authorization, gateway: Gateway | None = None) -> dict[str, Any]:
    answered = {} if gateway is None else {"paymentGatewayResponse": _response(made, gateway)}
    return {
        "transactionId": made.transaction_id,
        "gatewayOrderId": made.order_id,
        "resultCode": "0",
        "resultMessage": made.text,
        **answered,
        "success": True,
    }


def _response(made: Authorization, gateway: Gateway) -> dict[str, Any]:
    return {
        "gatewayType": gateway.kind,
        "gatewayVersion": "2",
        "gatewayResponseCode": made.code,
        "gatewayResponseMessage": made.text,
        "additionalInfo": {},
    }


_ONE = "/v1/payment-methods/{payment-method-id}"

ENDPOINTS = (
    Endpoint("POST", f"{_ONE}/authorize", authorize, NewAuthorization),
    Endpoint("POST", f"{_ONE}/voidAuthorize", void, Void),
)
