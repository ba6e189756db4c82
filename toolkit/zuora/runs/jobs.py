"""Jobs: what asynchronous calls have done, or why they could not."""

from collections.abc import Mapping
from typing import Literal

from toolkit.billing.unnumbered import Unnumbered

Operation = Literal[
    "Order",
    "AsyncCreditMemoApply",
    "AsyncCreditMemoUnapply",
    "AsyncInvoiceWriteOff",
    "AsyncPaymentCreate",
    "AsyncPaymentApply",
    "Delete",
    "Post",
    "Cancel",
    "DeleteFiles",
]


class Job(Unnumbered, frozen=True, kw_only=True):
    """An asynchronous call at its end; `errors` says why one failed.

    Attributes:
        operation: What it does, which also says where it is asked for.
        object_id: What it does that to; None for what it was to create.
        object_type: Of which kind that is.
    """

    status: Literal["Completed", "Failed"]
    operation: Operation = "Order"
    object_id: str | None = None
    object_type: str | None = None
    result: Mapping[str, object] | None = None
    errors: str | None = None
