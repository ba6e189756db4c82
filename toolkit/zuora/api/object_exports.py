"""/v1/object/export: read one object of a tenant into a file."""

from typing import ClassVar, Literal

from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.query.faults import Fault
from toolkit.zuora.query.files import MEDIA, Style, packed, table
from toolkit.zuora.query.grammar import read
from toolkit.zuora.query.selecting import select
from toolkit.zuora.query.values import spell
from toolkit.zuora.runs.exports import Batch, ExportFile, ExportJob
from toolkit.zuora.state.world import Change


class NewExport(Body, frozen=True, rename="pascal"):
    """An export."""

    harmless: ClassVar[frozenset[str]] = frozenset({"Encrypted", "SourceData", "WarehouseSize"})
    lacking: ClassVar[frozenset[str]] = frozenset({"ConvertToCurrencies"})

    query: str
    format: Literal["csv", "html", "xls"] = "csv"
    name: str | None = None
    zip: bool = False


def create(call: Call) -> Reply:
    """Run a query of Export ZOQL on the tenant as it is. Source: Zuora, CRUD: create an export."""
    said: NewExport = call.body
    if said.format != "csv":
        raise Refusal(Category.RULE, f"'{said.format}' is not simulated yet: use csv.")
    world, change = call.world, Change(call.world)
    how = "zip" if said.zip else "csv"
    try:
        found = select(world, read(said.query, export=True))
    except Fault as fault:
        raise _refused(fault) from fault
    content = packed(table(found, world, Style()), how, f"{found.kind.name}.csv")
    file = ExportFile(id=change.id(), content=content, media=MEDIA[how])
    batch = Batch(id=change.id(), query=said.query, rows=len(found.rows), file_id=file.id)
    kept = {"Name": said.name, "Format": said.format, "Zip": said.zip}
    job = ExportJob(id=change.id(), caller="export", created=world.now, batches=(batch,), said=kept)
    change.put(file)
    change.put(job)
    return Reply({"Success": True, "Id": job.id}, change.world)


def _refused(fault: Fault) -> Refusal:
    """Return the refusal of a query; of an unknown object it says noSuchDataSource, as clients expect."""
    what = "noSuchDataSource: " if fault.code == "INVALID_TYPE" else ""
    return Refusal(Category.INVALID_VALUE, f"{what}{fault.message}")


def read_export(call: Call) -> Reply:
    """Show an export: it is completed as soon as somebody looks. Source: Zuora, CRUD: retrieve an export."""
    key = call.path["id"]
    job = call.world.export_jobs.get(key)
    if job is None or job.caller != "export":
        raise Refusal(Category.NOT_FOUND, f"Cannot find entity by key: '{key}'.")
    batch, moment = job.batches[0], spell(job.created)
    file = call.world.export_files.find(batch.file_id or "")
    return Reply(
        {
            "Id": job.id,
            **{name: value for name, value in job.said.items() if value is not None},
            "Query": batch.query,
            "Status": "Completed",
            "StatusReason": "",
            "FileId": file.id,
            "Size": len(file.content),
            "Encrypted": False,
            "CreatedById": SYSTEM_USER,
            "CreatedDate": moment,
            "UpdatedById": SYSTEM_USER,
            "UpdatedDate": moment,
        }
    )


ENDPOINTS = (
    Endpoint("POST", "/v1/object/export", create, NewExport, crud=True),
    Endpoint("GET", "/v1/object/export/{id}", read_export, crud=True),
)
