"""/v1/payment-methods/credit-cards: credit cards as older clients keep, list and change them."""

from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.zuora.api._payment_method_body import Holder, NewPaymentMethod, shown_address
from toolkit.zuora.api.payment_methods import keep
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change, World

_HARMLESS = frozenset({"gatewayOptions", "numConsecutiveFailures", "securityCode"})
_LAST_MONTH = 12


class NewCard(Body, frozen=True):
    """A credit card of an account."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    credit_card_number: str
    credit_card_type: str
    expiration_month: int
    expiration_year: int
    account_key: str | None = None
    card_holder_info: Holder = Holder()
    default_payment_method: bool = False


class CardChange(Holder, frozen=True):
    """New values for some fields of a credit card; its number cannot change."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS

    expiration_month: int | None = None
    expiration_year: int | None = None
    default_payment_method: bool | None = None


def create(call: Call) -> Reply:
    """Keep a credit card. Source: zuora-swagger-client 1.1, create a credit card payment method."""
    said: NewCard = call.body
    _check_expiry(call.world, said.expiration_month, said.expiration_year)
    method = NewPaymentMethod(
        type="CreditCard",
        account_key=said.account_key,
        make_default=said.default_payment_method,
        card_number=said.credit_card_number,
        card_type=said.credit_card_type,
        expiration_month=said.expiration_month,
        expiration_year=said.expiration_year,
        card_holder_info=said.card_holder_info,
        custom_fields=said.custom_fields,
    )
    change = Change(call.world)
    return Reply({"success": True, "paymentMethodId": keep(change, method).id}, change.world)


def list_by_account(call: Call) -> Reply:
    """Show an account's credit cards, and none of its other payment methods."""
    account = call.world.accounts.find(call.path["account-key"])
    cards = [one for one in call.world.payment_methods.of(account.id) if one.type == "CreditCard"]
    return listing(
        call,
        "creditCards",
        cards,
        lambda card: _show(card, default=card.id == account.default_payment_method_id),
    )


def change_card(call: Call) -> Reply:
    """Change when a card expires, who holds it, or whether it is its account's default."""
    said: CardChange = call.body
    world, change = call.world, Change(call.world)
    card = world.payment_methods.find(call.path["payment-method-id"])
    if card.type != "CreditCard":
        raise RuleError(f"The payment method {card.number} is no credit card.")
    month = said.expiration_month or card.expiration_month
    year = said.expiration_year or card.expiration_year
    if month is not None and year is not None:
        _check_expiry(world, month, year)
    holder = _holder(card) | shown_address(said)
    changed = replace(
        card,
        details={**card.details, "accountHolderInfo": holder},
        holder_name=said.card_holder_name or card.holder_name,
        expiration_month=month,
        expiration_year=year,
        custom_fields={**card.custom_fields, **said.custom_fields},
        updated=world.now,
    )
    change.put(changed)
    if said.default_payment_method and card.account_id is not None:
        account = world.accounts.find(card.account_id)
        change.put(replace(account, default_payment_method_id=card.id, updated=world.now))
    return Reply({"success": True, "paymentMethodId": card.id}, change.world)


def _check_expiry(world: World, month: int, year: int) -> None:
    """Refuse a card that has expired. Source: node-zuora, which reads this message."""
    if not 1 <= month <= _LAST_MONTH:
        raise InvalidValueError(f"'expirationMonth' should be between 01 and 12, not {month}.")
    if (year, month) < (world.today.year, world.today.month):
        raise RuleError("Expiration date must be a future date.")


def _holder(card: PaymentMethod) -> dict[str, Any]:
    return dict(card.details.get("accountHolderInfo", {}))


def _show(card: PaymentMethod, *, default: bool) -> dict[str, Any]:
    return {
        "id": card.id,
        "cardType": card.card_type,
        "cardNumber": card.masked_number,
        "expirationMonth": card.expiration_month,
        "expirationYear": card.expiration_year,
        "defaultPaymentMethod": default,
        "cardHolderInfo": {"cardHolderName": card.holder_name, **_holder(card)},
        **card.custom_fields,
    }


_CARDS = "/v1/payment-methods/credit-cards"

ENDPOINTS = (
    Endpoint("POST", _CARDS, create, NewCard, resource=520000),
    Endpoint("GET", f"{_CARDS}/accounts/{{account-key}}", list_by_account),
    Endpoint("PUT", f"{_CARDS}/{{payment-method-id}}", change_card, CardChange, resource=525000),
)
"""Source of the resource codes: node-zuora, POSTPaymentMethod and PUTPaymentMethod."""
