"""/v1/subscriptions/{key}: renew, cancel, suspend, resume, update and delete, each as an order."""

from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.errors import CancelledError, InvalidValueError, RuleError
from toolkit.billing.periods import TermUnit
from toolkit.billing.subscriptions import RenewalSetting, Subscription, TermType
from toolkit.zuora.api._component_request import Plan, PlanChanges
from toolkit.zuora.api._subscription_orders import (
    Billed,
    Done,
    Ordered,
    check_version,
    conditions,
    dates,
    place,
    show_done,
)
from toolkit.zuora.api.subscription_previews import PreviewType, preview_changes
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, day, number
from toolkit.zuora.orders.plan_request import PlanRemoval
from toolkit.zuora.orders.request import (
    Action,
    Cancellation,
    Conditions,
    PlanChange,
    Renewal,
    Resumption,
    Suspension,
)
from toolkit.zuora.orders.undoing import delete as delete_order
from toolkit.zuora.state.world import Change

_MOST = 9
"""Source: Zuora, update a subscription: up to nine plans to add, change and remove in one call."""


_NOT_ACTIVE = "Only activated subscription can be cancelled."
"""Source: a client of Zuora that tells this refusal, 53200020, from others (WSO2, cloud billing)."""


class RenewCall(Ordered, frozen=True, kw_only=True):
    """A renewal."""


class CancelCall(Ordered, frozen=True, kw_only=True):
    """A cancellation by a policy."""

    cancellation_policy: Literal["EndOfCurrentTerm", "EndOfLastInvoicePeriod", "SpecificDate"]
    cancellation_effective_date: date | None = None
    contract_effective_date: date | None = None


class ResumeCall(Ordered, frozen=True, kw_only=True):
    """A resumption by a policy."""

    resume_policy: Literal[
        "Today", "FixedPeriodsFromSuspendDate", "FixedPeriodsFromToday", "SpecificDate", "SuspendDate"
    ] = "Today"
    resume_periods: int | None = None
    resume_periods_type: TermUnit | None = None
    resume_specific_date: date | None = None
    extends_term: bool = False
    contract_effective_date: date | None = None

    def action(self) -> Action:
        """Return it as an order's action."""
        return Action(
            type="Resume",
            trigger_dates=dates(self.contract_effective_date),
            resume=Resumption(
                resume_policy=self.resume_policy,
                resume_periods=self.resume_periods,
                resume_periods_type=self.resume_periods_type,
                resume_specific_date=self.resume_specific_date,
                extends_term=self.extends_term,
            ),
        )


class SuspendCall(ResumeCall, frozen=True, kw_only=True):
    """A suspension by a policy, and maybe the resumption after it."""

    suspend_policy: Literal["Today", "EndOfLastInvoicePeriod", "FixedPeriodsFromToday", "SpecificDate"]
    suspend_periods: int | None = None
    suspend_periods_type: TermUnit | None = None
    suspend_specific_date: date | None = None
    resume: bool = False


class DatedPlan(Plan, frozen=True, kw_only=True):
    """A rate plan to add."""

    contract_effective_date: date
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None


class RemovedPlan(Body, frozen=True):
    """A rate plan to remove."""

    harmless: ClassVar[frozenset[str]] = frozenset({"bookingDate", "productRatePlanNumber"})
    lacking: ClassVar[frozenset[str]] = frozenset({"externalCatalogPlanId", "externalIdSourceSystem"})

    contract_effective_date: date
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None


class ReplacedPlan(Plan, frozen=True, kw_only=True):
    """A rate plan to replace with another."""

    contract_effective_date: date | None = None
    service_activation_date: date | None = None
    customer_acceptance_date: date | None = None
    rate_plan_id: str | None = None
    subscription_rate_plan_number: str | None = None
    new_product_rate_plan_id: str | None = None
    new_product_rate_plan_number: str | None = None
    effective_policy: (
        Literal["EffectiveImmediately", "EffectiveEndOfBillingPeriod", "SpecificDate"] | None
    ) = None
    sub_type: Literal["Upgrade", "Downgrade", "Crossgrade", "PlanChanged"] | None = None
    reset_bcd: bool = False


