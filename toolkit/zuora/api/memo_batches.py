"""/v1/credit-memos/bulk and /v1/debit-memos/bulk: create or change several memos at once."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Literal, NamedTuple

from msgspec.structs import replace

from toolkit.zuora.api import credit_memo_actions, credit_memos, debit_memos
from toolkit.zuora.api._batches import check_size, each
from toolkit.zuora.api._memo_request import MemoChange, MemoFromCharges, MemoFromInvoice
from toolkit.zuora.api._memo_showing import show_credit_memo, show_debit_memo
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import bounded
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.state.world import Change


class NewMemos(Body, frozen=True):
    """Memos to create, all from invoices or all of charges."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"memos"})

    source_type: Literal["Invoice", "Standalone"]
    memos: tuple[dict[str, Any], ...]


class NamedMemoChange(MemoChange, frozen=True, kw_only=True):
    """New values for some fields of one of several memos."""

    id: str


class MemoChanges(Body, frozen=True):
    """What changes of several memos."""

    memos: tuple[NamedMemoChange, ...]


class DueDate(Body, frozen=True):
    """When a debit memo is due; `id` may be a number as well."""

    due_date: date
    id: str | None = None
    memo_key: str | None = None


class DueDates(Body, frozen=True):
    """When debit memos are due."""

    debit_memos: tuple[DueDate, ...]


class _Kind(NamedTuple):
    """How memos of one kind are made, changed and shown, and where their error codes begin."""

    table: str
    create: Callable[[Change, MemoFromCharges], Any]
    create_from_invoice: Callable[[Change, MemoFromInvoice, str], Any]
    change: Callable[[Change, Any, MemoChange], Any]
    show: Callable[..., dict[str, Any]]
    created: int
    changed: int


_CREDIT = _Kind(
    "credit_memos",
    credit_memos.credit_charges,
    credit_memos.credit_invoice,
    credit_memo_actions.amend,
    show_credit_memo,
    539100,
    539400,
)
_DEBIT = _Kind(
    "debit_memos",
    debit_memos.debit_charges,
    debit_memos.debit_invoice,
    debit_memos.amend,
    show_debit_memo,
    549100,
    549400,
)


def _creating(kind: _Kind) -> Callable[[Call], Reply]:
    def create(call: Call) -> Reply:
        """Create memos, each in a transaction of its own."""
        said: NewMemos = call.body
        check_size(said.memos, "memos")

        def one(change: Change, document: Mapping[str, Any]) -> dict[str, Any]:
            if said.source_type == "Standalone":
                memo = kind.create(change, bounded(document, MemoFromCharges, call.world.today))
            else:
                wanted = bounded(document, MemoFromInvoice, call.world.today)
                invoice = needed(wanted.invoice_id, "invoiceId")
                memo = kind.create_from_invoice(change, wanted, invoice)
            return kind.show(memo, change.world)

        answers, world = each(call.world, said.memos, kind.created, one)
        return Reply({"memos": answers, "success": True}, world)

    return create


def _changing(kind: _Kind) -> Callable[[Call], Reply]:
    def update(call: Call) -> Reply:
        """Change memos, each in a transaction of its own."""
        said: MemoChanges = call.body
        check_size(said.memos, "memos")

        def one(change: Change, wanted: NamedMemoChange) -> dict[str, Any]:
            memo = kind.change(change, change.table(kind.table).find(wanted.id), wanted)
            return kind.show(memo, change.world)

        answers, world = each(call.world, said.memos, kind.changed, one)
        return Reply({"memos": answers, "success": True}, world)

    return update


def change_due_dates(call: Call) -> Reply:
    """Change when debit memos are due, all of them or none, as no answer says which."""
    said: DueDates = call.body
    change = Change(call.world)
    for one in said.debit_memos:
        key = needed(one.memo_key or one.id, "debitMemos.memoKey")
        memo = change.table("debit_memos").find(key)
        change.put(replace(memo, due_date=one.due_date, updated=call.world.now))
    return Reply({"success": True}, change.world)


def _endpoints() -> tuple[Endpoint, ...]:
    spelt = (
        (_CREDIT, ("credit-memos", "creditmemos")),
        (_DEBIT, ("debit-memos", "debitmemos")),
    )
    bulk = (
        endpoint
        for kind, spellings in spelt
        for spelling in spellings
        for endpoint in (
            Endpoint("POST", f"/v1/{spelling}/bulk", _creating(kind), NewMemos, resource=kind.created),
            Endpoint("PUT", f"/v1/{spelling}/bulk", _changing(kind), MemoChanges, resource=kind.changed),
        )
    )
    due = (
        Endpoint("PUT", f"/v1/{spelling}", change_due_dates, DueDates, resource=_DEBIT.changed)
        for spelling in ("debit-memos", "debitmemos")
    )
    return (*bulk, *due)


ENDPOINTS = _endpoints()
