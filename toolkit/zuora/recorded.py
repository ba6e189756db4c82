"""Recorded previews: a real tenant's subscription, and what Zuora said it would bill."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from toolkit.billing.accounts import Account
from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.errors import BillingError
from toolkit.billing.identities import part_id
from toolkit.billing.subscriptions import Charge, LastChange, RatePlan, Subscription, Term
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.wire import parse
from toolkit.zuora.charge_names import PRICING, TERMS
from toolkit.zuora.state.world import Change, World, empty

Document = Mapping[str, Any]


class RecordedItem(msgspec.Struct, frozen=True, rename="camel"):
    """One item that Zuora said it would bill; `service_end_date` is the last day."""

    charge: str
    service_start_date: date
    service_end_date: date
    charge_amount: Decimal
    tax_amount: Decimal
    processing_type: str
    charge_date: datetime

    @property
    def amount(self) -> Decimal:
        """The amount with its tax: recorded prices include tax."""
        return self.charge_amount + self.tax_amount


class RecordedPlan(msgspec.Struct, frozen=True, rename="camel"):
    """A rate plan of the recorded subscription; its charges are kept as Zuora showed them."""

    charges: tuple[Document, ...]
    last_change_type: LastChange | None = None


class Recording(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One recorded preview.

    Attributes:
        request: The body of the request, without the account.
        subscription: As GET subscription showed it; its rate plans have `charges`, and each charge a
            `charge` that names it.
        charges_outside_this_subscription: Charges of the account's other subscriptions.
    """

    source: str
    request: Document
    account: Document
    subscription: Document
    invoice_items: tuple[RecordedItem, ...]
    charges_outside_this_subscription: frozenset[str] = frozenset()

    @property
    def items(self) -> tuple[RecordedItem, ...]:
        """The items of this subscription."""
        outside = self.charges_outside_this_subscription
        return tuple(item for item in self.invoice_items if item.charge not in outside)

    @property
    def target(self) -> str:
        """The target date; where the recording lacks it, the latest first day of an item.

        Whatever begins later was not billed, so that both dates bill the same.
        """
        latest = max((item.service_start_date for item in self.invoice_items), default=date.min)
        return str(self.request.get("targetDate") or latest)


def read(path: Path) -> Recording:
    """Read a recording.

    Raises:
        ToolkitError: The file is no such recording; the message says where it is wrong.
    """
    try:
        return msgspec.convert(parse(path.read_bytes()), Recording)
    except OSError as error:
        raise ToolkitError(f"{path} cannot be read: {error.strerror}.") from error
    except (Refusal, msgspec.ValidationError) as error:
        raise ToolkitError(f"{path} is no recorded billing preview: {error}.") from error


_SEGMENT = {
    "quantity": "quantity",
    "segment": "segment",
    "version": "version",
    "effectiveStartDate": "effective_start",
    "effectiveEndDate": "effective_end",
    "chargedThroughDate": "charged_through",
    "processedThroughDate": "processed_through",
    "triggerDate": "trigger_date",
    "specificEndDate": "specific_end_date",
}
_SUBSCRIPTION = {
    "status": "status",
    "version": "version",
    "termType": "term_type",
    "contractEffectiveDate": "contract_effective",
    "serviceActivationDate": "service_activation",
    "customerAcceptanceDate": "customer_acceptance",
    "subscriptionStartDate": "start",
    "termStartDate": "term_start",
    "termEndDate": "term_end",
    "renewalSetting": "renewal_setting",
    "autoRenew": "auto_renew",
}


def tenant_of(recording: Recording) -> tuple[World, Account, dict[str, str]]:
    """Build a tenant that holds the recorded subscription and nothing else.

    Returns:
        The world, the account, and the recording's name of each charge by its number in the world.

    Raises:
        ToolkitError: The subscription has a value that the domain does not know.
    """
    try:
        return _build(recording)
    except KeyError as error:
        raise ToolkitError(f"{recording.source} cannot be loaded: it lacks {error}.") from error
    except (msgspec.ValidationError, BillingError, TypeError) as error:
        raise ToolkitError(f"{recording.source} cannot be loaded: {str(error).rstrip('.')}.") from error


