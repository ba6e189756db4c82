"""/v1/payments/{key}/parts: what of a payment went to which document, and to which of its items."""

from typing import Any

from toolkit.billing.errors import NotFoundError
from toolkit.billing.parts import Part, Share
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.paging import page
from toolkit.zuora.wire import number, stamp


def list_parts(call: Call) -> Reply:
    """Show the parts of a payment."""
    rows, following = page(call, call.world.payments.find(call.path["payment-key"]).parts)
    return Reply({"parts": [_show(part) for part in rows], **following, "success": True})


def read(call: Call) -> Reply:
    """Show a part of a payment. Source of the name around it: the official SDK."""
    return Reply({"paymentPart": _show(_part(call)), "success": True})


def list_item_parts(call: Call) -> Reply:
    """Show what of a part went to which item."""
    part = _part(call)
    rows, following = page(call, part.shares)
    return Reply({"parts": [_show_share(part, share) for share in rows], **following, "success": True})


def read_item_part(call: Call) -> Reply:
    """Show what of a part went to one item."""
    part, key = _part(call), call.path["item-part-id"]
    for share in part.shares:
        if share.id == key:
            return Reply({"paymentItemPart": _show_share(part, share), "success": True})
    raise NotFoundError(key)


def _part(call: Call) -> Part:
    key = call.path["part-id"]
    for part in call.world.payments.find(call.path["payment-key"]).parts:
        if part.id == key:
            return part
    raise NotFoundError(key)


def _show(part: Part) -> dict[str, Any]:
    invoice = part.kind == "invoice"
    return {
        "id": part.id,
        "amount": number(part.amount),
        "invoiceId": part.document_id if invoice else None,
        "debitMemoId": None if invoice else part.document_id,
        "createdDate": stamp(part.created),
        "updatedDate": stamp(part.updated),
    }


def _show_share(part: Part, share: Share) -> dict[str, Any]:
    invoice = part.kind == "invoice"
    return {
        "id": share.id,
        "amount": number(share.amount),
        "invoiceItemId": share.item_id if invoice else None,
        "debitMemoItemId": None if invoice else share.item_id,
        "taxItemId": None,
        "createdDate": stamp(part.created),
        "updatedDate": stamp(part.updated),
    }


_KEY = "/v1/payments/{payment-key}/parts"
_ITEM_PARTS = tuple(f"{_KEY}/{{part-id}}/{spelling}" for spelling in ("item-parts", "itemparts"))

ENDPOINTS = (
    Endpoint("GET", _KEY, list_parts),
    Endpoint("GET", f"{_KEY}/{{part-id}}", read),
    *(Endpoint("GET", path, list_item_parts) for path in _ITEM_PARTS),
    *(Endpoint("GET", f"{path}/{{item-part-id}}", read_item_part) for path in _ITEM_PARTS),
)
