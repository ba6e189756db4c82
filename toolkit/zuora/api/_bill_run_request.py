"""What requests say of a bill run, read into a record and shown again."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.billruns import BillRun
from toolkit.billing.catalog import ChargeType
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.run_dates import Every, Recurrence, RunDate, Weekday
from toolkit.zuora.calls.limits import check_reach
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.wire import Body, day, stamp
from toolkit.zuora.runs.billruns import ALL_DAYS, AS_RUN_DAY, scheduled
from toolkit.zuora.state.world import World

_MOST_SUBSCRIPTIONS = 50
_DAYS = frozenset({None, ALL_DAYS, *map(str, range(1, 32))})


class BillRunFilter(Body, frozen=True):
    """An account to bill, or one of its subscriptions."""

    filter_type: Literal["Account", "Subscription"]
    account_id: str
    subscription_id: str | None = None


class Schedule(Body, frozen=True):
    """When a run is executed, and how often."""

    repeat_from: date | UnsetType = UNSET
    repeat_type: Every | UnsetType = UNSET
    run_time: int | UnsetType = UNSET
    repeat_to: date | UnsetType | None = UNSET
    weekly_on_day: tuple[Weekday, ...] | UnsetType | None = UNSET
    monthly_on_end_of_month: bool | UnsetType | None = UNSET


class BillRunSaid(Body, frozen=True):
    """What a bill run is to be like, whether new or changed: what is not said stays as it is."""

    harmless: ClassVar[frozenset[str]] = frozenset({"organizationLabels"})

    bill_run_type: Literal["Regular", "CatchUp"] | None = None
    target_date: date | UnsetType | None = UNSET
    target_date_month_offset: int | UnsetType | None = UNSET
    target_date_day_of_month: int | UnsetType | None = UNSET
    invoice_date: date | UnsetType | None = UNSET
    invoice_date_month_offset: int | UnsetType | None = UNSET
    invoice_date_day_of_month: int | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    batches: tuple[str, ...] | UnsetType | None = UNSET
    bill_cycle_day: str | UnsetType | None = UNSET
    bill_run_filters: tuple[BillRunFilter, ...] | UnsetType | None = UNSET
    schedule: Schedule | UnsetType | None = UNSET
    auto_email: bool | UnsetType = UNSET
    auto_post: bool | UnsetType = UNSET
    auto_renewal: bool | UnsetType = UNSET
    no_email_for_zero_amount_invoice: bool | UnsetType = UNSET
    include_subscriptions: bool | UnsetType = UNSET
    include_order_line_items: bool | UnsetType = UNSET
    charge_type_to_exclude: tuple[ChargeType, ...] | UnsetType | None = UNSET


_PLAIN = {
    "name": "name",
    "batches": "batches",
    "bill_cycle_day": "bill_cycle_day",
    "auto_email": "auto_email",
    "auto_post": "auto_post",
    "auto_renewal": "auto_renewal",
    "no_email_for_zero_amount_invoice": "no_email_for_zero",
    "include_subscriptions": "bills_subscriptions",
    "include_order_line_items": "bills_line_items",
    "charge_type_to_exclude": "excluded",
}
_SCHEDULE = {
    "repeat_from": "begin",
    "repeat_type": "every",
    "run_time": "hour",
    "repeat_to": "end",
    "weekly_on_day": "weekdays",
    "monthly_on_end_of_month": "end_of_month",
}
_NEEDED = {"begin": "repeatFrom", "every": "repeatType", "hour": "runTime"}
_EMPTY: dict[str, Any] = {"batches": (), "excluded": (), "weekdays": (), "end_of_month": False}
"""What null means for a field that is never None."""


def _given(said: Body, names: dict[str, str]) -> dict[str, Any]:
    values = {field: getattr(said, name) for name, field in names.items()}
    return {
        field: _EMPTY.get(field) if value is None else value
        for field, value in values.items()
        if value is not UNSET
    }


def read_run(world: World, said: BillRunSaid, run: BillRun) -> BillRun:
    """Return a run as it was said to be: executed now, or waiting for the day of its schedule.

    Raises:
        BillingError: It cannot be so.
    """
    run = replace(run, **_given(said, _PLAIN))
    if said.bill_run_filters is not UNSET:
        accounts, subscriptions = _filtered(world, said.bill_run_filters or ())
        run = replace(run, account_ids=accounts, subscription_ids=subscriptions)
    if run.batches and run.account_ids:
        raise RuleError("A bill run has either 'batches' or 'billRunFilters', not both.")
    if said.schedule:
        run = _planned(world, said.schedule, run)
    if run.bill_cycle_day not in _DAYS and (run.recurrence is None or run.bill_cycle_day != AS_RUN_DAY):
        raise InvalidValueError(
            f"'billCycleDay' value should be {ALL_DAYS}, 1 to 31, or {AS_RUN_DAY} for a scheduled bill run, "
            f"not '{run.bill_cycle_day}'."
        )
    if said.bill_run_type is not None:
        run = replace(run, catch_up=said.bill_run_type == "CatchUp")
    if run.catch_up:
        _check_catch_up(world, run)
    return _dated(world, said, run)


def _check_catch_up(world: World, run: BillRun) -> None:
    """Refuse a catch-up bill run that the tenant does not allow, or that is scheduled.

    Source: Zuora, catch-up bill run: only an ad hoc one can be such; enable the feature.
    """
    if not world.rules.catch_up_runs:
        raise RuleError("The billing rules of this tenant do not allow catch-up bill runs.")
    if run.recurrence is not None:
        raise RuleError("A catch-up bill run cannot be scheduled.")


def _filtered(world: World, filters: tuple[BillRunFilter, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the id of the account, and the numbers of the subscriptions, to which the filters narrow a run.

    Source: Zuora, create a bill run: one single account, or at most 50 subscriptions of the same account.
    """
    if len(filters) > _MOST_SUBSCRIPTIONS:
        raise RuleError(f"A bill run has at most {_MOST_SUBSCRIPTIONS} filters.")
    accounts = {world.accounts.find(one.account_id).id for one in filters}
    if len(accounts) > 1 or len({one.filter_type for one in filters}) > 1:
        raise RuleError("The filters of a bill run should name one account, or subscriptions of one account.")
    found = []
    for one in filters:
        if one.filter_type == "Subscription":
            key = needed(one.subscription_id, "billRunFilters.subscriptionId")
            subscription = world.subscriptions.find(key)
            if subscription.invoice_owner_id not in accounts:
                raise NotFoundError(key)
            found.append(subscription.number)
    return tuple(accounts), tuple(found)


