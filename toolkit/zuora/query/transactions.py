"""What was asked of gateways as queries see it: logs of it, and the payment methods that it was about."""

from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.billing.payments import Payment
from toolkit.zuora.query.customers import PAYMENT_METHOD
from toolkit.zuora.query.kinds import (
    Field,
    Kind,
    always,
    among,
    choice,
    every,
    in_table,
    moment,
    owned,
    text,
)
from toolkit.zuora.state.world import World


def _charged(world: World) -> Iterator[Payment]:
    """Yield the payments for which a gateway was asked."""
    return (payment for payment in world.payments.rows.values() if payment.gateway is not None)


def _of_payment(world: World, key: str) -> Iterable[Payment]:
    payment = world.payments.rows.get(key)
    return () if payment is None or payment.gateway is None else (payment,)


def _charged_to(world: World, key: str) -> Iterable[Payment]:
    """Return the payments of a payment method for which a gateway was asked."""
    return (payment for payment in world.payments.of(key) if payment.gateway is not None)


def _turned(identity: str) -> str:
    """Return the id of a payment's log, or of a log's payment: the same digits from behind."""
    return identity[::-1]


def _swapped(identity: str) -> str:
    """Return the id of a payment's snapshot, or of a snapshot's payment: the same halves the other way."""
    return identity[16:] + identity[:16]


def _gateway(world: World, key: str) -> str:
    return world.gateways.find(key).name


def _of_method(field: Field) -> Field:
    """Return a field of the payment method that a transaction was about; one that is deleted has none."""

    def read(world: World, row: Any) -> Any:  # noqa: ANN401 - of any field
        method = world.payment_methods.rows.get(row.payment_method_id)
        return None if method is None else field.read(world, method)

    return Field(field.type, read)


_LOGGED = {
    "Gateway": text(lambda world, payment: _gateway(world, payment.gateway)),
    "GatewayReasonCode": text("gateway_code"),
    "GatewayReasonCodeDescription": text("gateway_text"),
}

PAYMENT_TRANSACTION_LOG = Kind(
    name="PaymentTransactionLog",
    plural="payment-transaction-logs",
    rows=_charged,
    finders={
        "Id": lambda world, value: _of_payment(world, _turned(value)),
        "PaymentId": _of_payment,
    },
    fields={
        "Id": text(lambda _, payment: _turned(payment.id)),
        "PaymentId": text("id"),
        **_LOGGED,
        "GatewayState": choice("gateway_state"),
        "GatewayTransactionType": choice(always("Sale")),
        "TransactionDate": moment("created"),
        "TransactionId": text("reference"),
    },
)

PAYMENT_METHOD_TRANSACTION_LOG = Kind(
    name="PaymentMethodTransactionLog",
    plural="payment-method-transaction-logs",
    rows=every("authorizations"),
    finders={"Id": in_table("authorizations"), "PaymentMethodId": owned("authorizations")},
    fields={
        "Id": text("id"),
        "PaymentMethodId": text("payment_method_id"),
        "PaymentMethodType": _of_method(PAYMENT_METHOD.fields["Type"]),
        "Gateway": text(lambda world, row: _gateway(world, row.gateway_id)),
        "GatewayReasonCode": text("code"),
        "GatewayReasonCodeDescription": text("text"),
        "GatewayTransactionType": choice("type"),
        "TransactionDate": moment("created"),
        "TransactionId": text("transaction_id"),
    },
)

_NOT_COPIED = frozenset({"Active", "CreatedById", "CreatedDate", "UpdatedById", "UpdatedDate"})
"""Source: Zuora, payment method snapshot."""


PAYMENT_METHOD_SNAPSHOT = Kind(
    name="PaymentMethodSnapshot",
    plural="payment-method-snapshots",
    rows=_charged,
    finders={
        "Id": lambda world, value: _of_payment(world, _swapped(value)),
        "AccountId": lambda world, key: (
            payment for method in world.payment_methods.of(key) for payment in _charged_to(world, method.id)
        ),
        "PaymentMethodId": among(_charged_to, "payment_method_id"),
    },
    fields={
        **{
            name: _of_method(field)
            for name, field in PAYMENT_METHOD.fields.items()
            if name not in _NOT_COPIED
        },
        "Id": text(lambda _, payment: _swapped(payment.id)),
        "PaymentMethodId": text("payment_method_id"),
    },
)
"""The payment method of each payment that a gateway was asked for; it follows what becomes of the method.

Source: Zuora, scrub payment methods: what is scrubbed is scrubbed in snapshots as well. That a new expiration
date is shown by former snapshots too is a simplification.
"""
