"""/v1/refunds: give back payments and credit memos, cancel refunds, and show them."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar, Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import MissingValueError, NotFoundError, RuleError
from toolkit.billing.parts import Share
from toolkit.billing.payments import Payment, PaymentType
from toolkit.billing.refunds import STANDARD, Refund, cancel_refund
from toolkit.zuora.api._applying import DebitMemoPart, InvoicePart, unapply, unapply_first
from toolkit.zuora.calls.authorship import authorship
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.filtering import narrow
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body, Nothing, day, number, stamp
from toolkit.zuora.payments.refunding import give_back, refund_of
from toolkit.zuora.state.identities import with_id
from toolkit.zuora.state.world import Change

MethodType = Literal[
    "ACH",
    "BankTransfer",
    "Cash",
    "Check",
    "CreditCard",
    "CreditCardReferenceTransaction",
    "DebitCard",
    "Other",
    "PayPal",
    "WireTransfer",
]
"""Source: Zuora, create a refund."""

_HARMLESS = frozenset({"financeInformation", "gatewayOptions", "softDescriptor", "softDescriptorPhone"})
_FILTERS = (
    *("accountId", "amount", "createdById", "createdDate", "methodType", "number", "paymentId"),
    *("refundDate", "status", "type", "updatedById", "updatedDate"),
)
"""Source: Zuora, list refunds."""


class NewRefund(Body, frozen=True):
    """A refund of what is unapplied of a payment."""

    harmless: ClassVar[frozenset[str]] = _HARMLESS
    lacking: ClassVar[frozenset[str]] = frozenset({"customRates"})

    type: PaymentType
    total_amount: Decimal
    method_type: MethodType | None = None
    refund_date: date | None = None
    comment: str | None = None
    reason_code: str = STANDARD
    reference_id: str | None = None
    second_refund_reference_id: str | None = None


class UnapplyingRefund(NewRefund, frozen=True):
    """A refund of a payment that is taken back first from what it is applied to."""

    lacking: ClassVar[frozenset[str]] = frozenset({"refundTransactionType", "writeOff", "writeOffOptions"})

    invoices: tuple[InvoicePart, ...] = ()
    debit_memos: tuple[DebitMemoPart, ...] = ()


class MemoRefund(NewRefund, frozen=True):
    """A refund of a credit memo, item after item."""

    lacking: ClassVar[frozenset[str]] = frozenset({"customRates", "items"})

    payment_method_id: str | None = None
    gateway_id: str | None = None
    payment_gateway_number: str | None = None


class RefundChange(Body, frozen=True):
    """New values for some fields of a refund."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"financeInformation", "gatewayReconciliationReason", "gatewayReconciliationStatus", "payoutId"}
    )

    comment: str | UnsetType | None = UNSET
    reason_code: str | UnsetType = UNSET
    reference_id: str | UnsetType | None = UNSET


def refund_payment(call: Call) -> Reply:
    """Refund what is unapplied of a payment."""
    payment = call.world.payments.find(call.path["payment-key"])
    return _refund(call, Change(call.world), payment, call.body)


def refund_applied(call: Call) -> Reply:
    """Take a payment back from what is named, or from as much as is needed of all, and refund it.

    Source: Zuora, refund a payment with auto-unapplying.
    """
    said: UnapplyingRefund = call.body
    world, change = call.world, Change(call.world)
    payment = world.payments.find(call.path["payment-key"])
    needed = said.total_amount - payment.unapplied
    if said.invoices or said.debit_memos:
        payment = unapply(change, world, payment, said)
    elif needed > 0:
        payment = unapply_first(change, world, payment, needed)
    return _refund(call, change, payment, said)


def refund_credit_memo(call: Call) -> Reply:
    """Refund what is unapplied of a credit memo."""
    said: MemoRefund = call.body
    memo = call.world.credit_memos.find(call.path["credit-memo-key"])
    return _refund(call, Change(call.world), memo, said)


