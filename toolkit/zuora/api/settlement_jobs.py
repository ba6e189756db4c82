"""Credit memos applied, invoices written off and payments received asynchronously, and their jobs."""

from collections.abc import Callable
from typing import Any, ClassVar

from toolkit.billing.errors import RuleError
from toolkit.zuora.api._jobs import Work, attempt, find_job
from toolkit.zuora.api._memo_request import AppliedInvoice, TakingBack
from toolkit.zuora.api._memo_request import Applying as ApplyingMemo
from toolkit.zuora.api.credit_memo_actions import apply_to, take_from
from toolkit.zuora.api.invoice_actions import write_off_posted
from toolkit.zuora.api.payments import Applying, NewPayment, begin, receive, wanted_of
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.runs.jobs import Job, Operation
from toolkit.zuora.state.world import Change


class NamedInvoice(AppliedInvoice, frozen=True):
    """How much goes to which invoice, whose id counts and not its number."""

    harmless: ClassVar[frozenset[str]] = frozenset({"invoiceNumber"})


class ApplyingLater(ApplyingMemo, frozen=True):
    """What to apply a credit memo to, or from what to take it back."""

    invoices: tuple[NamedInvoice, ...] = ()


def apply_memo(call: Call) -> Reply:
    """Start to apply a posted memo to posted invoices."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])

    def work(change: Change) -> None:
        apply_to(change, memo, call.body)

    return _started(call, work, "AsyncCreditMemoApply", memo.id)


def take_back_memo(call: Call) -> Reply:
    """Start to take a memo back from invoices."""
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])

    def work(change: Change) -> None:
        take_from(change, memo, call.body)

    return _started(call, work, "AsyncCreditMemoUnapply", memo.id)


def write_off(call: Call) -> Reply:
    """Start to write off what is open of an invoice."""
    invoice = call.world.invoices.find(call.path["invoice-key"])

    def work(change: Change) -> dict[str, Any]:
        return {"creditMemo": {"id": write_off_posted(change, invoice, call.body).id}}

    return _started(call, work, "AsyncInvoiceWriteOff", invoice.id)


def create_payment(call: Call) -> Reply:
    """Start to receive an external payment. Source: Zuora, create a payment asynchronously."""
    said: NewPayment = call.body
    if said.type == "Electronic":
        raise RuleError("Electronic payments cannot be created asynchronously.")

    def work(change: Change) -> dict[str, Any]:
        begun = begin(change, said)
        return {"referenceId": receive(change, begun.payment, begun.wanted).id}

    return _started(call, work, "AsyncPaymentCreate", None)


def apply_payment(call: Call) -> Reply:
    """Start to apply what is unapplied of a payment."""
    payment = call.world.payments.find(call.path["payment-key"])

    def work(change: Change) -> None:
        receive(change, payment, wanted_of(change, call.body))

    return _started(call, work, "AsyncPaymentApply", payment.id)


_TYPES: dict[Operation, str] = {
    "AsyncCreditMemoApply": "CreditMemo",
    "AsyncCreditMemoUnapply": "CreditMemo",
    "AsyncInvoiceWriteOff": "Invoice",
    "AsyncPaymentCreate": "Payment",
    "AsyncPaymentApply": "Payment",
}


def _started(call: Call, work: Work, operation: Operation, object_id: str | None) -> Reply:
    """Answer as Zuora does, which has not begun yet."""
    job, change = attempt(call.world, work, operation, object_id, _TYPES[operation])
    shown = {
        "id": job.id,
        "status": "Pending",
        "operationType": operation,
        "referenceId": object_id,
        "referenceType": _TYPES[operation],
        "success": True,
    }
    return Reply(shown, change.world)


def _show(job: Job) -> dict[str, Any]:
    """Return a job. Source: the official SDK, InvoiceSettlementAsyncJobResponse."""
    return {
        "id": job.id,
        "status": "Processed" if job.status == "Completed" else "Error",
        "operationType": job.operation,
        "referenceId": job.object_id,
        "referenceType": job.object_type,
        "error": job.errors,
        **(job.result or {}),
        "success": True,
    }


def _reading(operation: Operation) -> Callable[[Call], Reply]:
    def read(call: Call) -> Reply:
        """Show how a job ended; one that failed is a success too."""
        return Reply(_show(find_job(call.world, call.path["job-id"], operation)))

    return read


def _of_memos(spelling: str) -> tuple[Endpoint, ...]:
    every, one = f"/v1/{spelling}", f"/v1/{spelling}/{{credit-memo-key}}"
    return (
        Endpoint("PUT", f"{one}/apply-async", apply_memo, ApplyingLater, resource=539300),
        Endpoint("PUT", f"{one}/unapply-async", take_back_memo, ApplyingLater, resource=539300),
        Endpoint("GET", f"{every}/apply-async-jobs/{{job-id}}", _reading("AsyncCreditMemoApply")),
        Endpoint("GET", f"{every}/unapply-async-jobs/{{job-id}}", _reading("AsyncCreditMemoUnapply")),
    )


_INVOICE, _PAYMENT = "/v1/invoices/{invoice-key}", "/v1/payments/{payment-key}"

ENDPOINTS = (
    *_of_memos("credit-memos"),
    *_of_memos("creditmemos"),
    Endpoint("POST", f"{_INVOICE}/write-off-async", write_off, TakingBack, resource=592100),
    Endpoint("GET", "/v1/invoices/write-off-async-jobs/{job-id}", _reading("AsyncInvoiceWriteOff")),
    Endpoint("POST", "/v1/payments/create-async", create_payment, NewPayment, resource=538100),
    Endpoint("GET", "/v1/payments/create-async-jobs/{job-id}", _reading("AsyncPaymentCreate")),
    Endpoint("PUT", f"{_PAYMENT}/apply-async", apply_payment, Applying, resource=538200),
    Endpoint("GET", "/v1/payments/apply-async-jobs/{job-id}", _reading("AsyncPaymentApply")),
)