def _planned(world: World, said: Schedule, run: BillRun) -> BillRun:
    """Return a run that waits for its hour; one of this hour is executed as soon as time passes.

    A change of how often it runs begins anew with the day on which it waits, if no other is said.
    """
    given = _given(said, _SCHEDULE)
    if run.recurrence is None or run.run_at is None:
        for field, name in _NEEDED.items():
            if field not in given:
                raise MissingValueError(f"schedule.{name}")
        recurrence = Recurrence(**given)
        first = recurrence.first
    elif given.keys() <= {"hour", "end"}:
        recurrence, first = replace(run.recurrence, **given), run.run_at.date()
    else:
        recurrence = replace(run.recurrence, **{"begin": run.run_at.date(), **given})
        first = recurrence.first
    run = scheduled(run, recurrence, first, world)
    if run.run_at is not None and run.run_at < world.now.replace(minute=0, second=0, microsecond=0):
        raise InvalidValueError(f"The first run, {stamp(run.run_at)}, has passed.")
    return run


def _dated(world: World, said: BillRunSaid, run: BillRun) -> BillRun:
    recurrence = run.recurrence
    if recurrence is None or run.run_at is None:
        if _of_month(said, "invoice_date") or _of_month(said, "target_date"):
            raise RuleError(_MONTHLY)
        if not said.target_date:
            raise MissingValueError("targetDate")
        return replace(run, invoice_date=said.invoice_date or world.today, target_date=said.target_date)
    waits = run.run_at.date()
    begin = (said.schedule.repeat_from if said.schedule else UNSET) or waits
    invoice_on = _date(said, "invoice_date", begin, run.invoice_on)
    target_on = _date(said, "target_date", begin, run.target_on)
    if recurrence.every != "Monthly" and (invoice_on.months, target_on.months) != (None, None):
        raise RuleError(_MONTHLY)
    run = replace(run, invoice_on=invoice_on, target_on=target_on)
    run = scheduled(run, recurrence, waits, world)
    check_reach("invoiceDate", run.invoice_date, world.today)
    check_reach("targetDate", run.target_date, world.today)
    return run


