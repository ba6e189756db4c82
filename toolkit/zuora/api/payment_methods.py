"""/v1/payment-methods: keep ways to pay; numbers are masked before anything is stored."""

from decimal import Decimal
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from toolkit.billing.errors import (
    GatewayError,
    InvalidValueError,
    MissingValueError,
    NotFoundError,
    RuleError,
)
from toolkit.billing.gateways import Terminal, charge
from toolkit.billing.paymentmethods import PaymentMethod, masked_account, masked_card, scrub
from toolkit.billing.retries import RetryRule
from toolkit.zuora.api._payment_method_body import (
    ACCOUNT_NUMBERED,
    REQUIRED,
    SHOWN,
    MethodChange,
    NewPaymentMethod,
    Verification,
    shown_address,
)
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Nothing, stamp
from toolkit.zuora.objects.payment_methods import delete as close
from toolkit.zuora.payments.collecting import gateway_for
from toolkit.zuora.state.world import Change

_NOT_LISTED = frozenset({"bankAccountNumber", "bankAccountType", "bankName"})
"""Source: the official SDK, whose list of an account's payment methods lacks them."""


def create(call: Call) -> Reply:
    """Keep a payment method, for an account or until an account takes it."""
    change = Change(call.world)
    method = keep(change, call.body)
    return Reply({"success": True, "id": method.id}, change.world)


def keep(change: Change, said: NewPaymentMethod) -> PaymentMethod:
    """Put a payment method into the change, and its account, if it becomes that one's default."""
    world = change.world
    account = world.accounts.find(said.account_key) if said.account_key else None
    for field, wire in REQUIRED.get(said.type, ()):
        if getattr(said, field) is None:
            raise MissingValueError(wire)
    holder = said.account_holder_info or said.card_holder_info
    given = {wire: getattr(said, field) for field, wire in SHOWN.items()}
    method = PaymentMethod(
        id=change.id(),
        number=said.payment_method_number or change.number("payment method"),
        account_id=account.id if account else None,
        type=said.type,
        created=world.now,
        updated=world.now,
        masked_number=_masked(said),
        card_type=said.card_type,
        expiration_month=said.expiration_month,
        expiration_year=said.expiration_year,
        holder_name=holder.card_holder_name or holder.account_holder_name,
        token=said.token_id or said.tokens.token_id,
        second_token=said.second_token_id or said.tokens.second_token_id,
        details={
            **{wire: value for wire, value in given.items() if value is not None},
            "accountHolderInfo": {**shown_address(said), **shown_address(holder)},
        },
        retry=_rule(said),
        custom_fields=said.custom_fields,
    )
    if world.payment_methods.get(method.number) is not None:
        raise InvalidValueError(f"The payment method number {method.number} is used already.")
    change.put(method)
    if account and said.make_default:
        change.put(replace(account, default_payment_method_id=method.id, updated=world.now))
    return method


def _masked(said: NewPaymentMethod) -> str | None:
    """Return the number of the card or the bank account with all but its last four digits hidden."""
    if said.card_number is not None:
        return masked_card(said.card_number)
    for name, number in (
        ("bankAccountNumber", said.bank_account_number),
        ("IBAN", said.iban),
        ("accountNumber", said.account_number),
    ):
        if number is not None:
            return masked_account(number, name)
    return (
        said.card_mask_number
        or said.credit_card_mask_number
        or said.bank_account_mask_number
        or said.account_mask_number
    )


def _rule(said: NewPaymentMethod) -> RetryRule | None:
    if said.use_default_retry_rule:
        return None
    return RetryRule(max_failures=said.max_consecutive_payment_failures, interval=said.payment_retry_window)


def read(call: Call) -> Reply:
    """Show a payment method."""
    method = _found(call)
    account = call.world.accounts.get(method.account_id) if method.account_id else None
    default = account is not None and account.default_payment_method_id == method.id
    return Reply({**_show(method, default=default), "success": True})


def list_by_account(call: Call) -> Reply:
    """Show an account's payment methods, grouped by type; the default or the active ones alone if so asked.

    Source: a live tenant; the official SDK for `isDefaultOnly` and `isActiveOnly`.
    """
    default_only, active_only = (call.query.get(name) == "true" for name in ("isDefaultOnly", "isActiveOnly"))
    account = call.world.accounts.find(call.path["account-key"])
    answer: dict[str, Any] = {
        "defaultPaymentMethodId": account.default_payment_method_id,
        "paymentGateway": account.payment_gateway,
    }
    for method in call.world.payment_methods.of(account.id):
        default = method.id == account.default_payment_method_id
        if (default_only and not default) or (active_only and method.status != "Active"):
            continue
        shown = _show(method, default=default)
        listed = {name: value for name, value in shown.items() if name not in _NOT_LISTED}
        answer.setdefault(method.type.lower(), []).append(listed)
    return Reply({**answer, "success": True})


def read_default(call: Call) -> Reply:
    """Show an account's default payment method; there may be none. Source: a live tenant."""
    account = call.world.accounts.find(call.path["account-key"])
    key = account.default_payment_method_id
    if key is None:
        raise NotFoundError(call.path["account-key"])
    shown = _show(call.world.payment_methods.find(key), default=True)
    return Reply({**shown, "success": True})


