"""/v1/accounts/billing-documents/files/deletion-jobs: delete the files of accounts' documents for good."""

from toolkit.billing.errors import RuleError
from toolkit.zuora.api._jobs import find_job
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.files.billing_files import delete_all
from toolkit.zuora.runs.jobs import Job
from toolkit.zuora.state.world import Change

_PATH = "/v1/accounts/billing-documents/files/deletion-jobs"


class Wanted(Body, frozen=True):
    """The accounts, by their ids alone or by ids and numbers."""

    account_ids: tuple[str, ...] = ()
    account_keys: tuple[str, ...] = ()


def create(call: Call) -> Reply:
    """Delete the files of all documents of some accounts.

    It is done at once, but answered as Pending. Source: Zuora, create a job to hard delete billing document
    files, where that is the only status.

    Raises:
        RuleError: There are no accounts, or they are given in both ways.
        NotFoundError: There is no such account.
    """
    said: Wanted = call.body
    if bool(said.account_ids) == bool(said.account_keys):
        raise RuleError("Either 'accountIds' or 'accountKeys' should be given.")
    change = Change(call.world)
    for key in dict.fromkeys(said.account_ids + said.account_keys):
        delete_all(change, call.world.accounts.find(key))
    job = Job(id=change.id(), status="Completed", operation="DeleteFiles")
    change.put(job)
    return Reply({"id": job.id, "status": "Pending", "success": True}, change.world)


def read(call: Call) -> Reply:
    """Show a job, which is at its end as soon as somebody asks."""
    job = find_job(call.world, call.path["job-id"], "DeleteFiles")
    return Reply({"id": job.id, "status": job.status, "success": True})


ENDPOINTS = (Endpoint("POST", _PATH, create, Wanted), Endpoint("GET", f"{_PATH}/{{job-id}}", read))
