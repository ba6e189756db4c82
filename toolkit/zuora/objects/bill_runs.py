"""BillRun: runs now, is posted or cancelled, and deleted; `BillingRun` is what queries call it."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, get_args

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeType
from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.objects._writing import Fields, Writer, found, given
from toolkit.zuora.runs import billruns
from toolkit.zuora.state.world import Change

_DAYS = frozenset({None, billruns.ALL_DAYS, *map(str, range(1, 10)), *(f"{day:02}" for day in range(1, 32))})


class BillRunFields(Fields, frozen=True):
    """What may be said of a bill run. Source: Zuora, CRUD: create a bill run, post or cancel a bill run."""

    account_id: str | None = None
    auto_email: bool = False
    auto_post: bool = False
    auto_renewal: bool = False
    batch: str | None = None
    bill_cycle_day: str | None = None
    charge_type_to_exclude: str | None = None
    invoice_date: date | None = None
    no_email_for_zero_amount_invoice: bool = False
    status: Literal["Posted", "Canceled"] | None = None
    target_date: date | None = None


def create(change: Change, fields: BillRunFields) -> str:
    """Run a bill run of one account, or of a batch or a bill cycle day, now.

    Raises:
        Refusal: It has no dates; source of the sentence: recorded.
        InvalidValueError: It is of an account and of a batch, or excludes what is no type of charges.
    """
    if fields.invoice_date is None or fields.target_date is None:
        raise Refusal(Category.MISSING_FIELD, "InvoiceDate and TargetDate are required fields")
    if fields.bill_cycle_day not in _DAYS:
        raise InvalidValueError(
            f"'BillCycleDay' value should be {billruns.ALL_DAYS} or 01 - 31, not '{fields.bill_cycle_day}'."
        )
    wide = fields.batch is not None or fields.bill_cycle_day is not None
    if wide == (fields.account_id is not None):
        raise InvalidValueError("A bill run is either of an AccountId, or of a Batch or a BillCycleDay.")
    account = fields.account_id and found(change, "accounts", fields.account_id, "create")
    run = replace(
        billruns.begin(change),
        invoice_date=fields.invoice_date,
        target_date=fields.target_date,
        account_ids=(account.id,) if account else (),
        batches=(fields.batch,) if fields.batch else (),
        bill_cycle_day=fields.bill_cycle_day,
        auto_email=fields.auto_email,
        auto_post=fields.auto_post,
        auto_renewal=fields.auto_renewal,
        no_email_for_zero=fields.no_email_for_zero_amount_invoice,
        excluded=tuple(_excluded(fields.charge_type_to_exclude or "")),
    )
    change.put(run)
    return billruns.execute(change, change.world, run).id


def _excluded(said: str) -> Iterator[ChargeType]:
    """Yield types of charges that are separated by commas."""
    for word in filter(None, map(str.strip, said.split(","))):
        known: ChargeType | None = next((one for one in get_args(ChargeType) if one == word), None)
        if known is None:
            raise InvalidValueError(f"'ChargeTypeToExclude' cannot name '{word}'.")
        yield known


def update(change: Change, identity: str, fields: BillRunFields) -> None:
    """Post a bill run, or cancel it."""
    run = found(change, "bill_runs", identity, "update")
    if given(fields.status, "Status") == "Posted":
        billruns.post(change, run)
    else:
        billruns.cancel(change, run)


def delete(change: Change, identity: str) -> None:
    """Delete a cancelled run, with its invoices."""
    billruns.drop(change, found(change, "bill_runs", identity, "delete"))


WRITERS = (Writer("BillRun", BillRunFields, update, create, delete),)
