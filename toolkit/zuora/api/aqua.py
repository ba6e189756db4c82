"""/v1/batch-query: read a tenant by several queries at once, into files."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError, NotFoundError
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.query.exclusive import ask
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.files import MEDIA, Style, packed, table
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.selecting import Found, select
from toolkit.zuora.runs.exports import Batch, ExportFile, ExportJob
from toolkit.zuora.state.world import Change, World


class Deleted(Body, frozen=True):
    """A column that tells deleted rows."""

    harmless: ClassVar[frozenset[str]] = frozenset({"forceExport"})

    column: str
    format: str = "Boolean"


class Query(Body, frozen=True):
    """One query of a job."""

    harmless: ClassVar[frozenset[str]] = frozenset({"apiVersion"})
    lacking: ClassVar[frozenset[str]] = frozenset({"convertToCurrencies"})

    query: str
    name: str = ""
    type: str = "zoqlexport"
    deleted: Deleted | None = None


class NewJob(Body, frozen=True):
    """A job of one or more queries."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"notifyUrl", "sourceData", "useLastCompletedJobQueries", "warehouseSize"}
    )

    queries: tuple[Query, ...]
    format: str = "csv"
    name: str = ""
    version: str = "1.0"
    encrypted: str = "none"
    partner: str = ""
    project: str = ""
    use_query_labels: bool = False
    date_time_utc: bool = False
    null_replacement: str = ""
    incremental_time: str | None = None
    offset: int = 0


_MESSAGES = {
    "90004": "Invalid number of queries allowed. A maximum of 50 queries are supported in an AQuA request.",
    "90005": "There is a syntax error in one of the queries in the AQuA input.",
    "90012": "Stateless AQuA does not support deleted columns.",
    "90015": "The incremental timestamp is invalid.",
    "90016": "There are no queries included in the AQuA version 1.0 request.",
    "90017": "Objects included in the queries do not support the querying of deleted records. "
    "Remove Deleted section in the JSON request and retry the request.",
}
"""Source: Zuora, AQuA API error codes; of the last one the words that tap-zuora knows."""

_NEVER_DELETED = frozenset({"ContactSnapshot", "PaymentMethodTransactionLog", "PaymentTransactionLog"})
"""Source: tap-zuora, which asks for no deleted records of them."""


class _Wrong(Exception):  # noqa: N818 - a job that is wrong is no fault of ours
    """A job that is not run; its argument is the error code."""


def create(call: Call) -> Reply:
    """Run the queries on the tenant as it is, and tell that they were submitted.

    Labels head the columns unless `useQueryLabels` asks for names. Source: Zuora, submit an aggregate query.
    """
    said: NewJob = call.body
    if said.format.lower() not in MEDIA:
        raise InvalidValueError(f"'format' value should be one of: csv, zip, gzip, not '{said.format}'.")
    world, change = call.world, Change(call.world)
    job = ExportJob(
        id=change.id(),
        caller="aqua",
        created=world.now,
        batches=(),
        said=_said(said),
    )
    try:
        _check(said)
        since = _since(world, said)
        job = replace(job, batches=tuple(_run(change, world, said, one, since) for one in said.queries))
    except (Fault, _Wrong) as error:
        change, code = Change(world), str(error) if isinstance(error, _Wrong) else "90005"
        shown = {**job.said, "errorCode": code}
        job = replace(job, id=change.id(), said=shown, ended="failed", message=_MESSAGES[code])
    change.put(job)
    return Reply(_show(job, "error" if job.ended else "submitted", "pending"), change.world)


def _check(said: NewJob) -> None:
    if len(said.queries) > 50:  # noqa: PLR2004 - as the message says
        raise _Wrong("90004")
    if not said.queries and said.version == "1.0":
        raise _Wrong("90016")
    if not _is_stateful(said) and any(one.deleted for one in said.queries):
        raise _Wrong("90012")


def _said(said: NewJob) -> dict[str, object]:
    return {
        "name": said.name,
        "encrypted": said.encrypted,
        "format": said.format.upper(),
        "version": said.version,
        **({"partner": said.partner, "project": said.project} if _is_stateful(said) else {}),
        "offset": said.offset,
    }


def _is_stateful(said: NewJob) -> bool:
    """Tell whether a job continues others. Source: Zuora, stateless and stateful modes."""
    return bool(said.partner and said.project) and said.version != "1.0"


def _since(world: World, said: NewJob) -> datetime | None:
    """Return the moment from which changes are asked for; None asks for everything.

    It is `incrementalTime` in the tenant's time zone, or when the project's last job began, `offset` seconds
    earlier. Source: Zuora, post query with retrieval time; offset.
    """
    if not _is_stateful(said):
        return None
    if said.incremental_time is not None:
        try:
            return datetime.fromisoformat(said.incremental_time).replace(tzinfo=world.zone)
        except ValueError as error:
            raise _Wrong("90015") from error
    former = _last(world, said.partner, said.project)
    return None if former is None else former.created - timedelta(seconds=said.offset)


