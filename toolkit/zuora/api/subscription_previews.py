"""POST /v1/subscriptions/preview and /v1/subscriptions/{key}/preview: what a subscription would bill."""

from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.metrics import subscription_mrr
from toolkit.billing.money import ZERO
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.api._preview_account import PreviewAccount, account_of
from toolkit.zuora.api._subscription_orders import (
    Billed,
    check_version,
    contracted_value,
    delta_value,
    followed,
    order_on,
)
from toolkit.zuora.api.order_preview import PreviewOptions, billing_docs
from toolkit.zuora.api.subscription_creation import NewSubscription, order_of
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.orders.charge_metrics import show_metrics
from toolkit.zuora.orders.placing import Invoiced, place
from toolkit.zuora.orders.request import Action
from toolkit.zuora.state.world import Change

PreviewType = Literal[
    "InvoiceItem", "LegalDoc", "ChargeMetrics", "InvoiceItemChargeMetrics", "LegalDocChargeMetrics"
]


class SubscriptionPreview(NewSubscription, frozen=True, kw_only=True):
    """A subscription that is not created."""

    harmless: ClassVar[frozenset[str]] = NewSubscription.harmless | {
        *("includeExistingDraftDocItems", "includeExistingDraftInvoiceItems"),
    }

    account_key: str = ""
    preview_account_info: PreviewAccount | None = None
    preview_type: PreviewType = "LegalDoc"
    skip_tax: bool = False


class Through(Body, frozen=True):
    """How far to preview."""

    preview_thru_date_policy: Literal["nextBillingPeriods", "endOfTerm", "specificDate"]
    next_billing_periods: int = 1
    specific_date: date | None = None


class ExistingPreview(Body, frozen=True):
    """How far to preview a subscription that exists."""

    lacking: ClassVar[frozenset[str]] = frozenset({"previewStartDate", "quantityForUsageCharges"})

    preview_through_date: Through
    skip_tax: bool = False


def preview_new(call: Call) -> Reply:
    """Show what a subscription would bill up to a date, by default that of its contract."""
    said: SubscriptionPreview = call.body
    check_version(call.version, said)
    world, key = account_of(call.world, said.account_key, said.preview_account_info, "accountKey")
    change = Change(world)
    placed = place(change, world, order_of(world, replace(said, account_key=key)))
    target = said.target_date or said.invoice_target_date or said.contract_effective_date
    options = PreviewOptions(
        preview_thru_type="SpecificDate",
        specific_preview_thru_date=target,
        document_date=said.document_date,
        skip_tax=said.skip_tax,
    )
    (made,) = placed.latest
    shown: dict[str, Any] = {
        "contractedMrr": number(subscription_mrr(made, call.world.today)),
        "totalContractedValue": contracted_value(made),
    }
    if said.preview_type in METRICS:
        shown["chargeMetrics"] = list(show_metrics(made, None, call.world.today))
    if said.preview_type != "ChargeMetrics":
        shown |= _document(call, billing_docs(change, call, options, placed.invoiced), target, said)
    return Reply({"success": True, **shown})


METRICS = frozenset({"ChargeMetrics", "InvoiceItemChargeMetrics", "LegalDocChargeMetrics"})
"""The types of previews that show what each charge brings."""


_AMOUNTS = ("amount", "amountWithoutTax", "taxAmount")


def _document(call: Call, docs: dict[str, Any], target: date, said: Billed) -> dict[str, Any]:
    """Return the documents of a preview, usually one, as the minor version has them.

    Sources: Zuora, API upgrades, and of the date of the document guardian/support-service-lambdas, the
    recorded preview of an update.
    """
    memos: dict[str, Any] = {}
    for memo in docs["creditMemos"]:
        items = [_show(item) for item in memo["creditMemoItems"]]
        memos["creditMemo"] = {name: memo[name] for name in _AMOUNTS} | {"creditMemoItems": items}
    if memos and not docs["invoices"]:
        return memos
    dated = said.document_date or target
    nothing: dict[str, Any] = dict.fromkeys(_AMOUNTS, number(ZERO)) | {"invoiceItems": []}
    invoice = docs["invoices"][0] if docs["invoices"] else nothing
    shown = {name: invoice[name] for name in _AMOUNTS}
    shown["invoiceItems"] = [_show(item) for item in invoice["invoiceItems"]]
    if call.version < versions.PREVIEW_IN_INVOICE:
        return {**memos, **shown, "invoiceTargetDate": target, "documentDate": dated}
    return {**memos, "invoice": {**shown, "targetDate": target}, "targetDate": target, "documentDate": dated}