_MONTHLY = "An offset in months is only valid for monthly scheduled bill runs."


def _date(said: BillRunSaid, name: str, begin: date, former: RunDate) -> RunDate:
    """Read how a date follows from the day of the run.

    Source: Zuora, create a bill run: without a date it is `repeatFrom`, with one as many days from it; an
    offset in months is for monthly runs.
    """
    given, months = getattr(said, name), _of_month(said, name)
    days = (given - begin).days if given else None
    if not months:
        return former if given is UNSET else RunDate(days=days)
    return RunDate(days=days, **{"months": former.months, "day_of_month": former.day_of_month, **months})


def _of_month(said: BillRunSaid, name: str) -> dict[str, int]:
    found = {
        "months": getattr(said, f"{name}_month_offset"),
        "day_of_month": getattr(said, f"{name}_day_of_month"),
    }
    return {key: value for key, value in found.items() if isinstance(value, int)}


def show(world: World, run: BillRun) -> dict[str, Any]:
    """Return a bill run as answers show it.

    A scheduled one has its dates when it has run. Source: Zuora, cancel a bill run, nextRun of the sample,
    for one that waits; that it has them afterwards is an assumption.
    """
    waits = run.recurrence is not None and run.status == "Pending"
    return {
        "id": run.id,
        "billRunNumber": run.number,
        "name": run.name,
        "batches": list(run.batches),
        "billCycleDay": run.bill_cycle_day,
        "billRunFilters": list(_filters(world, run)),
        "autoPost": run.auto_post,
        "autoRenewal": run.auto_renewal,
        "autoEmail": run.auto_email,
        "noEmailForZeroAmountInvoice": run.no_email_for_zero,
        "includeSubscriptions": run.bills_subscriptions,
        "includeOrderLineItems": run.bills_line_items,
        "chargeTypeToExclude": list(run.excluded),
        "status": run.status,
        "invoiceDate": None if waits else day(run.invoice_date),
        "targetDate": None if waits else day(run.target_date),
        **_scheduling(run),
        "createdDate": stamp(run.created),
        "updatedDate": stamp(run.updated),
        "success": True,
    }


def _filters(world: World, run: BillRun) -> Iterator[dict[str, str]]:
    for identity in run.account_ids:
        if not run.subscription_ids:
            yield {"filterType": "Account", "accountId": identity}
        for number in run.subscription_ids:
            subscription = world.subscriptions.get(number)
            named = number if subscription is None else subscription.id
            yield {"filterType": "Subscription", "accountId": identity, "subscriptionId": named}


def _scheduling(run: BillRun) -> dict[str, Any]:
    """Return what only a scheduled run shows: `repeatFrom` is its own day, once the first run is over."""
    recurrence = run.recurrence
    if recurrence is None or run.run_at is None:
        return {}
    on = run.run_at.date()
    schedule = {
        "repeatFrom": day(recurrence.begin if on == recurrence.first else on),
        "repeatTo": day(recurrence.end),
        "repeatType": recurrence.every,
        "runTime": recurrence.hour,
        "weeklyOnDay": list(recurrence.weekdays) or None,
        "monthlyOnEndOfMonth": recurrence.end_of_month,
    }
    dates = {"invoiceDate": run.invoice_on, "targetDate": run.target_on}
    shown: dict[str, Any] = {"schedule": schedule, "scheduledExecutionTime": stamp(run.run_at)}
    for name, said in dates.items():
        shown[f"{name}Offset"] = (said.days or 0) if said.months is None else None
        shown[f"{name}MonthOffset"] = said.months
        shown[f"{name}DayOfMonth"] = said.day_of_month
    return shown