def _last(world: World, partner: str, project: str) -> ExportJob | None:
    """Return the last job of a project that was completed."""
    jobs = (one for one in world.export_jobs.of("aqua") if one.ended is None)
    ours = [one for one in jobs if (one.said.get("partner"), one.said.get("project")) == (partner, project)]
    return ours[-1] if ours else None


def _run(change: Change, world: World, said: NewJob, one: Query, since: datetime | None) -> Batch:
    exported = one.type != "zoql"
    found = select(world, read(one.query, export=True)) if exported else ask(world, one.query)
    if one.deleted and found.kind.name in _NEVER_DELETED:
        raise _Wrong("90017")
    if since is not None:
        found = _changed(found, world, since)
    deleted = (one.deleted.column, one.deleted.format.lower() == "numeric") if one.deleted else None
    style = Style(said.date_time_utc, not said.use_query_labels, said.null_replacement, deleted)
    how = said.format.lower()
    content = packed(table(found, world, style), how, f"{found.kind.name}.csv")
    file = ExportFile(id=change.id(), content=content, media=MEDIA[how])
    change.put(file)
    shown: dict[str, object] = {"name": one.name, "batchType": one.type}
    if one.deleted is not None:
        shown["deleted"] = {"column": one.deleted.column, "format": one.deleted.format}
    return Batch(
        id=change.id(),
        query=one.query,
        said=shown,
        rows=len(found.rows),
        file_id=file.id,
        full=since is None,
    )


def _changed(found: Found, world: World, since: datetime) -> Found:
    """Leave what changed since then; of objects that never change, and of sums, everything.

    Source: an assumption.
    """
    updated = found.kind.fields.get("UpdatedDate")
    if updated is None or found.grouped:
        return found
    return found._replace(rows=[row for row in found.rows if updated.read(world, row) >= since])


def read_job(call: Call) -> Reply:
    """Show a job: it is completed as soon as somebody looks."""
    return _read(_find(call))


def read_last(call: Call) -> Reply:
    """Show the last job of a project that was completed. Source: Zuora, get last job completed."""
    partner, project = call.path["partner"], call.path["project"]
    job = _last(call.world, partner, project)
    if job is None:
        raise NotFoundError(f"{partner}/{project}")
    return _read(job)


def _read(job: ExportJob) -> Reply:
    status = {"failed": "error", "cancelled": "aborted"}.get(job.ended or "", "completed")
    shown = _show(job, status, "cancelled" if job.ended else "completed")
    return Reply({**shown, "startTime": job.created.strftime("%Y-%m-%dT%H:%M:%S.000%z")})


def delete_job(call: Call) -> Reply:
    """Cancel a job: its files remain, and no later job continues it. Source: an assumption."""
    job = _find(call)
    change = Change(call.world)
    if job.ended is None:
        job = replace(job, ended="cancelled")
    change.put(job)
    shown = _show(job, "aborted", "cancelled")
    for batch in shown["batches"]:  # say less here. Source: the official SDK
        del batch["localizedStatus"], batch["full"]
    return Reply(shown, change.world)


def _find(call: Call) -> ExportJob:
    job = call.world.export_jobs.find(call.path["job-id"])
    if job.caller != "aqua":
        raise InvalidValueError(f"{job.id} is no job of the aggregate query API.")
    return job


def _show(job: ExportJob, status: str, of_batches: str) -> dict[str, Any]:
    """Return a job as answers show it. Source: the official SDK; Zuora, get job status."""
    shown = {
        "id": job.id,
        **job.said,
        "batches": [_show_batch(one, of_batches) for one in job.batches],
        "status": status,
        "localizedStatus": status,
    }
    return shown if job.message is None else {**shown, "message": job.message}


def _show_batch(batch: Batch, status: str) -> dict[str, Any]:
    return {
        **batch.said,
        "batchId": batch.id,
        "query": batch.query,
        "status": status,
        "localizedStatus": status,
        "full": batch.full,
        "recordCount": batch.rows if status == "completed" else 0,
        **({"fileId": batch.file_id} if status == "completed" else {}),
    }


ENDPOINTS = tuple(
    endpoint
    for path in ("/v1/batch-query", "/apps/api/batch-query")
    for endpoint in (
        Endpoint("POST", path, create, NewJob),
        Endpoint("GET", f"{path}/jobs/{{job-id}}", read_job),
        Endpoint("GET", f"{path}/jobs/partner/{{partner}}/project/{{project}}", read_last),
        Endpoint("DELETE", f"{path}/jobs/{{job-id}}", delete_job),
    )
)
"""Both spellings are in use by clients; a slash at the end makes no difference."""
