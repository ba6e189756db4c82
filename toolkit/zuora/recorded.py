"""Recorded previews: a real tenant's subscription, and what Zuora said it would bill."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args

import msgspec

from toolkit.billing.accounts import Account
from toolkit.billing.catalog import ChargeTerms, Pricing, Tier
from toolkit.billing.errors import BillingError
from toolkit.billing.identities import part_id
from toolkit.billing.money import ZERO
from toolkit.billing.subscriptions import Charge, LastChange, RatePlan, Subscription, Term
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.wire import parse
from toolkit.zuora.charge_names import PRICING, TERMS, TIER
from toolkit.zuora.state.world import Change, World, empty

Document = Mapping[str, Any]
Kind = TypeVar("Kind")


class RecordedItem(msgspec.Struct, frozen=True, rename="camel"):
    """One item that Zuora said it would bill; `service_end_date` is the last day.

    Attributes:
        item: Its number within the recording.
        applied_to_item: Of a discount: the number of the item that it is taken off.
        charge_date: When Zuora said so.
    """

    charge: str
    service_start_date: date
    service_end_date: date
    charge_amount: Decimal
    tax_amount: Decimal = ZERO
    processing_type: str = "Charge"
    charge_date: datetime | None = None
    item: int | None = None
    applied_to_item: int | None = None

    @property
    def amount(self) -> Decimal:
        """The amount with its tax: recorded prices include tax where their charges do not say otherwise."""
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
    subscription: Document
    invoice_items: tuple[RecordedItem, ...]
    request: Document = {}
    account: Document = {}
    charges_outside_this_subscription: frozenset[str] = frozenset()

    @property
    def items(self) -> tuple[RecordedItem, ...]:
        """The items of this subscription."""
        outside = self.charges_outside_this_subscription
        return tuple(item for item in self.invoice_items if item.charge not in outside)

    @property
    def charges(self) -> dict[str, Document]:
        """The charges of this subscription by their names."""
        plans = self.subscription["ratePlans"]
        return {charge["charge"]: charge for plan in plans for charge in plan["charges"]}

    def compared(self, item: RecordedItem) -> RecordedItem:
        """Return the item as prices say it: where they exclude tax, without tax.

        Source: the official SDK, whose charge amounts of a preview have no tax in either mode.
        """
        exclusive = self.charges.get(self.priced(item).charge, {}).get("taxMode") == "TaxExclusive"
        return msgspec.structs.replace(item, tax_amount=ZERO) if exclusive else item

    def priced(self, item: RecordedItem) -> RecordedItem:
        """Return the item whose price this one is of: of a discount, what it is taken off."""
        number = item.applied_to_item
        return next((one for one in self.invoice_items if number and one.item == number), item)

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
        raise ToolkitError(f"{path} is no recorded billing preview: {str(error).rstrip('.')}.") from error


_TERMS = {
    **TERMS,
    "billCycleDay": "bill_cycle_day",
    "prorationOption": "proration_option",
    "weeklyBillCycleDay": "weekly_bill_cycle_day",
}
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
_UNSAID = {"version": 1, "renewalSetting": "RENEW_WITH_SPECIFIC_TERM", "autoRenew": False}
"""What holds where a recording does not say so."""


def tenant_of(recording: Recording) -> tuple[World, Account, dict[str, str]]:
    """Build a tenant that holds the recorded subscription and nothing else.

    Returns:
        The world, the account, and the recording's name of each charge by its number in the world.

    Raises:
        ToolkitError: The subscription lacks a value, or has one that the domain does not know; the message
            says which.
    """
    try:
        return _build(recording)
    except KeyError as error:
        raise ToolkitError(f"{recording.source} cannot be loaded: it lacks {error}.") from error
    except (msgspec.ValidationError, BillingError, TypeError) as error:
        raise ToolkitError(f"{recording.source} cannot be loaded: {str(error).rstrip('.')}.") from error


def _build(recording: Recording) -> tuple[World, Account, dict[str, str]]:
    said = recording.subscription
    recorded = _as(tuple[RecordedPlan, ...], said["ratePlans"], "ratePlans")
    seen = [item.charge_date.date() for item in recording.invoice_items if item.charge_date]
    change = Change(empty(start=min(seen, default=date(2026, 1, 1))))
    moment = change.before.now
    account = Account(
        id=change.id(),
        number=change.number("account"),
        name=recording.source,
        currency=_currency(recording),
        bill_cycle_day=_as(int, recording.account.get("billCycleDay") or 1, "billCycleDay"),
        bill_to_id=None,
        sold_to_id=None,
        created=moment,
        updated=moment,
    )
    identity, names = change.id(), dict[str, str]()
    plans, places = [], count(1)
    for plan in recorded:
        charges = []
        for charge in plan.charges:
            number = change.number("charge")
            names[number] = charge["charge"]
            charges.append(_charge(charge, part_id(identity, next(places)), number, account.currency))
        plans.append(_plan(plan, tuple(charges), change, part_id(identity, next(places))))
    subscription = Subscription(
        **_taken({**_UNSAID, **said}, _SUBSCRIPTION, Subscription),
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
    stated = (recording.account, *recording.charges.values())
    return next((one["currency"] for one in stated if one.get("currency")), "USD")


def _taken(said: Document, names: Mapping[str, str], kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Take the fields with these names, converted to the types that `kind` declares for them.

    Raises:
        KeyError: A field that it has to have is not said.
    """
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    found = {}
    for theirs, ours in names.items():
        field = fields[ours]
        if said.get(theirs) is not None:
            found[ours] = _as(field.type, said[theirs], theirs)
        elif field.required:
            if NoneType not in get_args(field.type):
                raise KeyError(theirs)
            found[ours] = None
    return found


def _as(kind: type[Kind], said: object, name: str) -> Kind:
    """Convert a value, a number from its words too; an error names the field."""
    try:
        return msgspec.convert(said, kind, strict=False)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"'{name}': {error}") from error


def _charge(said: Document, identity: str, number: str, currency: str) -> Charge:
    segment = _taken(said, _SEGMENT, Charge)
    terms = _taken({**said, **_billing_day(said)}, _TERMS, ChargeTerms)
    tiers = tuple(Tier(**_taken(tier, TIER, Tier)) for tier in said.get("tiers") or ())
    return Charge(
        **segment,
        id=identity,
        original_id=identity,
        number=number,
        product_charge_id=identity,
        terms=ChargeTerms(name=said["charge"], **terms),
        pricing=Pricing(currency=currency, tiers=tiers, **_taken(said, PRICING, Pricing)),
        trigger_day=_trigger_day(segment),
        original_order_date=segment["effective_start"],
    )


def _billing_day(said: Document) -> Document:
    """Return a billing day and the day that Zuora shows behind it.

    Source: clients of GET subscription and the API reference, SpecificDayofMonth/1st of the month and
    SpecificDayofWeek/dayofweek.
    """
    kind, _, day = (said.get("billingDay") or "").partition("/")
    number = "".join(filter(str.isdigit, day))
    return {
        "billingDay": kind or None,
        "billCycleDay": number or None,
        "weeklyBillCycleDay": None if number else day.capitalize() or None,
    }


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
    return _as(Term, {"length": length, "unit": said.get(f"{name}PeriodType") or "Month"}, name)
