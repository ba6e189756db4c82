"""POST /v1/orders/preview: what an order would bill, without placing it."""

from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.catalog import ChargeType
from toolkit.billing.documents import item_name
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.generation import parts
from toolkit.billing.invoices import bill
from toolkit.billing.money import ZERO
from toolkit.billing.rating import Line
from toolkit.billing.subscriptions import Subscription, grid
from toolkit.billing.taxes import add_taxes
from toolkit.zuora.api._preview_account import PreviewAccount, account_of
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.limits import check_reach
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.versions import Version
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.documents.taxation import show_tax
from toolkit.zuora.orders.charge_metrics import show_charge_metrics
from toolkit.zuora.orders.line_items import NewLineItem
from toolkit.zuora.orders.metrics import show_deltas, show_order_metrics
from toolkit.zuora.orders.placing import MOST, Invoiced, place
from toolkit.zuora.orders.ramps import show_order_ramps
from toolkit.zuora.orders.request import OrderedSubscription
from toolkit.zuora.runs.usages import usage_for
from toolkit.zuora.state.world import Change

_DAY = timedelta(days=1)


class PreviewOptions(Body, frozen=True):
    """How far to preview."""

    harmless: ClassVar[frozenset[str]] = frozenset({"validateScheduledOrders"})

    document_date: date | None = None
    skip_tax: bool = False
    preview_thru_type: Literal["SpecificDate", "TermEnd", "NumberOfPeriods"] = "NumberOfPeriods"
    specific_preview_thru_date: date | None = None
    preview_number_of_periods: int = 1
    charge_type_to_exclude: tuple[ChargeType, ...] = ()
    preview_types: tuple[
        Literal[
            "BillingDocs",
            "ChargeMetrics",
            "OrderMetrics",
            "OrderDeltaMetrics",
            "RampMetrics",
            "RampDeltaMetrics",
        ],
        ...,
    ] = ("BillingDocs",)


class OrderPreview(Body, frozen=True):
    """An order that is not placed."""

    harmless: ClassVar[frozenset[str]] = frozenset({"category", "reasonCode"})
    lacking: ClassVar[frozenset[str]] = frozenset({"orderLineItems"})

    order_date: date
    preview_options: PreviewOptions
    subscriptions: tuple[OrderedSubscription, ...]
    existing_account_number: str = ""
    preview_account_info: PreviewAccount | None = None
    order_number: str | None = None
    description: str | None = None

    @property
    def order_line_items(self) -> tuple[NewLineItem, ...]:
        """None: what is sold without a subscription is not previewed."""
        return ()


def preview(call: Call) -> Reply:
    """Show what an order would bill."""
    return Reply({"success": True, "previewResult": previewed(call)})


def previewed(call: Call, most: int = MOST) -> dict[str, Any]:
    """Place the order in a copy of the world, bill that, and drop it.

    Args:
        call: The call that asks for it.
        most: How many subscriptions and actions the order may have.

    Raises:
        BillingError: The order cannot be placed.
    """
    said: OrderPreview = call.body
    types = said.preview_options.preview_types
    world, key = account_of(
        call.world, said.existing_account_number, said.preview_account_info, "existingAccountNumber"
    )
    change = Change(world)
    placed = place(change, world, replace(said, existing_account_number=key), most=most)
    result = (
        billing_docs(change, call, said.preview_options, placed.invoiced) if "BillingDocs" in types else {}
    )
    if "ChargeMetrics" in types:
        result["chargeMetrics"] = list(show_charge_metrics(world, change.world, placed.order))
    if "OrderDeltaMetrics" in types:
        result["orderDeltaMetrics"] = show_deltas(change.world, placed.order)
    if "OrderMetrics" in types:
        result["orderMetrics"] = show_order_metrics(change.world, placed.order)
    if not {"RampMetrics", "RampDeltaMetrics"}.isdisjoint(types):
        result["rampMetrics"] = show_order_ramps(change.world, placed.order)
    return result