def _show(item: dict[str, Any]) -> dict[str, Any]:
    names = ("chargeDescription", "chargeName", "productName", "productRatePlanChargeId")
    return {name: item[name] for name in (*names, "serviceStartDate", "serviceEndDate", "taxAmount")} | {
        "chargeAmount": item["amountWithoutTax"],
        "quantity": item["additionalInfo"]["quantity"],
        "unitOfMeasure": item["additionalInfo"]["unitOfMeasure"],
    }


def preview_changes(
    call: Call, before: Subscription, actions: tuple[Action, ...], said: Billed, kind: PreviewType
) -> dict[str, Any]:
    """Return what a subscription would bill up to a date, by default today, after changes of today.

    Args:
        call: The call that asks for it.
        before: The subscription.
        actions: What changes.
        said: How far to bill.
        kind: What to show.

    Raises:
        BillingError: The changes are not possible.
    """
    world, change = call.world, Change(call.world)
    target = said.target_date or said.invoice_target_date or world.today
    options = PreviewOptions(
        preview_thru_type="SpecificDate",
        specific_preview_thru_date=target,
        document_date=said.document_date,
    )
    parts: tuple[Invoiced, ...] = (Invoiced(world.accounts.find(before.invoice_owner_id), (before,)),)
    if actions:
        parts = place(change, world, order_on(world, before, world.today, actions, said)).invoiced
    after, moved = followed(change.world, before)
    shown: dict[str, Any] = {"totalDeltaMrr": number(moved.mrr), "totalDeltaTcv": delta_value(after, moved)}
    if kind in METRICS:
        shown["chargeMetrics"] = list(show_metrics(after, before, world.today))
    if kind != "ChargeMetrics":
        shown |= _document(call, billing_docs(change, call, options, parts), target, said)
    return shown


_POLICIES: dict[str, Literal["NumberOfPeriods", "TermEnd", "SpecificDate"]] = {
    "nextBillingPeriods": "NumberOfPeriods",
    "endOfTerm": "TermEnd",
    "specificDate": "SpecificDate",
}


def preview_existing(call: Call) -> Reply:
    """Show what a subscription that exists will bill."""
    said: ExistingPreview = call.body
    world, through = call.world, said.preview_through_date
    found = world.subscriptions.find(world.subscriptions.find(call.path["subscription-key"]).number)
    options = PreviewOptions(
        preview_thru_type=_POLICIES[through.preview_thru_date_policy],
        specific_preview_thru_date=through.specific_date,
        preview_number_of_periods=through.next_billing_periods,
        skip_tax=said.skip_tax,
    )
    owner = world.accounts.find(found.invoice_owner_id)
    docs = billing_docs(Change(world), call, options, (Invoiced(owner, (found,)),))
    for document in (*docs["invoices"], *docs["creditMemos"]):
        for item in document.get("invoiceItems", ()) or document.get("creditMemoItems", ()):
            more = item.pop("additionalInfo")
            item |= {"quantity": more["quantity"], "unitOfMeasure": more["unitOfMeasure"]}
            for name in ("subscriptionNumber", "taxationItems"):
                item.pop(name, None)
    return Reply({"success": True, **docs})


_PATH = "/v1/subscriptions/{subscription-key}/preview"

ENDPOINTS = (
    Endpoint("POST", "/v1/subscriptions/preview", preview_new, SubscriptionPreview, resource=531000),
    Endpoint("POST", _PATH, preview_existing, ExistingPreview, resource=531000),
)
