"""/query/jobs: read a tenant by SQL, into a file."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls import wire
from toolkit.zuora.calls.endpoint import Call, Endpoint, File, Reply
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.query.files import MEDIA, packed, write
from toolkit.zuora.query.sql import Result, SqlError, run
from toolkit.zuora.query.trino import moment
from toolkit.zuora.query.values import in_file
from toolkit.zuora.runs.exports import Batch, ExportFile, ExportJob
from toolkit.zuora.state.world import Change

_USER = "402881e5-22cf-4f9b-0122-cf5d82860002"
_DEFAULT_SIZE = 20
_ENDINGS = {"JSON": "jsonl", "CSV": "csv", "TSV": "tsv", "DSV": "dsv"}
_PACKED = {"NONE": "", "GZIP": "gzip", "ZIP": "zip"}


class Output(Body, frozen=True):
    """Where the file goes."""

    target: Literal["S3"] = "S3"


class NewQuery(Body, frozen=True):
    """A data query."""

    harmless: ClassVar[frozenset[str]] = frozenset({"warehouseSize"})
    lacking: ClassVar[frozenset[str]] = frozenset({"encryptionKey"})

    query: str
    output_format: Literal["JSON", "CSV", "TSV", "DSV"] = "JSON"
    compression: Literal["NONE", "GZIP", "ZIP"] = "NONE"
    output: Output = Output()
    source_data: Literal["LIVE", "WAREHOUSE", "DATAHUB"] = "LIVE"
    use_index_join: bool = False
    read_deleted: bool = False
    column_separator: str = "|"


def submit(call: Call) -> Reply:
    """Run a query on the tenant as it is, and tell that it was accepted.

    Source: the official SDK; airbyte-source-zuora.

    Raises:
        InvalidValueError: The separator is no single character.
    """
    said: NewQuery = call.body
    if len(said.column_separator) != 1:
        raise InvalidValueError("'columnSeparator' should be one character.")
    world, change = call.world, Change(call.world)
    identity = str(UUID(change.id()))
    kept = {
        "sourceData": said.source_data,
        "useIndexJoin": said.use_index_join,
        "ending": ".".join(filter(None, (_ENDINGS[said.output_format], _PACKED[said.compression]))),
    }
    job = ExportJob(id=identity, caller="sql", created=world.now, batches=(), said=kept)
    try:
        found = run(said.query, world)
    except SqlError as error:
        job = replace(job, ended="failed", message=str(error))
        batch = Batch(id=identity, query=said.query)
    else:
        rows = [] if said.read_deleted else found.rows
        content, media = _file(found._replace(rows=rows), said)
        change.put(ExportFile(id=identity, content=content, media=media))
        batch = Batch(id=identity, query=said.query, rows=len(rows), file_id=identity)
    job = replace(job, batches=(batch,))
    change.put(job)
    return Reply({"data": _show(call, job, "accepted")}, change.world)


def _file(found: Result, said: NewQuery) -> tuple[bytes, str]:
    if said.output_format == "JSON":
        lines = (wire.write(dict(zip(found.names, row, strict=True))) + b"\n" for row in found.rows)
        content, media = b"".join(lines), "application/x-ndjson"
    else:
        separator = {"CSV": ",", "TSV": "\t"}.get(said.output_format, said.column_separator)
        rows = ([in_file(value, utc=True) for value in row] for row in found.rows)
        content, media = write(found.names, rows, separator), MEDIA["csv"]
    how = _PACKED[said.compression]
    name = f"query.{_ENDINGS[said.output_format]}"
    return packed(content, how, name), MEDIA.get(how, media)


def read_job(call: Call) -> Reply:
    """Show a job: it is completed, or has failed, as soon as somebody looks."""
    job = _find(call)
    return Reply({"data": _show(call, job, job.ended or "completed")})


def cancel(call: Call) -> Reply:
    """Cancel a job that has not failed. Source: the official SDK."""
    job = _find(call)
    if job.ended == "failed":
        raise InvalidValueError(f"The query job {job.id} has failed and cannot be cancelled.")
    change = Change(call.world)
    job = replace(job, ended="cancelled")
    change.put(job)
    return Reply({"data": _show(call, job, "cancelled")}, change.world)


def list_jobs(call: Call) -> Reply:
    """Show the latest jobs first, of one status if `queryStatus` says one, as many as `pageSize` says."""
    size = call.query.get("pageSize", str(_DEFAULT_SIZE))
    if not size.isdecimal():
        raise InvalidValueError(f"'pageSize' should be a whole number, not '{size[:20]}'.")
    wanted = call.query.get("queryStatus")
    jobs = (_show(call, one, one.ended or "completed") for one in call.world.export_jobs.of("sql"))
    shown = [one for one in jobs if wanted in {None, one["queryStatus"]}]
    return Reply({"data": shown[::-1][: int(size)]})


def download(call: Call) -> Reply:
    """Return the file of a job to whoever knows its address, as the storage that Zuora uses does."""
    found = call.world.export_files.get(call.path["file-name"].partition(".")[0])
    if found is None:
        return Reply({"message": "The file does not exist."}, status=404)
    return Reply(File(found.content, found.media))


def _find(call: Call) -> ExportJob:
    job = call.world.export_jobs.find(call.path["job-id"])
    if job.caller != "sql":
        raise InvalidValueError(f"{job.id} is no data query.")
    return job


def _show(call: Call, job: ExportJob, status: str) -> dict[str, Any]:
    batch = job.batches[0]
    shown = {
        "id": job.id,
        "query": batch.query,
        "sourceData": job.said["sourceData"],
        "useIndexJoin": job.said["useIndexJoin"],
        "queryStatus": status,
        "retries": 3,
        "remainingRetries": 3,
        "createdBy": _USER,
        "updatedOn": moment(job.created),
    }
    if status == "completed":
        url = f"{call.base_url}/query/results/{job.id}.{job.said['ending']}"
        shown |= {"dataFile": url, "outputRows": batch.rows, "processingTime": 0}
    return shown | ({"errorMessage": job.message} if status == "failed" else {})


ENDPOINTS = (
    Endpoint("POST", "/query/jobs", submit, NewQuery),
    Endpoint("GET", "/query/jobs", list_jobs),
    Endpoint("GET", "/query/jobs/{job-id}", read_job),
    Endpoint("DELETE", "/query/jobs/{job-id}", cancel),
    Endpoint("GET", "/query/results/{file-name}", download, public=True),
)
