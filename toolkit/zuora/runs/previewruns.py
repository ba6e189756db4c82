"""Billing preview runs of a tenant: whom they preview, the file that comes of it, and when that is purged."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.errors import BillingError
from toolkit.billing.identities import seen_in
from toolkit.zuora.query.files import LONG_AGO, write
from toolkit.zuora.query.values import in_file
from toolkit.zuora.runs.billruns import ALL_BATCHES
from toolkit.zuora.runs.forecasts import PreviewRun
from toolkit.zuora.runs.previews import Previewed, Scope, preview
from toolkit.zuora.state.world import Change, World

_HEADS = (
    "Account: ID",
    "Rate Plan Charge: ID",
    "Invoice Item: Charge Amount",
    "Invoice Item: Processing Type",
    "Invoice Item: Service Start Date",
    "Invoice Item: Service End Date",
    "Invoice Item: Charge Date",
    "Invoice Item: ID",
    "Subscription: SubscriptionId",
    "Invoice Item: AppliedToInvoiceItemId",
    "Invoice Item: Quantity",
    "Invoice Item: UOM",
    "Invoice Item: ChargeType",
    "Invoice Item: SubscriptionNumber",
    "Invoice Item: ChargeNumber",
)
"""Source: Zuora, field descriptions of the CSV output file of a BillingPreviewRun."""


class Outcome(NamedTuple):
    """What a run has come to: how many accounts it previewed, how many failed, and the zipped file."""

    accounts: int
    failed: int
    content: bytes


def execute(change: Change, world: World, run: PreviewRun, scope: Scope) -> Outcome:
    """Preview the accounts of a run in order of their numbers, each as it is now.

    The rows go into the archive one by one, so that what is kept of many accounts is its few packed bytes.
    Accounts that cannot be previewed are listed in a second file. Source: Zuora, additional field details of
    BillingPreviewRun; what stands in that file is an assumption.
    """
    accounts = sorted(_chosen(world, run), key=lambda account: account.number)
    failures: list[tuple[str, str]] = []
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        with zipped.open(_entry(f"{run.number}.csv"), "w") as entry, io.TextIOWrapper(entry, "utf-8") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(_HEADS)
            for account in accounts:
                try:
                    found = preview(world, account, scope, change)
                except BillingError as error:
                    failures.append((account.id, str(error)))
                else:
                    writer.writerows(_row(account, one, world.now) for one in found)
        if failures:
            listed = write(("Account: ID", "Error Message"), failures)
            zipped.writestr(_entry(f"{run.number}_errors.csv"), listed)
    return Outcome(len(accounts), len(failures), archive.getvalue())


def _chosen(world: World, run: PreviewRun) -> Iterator[Account]:
    only = world.accounts.get(run.account_id or "")
    for account in world.accounts.latest() if only is None else (only,):
        if not run.batches or not {account.batch, ALL_BATCHES}.isdisjoint(run.batches):
            yield account


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _row(account: Account, previewed: Previewed, now: datetime) -> list[str]:
    line = previewed.line
    item, charge = line.item, line.item.charge
    values = (
        account.id,
        seen_in(line.subscription.id, charge.id),
        item.amount,
        item.processing_type,
        item.start,
        item.last_day,
        now,
        previewed.id,
        line.subscription.id,
        previewed.applied_to,
        item.quantity,
        charge.terms.uom,
        charge.terms.type,
        line.subscription.number,
        charge.number,
    )
    return [in_file(value, utc=False) for value in values]


def purge(change: Change, world: World, run: PreviewRun) -> None:
    """Drop the result of a run, and keep the run."""
    change.drop(world.export_files.find(run.file_id or ""))
    change.put(replace(run, file_id=None))