def _refund(call: Call, change: Change, source: Payment | CreditMemo, said: NewRefund) -> Reply:
    world = call.world
    method = world.payment_methods.get(_method(call, source, said) or "")
    if said.type == "External" and said.method_type is None:
        raise MissingValueError("methodType")
    if said.type == "Electronic" and method is None:
        raise MissingValueError("paymentMethodId")
    if isinstance(source, Payment) and said.type == "Electronic" and source.type == "External":
        raise RuleError(f"The payment {source.number} is External: only External refunds can be made of it.")
    is_payment = isinstance(source, Payment)
    refund = Refund(
        id=change.id(),
        number=change.number("refund"),
        account_id=source.account_id,
        amount=said.total_amount,
        refund_date=said.refund_date or world.today,
        type=said.type,
        method_type=said.method_type or (method.type if method else "Other"),
        status="Processed",
        created=world.now,
        updated=world.now,
        part_id=change.id(),
        payment_id=source.id if is_payment else None,
        credit_memo_id=None if is_payment else source.id,
        payment_method_id=method.id if method else None,
        gateway=source.gateway if isinstance(source, Payment) else None,
        comment=said.comment,
        reason_code=said.reason_code,
        reference=said.reference_id,
        second_reference=said.second_refund_reference_id,
        custom_fields=said.custom_fields,
    )
    refund, response = refund_of(change, world, refund, source)
    shown = {**_show(refund), "success": True}
    if refund.status != "Error" or response is None:
        return Reply(shown, change.world)
    return Reply(shown, change.world, refusal=Refusal(Category.INTEGRATION, response.reason, resource=538700))


def _method(call: Call, source: Payment | CreditMemo, said: NewRefund) -> str | None:
    """Return the payment method that money goes back to: the payment's, or one of the memo's account."""
    if isinstance(source, Payment):
        return source.payment_method_id
    account = call.world.accounts.find(source.account_id)
    key = said.payment_method_id if isinstance(said, MemoRefund) else None
    if key is None:
        return account.default_payment_method_id
    method = call.world.payment_methods.find(key)
    if method.account_id not in {None, account.id}:
        raise NotFoundError(key)
    return method.id


def read(call: Call) -> Reply:
    """Show a refund."""
    return _answer(call.world.refunds.find(call.path["refund-key"]))


def _answer(refund: Refund, change: Change | None = None) -> Reply:
    return Reply({**_show(refund), "success": True}, None if change is None else change.world)


def list_refunds(call: Call) -> Reply:
    """Show refunds, latest first; filters and `sort` are those of Zuora."""
    latest = sorted(call.world.refunds.latest(), key=lambda refund: refund.number, reverse=True)
    return listing(call, "refunds", narrow(call, map(_show, latest), _FILTERS))


def change_refund(call: Call) -> Reply:
    """Change the comment, the reason or the reference."""
    said: RefundChange = call.body
    change = Change(call.world)
    refund = call.world.refunds.find(call.path["refund-key"])
    given = {"comment": said.comment, "reason_code": said.reason_code, "reference": said.reference_id}
    known = {field: value for field, value in given.items() if value is not UNSET}
    custom = {**refund.custom_fields, **said.custom_fields}
    refund = replace(refund, **known, custom_fields=custom, updated=call.world.now)
    change.put(refund)
    return _answer(refund, change)


def undo(call: Call) -> Reply:
    """Cancel an external refund; what it paid back is unapplied again."""
    change = Change(call.world)
    refund = cancel_refund(call.world.refunds.find(call.path["refund-key"]), call.world.now)
    give_back(change, call.world, refund)
    change.put(refund)
    return _answer(refund, change)


def delete(call: Call) -> Reply:
    """Delete a refund that is canceled. Source: Zuora, delete a refund."""
    change = Change(call.world)
    refund = call.world.refunds.find(call.path["refund-key"])
    if refund.status != "Canceled":
        raise RuleError(f"Only Canceled refunds can be deleted, {refund.number} is {refund.status}.")
    change.drop(refund)
    return Reply({"success": True}, change.world)


def list_parts(call: Call) -> Reply:
    """Show the one part of a refund."""
    refund = call.world.refunds.find(call.path["refund-key"])
    return Reply({"parts": [_show_part(refund)], "success": True})


def read_part(call: Call) -> Reply:
    """Show the part of a refund."""
    return Reply({**_show_part(_with_part(call)), "success": True})


