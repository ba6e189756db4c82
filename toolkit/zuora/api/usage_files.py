"""/v1/usage: import what customers use from a file."""

from toolkit.billing.errors import BillingError, InvalidValueError
from toolkit.billing.usage import Usage
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.uploads import Upload
from toolkit.zuora.runs.imports import Import, Row, rows
from toolkit.zuora.runs.usages import check_quantity, moment, named
from toolkit.zuora.state.world import Change, World

_LARGEST_FILE = 4 * 1024 * 1024
_LONGEST_NAME = 50
"""Source: Zuora, upload a usage file."""


def upload(call: Call) -> Reply:
    """Import a usage file: all of it, or nothing if a line is wrong, which only the status then tells.

    Source: Zuora, upload a usage file; the shape of the answer is recorded.
    """
    sent: Upload = call.body
    if not sent.name.lower().endswith(".csv"):
        raise InvalidValueError(f"The file {sent.name} should be a .csv file.")
    if len(sent.name) > _LONGEST_NAME:
        raise InvalidValueError(f"The name of the file should have at most {_LONGEST_NAME} characters.")
    if len(sent.content) > _LARGEST_FILE:
        raise InvalidValueError("The file should have at most 4 MB.")
    world, change, message = call.world, Change(call.world), None
    identity = change.id()
    try:
        for row in rows(sent.content):
            change.put(_from_row(change, world, row, sent.name))
    except BillingError as error:
        change, message = Change(world), str(error)
        identity = change.id()
    imported = Import(
        id=identity,
        file=sent.name,
        size=len(sent.content),
        status="Failed" if message else "Completed",
        created=world.now,
        message=message,
    )
    change.put(imported)
    status = f"{call.base_url}/v1/usage/{identity}/status"
    return Reply({"success": True, "size": imported.size, "checkImportStatus": status}, change.world)


def _from_row(change: Change, world: World, row: Row, file: str) -> Usage:
    account = world.accounts.find(row.account_number)
    subscription, charge = named(world, account.id, row.subscription_number, row.charge_number)
    return Usage(
        id=change.id(),
        account_id=account.id,
        uom=row.uom,
        quantity=check_quantity(row.quantity),
        start=row.start,
        begun=moment(world, "STARTDATE", row.start.isoformat()),
        ended=moment(world, "ENDDATE", row.end.isoformat()) if row.end else None,
        subscription_number=subscription,
        charge_number=charge,
        upload=file,
        description=row.description,
        source="Import",
        created=world.now,
        updated=world.now,
        custom_fields=row.custom_fields,
    )


def read_import(call: Call) -> Reply:
    """Show what became of a usage file; the answer's keys are an assumption."""
    found = call.world.imports.find(call.path["import-id"])
    return Reply({"success": True, "importStatus": found.status, "message": found.message})


ENDPOINTS = (
    Endpoint("POST", "/v1/usage", upload, Upload),
    Endpoint("GET", "/v1/usage/{import-id}/status", read_import),
)
