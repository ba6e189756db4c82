"""Subscriptions, their rate plans, charges and tiers as queries see them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from toolkit.billing.catalog import Pricing, Tier
from toolkit.billing.identities import part_id, seen_in
from toolkit.billing.metrics import mrr, subscription_mrr, tcv
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, status_on
from toolkit.zuora.query.catalogs import offered_charge
from toolkit.zuora.query.charges import CHARGE_FIELDS, TIER_FIELDS, steps
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.kinds import (
    Finder,
    Kind,
    Many,
    One,
    Reader,
    among,
    amount,
    choice,
    count,
    day,
    every,
    everywhere,
    flag,
    history,
    in_table,
    moment,
    never,
    text,
    to,
    within,
)
from toolkit.zuora.state.identities import owner_id
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.world import World


class SoldPlan(NamedTuple):
    """A rate plan of a version of a subscription."""

    subscription: Subscription
    plan: RatePlan


class SoldCharge(NamedTuple):
    """A segment of a charge of a version of a subscription."""

    subscription: Subscription
    plan: RatePlan
    charge: Charge


class SoldTier(NamedTuple):
    """A step of what a segment costs."""

    subscription: Subscription
    plan: RatePlan
    charge: Charge
    tier: Tier
    id: str

    @property
    def pricing(self) -> Pricing:
        """The segment's price."""
        return self.charge.pricing


def sold_plans(subscription: Subscription) -> Iterator[SoldPlan]:
    """Yield the rate plans of a version of a subscription."""
    return (SoldPlan(subscription, plan) for plan in subscription.rate_plans)


def sold_charges(subscription: Subscription) -> Iterator[SoldCharge]:
    """Yield the segments of a version of a subscription."""
    return (
        SoldCharge(subscription, plan, charge) for plan in subscription.rate_plans for charge in plan.charges
    )


_FIRST_TIER = 0x8000
"""Where tiers are counted among the parts of a version, beyond its rate plans and charges."""


def _tiers(subscription: Subscription) -> Iterator[SoldTier]:
    steps_sold = ((sold, tier) for sold in sold_charges(subscription) for tier in steps(sold.charge.pricing))
    for place, (sold, tier) in enumerate(steps_sold, _FIRST_TIER):
        yield SoldTier(*sold, tier, part_id(subscription.id, place))


def _versions(world: World, number: str) -> Iterator[Subscription]:
    return versions_of(world.subscriptions, number)


def _of_account(world: World, account_id: str) -> Iterator[Subscription]:
    """Yield every version of the subscriptions that an account owns, is invoiced for, or has been once."""
    numbers = dict.fromkeys(one.number for one in world.subscriptions.of(account_id))
    numbers |= dict.fromkeys(one.subscription_number for one in world.amendments.of(account_id))
    return (version for number in numbers for version in _versions(world, number))


def _of_contact(world: World, contact_id: str) -> Iterable[Subscription]:
    """Return every version of the subscriptions of a contact's account."""
    contact = world.contacts.rows.get(contact_id)
    return _of_account(world, contact.account_id) if contact else ()


def _of_order(world: World, order_id: str) -> Iterator[Subscription]:
    """Yield every version of the subscriptions that an order is about."""
    order = world.orders.rows.get(order_id)
    numbers = dict.fromkeys(order.subscription_numbers if order else ())
    return (version for number in numbers for version in _versions(world, number))


def _by_id(parts: Callable[[Subscription], Iterator[Any]], read: Reader) -> Finder:
    """Return a finder by an id, which tells the version."""
    by_id = in_table("subscriptions")
    return among(within(lambda world, identity: by_id(world, owner_id(identity)), parts), read)


def kin(world: World, key: str) -> Iterable[Subscription]:
    """Return the versions of the subscription with this number, or of which one or a part has this id."""
    version = world.subscriptions.get(key) or world.subscriptions.rows.get(owner_id(key))
    return () if version is None else _versions(world, version.number)


def _by_owners(parts: Callable[[Subscription], Iterator[Any]]) -> Mapping[str, Finder]:
    """Return finders of the parts of the versions that an account owns, or gets the invoices of."""
    near = within(_of_account, parts)
    return {
        "InvoiceOwnerId": among(near, "subscription.invoice_owner_id"),
        "SubscriptionOwnerId": among(near, "subscription.account_id"),
    }


def _is_latest(world: World, subscription: Subscription) -> bool:
    return world.subscriptions.ids.get(subscription.number) == subscription.id


def _status(world: World, subscription: Subscription) -> str:
    """Return the status; a former version has expired. Source: the official SDK, update a subscription."""
    return status_on(subscription, world.today) if _is_latest(world, subscription) else "Expired"


