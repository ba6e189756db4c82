"""/v1/payment-methods/{id}/profiles: stored credential profiles of a card."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.errors import GatewayError, NotFoundError, RuleError
from toolkit.billing.gateways import Terminal, charge
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.storedcredentials import (
    GatewayCredential,
    ProfileType,
    StoredCredential,
    cancel,
    expire,
)
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, Nothing, day, stamp
from toolkit.zuora.payments.collecting import gateway_for
from toolkit.zuora.state.world import Change, World


class NewProfile(Body, frozen=True):
    """An agreement with the holder of a card, noted or active at once."""

    harmless: ClassVar[frozenset[str]] = frozenset({"cardSecurityCode"})

    type: ProfileType
    status: Literal["Agreed", "Active"]
    consent_agreement_src: Literal["External"]
    consent_agreement_ref: str | None = None
    action: Literal["Activate", "Persist"] = "Activate"
    agreed_on: date | None = None
    auth_gateway: str | None = None
    payment_gateway_number: str | None = None
    network_transaction_id: str | None = None


class NewGatewayData(Body, frozen=True):
    """How the card network calls an agreement at a gateway."""

    auth_gateway: str
    network_transaction_id: str


def create(call: Call) -> Reply:
    """Note an agreement; to activate one the gateway is asked, unless it is to persist what is known there.

    Where the gateway declines there is no profile. Source: the official SDK, stored credential profile
    action. That it is asked for one unit of the currency, which is not kept, is an assumption.
    """
    said: NewProfile = call.body
    world, method, change = call.world, _method(call), Change(call.world)
    if not method.type.startswith("CreditCard"):
        raise RuleError(f"The payment method {method.number} is no card: it has no stored credentials.")
    account = world.accounts.get(method.account_id or "")
    gateway = gateway_for(world, account, said.auth_gateway or said.payment_gateway_number)
    active = said.status == "Active"
    if active and said.action == "Activate":
        response = charge(Terminal(gateway, method), Decimal(1), world.today)
        if response.outcome != "approved":
            raise GatewayError(response.reason)
    known = said.network_transaction_id
    profile = StoredCredential(
        number=len(method.profiles) + 1,
        type=said.type,
        status=said.status,
        brand=method.card_type,
        agreed=said.agreed_on or world.today,
        activated=world.now if active else None,
        reference=said.consent_agreement_ref,
        gateways=() if known is None else (GatewayCredential(change.id(), gateway.id, known),),
    )
    change.put(replace(method, profiles=(*method.profiles, profile)))
    return Reply(_done(method, profile), change.world)


def list_profiles(call: Call) -> Reply:
    """Show the profiles that hold, or with `includeAll` all of them."""
    method, every = _method(call), call.query.get("includeAll") == "true"
    shown = [_show(method, profile) for profile in method.profiles if every or profile.holds]
    return Reply({"profiles": shown, "success": True})


def cancel_one(call: Call) -> Reply:
    """End an agreement as its holder wishes."""
    return _ended(call, cancel)


def expire_one(call: Call) -> Reply:
    """End an agreement as the rules of its network want."""
    return _ended(call, expire)


def _ended(call: Call, how: Callable[[StoredCredential, datetime], StoredCredential]) -> Reply:
    method, profile = _method(call), _profile(call)
    return Reply(_done(method, profile), _kept(Change(call.world), method, how(profile, call.world.now)))


def add_data(call: Call) -> Reply:
    """Note how a gateway knows a profile; what is known at others stays."""
    said: NewGatewayData = call.body
    method, profile, change = _method(call), _profile(call), Change(call.world)
    gateway = call.world.gateways.find(said.auth_gateway)
    known = GatewayCredential(change.id(), gateway.id, said.network_transaction_id)
    after = _kept(change, method, replace(profile, gateways=(*profile.gateways, known)))
    return Reply({"id": known.id, "success": True}, after)


def _method(call: Call) -> PaymentMethod:
    return call.world.payment_methods.find(call.path["payment-method-id"])


def _profile(call: Call) -> StoredCredential:
    wanted = call.path["profile-number"]
    found = (one for one in _method(call).profiles if str(one.number) == wanted)
    profile = next(found, None)
    if profile is None:
        raise NotFoundError(wanted)
    return profile


def _kept(change: Change, method: PaymentMethod, profile: StoredCredential) -> World:
    profiles = tuple(profile if one.number == profile.number else one for one in method.profiles)
    change.put(replace(method, profiles=profiles))
    return change.world


def _done(method: PaymentMethod, profile: StoredCredential) -> dict[str, Any]:
    return {"number": profile.number, "paymentMethodId": method.id, "success": True}


def _show(method: PaymentMethod, profile: StoredCredential) -> dict[str, Any]:
    """Return a profile. Source: the official SDK, StoredCredentialProfileResponse."""
    return {
        "number": profile.number,
        "paymentMethodId": method.id,
        "type": profile.type,
        "status": profile.status,
        "brand": profile.brand,
        "consentAgreementSrc": "External",
        "consentAgreementRef": profile.reference,
        "agreedOn": f"{day(profile.agreed)} 00:00:00",
        "activatedOn": profile.activated and stamp(profile.activated),
        "cancelledOn": profile.cancelled and stamp(profile.cancelled),
        "expiredOn": profile.expired and stamp(profile.expired),
    }


_ALL = "/v1/payment-methods/{payment-method-id}/profiles"
_ONE = f"{_ALL}/{{profile-number}}"

ENDPOINTS = (
    Endpoint("POST", _ALL, create, NewProfile),
    Endpoint("GET", _ALL, list_profiles),
    Endpoint("POST", f"{_ONE}/cancel", cancel_one, Nothing),
    Endpoint("POST", f"{_ONE}/expire", expire_one, Nothing),
    Endpoint("POST", f"{_ONE}/profile-data", add_data, NewGatewayData),
)