class UpdateCall(Billed, frozen=True, kw_only=True):
    """Rate plans to add, change, replace and remove, and new terms."""

    harmless: ClassVar[frozenset[str]] = Billed.harmless | {"externallyManagedBy"}
    lacking: ClassVar[frozenset[str]] = Billed.lacking | {
        *("includeExistingDraftDocItems", "includeExistingDraftInvoiceItems"),
    }

    add: tuple[DatedPlan, ...] = ()
    remove: tuple[RemovedPlan, ...] = ()
    update: tuple[PlanChanges, ...] = ()
    change: tuple[ReplacedPlan, ...] = ()
    auto_renew: bool | None = None
    renewal_setting: RenewalSetting | None = None
    renewal_term: int | None = None
    renewal_term_period_type: TermUnit | None = None
    term_type: TermType | None = None
    current_term: int | None = None
    current_term_period_type: TermUnit | None = None
    term_start_date: date | None = None
    invoice_separately: bool | None = None
    notes: str | None = None
    preview: bool = False
    preview_type: PreviewType = "LegalDoc"


def renew(call: Call) -> Reply:
    """Add a term."""
    action = Action(type="RenewSubscription", renew_subscription=Renewal())
    change, done = _ordered(call, action)
    term = {
        "termStartDate": day(done.subscription.term_start),
        "termEndDate": day(done.subscription.term_end),
    }
    return _answer(change, done, term)


def cancel(call: Call) -> Reply:
    """End a subscription by a policy."""
    said: CancelCall = call.body
    action = Action(
        type="CancelSubscription",
        trigger_dates=dates(said.contract_effective_date),
        cancel_subscription=Cancellation(
            cancellation_policy=said.cancellation_policy,
            cancellation_effective_date=said.cancellation_effective_date,
        ),
    )
    try:
        change, done = _ordered(call, action)
    except CancelledError as error:
        raise InvalidValueError(_NOT_ACTIVE) from error
    return _answer(
        change,
        done,
        {"cancelledDate": day(done.subscription.cancelled), "totalDeltaMrr": number(done.movement.mrr)},
    )


def suspend(call: Call) -> Reply:
    """Suspend a subscription by a policy, and resume it later if that is said at once."""
    said: SuspendCall = call.body
    action = Action(
        type="Suspend",
        trigger_dates=dates(said.contract_effective_date),
        suspend=Suspension(
            suspend_policy=said.suspend_policy,
            suspend_periods=said.suspend_periods,
            suspend_periods_type=said.suspend_periods_type,
            suspend_specific_date=said.suspend_specific_date,
        ),
    )
    change, done = _ordered(call, action, *((said.action(),) if said.resume else ()))
    pause = done.subscription.suspensions[-1]
    shown = {"suspendDate": day(pause.start), "termEndDate": day(done.subscription.term_end)}
    return _answer(change, done, shown | ({"resumeDate": day(pause.end)} if pause.end else {}))


def resume(call: Call) -> Reply:
    """Resume a suspended subscription by a policy."""
    said: ResumeCall = call.body
    change, done = _ordered(call, said.action())
    resumed, end = done.subscription.resumed, done.subscription.term_end
    return _answer(change, done, {"resumeDate": day(resumed), "termEndDate": day(end)})


def _ordered(call: Call, *actions: Action) -> tuple[Change, Done]:
    said: Ordered = call.body
    check_version(call.version, said)
    change = Change(call.world)
    return change, place(change, _subscription(call), said.day, actions, said)


def _answer(change: Change, done: Done, shown: dict[str, Any]) -> Reply:
    return Reply(show_done(change.world, done) | shown, change.world)


def _subscription(call: Call) -> Subscription:
    """Return the latest version of the subscription that the path names by number or by any version's id."""
    found = call.world.subscriptions.find(call.path["subscription-key"])
    return call.world.subscriptions.find(found.number)


_OUTDATED = "This subscription is not the latest version."
"""Source: recorded, contactually/zuora-ruby, an update by the id of a version before the last."""


def update(call: Call) -> Reply:
    """Change rate plans and terms, as an order of today, or show what that would bill."""
    said: UpdateCall = call.body
    check_version(call.version, said)
    before, change = _subscription(call), Change(call.world)
    if call.world.subscriptions.find(call.path["subscription-key"]).id != before.id:
        raise RuleError(_OUTDATED)
    actions = _actions(call, said, before)
    if len(actions) - bool(_conditions(said)) > _MOST:
        raise RuleError(f"An update takes at most {_MOST} rate plans to add, change and remove.")
    if said.preview:
        shown = preview_changes(call, before, actions, said, said.preview_type)
        return Reply({"success": True, **shown})
    shown = {"success": True, "subscriptionId": before.id}
    if actions:
        done = place(change, before, call.world.today, actions, said)
        kept = show_done(change.world, done)
        names = ("subscriptionId", "totalDeltaTcv", "invoiceId", "creditMemoId", "paymentId", "paidAmount")
        shown |= {name: kept[name] for name in names if name in kept}
        shown["totalDeltaMrr"] = number(done.movement.mrr)
    _annotate(change, before.number, said)
    return Reply(shown, change.world)


