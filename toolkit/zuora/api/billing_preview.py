"""POST /v1/operations/billing-preview: what an account will be billed up to a date."""

from datetime import date
from typing import Any, ClassVar

from toolkit.billing.documents import item_name
from toolkit.billing.identities import seen_in
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.needed import needed_account
from toolkit.zuora.calls.wire import Body, number, stamp
from toolkit.zuora.runs.previews import Previewed, Renewals, Scope, charge_types
from toolkit.zuora.runs.previews import preview as preview_account
from toolkit.zuora.state.world import Change, World


class BillingPreview(Body, frozen=True):
    """What to preview."""

    harmless: ClassVar[frozenset[str]] = frozenset({"includingDraftItems"})

    target_date: date
    account_id: str | None = None
    account_number: str | None = None
    assume_renewal: Renewals = "None"
    charge_type_to_exclude: str = ""
    including_evergreen_subscription: bool = True


def preview(call: Call) -> Reply:
    """Rate the account's subscriptions up to the target date and change nothing."""
    said: BillingPreview = call.body
    account = needed_account(call.world, said)
    scope = Scope(
        said.target_date,
        said.assume_renewal,
        charge_types(said.charge_type_to_exclude),
        said.including_evergreen_subscription,
    )
    found = preview_account(call.world, account, scope, Change(call.world))
    items = [_show(one, call.world) for one in found]
    answer = {"accountId": account.id, "invoiceItems": items, "creditMemoItems": [], "success": True}
    return Reply(answer)


def _show(previewed: Previewed, world: World) -> dict[str, Any]:
    line = previewed.line
    item, charge = line.item, line.item.charge
    return {
        "id": previewed.id,
        "subscriptionName": line.subscription.number,
        "subscriptionId": line.subscription.id,
        "subscriptionNumber": line.subscription.number,
        "serviceStartDate": item.start,
        "serviceEndDate": item.last_day,
        "chargeAmount": number(item.amount),
        "chargeDescription": charge.terms.description,
        "chargeName": item_name(item),
        "chargeNumber": charge.number,
        "chargeId": seen_in(line.subscription.id, charge.id),
        "productName": line.plan.product_name,
        "quantity": item.quantity,
        "taxAmount": number(line.tax_amount),
        "unitOfMeasure": charge.terms.uom or "",
        "chargeDate": stamp(world.now),
        "chargeType": charge.terms.type,
        "processingType": item.processing_type,
        "appliedToItemId": previewed.applied_to,
        "numberOfDeliveries": number(item.deliveries),
    }


ENDPOINTS = (Endpoint("POST", "/v1/operations/billing-preview", preview, BillingPreview, resource=511300),)
