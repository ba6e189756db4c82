"""PaymentMethod: a card, a reference to one, a bank account, or PayPal; numbers are kept masked only."""

from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.paymentmethods import PaymentMethod, masked_account, masked_card
from toolkit.zuora.objects._writing import Fields, Said, Writer, found, said
from toolkit.zuora.state.world import Change


class MethodFields(Fields, frozen=True):
    """What may be said of a payment method. Source: Zuora, PaymentMethod, field descriptions."""

    type: str | UnsetType | None = UNSET
    account_id: str | UnsetType | None = UNSET
    credit_card_number: str | UnsetType | None = UNSET
    credit_card_mask_number: str | UnsetType | None = UNSET
    credit_card_type: str | UnsetType | None = UNSET
    credit_card_expiration_month: int | UnsetType | None = UNSET
    credit_card_expiration_year: int | UnsetType | None = UNSET
    credit_card_holder_name: str | UnsetType | None = UNSET
    token_id: str | UnsetType | None = UNSET
    second_token_id: str | UnsetType | None = UNSET
    ach_aba_code: str | UnsetType | None = UNSET
    ach_account_name: str | UnsetType | None = UNSET
    ach_account_number: str | UnsetType | None = UNSET
    ach_account_type: str | UnsetType | None = UNSET
    ach_bank_name: str | UnsetType | None = UNSET
    paypal_baid: str | UnsetType | None = UNSET
    paypal_email: str | UnsetType | None = UNSET
    paypal_type: str | UnsetType | None = UNSET


_REQUIRED = {
    "CreditCard": (
        *("credit_card_number", "credit_card_type"),
        *("credit_card_expiration_month", "credit_card_expiration_year"),
    ),
    "CreditCardReferenceTransaction": ("token_id",),
    "ACH": (
        *("ach_aba_code", "ach_account_name", "ach_account_number"),
        *("ach_account_type", "ach_bank_name"),
    ),
    "PayPal": ("paypal_baid",),
}
_KEPT = {
    "credit_card_type": "card_type",
    "credit_card_expiration_month": "expiration_month",
    "credit_card_expiration_year": "expiration_year",
    "credit_card_holder_name": "holder_name",
    "credit_card_mask_number": "masked_number",
    "token_id": "token",
    "second_token_id": "second_token",
}
_DETAILS = {
    "ach_aba_code": "bankABACode",
    "ach_account_name": "bankAccountName",
    "ach_account_type": "bankAccountType",
    "ach_bank_name": "bankName",
    "paypal_baid": "BAID",
    "paypal_email": "email",
}
_LAST_MONTH = 12


def create(change: Change, fields: MethodFields) -> str:
    """Keep a payment method, of an account or of nobody yet."""
    told, moment = said(fields), change.before.now
    kind = told.given("type")
    if kind not in _REQUIRED:
        raise InvalidValueError(f"'Type' value should be one of: {', '.join(_REQUIRED)}")
    for name in _REQUIRED[kind]:
        told.given(name)
    method = PaymentMethod(
        id=change.id(),
        number=change.number("payment method"),
        account_id=None,
        type=_stored_type(told, kind),
        created=moment,
        details={"accountHolderInfo": {}},
    )
    _keep(change, method, told)
    return method.id


def _stored_type(told: Said, kind: str) -> str:
    """Return what REST calls the type of a payment method. Source: Zuora, PaymentMethod, PaypalType."""
    if kind != "PayPal":
        return kind
    return "PayPalEC" if told.values.get("paypal_type", "ExpressCheckout") == "ExpressCheckout" else kind


def update(change: Change, identity: str, fields: MethodFields) -> None:
    """Change a payment method; its type and its number stay, and an account once it has one."""
    told, method = said(fields), found(change, "payment_methods", identity, "update")
    for name in ("type", "credit_card_number", "ach_account_number"):
        if told.values.get(name) is not None:
            raise InvalidValueError(f"The type and the number of the payment method {method.number} stay.")
    if told.values.get("account_id", method.account_id) != method.account_id and method.account_id:
        raise RuleError(f"The payment method {method.number} belongs to an account already.")
    _keep(change, method, told)


def _keep(change: Change, method: PaymentMethod, told: Said) -> None:
    values = told.values
    changes: dict[str, Any] = {ours: values[name] for name, ours in _KEPT.items() if name in values}
    if values.get("credit_card_number") is not None:
        changes["masked_number"] = masked_card(values["credit_card_number"])
    if values.get("ach_account_number") is not None:
        changes["masked_number"] = masked_account(values["ach_account_number"], "AchAccountNumber")
    month = changes.get("expiration_month")
    if month is not None and not 1 <= month <= _LAST_MONTH:
        raise InvalidValueError(f"'CreditCardExpirationMonth' should be between 1 and 12, not {month}.")
    details = {wire: values[name] for name, wire in _DETAILS.items() if name in values}
    if values.get("account_id") is not None:
        account = change.table("accounts").rows.get(values["account_id"])
        if account is None:
            raise InvalidValueError(f"The account '{values['account_id']}' does not exist.")
        changes["account_id"] = account.id
    changes["details"] = {**method.details, **details}
    changes["custom_fields"] = {**method.custom_fields, **told.custom}
    change.put(replace(method, **changes, updated=change.before.now))


def delete(change: Change, identity: str) -> None:
    """Close a payment method that is no account's default. Source: Zuora, delete a payment method."""
    method = found(change, "payment_methods", identity, "delete")
    account = change.table("accounts").rows.get(method.account_id or "")
    if account is not None and account.default_payment_method_id == method.id:
        raise RuleError(f"The payment method {method.number} is the default of {account.number}.")
    change.put(replace(method, status="Closed", account_id=None, updated=change.before.now))


WRITERS = (Writer("PaymentMethod", MethodFields, update, create, delete),)
