"""POST /v1/action/amend: change a subscription by amendments, which are an order's actions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Literal

from toolkit.billing.errors import InvalidValueError, NotFoundError, RuleError
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, Subscription, TermType
from toolkit.zuora import limits
from toolkit.zuora.api._action_options import Options, Preview, made_by
from toolkit.zuora.api._component_request import PlanChanges
from toolkit.zuora.api._order_body import NewOrder
from toolkit.zuora.api._order_placing import place as place_order
from toolkit.zuora.api._order_request import (
    Action,
    Cancellation,
    Conditions,
    LastTerm,
    OrderedSubscription,
    OwnerTransfer,
    Renewal,
    RenewalTerm,
    Resumption,
    Suspension,
)
from toolkit.zuora.api._plan_request import PlanRemoval
from toolkit.zuora.api._rate_plan_data import RatePlanData
from toolkit.zuora.api._subscription_orders import Billed, dates, place
from toolkit.zuora.api.object_actions import one_by_one
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.objects._writing import given, unknown
from toolkit.zuora.query.kinds import derived_id
from toolkit.zuora.query.ordering import actions
from toolkit.zuora.wire import Body, convert, number
from toolkit.zuora.world import Change, World

_MOST = 10
"""Source: Zuora, amend: up to 10 Amendment objects."""


_ACTIONS: Mapping[str, Any] = {
    "NewProduct": "AddProduct",
    "UpdateProduct": "UpdateProduct",
    "RemoveProduct": "RemoveProduct",
    "Renewal": "RenewSubscription",
    "Cancellation": "CancelSubscription",
    "TermsAndConditions": "TermsAndConditions",
    "OwnerTransfer": "OwnerTransfer",
    "SuspendSubscription": "Suspend",
    "ResumeSubscription": "Resume",
}
"""The action of an order that an amendment is."""


class Amendment(Body, frozen=True, rename="pascal"):
    """One change of a subscription. Source: Zuora, Amendment, field descriptions."""

    open: ClassVar[bool] = True

    type: Literal[
        "NewProduct",
        "UpdateProduct",
        "RemoveProduct",
        "Renewal",
        "Cancellation",
        "TermsAndConditions",
        "OwnerTransfer",
        "SuspendSubscription",
        "ResumeSubscription",
    ]
    name: str | None = None
    subscription_id: str | None = None
    contract_effective_date: date | None = None
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    effective_date: date | None = None
    specific_update_date: date | None = None
    rate_plan_data: RatePlanData | None = None
    auto_renew: bool | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_term: int | None = None
    renewal_term_period_type: TermUnit = "Month"
    term_type: TermType | None = None
    current_term: int | None = None
    current_term_period_type: TermUnit = "Month"
    term_start_date: date | None = None
    suspend_date: date | None = None
    resume_date: date | None = None
    destination_account_id: str | None = None
    destination_invoice_owner_id: str | None = None


class AmendRequest(Body, frozen=True, rename="pascal"):
    """The amendments of one subscription, and what is billed for them."""

    open: ClassVar[bool] = True
    lacking: ClassVar[frozenset[str]] = frozenset({"ExternalPaymentOptions"})

    amendments: tuple[Amendment, ...]
    amend_options: Options = Options()
    preview_options: Preview = Preview()


class AmendRequests(Body, frozen=True):
    """Requests, each of which is answered by itself."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"requests"})

    requests: tuple[dict[str, Any], ...]


def amend(call: Call) -> Reply:
    """Carry out each request as an order of today, or refuse all of it."""
    said: AmendRequests = call.body

    def one(world: World, document: Mapping[str, Any]) -> tuple[dict[str, Any], World]:
        wanted = convert(document, AmendRequest)
        limits.check(wanted, world.today)
        change = Change(world)
        if wanted.preview_options.enable_preview_mode:
            return _previewed(change, call, wanted), world
        return _amended(change, wanted), change.world

    reply = one_by_one(call.world, said.requests, one)
    return Reply({"results": reply.body}, reply.world)


def _previewed(change: Change, call: Call, said: AmendRequest) -> dict[str, Any]:
    before = _subscription(change, said)
    acts = tuple(_action(change, one, before) for one in said.amendments)
    order = NewOrder(
        order_date=call.world.today,
        existing_account_number=change.table("accounts").find(before.account_id).number,
        subscriptions=(OrderedSubscription(order_actions=acts, subscription_number=before.number),),
    )
    placed = place_order(change, change.world, order)
    data = said.preview_options.shown(change, call._replace(world=change.world), placed.invoiced)
    return {"Success": True, "InvoiceDatas": data}