def _annotate(change: Change, key: str, said: UpdateCall) -> None:
    """Set what no order action sets: notes and custom fields."""
    latest: Subscription = change.table("subscriptions").find(key)
    notes = latest.notes if said.notes is None else said.notes
    fields = {**latest.custom_fields, **said.custom_fields}
    change.put(replace(latest, notes=notes, custom_fields=fields))


def _actions(call: Call, said: UpdateCall, before: Subscription) -> tuple[Action, ...]:
    terms = _conditions(said)
    return (
        *(_add(call, one) for one in said.add),
        *(_remove(one) for one in said.remove),
        *(_change_plan(call, one, before) for one in said.update),
        *(_replace_plan(call, one) for one in said.change),
        *((Action(type="TermsAndConditions", terms_and_conditions=terms),) if terms else ()),
    )


def _dates(said: DatedPlan | RemovedPlan | PlanChanges | ReplacedPlan) -> Any:  # noqa: ANN401 - trigger dates
    return dates(said.contract_effective_date, said.service_activation_date, said.customer_acceptance_date)


def _add(call: Call, said: DatedPlan) -> Action:
    return Action(type="AddProduct", trigger_dates=_dates(said), add_product=said.wanted(call.world))


def _remove(said: RemovedPlan) -> Action:
    removal = PlanRemoval(
        rate_plan_id=said.rate_plan_id, subscription_rate_plan_number=said.subscription_rate_plan_number
    )
    return Action(type="RemoveProduct", trigger_dates=_dates(said), remove_product=removal)


def _change_plan(call: Call, said: PlanChanges, before: Subscription) -> Action:
    update = said.wanted(before, call.world)
    return Action(type="UpdateProduct", trigger_dates=_dates(said), update_product=update)


def _replace_plan(call: Call, said: ReplacedPlan) -> Action:
    key = said.new_product_rate_plan_id or said.new_product_rate_plan_number
    new = Plan(
        product_rate_plan_id=key, charge_overrides=said.charge_overrides, custom_fields=said.custom_fields
    ).wanted(call.world)
    change = PlanChange(
        new_product_rate_plan=new,
        effective_policy=said.effective_policy,
        sub_type=said.sub_type,
        rate_plan_id=said.rate_plan_id,
        subscription_rate_plan_number=said.subscription_rate_plan_number,
        product_rate_plan_id=said.product_rate_plan_id,
        product_rate_plan_number=said.product_rate_plan_number,
        reset_bcd=said.reset_bcd,
    )
    return Action(type="ChangePlan", trigger_dates=_dates(said), change_plan=change)


def _conditions(said: UpdateCall) -> Conditions | None:
    """Return the new terms, or None when none is said."""
    terms = replace(conditions(said), invoice_separately=said.invoice_separately)
    return None if terms == _UNCHANGED else terms


_UNCHANGED = Conditions()


def delete(call: Call) -> Reply:
    """Delete a subscription with all that its orders did, as long as nothing of it is billed.

    Source: the official SDK, delete a subscription; that its orders go with it is an assumption.
    """
    subscription, change = _subscription(call), Change(call.world)
    for order in sorted(
        call.world.orders.of(subscription.number), key=lambda one: (one.created, one.number), reverse=True
    ):
        delete_order(change, order)
    return Reply({"success": True}, change.world)


_PATH = "/v1/subscriptions/{subscription-key}"

ENDPOINTS = (
    Endpoint("PUT", _PATH, update, UpdateCall, resource=535000),
    Endpoint("PUT", f"{_PATH}/renew", renew, RenewCall, resource=533000),
    Endpoint("PUT", f"{_PATH}/cancel", cancel, CancelCall, resource=532000),
    Endpoint("PUT", f"{_PATH}/suspend", suspend, SuspendCall, resource=536000),
    Endpoint("PUT", f"{_PATH}/resume", resume, ResumeCall, resource=536000),
    Endpoint("PUT", f"{_PATH}/delete", delete),
)
