"""Order line items as a client writes them, and as answers show them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from toolkit.billing.lineitems import LineItem, LineItemState, LineItemType, check_billable
from toolkit.billing.orders import Order
from toolkit.zuora.calls.wire import Body, day, number
from toolkit.zuora.state.world import Change, World

ACCOUNTING = frozenset(
    {
        *("accountingCode", "adjustmentLiabilityAccountingCode", "adjustmentRevenueAccountingCode"),
        *("billTo", "communicationProfileId", "contractAssetAccountingCode", "paymentTerm", "sequenceSetId"),
        *("contractLiabilityAccountingCode", "contractRecognizedRevenueAccountingCode", "soldTo", "shipTo"),
        *("deferredRevenueAccountingCode", "excludeItemBillingFromRevenueAccounting", "invoiceTemplateId"),
        *("excludeItemBookingFromRevenueAccounting", "invoiceGroupNumber", "isAllocationEligible"),
        *("isUnbilled", "recognizedRevenueAccountingCode", "revenueRecognitionRule", "uniqueToken"),
        *("revenueRecognitionTiming", "revenueAmortizationMethod", "unbilledReceivablesAccountingCode"),
    }
)
UNKNOWN = frozenset(
    {"inlineDiscountPerUnit", "inlineDiscountType", "ownerAccountNumber", "taxCode", "taxMode"}
)


class NewLineItem(Body, frozen=True):
    """A line item to sell."""

    harmless: ClassVar[frozenset[str]] = ACCOUNTING
    lacking: ClassVar[frozenset[str]] = UNKNOWN | {
        *("billingSchedule", "currency", "drawdownPriority", "drawdownScope", "fundSupportAccountHierarchy"),
        *("numberOfValidityPeriods", "originalOrderLineItemNumber", "originalOrderNumber", "prepaidQuantity"),
        *("prepaidUom", "prepaymentUnitType", "productRatePlanChargeId", "specificValidityPeriodLength"),
        "validityPeriodType",
    }

    amount_per_unit: Decimal
    item_name: str
    quantity: Decimal = Decimal(1)
    item_category: Literal["Sales"] = "Sales"
    item_number: str | None = None
    item_state: LineItemState = "Executing"
    item_type: LineItemType = "Product"
    billing_rule: Literal["TriggerWithoutFulfillment"] = "TriggerWithoutFulfillment"
    bill_target_date: date | None = None
    description: str = ""
    list_price_per_unit: Decimal | None = None
    product_code: str | None = None
    purchase_order_number: str | None = None
    related_subscription_number: str | None = None
    transaction_start_date: date | None = None
    transaction_end_date: date | None = None


def sell(change: Change, order: Order, wanted: Iterable[NewLineItem]) -> None:
    """Put the line items of an order into the change.

    Raises:
        MissingValueError: One is sent to billing without a target date.
        NotFoundError: A related subscription does not exist.
    """
    for place, said in enumerate(wanted, 1):
        start = said.transaction_start_date or order.order_date
        if said.related_subscription_number is not None:
            change.table("subscriptions").find(said.related_subscription_number)
        item_number = said.item_number or str(place)
        item = LineItem(
            id=change.id(),
            number=f"{order.number}/{item_number}",
            item_number=item_number,
            order_number=order.number,
            account_id=order.account_id,
            currency=order.currency,
            name=said.item_name,
            type=said.item_type,
            state=said.item_state,
            quantity=said.quantity,
            amount_per_unit=said.amount_per_unit,
            list_price_per_unit=said.amount_per_unit
            if said.list_price_per_unit is None
            else said.list_price_per_unit,
            start=start,
            end=said.transaction_end_date or start,
            description=said.description,
            product_code=said.product_code,
            purchase_order_number=said.purchase_order_number,
            related_subscription_number=said.related_subscription_number,
            bill_target=said.bill_target_date,
            custom_fields=said.custom_fields,
        )
        change.put(check_billable(item))


def show_line_item(world: World, item: LineItem) -> dict[str, Any]:
    """Return a line item. Source: the official SDK, GetOrderLineItem; recorded GET orders."""
    owner = world.accounts.find(item.account_id)
    amount = number(item.amount(world.rules))
    return {
        "id": item.id,
        "orderId": world.orders.ids[item.order_number],
        "itemNumber": item.item_number,
        "itemName": item.name,
        "itemCategory": "Sales",
        "itemType": item.type,
        "itemState": item.state,
        "billingRule": "TriggerWithoutFulfillment",
        "requiresFulfillment": False,
        "currency": item.currency,
        "accountingCode": None,
        "productRatePlanChargeId": None,
        "UOM": None,
        "quantity": number(item.quantity),
        "amountPerUnit": number(item.amount_per_unit),
        "listPricePerUnit": number(item.list_price_per_unit),
        "listPrice": number(item.list_price_per_unit * item.quantity),
        "amount": amount,
        "amountWithoutTax": amount,
        "billTargetDate": day(item.bill_target),
        "transactionStartDate": day(item.start),
        "transactionEndDate": day(item.end),
        "description": item.description,
        "productCode": item.product_code,
        "purchaseOrderNumber": item.purchase_order_number,
        "relatedSubscriptionNumber": item.related_subscription_number,
        "ownerAccountId": owner.id,
        "ownerAccountName": owner.name,
        "ownerAccountNumber": owner.number,
        "invoiceOwnerAccountId": owner.id,
        "invoiceOwnerAccountName": owner.name,
        "invoiceOwnerAccountNumber": owner.number,
        "customFields": item.custom_fields,
    }