def list_item_parts(call: Call) -> Reply:
    """Show what of a refund pays back which item of its credit memo."""
    refund = _with_part(call)
    return listing(call, "itemParts", refund.shares, partial(_show_share, refund))


def read_item_part(call: Call) -> Reply:
    """Show what of a refund pays back one item of its credit memo."""
    refund = _with_part(call)
    share = with_id(refund.shares, call.path["item-part-id"])
    return Reply({**_show_share(refund, share), "success": True})


def _with_part(call: Call) -> Refund:
    refund, key = call.world.refunds.find(call.path["refund-key"]), call.path["refund-part-id"]
    if refund.part_id != key:
        raise NotFoundError(key)
    return refund


def _show_part(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.part_id,
        "amount": number(refund.amount),
        "creditMemoId": refund.credit_memo_id,
        "paymentId": refund.payment_id,
        "createdDate": stamp(refund.created),
        "updatedDate": stamp(refund.updated),
        **refund.custom_fields,
    }


def _show_share(refund: Refund, share: Share) -> dict[str, Any]:
    return {
        "id": share.id,
        "amount": number(share.amount),
        "creditMemoItemId": share.item_id,
        "creditTaxItemId": None,
        "createdDate": stamp(refund.created),
        "updatedDate": stamp(refund.updated),
        **refund.custom_fields,
    }


def _show(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "number": refund.number,
        "accountId": refund.account_id,
        "amount": number(refund.amount),
        "type": refund.type,
        "methodType": refund.method_type,
        "status": refund.status,
        "refundDate": day(refund.refund_date),
        "refundTransactionTime": stamp(refund.created),
        "paymentId": refund.payment_id,
        "creditMemoId": refund.credit_memo_id,
        "paymentMethodId": refund.payment_method_id,
        "gatewayId": refund.gateway,
        "gatewayState": refund.gateway_state,
        "gatewayResponse": refund.gateway_text,
        "gatewayResponseCode": refund.gateway_code,
        "reasonCode": refund.reason_code,
        "referenceId": refund.reference,
        "secondRefundReferenceId": refund.second_reference,
        "comment": refund.comment,
        "submittedOn": refund.submitted and stamp(refund.submitted),
        "cancelledOn": refund.cancelled and stamp(refund.cancelled),
        **authorship(refund),
        **refund.custom_fields,
    }


_KEY = "/v1/refunds/{refund-key}"
_PART = f"{_KEY}/parts/{{refund-part-id}}"
_ITEM_PARTS = (f"{_PART}/item-parts", f"{_PART}/itemparts")
_OF_PAYMENT = "/v1/payments/{payment-key}/refunds"
_UNAPPLYING = (f"{_OF_PAYMENT}/unapply", "/v1/payments/{payment-key}/unapply")  # as clients of 2023 have it
_OF_MEMO = (
    "/v1/credit-memos/{credit-memo-key}/refund",  # as the official SDK has it
    "/v1/credit-memos/{credit-memo-key}/refunds",
    "/v1/creditmemos/{credit-memo-key}/refunds",
)

ENDPOINTS = (
    Endpoint("POST", _OF_PAYMENT, refund_payment, NewRefund, resource=538700),
    *(Endpoint("POST", path, refund_applied, UnapplyingRefund, resource=538700) for path in _UNAPPLYING),
    *(Endpoint("POST", path, refund_credit_memo, MemoRefund, resource=539400) for path in _OF_MEMO),
    Endpoint("GET", "/v1/refunds", list_refunds),
    Endpoint("GET", _KEY, read),
    Endpoint("PUT", _KEY, change_refund, RefundChange, resource=538800),
    Endpoint("DELETE", _KEY, delete),
    Endpoint("PUT", f"{_KEY}/cancel", undo, Nothing, resource=538900),
    Endpoint("GET", f"{_KEY}/parts", list_parts),
    Endpoint("GET", _PART, read_part),
    *(Endpoint("GET", path, list_item_parts) for path in _ITEM_PARTS),
    *(Endpoint("GET", f"{path}/{{item-part-id}}", read_item_part) for path in _ITEM_PARTS),
)
