"""Subscriptions, each made by the order that would make it, which is kept beside it."""

from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

import msgspec

from toolkit.billing.orders import CreateSubscription, Desk, Order, OrderedSubscription
from toolkit.billing.subscriptions import Charge, Subscription, Term
from toolkit.billing.versions import create
from toolkit.factories import Bench
from toolkit.factories._record import RecordFactory, lazy, made, same

_SEATS = (5, 10, 25, 50, 100)
_BY_QUANTITY = frozenset({"PerUnit", "Tiered", "Volume"})


class SubscriptionFactory(RecordFactory[Subscription]):
    """A self-managed subscription of a year from the tenant's today on, in force.

    Without `account` one is made. `plans` says what is bought, quantities by plan (id, number or
    name); without it `seats` of `plan`, which is the catalog's first one on sale. `months` is the
    length of the term, `namespace` the GitLab.com group that it is for. Whatever else an order may
    say, such as `auto_renew` or `notes`, may be said here.
    """

    class Meta:
        model = Subscription

    class Params:
        plan = lazy(lambda made: _first_on_sale(made.bench))
        seats = lazy(lambda made: made.bench.chance.choice(_SEATS))
        plans = lazy(lambda made: {made.plan: made.seats})
        start = same("bench.today")
        months = 12
        namespace = None

    account = made("account")
    triggers = lazy(lambda made: {"contract_effective": made.start})
    rate_plans = lazy(lambda made: tuple(_basket(made.bench, made.plans)))
    initial_term = lazy(lambda made: {"length": made.months, "unit": "Month"})
    custom_fields = lazy(lambda made: _settings(made.namespace))

    @classmethod
    def recorded(cls) -> type[msgspec.Struct]:
        """Return what an order says of a new subscription."""
        return CreateSubscription

    @classmethod
    def make(cls, bench: Bench, fields: dict[str, Any]) -> Subscription:
        """Carry out the order's action."""
        account = fields.pop("account")
        action = msgspec.convert(fields, CreateSubscription, from_attributes=True)
        desk = Desk(bench, bench.find_plan, bench.now, bench.number("order"), bench.today, rules=bench.rules)
        return create(action, account.id, account.currency, desk)

    @classmethod
    def keep(cls, bench: Bench, row: Subscription, fields: dict[str, Any]) -> None:  # noqa: ARG003 - inherited
        """Put it and its order."""
        bench.put(row)
        bench.put(_order(bench, row))


def _first_on_sale(bench: Bench) -> str:
    """Return the number of the first plan on sale, or of a new one where there is none."""
    on_sale = (
        plan.number
        for plan in bench.table("plans").latest()
        if plan.effective_start <= bench.today < plan.effective_end
    )
    found: str | None = min(on_sale, default=None)
    if found is None:
        from toolkit.factories import product_rate_plan  # noqa: PLC0415 - only an empty catalog needs it

        found = product_rate_plan.FACTORY.create(bench=bench).number
    return found


def _basket(bench: Bench, plans: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for key, quantity in plans.items():
        _, plan = bench.find_plan(key)
        charges = (charge for charge in plan.charges if charge.terms.model in _BY_QUANTITY)
        overrides = tuple({"key": charge.id, "quantity": quantity} for charge in charges)
        yield {"product_rate_plan_id": plan.id, "overrides": overrides}


def _settings(namespace: str | None) -> Mapping[str, object]:
    """Return the custom fields that a purchase sets. Source: GitLab's handbook, seat reconciliation."""
    switches = dict.fromkeys(
        ("TurnOnCloudLicensing__c", "TurnOnOperationalMetrics__c", "TurnOnSeatReconciliation__c"), "Yes"
    )
    if namespace is None:
        return switches
    number = 10_000_000 + crc32(namespace.encode()) % 90_000_000
    return {**switches, "GitLabNamespaceId__c": str(number), "GitLabNamespaceName__c": namespace}


def _order(bench: Bench, row: Subscription) -> Order:
    return Order(
        id=bench.id(),
        number=row.order_number or "",
        account_id=row.account_id,
        order_date=row.last_booking,
        status="Completed",
        created=row.created,
        updated=row.created,
        currency=row.currency,
        actions=(OrderedSubscription(row.number, 0, 1, (msgspec.Raw(_encode(_as_requested(row))),)),),
    )


_encode = msgspec.json.Encoder(decimal_format="number").encode


def _as_requested(row: Subscription) -> Mapping[str, object]:
    """Return the action as a client would have written it."""
    dates = {
        "ContractEffective": row.contract_effective,
        "ServiceActivation": row.service_activation,
        "CustomerAcceptance": row.customer_acceptance,
    }
    terms: dict[str, object] = {
        "autoRenew": row.auto_renew,
        "renewalSetting": row.renewal_setting,
        "initialTerm": _length(row.initial_term) | {"termType": row.term_type, "startDate": row.term_start},
        "renewalTerms": tuple(_length(term) for term in (row.renewal_term,) if term),
    }
    return {
        "type": "CreateSubscription",
        "triggerDates": tuple({"name": name, "triggerDate": day} for name, day in dates.items()),
        "createSubscription": {
            "terms": terms,
            "subscribeToRatePlans": tuple(
                {
                    "productRatePlanId": plan.product_rate_plan_id,
                    "chargeOverrides": tuple(_quantity(c) for c in plan.charges if c.quantity is not None),
                }
                for plan in row.rate_plans
            ),
            **({"notes": row.notes} if row.notes else {}),
            **row.custom_fields,
        },
    }


def _length(term: Term | None) -> dict[str, object]:
    return {"period": term.length, "periodType": term.unit} if term else {}


def _quantity(charge: Charge) -> Mapping[str, object]:
    kind = "oneTime" if charge.terms.type == "OneTime" else "recurring"
    pricing = {f"{kind}{charge.terms.model}": {"quantity": charge.quantity}}
    return {"productRatePlanChargeId": charge.product_charge_id, "pricing": pricing}


FACTORY = SubscriptionFactory