def _first(world: World, subscription: Subscription) -> Subscription:
    return world.subscriptions.rows.get(subscription.original_id, subscription)


def _creator(name: str) -> Reader:
    """Return a reader of an owner of the first version. Source: Zuora, fields of the subscription."""
    return lambda world, subscription: getattr(_first(world, subscription), name)


def _order_id(world: World, subscription: Subscription) -> str | None:
    """Return the id of the order that made a version."""
    return world.orders.ids.get(subscription.order_number or "")


def _plan_id(_: World, row: SoldPlan | SoldCharge) -> str:
    return seen_in(row.subscription.id, row.plan.id)


def _charge_id(_: World, row: SoldCharge | SoldTier) -> str:
    return seen_in(row.subscription.id, row.charge.id)


def _tier_id(_: World, row: SoldTier) -> str:
    return row.id


def _term(name: str, part: str) -> Reader:
    return lambda _, subscription: getattr(getattr(subscription, name), part, None)


SUBSCRIPTION = Kind(
    name="Subscription",
    plural="subscriptions",
    rows=every("subscriptions"),
    finders={
        "Id": in_table("subscriptions"),
        "Name": _versions,
        "AccountId": among(_of_account, "account_id"),
        "BillToContactId": among(_of_contact, "addressee.bill_to_id"),
        "CreatorAccountId": among(_of_account, _creator("account_id")),
        "CreatorInvoiceOwnerId": among(_of_account, _creator("invoice_owner_id")),
        "InvoiceOwnerId": among(_of_account, "invoice_owner_id"),
        "OrderId": among(_of_order, _order_id),
        "OriginalId": among(kin, "original_id"),
        "PreviousSubscriptionId": among(kin, "previous_id"),
    },
    custom=attrgetter("custom_fields"),
    ones={"Account": account_of(), "InvoiceOwner": account_of("invoice_owner_id")},
    many={
        "ratePlans": Many("RatePlan", "SubscriptionId"),
        "invoiceItems": Many("InvoiceItem", "SubscriptionId"),
    },
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "AutoRenew": flag("auto_renew"),
        "BillToContactId": text("addressee.bill_to_id"),
        "CMRR": amount(lambda world, row: subscription_mrr(row, world.today)),
        "CancelReason": text("cancel_reason"),
        "CancelledDate": day("cancelled"),
        "ContractAcceptanceDate": day("customer_acceptance"),
        "ContractEffectiveDate": day("contract_effective"),
        "CreatorAccountId": text(_creator("account_id")),
        "CreatorInvoiceOwnerId": text(_creator("invoice_owner_id")),
        "Currency": choice("currency"),
        "CurrentTerm": count(_term("current_term", "length")),
        "CurrentTermPeriodType": choice(_term("current_term", "unit")),
        "InitialTerm": count(_term("initial_term", "length")),
        "InitialTermPeriodType": choice(_term("initial_term", "unit")),
        "InvoiceGroupNumber": text("addressee.group"),
        "InvoiceOwnerId": text("invoice_owner_id"),
        "IsInvoiceSeparate": flag("invoice_separately"),
        "IsLatestVersion": flag(_is_latest),
        "IsSingleVersioned": flag(never),
        "LastBookingDate": day("last_booking"),
        "Name": text("number"),
        "Notes": text("notes"),
        "OrderId": text(_order_id),
        "OriginalCreatedDate": moment(lambda world, row: _first(world, row).created),
        "OriginalId": text("original_id"),
        "PaymentTerm": choice("addressee.payment_term"),
        "Prepayment": flag(never),
        "PreviousSubscriptionId": text("previous_id"),
        "RenewalSetting": choice("renewal_setting"),
        "RenewalTerm": count(_term("renewal_term", "length")),
        "RenewalTermPeriodType": choice(_term("renewal_term", "unit")),
        "Revision": text(lambda _, row: f"{row.version}.0"),
        "ServiceActivationDate": day("service_activation"),
        "Status": choice(_status),
        "SubscriptionEndDate": day("end"),
        "SubscriptionStartDate": day("start"),
        "TermEndDate": day("term_end"),
        "TermStartDate": day("term_start"),
        "TermType": choice("term_type"),
        "Version": count("version"),
        **history(),
    },
)


_AMENDMENTS = {"Add": "NewProduct", "Update": "UpdateProduct", "Remove": "RemoveProduct"}