def change_method(call: Call) -> Reply:
    """Change when a card expires, who holds it, its retry rule, or whose it is if it is nobody's."""
    said: MethodChange = call.body
    world, change, method = call.world, Change(call.world), _found(call)
    if said.account_key is not UNSET:
        if method.account_id is not None:
            raise RuleError(f"The payment method {method.number} belongs to an account already.")
        method = replace(method, account_id=world.accounts.find(said.account_key).id)
    if said.account_holder_info is not UNSET:
        holder = said.account_holder_info
        details = {**method.details, "accountHolderInfo": shown_address(holder)}
        method = replace(
            method, details=details, holder_name=holder.account_holder_name or method.holder_name
        )
    month, year = said.expiration_month, said.expiration_year
    method = replace(
        method,
        expiration_month=method.expiration_month if month is UNSET else month,
        expiration_year=method.expiration_year if year is UNSET else year,
        retry=_changed_rule(method.retry, said),
        custom_fields={**method.custom_fields, **said.custom_fields},
        updated=world.now,
    )
    change.put(method)
    return Reply({"id": method.id, "success": True}, change.world)


def _changed_rule(rule: RetryRule | None, said: MethodChange) -> RetryRule | None:
    if said.use_default_retry_rule is True:
        return None
    failures, hours = said.max_consecutive_payment_failures, said.payment_retry_window
    if rule is None and said.use_default_retry_rule is UNSET:
        return None
    former = rule or RetryRule()
    return RetryRule(
        max_failures=former.max_failures if failures is UNSET else failures,
        interval=former.interval if hours is UNSET else hours,
    )


def delete(call: Call) -> Reply:
    """Delete a payment method that is no account's default. Source: Zuora, delete a payment method."""
    change = Change(call.world)
    close(change, _found(call).id)
    return Reply({"success": True}, change.world)


def erase(call: Call) -> Reply:
    """Scrub a payment method; if it is the account's default, there is none then, and no auto-pay.

    Source: a live tenant.
    """
    change, world, method = Change(call.world), call.world, _found(call)
    change.put(scrub(method, world.now))
    account = world.accounts.get(method.account_id) if method.account_id else None
    if account is not None and account.default_payment_method_id == method.id:
        change.put(replace(account, default_payment_method_id=None, auto_pay=False, updated=world.now))
    return Reply({"success": True}, change.world)


def verify(call: Call) -> Reply:
    """Ask a gateway for one unit of the currency, which is not kept, to see whether it would pay."""
    said: Verification = call.body
    world, method = call.world, _found(call)
    if method.account_id is None:
        raise RuleError(f"The payment method {method.number} belongs to no account.")
    account = world.accounts.find(method.account_id)
    key = said.payment_gateway_number
    if said.payment_gateway_name is not None:
        named = (one.number for one in world.gateways.latest() if one.name == said.payment_gateway_name)
        key = next(named, said.payment_gateway_name)
    gateway = gateway_for(world, account, key)
    response = charge(Terminal(gateway, method), Decimal(1), world.today)
    if response.outcome != "approved":
        raise GatewayError(response.reason)
    return Reply({"paymentMethodId": method.id, "success": True})


def _found(call: Call) -> PaymentMethod:
    return call.world.payment_methods.find(call.path["payment-method-id"])


def _show(method: PaymentMethod, *, default: bool) -> dict[str, Any]:
    bank = "bankABACode" in method.details
    number = method.masked_number
    holder = dict(method.details).pop("accountHolderInfo", {})
    return {
        **{name: value for name, value in method.details.items() if name != "accountHolderInfo"},
        "id": method.id,
        "type": method.type,
        "cardNumber": number if method.type.startswith("CreditCard") else None,
        **({"bankAccountNumber": number} if bank else {}),
        **({"IBAN": number} if method.type == "SEPA" else {}),
        **({"accountNumber": number} if method.type in ACCOUNT_NUMBERED else {}),
        "creditCardType": method.card_type,
        "expirationMonth": method.expiration_month,
        "expirationYear": method.expiration_year,
        "accountHolderInfo": {"accountHolderName": method.holder_name, **holder},
        "tokenId": method.token,
        "secondTokenId": method.second_token,
        "isDefault": default,
        "status": method.status,
        "useDefaultRetryRule": method.retry is None,
        "maxConsecutivePaymentFailures": method.retry and method.retry.max_failures,
        "paymentRetryWindow": method.retry and method.retry.interval,
        "numConsecutiveFailures": method.failures,
        "totalNumberOfProcessedPayments": method.payments,
        "totalNumberOfErrorPayments": method.errors,
        "lastTransaction": _last(method),
        "lastTransactionDateTime": method.last_tried and stamp(method.last_tried),
        "lastFailedSaleTransactionDate": method.last_failed and stamp(method.last_failed),
        "createdDate": stamp(method.created),
        "updatedDate": stamp(method.updated or method.created),
        **method.custom_fields,
    }


def _last(method: PaymentMethod) -> str | None:
    if method.last_tried is None:
        return None
    return "Declined" if method.failures else "Approved"


_KEY = "/v1/payment-methods/{payment-method-id}"

ENDPOINTS = (
    Endpoint("POST", "/v1/payment-methods", create, NewPaymentMethod, resource=534100),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, change_method, MethodChange, resource=534200),
    Endpoint("DELETE", _KEY, delete),
    Endpoint("PUT", f"{_KEY}/scrub", erase, Nothing),
    Endpoint("PUT", f"{_KEY}/verify", verify, Verification, resource=534300),
    Endpoint("GET", "/v1/accounts/{account-key}/payment-methods", list_by_account),
    Endpoint("GET", "/v1/accounts/{account-key}/payment-methods/default", read_default),
)
