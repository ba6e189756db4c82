"""/v1/payment-methods: keep a way to pay; card numbers are masked before anything is stored."""

from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.accounts import PaymentMethod
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.wire import Body, stamp
from toolkit.zuora.world import Change

_SHOWN_DIGITS = 4
_FEWEST_DIGITS = 12


class Holder(Body, frozen=True):
    """Who holds a card."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("addressLine1", "addressLine2", "city", "country", "email", "phone", "state", "zipCode"),
        }
    )

    card_holder_name: str | None = None


class NewPaymentMethod(Body, frozen=True):
    """A credit card; other types are kept by their name alone."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("authGateway", "checkDuplicated", "currencyCode", "gatewayOptions", "ipAddress"),
            *("mandateInfo", "processingOptions", "screeningAmount", "securityCode", "skipValidation"),
            *("tokenize", "tokens", "paymentGatewayNumber", "cardBinInfo"),
        }
    )

    type: str
    account_key: str | None = None
    card_number: str | None = None
    card_type: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    card_holder_info: Holder = Holder()
    make_default: bool = False


def create(call: Call) -> Reply:
    """Keep a payment method, for an account or until an account takes it."""
    said: NewPaymentMethod = call.body
    world, change = call.world, Change(call.world)
    account = world.accounts.find(said.account_key) if said.account_key else None
    if said.type == "CreditCard" and said.card_number is None:
        raise MissingValueError("cardNumber")
    method = PaymentMethod(
        id=change.id(),
        number=change.number("payment method"),
        account_id=account.id if account else None,
        type=said.type,
        created=world.now,
        masked_number=_masked(said.card_number) if said.card_number else None,
        card_type=said.card_type,
        expiration_month=said.expiration_month,
        expiration_year=said.expiration_year,
        holder_name=said.card_holder_info.card_holder_name,
    )
    change.put(method)
    if account and said.make_default:
        change.put(replace(account, default_payment_method_id=method.id, updated=world.now))
    return Reply({"success": True, "id": method.id}, change.world)


def _masked(card_number: str) -> str:
    digits = card_number.replace(" ", "")
    if not digits.isdecimal() or len(digits) < _FEWEST_DIGITS:
        raise InvalidValueError("'cardNumber' should be a card number of 12 to 19 digits.")
    return "*" * (len(digits) - _SHOWN_DIGITS) + digits[-_SHOWN_DIGITS:]


def read(call: Call) -> Reply:
    """Show a payment method."""
    method = call.world.payment_methods.find(call.path["payment-method-id"])
    account = call.world.accounts.get(method.account_id) if method.account_id else None
    default = account is not None and account.default_payment_method_id == method.id
    return Reply({**_show(method, default=default), "success": True})


def list_by_account(call: Call) -> Reply:
    """Show an account's payment methods, grouped by type. Source: a live tenant."""
    account = call.world.accounts.find(call.path["account-key"])
    answer: dict[str, Any] = {
        "defaultPaymentMethodId": account.default_payment_method_id,
        "paymentGateway": account.payment_gateway,
    }
    for method in call.world.payment_methods.of(account.id):
        shown = _show(method, default=method.id == account.default_payment_method_id)
        answer.setdefault(method.type.lower(), []).append(shown)
    return Reply({**answer, "success": True})


def _show(method: PaymentMethod, *, default: bool) -> dict[str, Any]:
    return {
        "id": method.id,
        "type": method.type,
        "cardNumber": method.masked_number,
        "creditCardType": method.card_type,
        "expirationMonth": method.expiration_month,
        "expirationYear": method.expiration_year,
        "accountHolderInfo": {"accountHolderName": method.holder_name},
        "isDefault": default,
        "status": method.status,
        "createdDate": stamp(method.created),
    }


ENDPOINTS = (
    Endpoint("POST", "/v1/payment-methods", create, NewPaymentMethod, resource=534100),
    Endpoint("GET", "/v1/payment-methods/{payment-method-id}", read),
    Endpoint("GET", "/v1/accounts/{account-key}/payment-methods", list_by_account),
)
