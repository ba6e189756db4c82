"""/v1/operations/jobs, and memos that are posted or cancelled asynchronously."""

from toolkit.billing.lifecycle import cancel, post
from toolkit.zuora.api._jobs import find_job, note, show_operation
from toolkit.zuora.api.credit_memo_actions import Posting, post_draft
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Nothing
from toolkit.zuora.documents.withdrawals import withdraw
from toolkit.zuora.runs.jobs import Operation
from toolkit.zuora.state.world import Change


def read(call: Call) -> Reply:
    """Show how an operation on a document ended."""
    return Reply(show_operation(find_job(call.world, call.path["job-id"], "Delete", "Post", "Cancel")))


def post_credit(call: Call) -> Reply:
    """Post a draft of a credit memo."""
    change, memo = Change(call.world), call.world.credit_memos.find(call.path["credit-memo-key"])
    post_draft(change, memo, call.body)
    return _done(change, "Post", memo.id, "CreditMemo")


def cancel_credit(call: Call) -> Reply:
    """Cancel a draft of a credit memo, and what belongs to it."""
    change, memo = Change(call.world), call.world.credit_memos.find(call.path["credit-memo-key"])
    withdraw(change, memo)
    return _done(change, "Cancel", memo.id, "CreditMemo")


def post_debit(call: Call) -> Reply:
    """Post a draft of a debit memo."""
    change, memo = Change(call.world), call.world.debit_memos.find(call.path["debit-memo-key"])
    change.put(post(memo, call.world.now))
    return _done(change, "Post", memo.id, "DebitMemo")


def cancel_debit(call: Call) -> Reply:
    """Cancel a draft of a debit memo."""
    change, memo = Change(call.world), call.world.debit_memos.find(call.path["debit-memo-key"])
    change.put(cancel(memo, call.world.now))
    return _done(change, "Cancel", memo.id, "DebitMemo")


def _done(change: Change, operation: Operation, key: str, kind: str) -> Reply:
    """Answer as a job that is over, as it is at once for less than 1,000 items, and here for any number."""
    job = note(change, operation, key, kind)
    return Reply({"id": key, "jobId": job.id, "jobStatus": job.status, "success": True}, change.world)


def _both(spelling: str) -> tuple[Endpoint, ...]:
    credit, debit = f"/v1/credit{spelling}/{{credit-memo-key}}", f"/v1/debit{spelling}/{{debit-memo-key}}"
    return (
        Endpoint("PUT", f"{credit}/post-async", post_credit, Posting, resource=539500),
        Endpoint("PUT", f"{credit}/cancel-async", cancel_credit, Nothing, resource=539500),
        Endpoint("PUT", f"{debit}/post-async", post_debit, Nothing, resource=549500),
        Endpoint("PUT", f"{debit}/cancel-async", cancel_debit, Nothing, resource=549500),
    )


ENDPOINTS = (
    *_both("-memos"),
    *_both("memos"),
    Endpoint("GET", "/v1/operations/jobs/{job-id}", read),
)
