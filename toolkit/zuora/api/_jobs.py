"""Asynchronous work: done at once, and its outcome kept in a job that is asked for later.

A job is never seen in process: time stands still here unless somebody moves it, and a client that polls
would wait for ever.
"""

from collections.abc import Callable
from typing import Any

from toolkit.billing.errors import BillingError, NotFoundError
from toolkit.zuora.calls.refusals import Refusal, refusal_of
from toolkit.zuora.calls.wire import parse, write
from toolkit.zuora.runs.jobs import Job, Operation
from toolkit.zuora.state.world import Change, World

_RESOURCE = 400000
"""The resource of the codes in a job's errors. Source: recorded, of orders; of others an assumption."""

Work = Callable[[Change], dict[str, Any] | None]


def attempt(
    world: World,
    work: Work,
    operation: Operation,
    object_id: str | None = None,
    object_type: str | None = None,
) -> tuple[Job, Change]:
    """Do the work and keep its outcome; work that is refused leaves nothing else behind."""
    change = Change(world)
    try:
        result, errors = work(change), None
    except (BillingError, Refusal) as error:
        refusal, change = refusal_of(error), Change(world)
        result, errors = None, f"[{refusal.code(_RESOURCE)}]: {refusal.message}"
    job = Job(
        id=change.id(),
        status="Failed" if errors else "Completed",
        operation=operation,
        object_id=object_id,
        object_type=object_type,
        result=None if result is None else parse(write(result)),
        errors=errors,
    )
    change.put(job)
    return job, change


def note(change: Change, operation: Operation, object_id: str, object_type: str) -> Job:
    """Keep in the change that a document was operated on."""
    job = Job(
        id=change.id(), status="Completed", operation=operation, object_id=object_id, object_type=object_type
    )
    change.put(job)
    return job


def show_operation(job: Job) -> dict[str, object]:
    """Return a job of one document. Source: the official SDK, OperationJobResponse."""
    return {
        "id": job.id,
        "objectId": job.object_id,
        "objectType": job.object_type,
        "operationType": job.operation,
        "status": job.status,
        "success": True,
    }


def find_job(world: World, key: str, *operations: Operation) -> Job:
    """Return the job of one of these operations with this id.

    Raises:
        NotFoundError: There is none.
    """
    job = world.jobs.get(key)
    if job is None or job.operation not in operations:
        raise NotFoundError(key)
    return job