def _amended(change: Change, said: AmendRequest) -> dict[str, Any]:
    before = _subscription(change, said)
    acts = tuple(_action(change, one, before) for one in said.amendments)
    done = place(change, before, change.world.today, acts, Billed(**said.amend_options.billed))
    ids = [derived_id(one.id, "amendment") for one in actions(done.processed.order)]
    return {
        "Success": True,
        "AmendmentIds": ids,
        "SubscriptionId": done.subscription.id,
        **made_by(done.processed),
        "TotalDeltaMrr": number(done.movement.mrr),
        "TotalDeltaTcv": number(done.movement.tcv),
    }


def _subscription(change: Change, said: AmendRequest) -> Subscription:
    """Return the one subscription that all amendments are of, in its latest version.

    Source: Zuora, amend; that a former version is refused is as Zuora says of the old versions' ids.
    """
    keys = {given(one.subscription_id, "SubscriptionId") for one in said.amendments}
    if len(keys) != 1 or len(said.amendments) > _MOST:
        raise RuleError(f"A request takes 1 to {_MOST} amendments, all of the same subscription.")
    found: Subscription | None = change.table("subscriptions").rows.get(keys.pop())
    if found is None:
        raise unknown("amend")
    latest: Subscription = change.table("subscriptions").find(found.number)
    if latest.id != found.id:
        raise InvalidValueError(
            f"Only the latest version of the subscription {found.number} can be amended, {latest.id}."
        )
    return latest


def _action(change: Change, said: Amendment, before: Subscription) -> Action:
    given(said.name, "Name")
    contract = given(said.contract_effective_date, "ContractEffectiveDate")
    return Action(
        type=_ACTIONS[said.type],
        trigger_dates=dates(contract, said.service_activation_date, said.customer_acceptance_date),
        **_part(change, said, before, contract),
    )


def _part(change: Change, said: Amendment, before: Subscription, contract: date) -> dict[str, Any]:
    """Return what the type of an amendment names of an order's action."""
    part: dict[str, Any] = {}
    match said.type:
        case "NewProduct":
            plan = given(said.rate_plan_data, "RatePlanData").plan(change.world)
            part["add_product"] = plan.wanted(change.world)
        case "UpdateProduct":
            part["update_product"] = _update(said, before, contract).wanted(before)
        case "RemoveProduct":
            part["remove_product"] = PlanRemoval(rate_plan_id=_plan_id(said))
        case "Renewal":
            part["renew_subscription"] = Renewal()
        case "Cancellation":
            ending = said.effective_date or contract
            part["cancel_subscription"] = Cancellation(
                cancellation_policy="SpecificDate", cancellation_effective_date=ending
            )
        case "TermsAndConditions":
            part["terms_and_conditions"] = _conditions(said)
        case "OwnerTransfer":
            part["owner_transfer"] = _transfer(change, said)
        case "SuspendSubscription":
            day = given(said.suspend_date, "SuspendDate")
            part["suspend"] = Suspension(suspend_policy="SpecificDate", suspend_specific_date=day)
        case _:
            day = given(said.resume_date, "ResumeDate")
            part["resume"] = Resumption(resume_policy="SpecificDate", resume_specific_date=day)
    return part


def _plan_id(said: Amendment) -> str:
    data = given(said.rate_plan_data, "RatePlanData")
    return given(data.rate_plan.amendment_subscription_rate_plan_id, "AmendmentSubscriptionRatePlanId")


def _update(said: Amendment, before: Subscription, contract: date) -> PlanChanges:
    key = _plan_id(said)
    plan = next((one for one in before.rate_plans if one.id == key), None)
    if plan is None:
        raise NotFoundError(key)
    return PlanChanges(
        contract_effective_date=contract,
        rate_plan_id=plan.id,
        specific_update_date=said.specific_update_date,
        charge_update_details=given(said.rate_plan_data, "RatePlanData").updates(plan),
    )


def _conditions(said: Amendment) -> Conditions:
    last = None
    if said.term_type is not None or said.current_term is not None or said.term_start_date is not None:
        last = LastTerm(
            term_type=said.term_type or "TERMED",
            period=said.current_term,
            period_type=said.current_term_period_type,
            start_date=said.term_start_date,
        )
    renewal: tuple[RenewalTerm, ...] = ()
    if said.renewal_term is not None:
        renewal = (RenewalTerm(period=said.renewal_term, period_type=said.renewal_term_period_type),)
    return Conditions(
        auto_renew=said.auto_renew,
        renewal_setting=said.renewal_setting,
        renewal_terms=renewal,
        last_term=last,
    )


def _transfer(change: Change, said: Amendment) -> OwnerTransfer:
    owner, payer = said.destination_account_id, said.destination_invoice_owner_id
    accounts = change.table("accounts")
    return OwnerTransfer(
        destination_account_number=accounts.find(owner).number if owner else None,
        destination_invoice_account_number=accounts.find(payer).number if payer else None,
    )


ENDPOINTS = (Endpoint("POST", "/v1/action/amend", amend, AmendRequests, crud=True),)
