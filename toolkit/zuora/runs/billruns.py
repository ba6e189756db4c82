"""Bill runs of a tenant: whom they bill, and when the scheduled ones are executed."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.billruns import BillRun, BillRunStatus
from toolkit.billing.credits import CreditMemo
from toolkit.billing.documents import VOID
from toolkit.billing.errors import BillingError, InvalidValueError, RuleError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post as post_document
from toolkit.billing.run_dates import Recurrence, bill_cycle_days
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.documents.bills import catch_up, issue, posted_on
from toolkit.zuora.documents.withdrawals import cancel_all
from toolkit.zuora.messages import mailing
from toolkit.zuora.renewals import renew_into
from toolkit.zuora.state.owners import invoiced_to
from toolkit.zuora.state.world import Change, World, fixed

ALL_BATCHES = "AllBatches"
ALL_DAYS = "AllBillCycleDays"
AS_RUN_DAY = "AsRunDay"
_MOST_PENDING = 500


def begin(change: Change) -> BillRun:
    """Return a new run of today, which still has to be told what it is to do.

    Source: Zuora, create a bill run: with 500 that are pending there can be no more.

    Raises:
        RuleError: So many are.
    """
    world = change.world
    if waiting(world) >= _MOST_PENDING:
        raise RuleError(f"There are {_MOST_PENDING} Pending bill runs already; cancel some of them.")
    return BillRun(
        id=change.id(),
        number=change.number("bill run"),
        name=None,
        status="Pending",
        invoice_date=world.today,
        target_date=world.today,
        created=world.now,
        updated=world.now,
    )


def run_scheduled(change: Change, world: World, run: BillRun) -> None:
    """Execute a scheduled run and plan the one that follows; what cannot be billed makes it an Error."""
    try:
        execute(change, world, run)
    except BillingError:
        change.forget()
        change.put(replace(run, status="Error", updated=world.now))
    plan_next(change, world, run)


def scheduled(run: BillRun, recurrence: Recurrence, day: date, world: World) -> BillRun:
    """Return a run as it waits to be executed on a day of its recurrence."""
    return replace(
        run,
        status="Pending",
        recurrence=recurrence,
        run_at=fixed(datetime.combine(day, time(recurrence.hour), world.zone)),
        invoice_date=run.invoice_on.on(day),
        target_date=run.target_on.on(day),
    )


def plan_next(change: Change, world: World, run: BillRun) -> BillRun | None:
    """Put the run that follows a scheduled one into the change, if there is one; it has a number of its own.

    Source: Zuora, cancel a bill run, whose sample shows the next run of a recurring one.
    """
    recurrence, run_at = run.recurrence, run.run_at
    day = recurrence.after(run_at.date()) if recurrence and run_at else None
    if recurrence is None or day is None:
        return None
    following = replace(
        run, id=change.id(), number=change.number("bill run"), created=world.now, updated=world.now
    )
    following = scheduled(following, recurrence, day, world)
    change.put(following)
    return following


def execute(change: Change, world: World, run: BillRun) -> BillRun:
    """Bill what a run is for, account after account, and put it into the change with what it made.

    A draft stays a draft until the run is posted, unless the run posts by itself; then it may be mailed, too.
    """
    made = [one for account in _accounts(world, run) for one in _bill(change, world, run, account)]
    done = replace(
        run,
        status="Posted" if run.auto_post else "Completed",
        updated=world.now,
        posted=world.now if run.auto_post else None,
        invoice_ids=tuple(one.id for one in made if isinstance(one, Invoice)),
        credit_memo_ids=tuple(one.id for one in made if isinstance(one, CreditMemo)),
    )
    change.put(done)
    if run.auto_email:
        mailing.send(change, mailing.of_run(change, run, made))
    return done


def post(change: Change, run: BillRun, invoice_date: date | None = None) -> BillRun:
    """Post the drafts of a completed run; what was posted by itself stays as it is.

    Raises:
        InvalidValueError: The run is not completed.
    """
    check_status(run, "Completed", "posted")
    world = change.world
    for one in made_by(change, run):
        if one.status == "Draft":
            if isinstance(one, Invoice):
                change.put(posted_on(world, one, invoice_date))
            else:
                change.put(post_document(one, world.now))
    done = replace(run, status="Posted", posted=world.now, updated=world.now)
    change.put(done)
    return done


def cancel(change: Change, run: BillRun) -> BillRun:
    """Cancel a run: one that waits, or the drafts of one that is completed, to be billed again.

    Raises:
        InvalidValueError: The run is neither.
        RuleError: It is a catch-up bill run. Source: Zuora, catch-up bill run.
    """
    if run.status != "Pending":
        check_status(run, "Completed", "canceled")
        if run.catch_up:
            raise RuleError(f"The catch-up bill run {run.number} is completed: it cannot be canceled.")
        cancel_all(change, [one for one in made_by(change, run) if one.status not in VOID])
    canceled = replace(run, status="Canceled", updated=change.before.now)
    change.put(canceled)
    return canceled


def check_status(run: BillRun, status: BillRunStatus, verb: str) -> None:
    """Refuse a run of another status.

    Raises:
        InvalidValueError: It has one.
    """
    if run.status != status:
        raise InvalidValueError(
            f"Only bill runs with {status} status can be {verb}, {run.number} is {run.status}."
        )


def made_by(change: Change, run: BillRun) -> list[Invoice | CreditMemo]:
    """Return what a run made, as it is now; some of it may have been deleted by itself."""
    found = (
        change.table(table).get(key)
        for table, keys in (("invoices", run.invoice_ids), ("credit_memos", run.credit_memo_ids))
        for key in keys
    )
    return [one for one in found if one is not None]


def drop(change: Change, run: BillRun) -> None:
    """Take a run out of the world that was cancelled or failed, and the documents that it made.

    Source: Zuora, delete bill runs.

    Raises:
        RuleError: It has another status.
    """
    if run.status not in {"Canceled", "Error"}:
        raise RuleError(
            f"Only bill runs with Canceled or Error status can be deleted, {run.number} is {run.status}."
        )
    for one in made_by(change, run):
        change.drop(one)
    change.drop(run)


def waiting(world: World) -> int:
    """Return how many runs wait to be executed."""
    return sum(map(len, world.bill_runs.due.values()))


def _accounts(world: World, run: BillRun) -> Iterator[Account]:
    """Yield the accounts to bill in order of their numbers."""
    if run.account_ids:
        chosen: Iterable[Account] = [world.accounts.find(identity) for identity in run.account_ids]
    else:
        chosen = sorted(world.accounts.latest(), key=lambda account: account.number)
    days = _days(run)
    for account in chosen:
        if run.batches and not {account.batch, ALL_BATCHES}.intersection(run.batches):
            continue
        if days is None or account.bill_cycle_day in days:
            yield account


def _days(run: BillRun) -> range | None:
    """Return the bill cycle days of the accounts that a run bills, or None for all."""
    if run.bill_cycle_day is None or run.bill_cycle_day == ALL_DAYS:
        return None
    if run.bill_cycle_day == AS_RUN_DAY and run.run_at is not None:
        return bill_cycle_days(run.run_at.date())
    day = int(run.bill_cycle_day)
    return range(day, day + 1)


def _bill(change: Change, world: World, run: BillRun, account: Account) -> tuple[Invoice | CreditMemo, ...]:
    head = Heading(
        account=account,
        invoice_date=run.invoice_date,
        target_date=run.target_date,
        now=world.now,
        source="BillRun",
        source_id=run.number,
        post=run.auto_post,
        payment_terms=world.payment_terms,
    )
    subscriptions = [
        renewed(change, world, subscription, run.target_date) if run.auto_renewal else subscription
        for subscription in invoiced_to(world.subscriptions, account.id)
        if run.bills_subscriptions
        and (not run.subscription_ids or subscription.number in run.subscription_ids)
    ]
    if run.catch_up:
        catch_up(change, head, subscriptions, world.rules)
        return ()
    return issue(change, head, subscriptions, world.rules, run.excluded, line_items=run.bills_line_items)


def renewed(change: Change, world: World, subscription: Subscription, target: date) -> Subscription:
    """Renew a subscription that renews by itself as far as the target date."""
    while (
        subscription.auto_renew
        and subscription.status == "Active"
        and subscription.term_end is not None
        and subscription.term_end <= target
    ):
        subscription = renew_into(change, world, subscription)
    return subscription
