"""Order actions as answers show them: what was asked for among empty fields, and what became of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from toolkit.billing.identities import seen_in
from toolkit.billing.orders import Order, OrderedSubscription
from toolkit.billing.subscriptions import RatePlan, Subscription
from toolkit.zuora.calls.wire import day
from toolkit.zuora.orders.request import show_action
from toolkit.zuora.state.identities import lasting_id
from toolkit.zuora.state.succession import versions_of
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import World

_Shown = dict[str, Any]


def _empty(*names: str, **more: object) -> _Shown:
    return dict.fromkeys(names) | more


_CHANGED = _empty("priceChangeOption", "priceIncreasePercentage")
_LISTED = _CHANGED | _empty("listPrice")
_STEPS = _CHANGED | _empty(tiers=[])
_PRICES: Mapping[str, _Shown] = {
    "recurringFlatFee": _LISTED,
    "recurringPerUnit": _LISTED | _empty("quantity"),
    "recurringTiered": _STEPS | _empty("quantity"),
    "recurringVolume": _STEPS | _empty("quantity"),
    "usageFlatFee": _LISTED,
    "usageOverage": _CHANGED | _empty("includedUnits", "overagePrice"),
    "usagePerUnit": _LISTED,
    "usageTiered": _STEPS,
    "usageTieredWithOverage": _STEPS | _empty("overagePrice"),
    "usageVolume": _STEPS,
}

_PLAN = _empty("newRatePlanId", "uniqueToken", customFields={})
_OVERRIDE = _empty(
    *("chargeNumber", "description", "uniqueToken"),
    customFields={},
    startDate=_empty("specificTriggerDate"),
    endDate=_empty("endDateCondition", "specificEndDate", "upToPeriods", "upToPeriodsType"),
    billing=_empty(
        *("billCycleDay", "billCycleType", "billingPeriod", "billingPeriodAlignment", "billingTiming"),
        *("specificBillingPeriod", "weeklyBillCycleDay"),
    ),
)
_UPDATE = _empty(
    *("description", "newRatePlanChargeId", "uniqueToken"),
    customFields={},
    billing=_empty("billingPeriodAlignment"),
    effectiveDate=_empty("specificTriggerDate"),
)
_ACTIONS: Mapping[str, _Shown] = {
    "createSubscription": _empty("invoiceSeparately", "notes", "subscriptionOwnerAccountNumber"),
    "addProduct": _PLAN,
    "updateProduct": _PLAN | _empty("specificUpdateDate"),
    "suspend": _empty("suspendDate", "suspendPeriods", "suspendPeriodsType", "suspendSpecificDate"),
    "resume": _empty(
        *("resumeDate", "resumePeriods", "resumePeriodsType", "resumeSpecificDate"), extendsTerm=False
    ),
    "termsAndConditions": _empty(
        *("autoRenew", "renewalSetting"),
        initialTerm=_empty("period", "periodType", "startDate", "termType"),
        renewalTerms=[_empty("period", "periodType")],
    ),
}
"""Fields that are shown without a value too. Source: recorded GET order and GET orders."""


def show_actions(world: World, order: Order, done: OrderedSubscription) -> list[_Shown]:
    """Return the actions of an order on a subscription.

    A change of the last term is shown as the initial one. Source: recorded; the models of the official SDK.
    """
    made = _version(world, done.number, done.new_version)
    former = _version(world, done.number, done.base_version or 0)
    known = {plan.id for plan in former.rate_plans} if former else set()
    new = [plan for plan in (made.rate_plans if made else ()) if plan.id not in known]
    shown = [{"sequence": sequence} | show_action(action) for sequence, action in enumerate(done.actions)]
    for action in shown:
        for kind in _ACTIONS.keys() & action.keys():
            body = action[kind]
            if "lastTerm" in body:
                body["initialTerm"] = {"periodType": "Month"} | body.pop("lastTerm")
            action[kind] = _filled(body, _ACTIONS[kind])
        _add_result(action, world, order, made, new)
    return shown


def _version(world: World, key: str, wanted: int) -> Subscription | None:
    """Return a version of a subscription; nothing of one that no order has made yet."""
    return next((one for one in versions_of(world.subscriptions, key) if one.version <= wanted), None)


def _add_result(
    action: _Shown, world: World, order: Order, made: Subscription | None, new: list[RatePlan]
) -> None:
    """Write into an action what it made: days, rate plans and charges."""
    match action["type"]:
        case "CreateSubscription":
            body = action["createSubscription"]
            body["subscriptionOwnerAccountNumber"] = world.accounts.find(order.account_id).number
            body["terms"] = _terms(body["terms"], made)
            plans = body.get("subscribeToRatePlans", ())
            body |= {"subscribeToRatePlans": [_bought(_filled(plan, _PLAN), new) for plan in plans]}
        case "AddProduct":
            _bought(action["addProduct"], new)
        case "UpdateProduct":
            _updated(action["updateProduct"], made, world.subscriptions)
        case "Suspend" | "Resume" as kind if made is not None:
            pause = made.suspensions[-1]
            name = kind.lower()
            action[name] |= {f"{name}Date": day(pause.start if kind == "Suspend" else pause.end)}


def _terms(terms: _Shown, made: Subscription | None) -> _Shown:
    """Return the terms of a new subscription with what they are where nothing was said."""
    first = {"termType": "TERMED", "periodType": "Month", "startDate": made and day(made.start)}
    renewals = [{"periodType": "Month"} | one for one in terms.get("renewalTerms", ())]
    empty = {"autoRenew": False, "renewalSetting": "RENEW_WITH_SPECIFIC_TERM", "initialTerm": first}
    return _filled(terms, empty) | {"renewalTerms": renewals}


def _bought(plan: _Shown, new: list[RatePlan]) -> _Shown:
    """Name the rate plan that an addition made, and its charges; each is taken once."""
    key = plan.get("productRatePlanId")
    made = next((one for one in new if key in {None, one.product_rate_plan_id}), None)
    if made is not None:
        new.remove(made)
        plan["newRatePlanId"] = made.id
    if "chargeOverrides" in plan:
        plan["chargeOverrides"] = [_overridden(one, made) for one in plan["chargeOverrides"]]
    return plan


def _overridden(override: _Shown, plan: RatePlan | None) -> _Shown:
    key, charges = override["productRateplanChargeId"], plan.charges if plan else ()
    made = next((charge for charge in charges if charge.product_charge_id == key), None)
    shown, base = _filled(override, _OVERRIDE), {}
    if made is not None:
        shown["chargeNumber"] = made.number
        base = {"listPriceBase": made.terms.list_price_base}
    return shown | _priced(override.get("pricing"), base)


def _updated(body: _Shown, made: Subscription | None, subscriptions: Table[Subscription]) -> None:
    """Name the rate plan that was updated, and the segments that this made."""
    plans: Iterable[RatePlan] = made.rate_plans if made else ()
    version, number = (made.id, made.number) if made else ("", "")
    key = lasting_id(subscriptions, number, body.get("ratePlanId", ""))
    keys = {key, body.get("subscriptionRatePlanNumber")}
    ids = (seen_in(version, plan.id) for plan in plans if keys & {plan.id, plan.number})
    body["newRatePlanId"] = next(ids, None)
    latest = {charge.number: seen_in(version, charge.id) for plan in plans for charge in plan.charges}
    body["chargeUpdates"] = [
        _filled(update, _UPDATE | {"newRatePlanChargeId": latest.get(update.get("chargeNumber"))})
        | _priced(update.get("pricing"), {})
        for update in body.get("chargeUpdates", ())
    ]


def _priced(pricing: _Shown | None, base: _Shown) -> _Shown:
    """Return prices with their empty fields; `base` is shown with those that recur."""
    if pricing is None:
        return {}
    return {
        "pricing": {
            kind: _filled(said, _PRICES.get(kind, {}) | (base if kind.startswith("recurring") else {}))
            for kind, said in pricing.items()
        }
    }


def _filled(shown: _Shown, empty: _Shown) -> _Shown:
    """Return an object with its empty fields, and so with the objects that it holds."""
    nested = {
        name: _filled(shown.get(name, {}), inner) for name, inner in empty.items() if isinstance(inner, dict)
    }
    return {**empty, **shown, **nested}
