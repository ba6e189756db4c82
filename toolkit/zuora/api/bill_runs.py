"""/v1/bill-runs: bill many accounts at once, now or when it is time, post or cancel what came of it."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing.billruns import BillRun, BillRunStatus
from toolkit.billing.documents import VOID
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post as post_document
from toolkit.zuora.api._bill_run_request import BillRunSaid, read_run, show
from toolkit.zuora.billruns import drop, execute, made_by, plan_next, waiting
from toolkit.zuora.bills import posted_on
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.wire import Body
from toolkit.zuora.withdrawals import cancel_all
from toolkit.zuora.world import Change

_MOST_PENDING = 500


class Posting(Body, frozen=True):
    """How to post."""

    invoice_date: date | None = None


class Cancelling(Body, frozen=True):
    """Whether only this run of a schedule is cancelled, or all that would follow it, too."""

    cancel_once: bool = True


def create(call: Call) -> Reply:
    """Run a bill run, or plan it; it is finished at once, though the answer says Pending as Zuora's does.

    Source: Zuora, create a bill run: with 500 that are pending there can be no more.
    """
    world, change = call.world, Change(call.world)
    if waiting(world) >= _MOST_PENDING:
        raise RuleError(f"There are {_MOST_PENDING} Pending bill runs already; cancel some of them.")
    run = BillRun(
        id=change.id(),
        number=change.number("bill run"),
        name=None,
        status="Pending",
        invoice_date=world.today,
        target_date=world.today,
        created=world.now,
        updated=world.now,
    )
    run = read_run(world, call.body, run)
    change.put(run)
    if run.recurrence is None:
        run = execute(change, world, run)
    return Reply({**show(world, run), "status": "Pending"}, change.world)


def read(call: Call) -> Reply:
    """Show a bill run."""
    return Reply(show(call.world, _found(call)))


def update(call: Call) -> Reply:
    """Say anew what a scheduled run that waits is to do. Source: Zuora, update a bill run."""
    run = _of_status(call, "Pending", "updated")
    change = Change(call.world)
    changed = replace(read_run(call.world, call.body, run), updated=call.world.now)
    change.put(changed)
    return Reply(show(call.world, changed), change.world)


def delete(call: Call) -> Reply:
    """Delete a run that was cancelled or failed, with its invoices. Source: Zuora, delete bill runs."""
    run = _found(call)
    if run.status not in {"Canceled", "Error"}:
        raise RuleError(
            f"Only bill runs with Canceled or Error status can be deleted, {run.number} is {run.status}."
        )
    change = Change(call.world)
    drop(change, run)
    return Reply({"success": True}, change.world)


def post(call: Call) -> Reply:
    """Post the drafts of a completed bill run."""
    run = _of_status(call, "Completed", "posted")
    said: Posting = call.body
    world, change = call.world, Change(call.world)
    for one in made_by(change, run):
        if one.status == "Draft":  # what was posted by itself stays as it is
            if isinstance(one, Invoice):
                change.put(posted_on(world, one, said.invoice_date))
            else:
                change.put(post_document(one, world.now))
    posted = replace(run, status="Posted", posted=world.now, updated=world.now)
    change.put(posted)
    return Reply(show(world, posted), change.world)


def cancel(call: Call) -> Reply:
    """Cancel a run: one that waits, or the drafts of one that is completed, to be billed again.

    A scheduled one is followed by the next, unless `cancelOnce` is false. Source: Zuora, cancel a bill run.
    """
    run, world, change = _found(call), call.world, Change(call.world)
    said: Cancelling = call.body
    canceled = replace(run, status="Canceled", updated=world.now)
    change.put(canceled)
    shown = show(world, canceled)
    if run.status == "Pending":
        following = plan_next(change, world, run) if said.cancel_once else None
        if following is not None:
            shown["nextRun"] = show(world, following)
            del shown["nextRun"]["success"]
    else:
        _of_status(call, "Completed", "canceled")
        cancel_all(change, [one for one in made_by(change, run) if one.status not in VOID])
    return Reply(shown, change.world)


def _found(call: Call) -> BillRun:
    return call.world.bill_runs.find(call.path["bill-run-key"])


def _of_status(call: Call, status: BillRunStatus, verb: str) -> BillRun:
    run = _found(call)
    if run.status != status:
        raise InvalidValueError(
            f"Only bill runs with {status} status can be {verb}, {run.number} is {run.status}."
        )
    return run


_KEY = "/v1/bill-runs/{bill-run-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/bill-runs", create, BillRunSaid, resource=588100),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, update, BillRunSaid, resource=588200),
    Endpoint("DELETE", _KEY, delete, resource=588200),
    Endpoint("PUT", f"{_KEY}/post", post, Posting, resource=588200),
    Endpoint("PUT", f"{_KEY}/cancel", cancel, Cancelling, resource=588200),
)