RATE_PLAN = Kind(
    name="RatePlan",
    plural="rate-plans",
    rows=everywhere("subscriptions", sold_plans),
    finders={
        "Id": _by_id(sold_plans, _plan_id),
        "OriginalRatePlanId": among(within(kin, sold_plans), "plan.id"),
        "SubscriptionId": within(in_table("subscriptions"), sold_plans),
        **_by_owners(sold_plans),
    },
    custom=attrgetter("plan.custom_fields"),
    ones={
        "Subscription": One("Subscription", lambda _, row: row.subscription),
        "ProductRatePlan": to("ProductRatePlan", "plans", "plan.product_rate_plan_id"),
    },
    many={"ratePlanCharges": Many("RatePlanCharge", "RatePlanId")},
    fields={
        "Id": text(_plan_id),
        "AmendmentType": choice(lambda _, row: _AMENDMENTS.get(row.plan.last_change or "")),
        "InvoiceOwnerId": text("subscription.invoice_owner_id"),
        "Name": text("plan.name"),
        "OriginalRatePlanId": text("plan.id"),
        "ProductId": text("plan.product_id"),
        "ProductRatePlanId": text("plan.product_rate_plan_id"),
        "Reverted": flag(never),
        "SubscriptionId": text("subscription.id"),
        "SubscriptionOwnerId": text("subscription.account_id"),
        "SubscriptionRatePlanNumber": text("plan.number"),
        **history("subscription.created", "subscription.updated"),
    },
)


def _is_last_segment(_: World, row: SoldCharge) -> bool:
    return row.charge.id == [one for one in row.plan.charges if one.number == row.charge.number][-1].id


def _recurring(measure: Reader) -> Reader:
    return lambda world, row: measure(world, row) if row.charge.terms.type == "Recurring" else None


RATE_PLAN_CHARGE = Kind(
    name="RatePlanCharge",
    plural="rate-plan-charges",
    rows=everywhere("subscriptions", sold_charges),
    finders={
        "Id": _by_id(sold_charges, _charge_id),
        "OriginalId": among(within(kin, sold_charges), "charge.original_id"),
        "RatePlanId": _by_id(sold_charges, _plan_id),
        "SubscriptionId": within(in_table("subscriptions"), sold_charges),
        **_by_owners(sold_charges),
    },
    custom=attrgetter("charge.custom_fields"),
    ones={
        "RatePlan": One("RatePlan", lambda _, row: SoldPlan(row.subscription, row.plan)),
        "ProductRatePlanCharge": One(
            "ProductRatePlanCharge", lambda world, row: offered_charge(world, row.charge.product_charge_id)
        ),
    },
    many={"ratePlanChargeTiers": Many("RatePlanChargeTier", "RatePlanChargeId")},
    fields={
        "Id": text(_charge_id),
        **CHARGE_FIELDS,
        "AmendedByOrderOn": day("charge.amended_by_order_on"),
        "ChargeNumber": text("charge.number"),
        "ChargedThroughDate": day("charge.charged_through"),
        "DMRC": amount(_recurring(lambda _, row: row.charge.dmrc)),
        "DTCV": amount("charge.dtcv"),
        "EffectiveEndDate": day("charge.effective_end"),
        "EffectiveStartDate": day("charge.effective_start"),
        "InvoiceOwnerId": text("subscription.invoice_owner_id"),
        "IsLastSegment": flag(_is_last_segment),
        "IsProcessed": flag("charge.done"),
        "MRR": amount(_recurring(lambda _, row: mrr(row.charge))),
        "OriginalId": text("charge.original_id"),
        "OriginalOrderDate": day("charge.original_order_date"),
        "ProcessedThroughDate": day("charge.processed_through"),
        "ProductRatePlanChargeId": text("charge.product_charge_id"),
        "Quantity": amount("charge.quantity"),
        "RatePlanId": text(_plan_id),
        "Segment": count("charge.segment"),
        "SpecificEndDate": day("charge.specific_end_date"),
        "SubscriptionId": text("subscription.id"),
        "SubscriptionOwnerId": text("subscription.account_id"),
        "TCV": amount(lambda _, row: tcv(row.charge)),
        "TaxCodeName": text("charge.terms.tax_code"),
        "TaxModeOption": choice("charge.terms.tax_mode"),
        "TriggerDate": day("charge.trigger_date"),
        "Version": count("charge.version"),
        **history("subscription.created", "subscription.updated"),
    },
)

RATE_PLAN_CHARGE_TIER = Kind(
    name="RatePlanChargeTier",
    plural="rate-plan-charge-tiers",
    rows=everywhere("subscriptions", _tiers),
    finders={"Id": _by_id(_tiers, _tier_id), "RatePlanChargeId": _by_id(_tiers, _charge_id)},
    ones={
        "RatePlanCharge": One(
            "RatePlanCharge", lambda _, row: SoldCharge(row.subscription, row.plan, row.charge)
        )
    },
    fields={
        "Id": text(_tier_id),
        **TIER_FIELDS,
        "RatePlanChargeId": text(_charge_id),
        **history("subscription.created", "subscription.updated"),
    },
)
