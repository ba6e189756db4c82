"""/v1/billing-preview-runs: what many accounts will be billed up to a date, as a file."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta
from msgspec.structs import replace

from toolkit.zuora.calls.authorship import SYSTEM_USER
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.versions import SEVERAL_BATCHES, Version
from toolkit.zuora.calls.wire import Body, day, stamp
from toolkit.zuora.query.files import MEDIA
from toolkit.zuora.runs import previewruns
from toolkit.zuora.runs.exports import ExportFile
from toolkit.zuora.runs.forecasts import PreviewRun, Storage
from toolkit.zuora.runs.previews import Renewals, Scope, charge_types
from toolkit.zuora.state.world import Change


class PreviewRunFilter(Body, frozen=True):
    """The account to preview."""

    filter_type: Literal["Account"]
    account_id: str


class NewPreviewRun(Body, frozen=True):
    """A billing preview run of everybody, of batches or of one account."""

    harmless: ClassVar[frozenset[str]] = frozenset({"organizationLabels"})
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"comparedBillingPreviewRunId", "includingDraftItems", "storeDifference"}
    )

    target_date: date
    assume_renewal: Renewals = "None"
    batch: Annotated[str, Meta(max_length=255)] | None = None
    batches: Annotated[str, Meta(max_length=1000)] | None = None
    charge_type_to_exclude: str = ""
    including_evergreen_subscription: bool = False
    storage_option: Storage = "Csv"
    filters: Annotated[tuple[PreviewRunFilter, ...], Meta(max_length=1)] = ()


def create(call: Call) -> Reply:
    """Preview accounts as they are, each as POST /v1/operations/billing-preview does.

    The run is finished at once, and its file shows that moment ever after. Evergreen subscriptions are left
    out unless one asks for them. A result that is stored in the database can be read by no call of the API.
    Source: Zuora, create a billing preview run.
    """
    said: NewPreviewRun = call.body
    _check_version(call.version, said)
    world, change = call.world, Change(call.world)
    scope = Scope(
        said.target_date,
        said.assume_renewal,
        charge_types(said.charge_type_to_exclude),
        said.including_evergreen_subscription,
    )
    listed = (said.batch or said.batches or "").split(",")
    run = PreviewRun(
        id=change.id(),
        number=change.number("billing preview run"),
        created=world.now,
        target_date=said.target_date,
        assume_renewal=said.assume_renewal,
        excluded=said.charge_type_to_exclude,
        evergreen=said.including_evergreen_subscription,
        storage=said.storage_option,
        batches=tuple(filter(None, map(str.strip, listed))),
        account_id=next((world.accounts.find(one.account_id).id for one in said.filters), None),
    )
    outcome = previewruns.execute(change, world, run, scope)
    run = replace(run, accounts=outcome.accounts, failed=outcome.failed)
    if run.storage == "Csv":
        file = ExportFile(id=change.id(), content=outcome.content, media=MEDIA["zip"])
        change.put(file)
        run = replace(run, file_id=file.id)
    change.put(run)
    return Reply({"success": True, "billingPreviewRunId": run.id}, change.world)


def _check_version(version: Version, said: NewPreviewRun) -> None:
    """Refuse the field that the minor version does not know. Source: the official SDK.

    Raises:
        Refusal: It is there.
    """
    unknown = "batch" if version >= SEVERAL_BATCHES else "batches"
    if getattr(said, unknown) is not None:
        raise Refusal(Category.UNKNOWN_FIELD, f"Invalid parameter(s): '{unknown}'.")


def read(call: Call) -> Reply:
    """Show a run and where its result is. Source: the official SDK, GetBillingPreviewRunResponse."""
    run = call.world.preview_runs.find(call.path["billing-preview-run-id"])
    moment, batches = stamp(run.created), ",".join(run.batches) or None
    shown: dict[str, Any] = {
        "runNumber": run.number,
        "status": "Completed",
        "targetDate": day(run.target_date),
        "assumeRenewal": run.assume_renewal,
        "batches" if call.version >= SEVERAL_BATCHES else "batch": batches,
        "chargeTypeToExclude": run.excluded or None,
        "includingDraftItems": False,
        "includingEvergreenSubscription": run.evergreen,
        "storageOption": run.storage,
        "totalAccounts": run.accounts,
        "succeededAccounts": run.accounts - run.failed,
        "startDate": moment,
        "endDate": moment,
        "errorMessage": None,
        "resultFileUrl": run.file_id and f"{call.base_url}/v1/files/{run.file_id}",
        "createdById": SYSTEM_USER,
        "createdDate": moment,
        "updatedById": SYSTEM_USER,
        "updatedDate": moment,
        "success": True,
    }
    return Reply(shown)


ENDPOINTS = (
    Endpoint("POST", "/v1/billing-preview-runs", create, NewPreviewRun),
    Endpoint("GET", "/v1/billing-preview-runs/{billing-preview-run-id}", read),
)
