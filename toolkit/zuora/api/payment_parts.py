"""/v1/payments/{key}/parts: what of a payment went to which document, and to which of its items."""

from functools import partial
from typing import Any

from toolkit.billing.parts import Part, Share
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import number, stamp
from toolkit.zuora.state.identities import with_id


def list_parts(call: Call) -> Reply:
    """Show the parts of a payment."""
    return listing(call, "parts", call.world.payments.find(call.path["payment-key"]).parts, _show)


def read(call: Call) -> Reply:
    """Show a part of a payment. Source of the name around it: the official SDK."""
    return Reply({"paymentPart": _show(_part(call)), "success": True})


def list_item_parts(call: Call) -> Reply:
    """Show what of a part went to which item. Source of the name around it: the official SDK."""
    return _shares(call, "parts")


def read_item_part(call: Call) -> Reply:
    """Show what of a part went to one item. Source of the name around it: the official SDK."""
    return Reply({"paymentItemPart": _share(call), "success": True})


def list_item_parts_of_old(call: Call) -> Reply:
    """Show the same by the older path. Source of the name around it: zuora-swagger-client 1.2."""
    return _shares(call, "itemParts")


def read_item_part_of_old(call: Call) -> Reply:
    """Show one by the older path. Source of the shape: zuora-swagger-client 1.2."""
    return Reply({**_share(call), "success": True})


def _shares(call: Call, name: str) -> Reply:
    part = _part(call)
    return listing(call, name, part.shares, partial(_show_share, part))


def _share(call: Call) -> dict[str, Any]:
    part = _part(call)
    return _show_share(part, with_id(part.shares, call.path["item-part-id"]))


def _part(call: Call) -> Part:
    return with_id(call.world.payments.find(call.path["payment-key"]).parts, call.path["part-id"])


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
_ITEM_PARTS, _OLD_ITEM_PARTS = f"{_KEY}/{{part-id}}/item-parts", f"{_KEY}/{{part-id}}/itemparts"

ENDPOINTS = (
    Endpoint("GET", _KEY, list_parts),
    Endpoint("GET", f"{_KEY}/{{part-id}}", read),
    Endpoint("GET", _ITEM_PARTS, list_item_parts),
    Endpoint("GET", f"{_ITEM_PARTS}/{{item-part-id}}", read_item_part),
    Endpoint("GET", _OLD_ITEM_PARTS, list_item_parts_of_old),
    Endpoint("GET", f"{_OLD_ITEM_PARTS}/{{item-part-id}}", read_item_part_of_old),
)