def billing_docs(
    change: Change, call: Call, options: PreviewOptions, invoiced: tuple[Invoiced, ...]
) -> dict[str, Any]:
    """Return the documents; their date, by which they are taxed, is the last day of the preview by default.

    Source: the official SDK, preview options.

    Args:
        change: Gives the tax items their ids.
        call: The call that asks for them.
        options: How far to preview.
        invoiced: What to bill, by invoice owner.

    Raises:
        BillingError: The options name no day, or one out of reach.
    """
    world, target = call.world, _through(options, invoiced)
    check_reach("previewOptions", target, world.today)
    result: dict[str, Any] = {"invoices": [], "creditMemos": []}
    for part in invoiced:
        owed = bill(
            part.account,
            part.subscriptions,
            target,
            world.rules,
            usage_for(world.usages, part.subscriptions),
            options.charge_type_to_exclude,
        )
        if not options.skip_tax:
            owed = add_taxes(owed, part.account, options.document_date or target, change, world.rules)
        for lines, credit in parts(owed, part.account, world.rules):
            kind, items = ("creditMemos", "creditMemoItems") if credit else ("invoices", "invoiceItems")
            sign = -1 if credit else 1
            amount = sign * sum((line.item.amount for line in lines), ZERO)
            tax = sign * sum((line.tax_amount for line in lines), ZERO)
            result[kind].append(
                {
                    "amount": number(amount + tax),
                    "amountWithoutTax": number(amount),
                    "taxAmount": number(tax),
                    "targetDate": target,
                    items: [_show(line, sign, call.version) for line in lines],
                }
            )
    return result


def _through(options: PreviewOptions, invoiced: tuple[Invoiced, ...]) -> date:
    subscriptions = [one for part in invoiced for one in part.subscriptions]
    match options.preview_thru_type:
        case "SpecificDate":
            return needed(options.specific_preview_thru_date, "specificPreviewThruDate")
        case "TermEnd":
            ends = [one.term_end for one in subscriptions if one.term_end is not None]
            if not ends:
                raise InvalidValueError("'previewThruType' TermEnd needs a subscription with a term.")
            return max(ends) - _DAY
        case _:
            count, day = options.preview_number_of_periods, invoiced[0].account.bill_cycle_day or 1
            if count < 1:
                raise InvalidValueError(f"'previewNumberOfPeriods' should be at least 1, not {count}.")
            return max(_periods_after(one, count, day) for one in subscriptions)


def _periods_after(subscription: Subscription, count: int, bill_cycle_day: int) -> date:
    """Return the first day of the last of `count` periods of the subscription's first open charge."""
    for charge in subscription.charges:
        if charge.terms.type == "Recurring" and not charge.done:
            span = grid(subscription, charge, bill_cycle_day)
            first = charge.charged_through or charge.effective_start
            return max(first, span.start(span.ordinal(first) + count - 1))
    return subscription.start


def _show(line: Line, sign: int, version: Version) -> dict[str, Any]:
    item, charge = line.item, line.item.charge
    taxes = [show_tax(tax, sign) for tax in line.taxes]
    return {
        "subscriptionNumber": line.subscription.number,
        "serviceStartDate": item.start,
        "serviceEndDate": item.last_day,
        "amountWithoutTax": number(sign * item.amount),
        "taxAmount": number(sign * line.tax_amount),
        **({} if version < versions.PREVIEWED_TAXATION_ITEMS else {"taxationItems": taxes}),
        "chargeName": item_name(item),
        "chargeNumber": charge.number,
        "chargeDescription": charge.terms.description,
        "productName": line.plan.product_name,
        "productRatePlanChargeId": charge.product_charge_id,
        "processingType": item.processing_type,
        "unitPrice": number(charge.pricing.price or ZERO),
        "additionalInfo": {
            "quantity": item.quantity,
            "unitOfMeasure": charge.terms.uom or "",
            "numberOfDeliveries": number(item.deliveries),
        },
    }


ENDPOINTS = (Endpoint("POST", "/v1/orders/preview", preview, OrderPreview, resource=587400),)
