"""/v1/payment-runs: collect what many accounts owe, now or at an hour to come."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal

import msgspec

from toolkit.billing.errors import InvalidValueError, MissingValueError, RuleError
from toolkit.billing.paymentruns import PaymentRun, Record, check_filters
from toolkit.zuora.api._payment_run_results import show_record, summary
from toolkit.zuora.calls.authorship import authorship
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import narrow
from toolkit.zuora.calls.needed import needed_account
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import Body, day, stamp
from toolkit.zuora.documents.types import TABLES_BY_TYPE
from toolkit.zuora.payments.paymentruns import check_record, execute
from toolkit.zuora.state.world import Change, World, fixed

_FILTERS = ("createdById", "createdDate", "status", "targetDate", "updatedById", "updatedDate")
"""Source: Zuora, list payment runs."""


class RunRecord(Body, frozen=True):
    """A document to collect, or all that an account owes."""

    lacking: ClassVar[frozenset[str]] = frozenset({"currency", "dataItems", "standalone"})

    account_id: str | None = None
    account_number: str | None = None
    amount: Decimal | None = None
    comment: str | None = None
    document_id: str | None = None
    document_number: str | None = None
    document_type: Literal["Invoice", "DebitMemo"] | None = None
    payment_gateway_id: str | None = None
    payment_method_id: str | None = None


class NewRun(Body, frozen=True):
    """A payment run: whom to collect from, and how."""

    harmless: ClassVar[frozenset[str]] = frozenset({"apiCallerType", "organizationLabels"})
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"advancedFilter", "applyCreditBalance", "useCustomPaymentMethods"}
    )

    account_id: str | None = None
    auto_apply_credit_memo: bool = False
    auto_apply_unapplied_payment: bool = False
    batch: str | None = None
    bill_cycle_day: int | None = None
    billing_run_id: str | None = None
    collect_payment: bool = True
    consolidated_payment: bool = False
    currency: str | None = None
    data: tuple[RunRecord, ...] = ()
    ignore_payment_run_retry_rule: bool = False
    payment_gateway_id: str | None = None
    payment_gateway_number: str | None = None
    closed_methods: bool = msgspec.field(default=False, name="processPaymentWithClosedPM")
    run_date: str | None = None
    target_date: date | None = None


def create(call: Call) -> Reply:
    """Execute a run at once, though the answer says Pending as Zuora's does, or plan it for `runDate`."""
    change = Change(call.world)
    run = _read(call, change, change.id(), change.number("payment run"), call.world.now)
    change.put(run)
    if call.body.run_date is None:
        execute(change, call.world, run)
    return _answer(run, change)


def _read(call: Call, change: Change, identity: str, key: str, created: datetime) -> PaymentRun:
    said: NewRun = call.body
    world = call.world
    if said.run_date is None and said.target_date is None:
        raise MissingValueError("targetDate")
    gateway = said.payment_gateway_id or said.payment_gateway_number
    bills = world.bill_runs.find(said.billing_run_id) if said.billing_run_id else None
    run = PaymentRun(
        id=identity,
        number=key,
        status="Pending",
        run_at=_moment(world, said.run_date) if said.run_date else world.now,
        created=created,
        updated=world.now,
        target_date=said.target_date,
        account_id=world.accounts.find(said.account_id).id if said.account_id else None,
        batch=said.batch,
        bill_cycle_day=said.bill_cycle_day,
        currency=said.currency,
        gateway_id=world.gateways.find(gateway).id if gateway else None,
        bill_run=bills.number if bills else None,
        bill_run_id=bills.id if bills else None,
        collect=said.collect_payment,
        consolidated=said.consolidated_payment,
        apply_memos=said.auto_apply_credit_memo,
        apply_payments=said.auto_apply_unapplied_payment,
        closed_methods=said.closed_methods,
        ignore_retry=said.ignore_payment_run_retry_rule,
        records=tuple(_record(change, world, record) for record in said.data),
    )
    check_filters(run)
    return run


