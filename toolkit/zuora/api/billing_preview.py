"""POST /v1/operations/billing-preview: what an account will be billed up to a date."""

from datetime import date
from typing import Any, ClassVar

from toolkit.billing.documents import item_name
from toolkit.billing.identities import seen_in
from toolkit.billing.money import ZERO
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
    items = [_show(one, call.world) for one in found if not one.credit]
    credits_ = [_show_credit(one, call.world) for one in found if one.credit]
    answer = {"accountId": account.id, "invoiceItems": items, "creditMemoItems": credits_, "success": True}
    return Reply(answer)


def _show(previewed: Previewed, world: World) -> dict[str, Any]:
    line = previewed.line
    item, charge = line.item, line.item.charge
    return {
        **_shared(previewed, world),
        "subscriptionName": line.subscription.number,
        "chargeAmount": number(item.amount),
        "chargeDescription": charge.terms.description,
        "chargeName": item_name(item),
        "chargeId": seen_in(line.subscription.id, charge.id),
        "productName": line.plan.product_name,
        "quantity": item.quantity,
        "taxAmount": number(line.tax_amount),
    }


def _show_credit(previewed: Previewed, world: World) -> dict[str, Any]:
    """Return an item of a credit memo. Source: the official SDK, CreateBillingPreviewCreditMemoItem."""
    line = previewed.line
    item, charge = line.item, line.item.charge
    included = sum((tax.amount for tax in line.taxes if tax.mode == "TaxInclusive"), ZERO)
    return {
        **_shared(previewed, world),
        "amount": number(-item.amount - included),
        "amountWithoutTax": number(-item.amount),
        "comment": charge.terms.description,
        "sku": line.plan.product_sku,
        "skuName": item_name(item),
        "ratePlanChargeId": seen_in(line.subscription.id, charge.id),
        "quantity": -item.quantity,
    }


def _shared(previewed: Previewed, world: World) -> dict[str, Any]:
    line = previewed.line
    item, charge = line.item, line.item.charge
    return {
        "id": previewed.id,
        "subscriptionId": line.subscription.id,
        "subscriptionNumber": line.subscription.number,
        "serviceStartDate": item.start,
        "serviceEndDate": item.last_day,
        "chargeNumber": charge.number,
        "unitOfMeasure": charge.terms.uom or "",
        "chargeDate": stamp(world.now),
        "chargeType": charge.terms.type,
        "processingType": item.processing_type,
        "appliedToItemId": previewed.applied_to,
        "numberOfDeliveries": number(item.deliveries),
    }


ENDPOINTS = (Endpoint("POST", "/v1/operations/billing-preview", preview, BillingPreview, resource=511300),)
