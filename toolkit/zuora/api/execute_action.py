"""POST /v1/action/execute: split draft invoices as InvoiceSplit objects say."""

from typing import Any

from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.api.object_actions import one_by_one
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.refusals import Category, Refusal
from toolkit.zuora.calls.wire import Body
from toolkit.zuora.documents.invoice_splits import Wanted, split_up
from toolkit.zuora.objects._writing import found
from toolkit.zuora.state.world import Change, World


class Execution(Body, frozen=True):
    """What is to be executed."""

    type: str
    ids: tuple[str, ...]
    synchronous: bool


def execute(call: Call) -> Reply:
    """Split the invoice of each InvoiceSplit; the original is gone then.

    Source: Zuora, execute; InvoiceSplit, InvoiceId: it is deleted and cannot be queried any more. SOAP
    spells the type invoicesplit.

    Raises:
        InvalidValueError: It is to be done synchronously.
        Refusal: The type is no InvoiceSplit, or they are too many.
    """
    said: Execution = call.body
    if said.type.lower() != "invoicesplit":
        raise Refusal(Category.INVALID_VALUE, f"invalid type: {said.type}", word="INVALID_TYPE")
    if said.synchronous:
        raise InvalidValueError("'synchronous' value should be false")
    return one_by_one(call.world, said.ids, _executed)


def _executed(world: World, identity: str) -> tuple[dict[str, Any], World]:
    change = Change(world)
    said = found(change, "invoice_splits", identity, "execute")
    invoice = found(change, "invoices", said.invoice_id, "execute")
    term = invoice.payment_term or world.accounts.find(invoice.account_id).payment_term
    wanted = [Wanted(one.percentage, one.invoice_date, one.payment_term or term) for one in said.items]
    made = split_up(change, invoice, wanted)
    change.drop(invoice)
    items = tuple(
        replace(item, invoice_id=one.id, updated=world.now)
        for item, one in zip(said.items, made, strict=True)
    )
    change.put(replace(said, items=items, updated=world.now))
    return {"Success": True, "Id": said.id}, change.world


ENDPOINTS = (Endpoint("POST", "/v1/action/execute", execute, Execution, crud=True),)