def _moment(world: World, text: str) -> datetime:
    """Return the hour of a run in the tenant's zone. Source: Zuora: minutes and seconds are ignored."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValueError(f"'runDate' should be like 2017-03-01 11:00:00, not '{text[:9]}'.") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=world.zone)
    moment = fixed(moment.replace(minute=0, second=0, microsecond=0))
    if moment < world.now.replace(minute=0, second=0, microsecond=0):
        raise InvalidValueError(f"'runDate' {text} has passed.")
    return moment


def _record(change: Change, world: World, said: RunRecord) -> Record:
    account = needed_account(world, said, "data.accountId")
    document = said.document_id or said.document_number
    table = change.table(TABLES_BY_TYPE[said.document_type or "Invoice"])
    record = Record(
        account_id=account.id,
        document_id=table.find(document).id if document else None,
        amount=said.amount,
        payment_method_id=said.payment_method_id and world.payment_methods.find(said.payment_method_id).id,
        gateway_id=said.payment_gateway_id and world.gateways.find(said.payment_gateway_id).id,
        comment=said.comment,
    )
    check_record(world, record, said.document_type)
    return record


def read(call: Call) -> Reply:
    """Show a payment run."""
    return _answer(_found(call))


def list_runs(call: Call) -> Reply:
    """Show payment runs, latest first; filters and `sort` are those of Zuora."""
    latest = sorted(call.world.payment_runs.latest(), key=lambda run: run.number, reverse=True)
    return listing(call, "paymentRuns", narrow(call, map(_show, latest), _FILTERS))


def change_run(call: Call) -> Reply:
    """Say anew what a run that waits is to do. Source: Zuora: only pending runs can be updated."""
    change, run = Change(call.world), _found(call)
    if run.status != "Pending":
        raise RuleError(f"Only Pending payment runs can be updated, {run.number} is {run.status}.")
    changed = _read(call, change, run.id, run.number, run.created)
    change.put(changed)
    return _answer(changed, change)


def delete(call: Call) -> Reply:
    """Delete a run that was canceled or failed. Source: Zuora, delete a payment run."""
    change, run = Change(call.world), _found(call)
    if run.status not in {"Canceled", "Error"}:
        raise RuleError(f"Only Canceled payment runs, or those with Error, can be deleted, not {run.number}.")
    change.drop(run)
    return Reply({"success": True}, change.world)


def sum_up(call: Call) -> Reply:
    """Show how many documents a run took up, what settled them and what is left."""
    return Reply({**summary(_found(call), call.world), "success": True})


def list_data(call: Call) -> Reply:
    """Show the records that a run was given, and what became of each."""
    run = _found(call)
    return Reply({"data": [show_record(run, place) for place in range(len(run.records))], "success": True})


def _found(call: Call) -> PaymentRun:
    return call.world.payment_runs.find(call.path["payment-run-key"])


def _answer(run: PaymentRun, change: Change | None = None) -> Reply:
    return Reply({**_show(run), "success": True}, None if change is None else change.world)


def _show(run: PaymentRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "number": run.number,
        "status": run.status,
        "accountId": run.account_id,
        "batch": run.batch,
        "billCycleDay": None if run.bill_cycle_day is None else str(run.bill_cycle_day),
        "billingRunId": run.bill_run_id,
        "currency": run.currency,
        "paymentGatewayId": run.gateway_id,
        "applyCreditBalance": False,
        "autoApplyCreditMemo": run.apply_memos,
        "autoApplyUnappliedPayment": run.apply_payments,
        "collectPayment": run.collect,
        "consolidatedPayment": run.consolidated,
        "processPaymentWithClosedPM": run.closed_methods,
        "runDate": stamp(run.run_at),
        "targetDate": day(run.target_date),
        "executedOn": run.executed and stamp(run.executed),
        "completedOn": run.executed and stamp(run.executed),
        **authorship(run),
    }


_KEY = "/v1/payment-runs/{payment-run-key}"

ENDPOINTS = (
    Endpoint("POST", "/v1/payment-runs", create, NewRun, resource=541100),
    Endpoint("GET", "/v1/payment-runs", list_runs),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, change_run, NewRun, resource=541200),
    Endpoint("DELETE", _KEY, delete),
    Endpoint("GET", f"{_KEY}/summary", sum_up),
    Endpoint("GET", f"{_KEY}/data", list_data),
)
