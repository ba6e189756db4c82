"""/v1/bill-runs: bill many accounts at once, now or when it is time, post or cancel what came of it."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing.billruns import BillRun
from toolkit.zuora.api._bill_run_request import BillRunSaid, read_run, show
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.runs import billruns
from toolkit.zuora.runs.billruns import begin, check_status, drop, execute, plan_next
from toolkit.zuora.state.world import Change


class Posting(Body, frozen=True):
    """How to post."""

    invoice_date: date | None = None


class Cancelling(Body, frozen=True):
    """Whether only this run of a schedule is cancelled, or all that would follow it, too."""

    cancel_once: bool = True


def create(call: Call) -> Reply:
    """Run a bill run, or plan it; it is finished at once, though the answer says Pending as Zuora's does."""
    world, change = call.world, Change(call.world)
    run = read_run(world, call.body, begin(change))
    change.put(run)
    if run.recurrence is None:
        run = execute(change, world, run)
    return Reply({**show(world, run), "status": "Pending"}, change.world)


def read(call: Call) -> Reply:
    """Show a bill run."""
    return Reply(show(call.world, _found(call)))


def update(call: Call) -> Reply:
    """Say anew what a scheduled run that waits is to do. Source: Zuora, update a bill run."""
    run = _found(call)
    check_status(run, "Pending", "updated")
    change = Change(call.world)
    changed = replace(read_run(call.world, call.body, run), updated=call.world.now)
    change.put(changed)
    return Reply(show(call.world, changed), change.world)


def delete(call: Call) -> Reply:
    """Delete a run that was cancelled or failed, with its invoices."""
    change = Change(call.world)
    drop(change, _found(call))
    return Reply({"success": True}, change.world)


def post(call: Call) -> Reply:
    """Post the drafts of a completed bill run."""
    said: Posting = call.body
    change = Change(call.world)
    posted = billruns.post(change, _found(call), said.invoice_date)
    return Reply(show(call.world, posted), change.world)


def cancel(call: Call) -> Reply:
    """Cancel a run.

    A scheduled one that waits is followed by the next, unless `cancelOnce` is false. Source: Zuora, cancel a
    bill run.
    """
    run, world, change = _found(call), call.world, Change(call.world)
    said: Cancelling = call.body
    shown = show(world, billruns.cancel(change, run))
    following = plan_next(change, world, run) if run.status == "Pending" and said.cancel_once else None
    if following is not None:
        shown["nextRun"] = show(world, following)
        del shown["nextRun"]["success"]
    return Reply(shown, change.world)


def _found(call: Call) -> BillRun:
    return call.world.bill_runs.find(call.path["bill-run-key"])


_KEY = "/v1/bill-runs/{bill-run-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/bill-runs", create, BillRunSaid, resource=588100),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, update, BillRunSaid, resource=588200),
    Endpoint("DELETE", _KEY, delete, resource=588200),
    Endpoint("PUT", f"{_KEY}/post", post, Posting, resource=588200),
    Endpoint("PUT", f"{_KEY}/cancel", cancel, Cancelling, resource=588200),
)