def _build(recording: Recording) -> tuple[World, Account, dict[str, str]]:
    now = min((item.charge_date for item in recording.invoice_items), default=datetime(2026, 1, 1))  # noqa: DTZ001 - the tenant's zone follows
    change = Change(empty(start=now.date()))
    moment = change.world.now
    account = Account(
        id=change.id(),
        number=change.number("account"),
        name=recording.source,
        currency=_currency(recording),
        bill_cycle_day=recording.account.get("billCycleDay") or 1,
        bill_to_id=None,
        sold_to_id=None,
        created=moment,
        updated=moment,
    )
    said, identity, names = recording.subscription, change.id(), dict[str, str]()
    plans, places = [], count(1)
    for plan in msgspec.convert(said["ratePlans"], tuple[RecordedPlan, ...]):
        charges = []
        for charge in plan.charges:
            number = change.number("charge")
            names[number] = charge["charge"]
            charges.append(_charge(charge, part_id(identity, next(places)), number, account.currency))
        plans.append(_plan(plan, tuple(charges), change, part_id(identity, next(places))))
    subscription = Subscription(
        **{"term_end": None} | _taken(said, _SUBSCRIPTION, Subscription),
        id=identity,
        original_id=identity,
        previous_id=None,
        number=change.number("subscription"),
        account_id=account.id,
        invoice_owner_id=account.id,
        initial_term=_term(said, "initialTerm"),
        current_term=_term(said, "currentTerm"),
        renewal_term=_term(said, "renewalTerm"),
        currency=account.currency,
        rate_plans=tuple(plans),
        order_number=None,
        created=moment,
        updated=moment,
        last_booking=moment.date(),
    )
    change.put(account)
    change.put(subscription)
    return change.world, account, names


def _currency(recording: Recording) -> str:
    charges = [charge for plan in recording.subscription["ratePlans"] for charge in plan["charges"]]
    stated = (recording.account.get("currency"), *(charge.get("currency") for charge in charges))
    return next((currency for currency in stated if currency), "USD")


def _taken(said: Document, names: Mapping[str, str], kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Take the fields with these names, converted to the types that `kind` declares for them."""
    types = {field.name: field.type for field in msgspec.structs.fields(kind)}
    return {
        ours: msgspec.convert(said[theirs], types[ours], strict=False)
        for theirs, ours in names.items()
        if said.get(theirs) is not None
    }


def _charge(said: Document, identity: str, number: str, currency: str) -> Charge:
    segment = _taken(said, _SEGMENT, Charge)
    segment.setdefault("quantity", None)
    segment.setdefault("effective_end", None)
    terms = ChargeTerms(name=said["charge"], **_taken(said, TERMS, ChargeTerms))
    return Charge(
        **segment,
        id=identity,
        original_id=identity,
        number=number,
        product_charge_id=identity,
        terms=terms,
        pricing=Pricing(currency=currency, **_taken(said, PRICING, Pricing)),
        trigger_day=_trigger_day(segment),
        original_order_date=segment["effective_start"],
    )


def _trigger_day(segment: Document) -> date:
    """Return the first day of the charge's first segment, as far as the last segment tells it.

    Only that segment is recorded. Billing stopped at period boundaries, where a short month shows its
    last day: of the days seen there the highest is the billing day.
    """
    start: date = segment["effective_start"]
    ends: list[date] = [
        day for name in ("charged_through", "processed_through") if (day := segment.get(name))
    ]
    if segment.get("segment", 1) == 1 or not ends:
        return start
    return max(ends, key=lambda day: day.day)


def _plan(plan: RecordedPlan, charges: tuple[Charge, ...], change: Change, identity: str) -> RatePlan:
    return RatePlan(
        id=identity,
        number=change.number("rate plan"),
        product_id=identity,
        product_name="",
        product_sku="",
        product_rate_plan_id=identity,
        name="",
        charges=charges,
        last_change=plan.last_change_type,
    )


def _term(said: Document, name: str) -> Term | None:
    length = said.get(name)
    if not length:
        return None
    return msgspec.convert({"length": length, "unit": said.get(f"{name}PeriodType") or "Month"}, Term)
