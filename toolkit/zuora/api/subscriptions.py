"""/v1/subscriptions: show subscriptions, their rate plans and charges."""

from decimal import Decimal
from typing import Any

from toolkit.billing.accounts import Account
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.identities import seen_in
from toolkit.billing.metrics import mrr, subscription_mrr, subscription_tcv, tcv
from toolkit.billing.subscriptions import Charge, RatePlan, Subscription, Term, status_on, stretches
from toolkit.zuora.api._subscription_detail import Detail, detail_of, more_of
from toolkit.zuora.api.contacts import show_contact_for
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.paging import listing
from toolkit.zuora.calls.wire import day, number, optional, stamp
from toolkit.zuora.pricing import (
    pricing_summary,
    show_deliveries,
    show_prepaid,
    show_rating,
    show_tiers,
)
from toolkit.zuora.state.owners import invoiced_to, owned_by
from toolkit.zuora.state.world import World

_OWNERS = {"invoiceOwner": invoiced_to, "subscriptionOwner": owned_by}


def read(call: Call) -> Reply:
    """Show a subscription by number (its latest version) or by the id of a version. Source: recorded."""
    subscription = call.world.subscriptions.find(call.path["subscription-key"])
    return Reply({"success": True, **show_as_asked(call, subscription, detail_of(call))})


def list_by_account(call: Call) -> Reply:
    """Show the latest version of each subscription that an account owns, latest first.

    With `ownerType=invoiceOwner` it shows those whose invoices the account gets. Source: the official SDK.
    """
    account = call.world.accounts.find(call.path["account-key"])
    owner = call.query.get("ownerType", "subscriptionOwner")
    if owner not in _OWNERS:
        raise InvalidValueError(f"'ownerType' value should be one of: {', '.join(_OWNERS)}")
    found = _OWNERS[owner](call.world.subscriptions, account.id)[::-1]
    return listing(call, "subscriptions", found, lambda one: show_as_asked(call, one, detail_of(call)))


def show_as_asked(call: Call, subscription: Subscription, detail: Detail) -> dict[str, Any]:
    """Return a subscription with all that a call asks for."""
    return {**show_subscription(call.world, subscription, detail), **more_of(call, subscription)}


def show_subscription(world: World, subscription: Subscription, detail: Detail) -> dict[str, Any]:
    """Return a subscription as answers show it. Source: recorded, production 2025."""
    account = world.accounts.find(subscription.account_id)
    owner = account
    if subscription.invoice_owner_id != account.id:
        owner = world.accounts.find(subscription.invoice_owner_id)
    latest = world.subscriptions.find(subscription.number)
    return {
        "id": subscription.id,
        "accountId": account.id,
        "accountNumber": account.number,
        "accountName": account.name,
        "invoiceOwnerAccountId": owner.id,
        "invoiceOwnerAccountNumber": owner.number,
        "invoiceOwnerAccountName": owner.name,
        "subscriptionNumber": subscription.number,
        "version": subscription.version,
        "revision": f"{subscription.version}.0",
        **_term_fields(subscription),
        "currency": subscription.currency,
        "contractedMrr": number(subscription_mrr(subscription, world.today)),
        "totalContractedValue": number(subscription_tcv(subscription)),
        "notes": subscription.notes,
        "status": status_on(subscription, world.today),
        "billToContact": _bill_to(world, subscription, account),
        "paymentTerm": subscription.addressee.payment_term,
        "communicationProfileId": None,
        "invoiceTemplateId": None,
        "invoiceTemplateName": None,
        "sequenceSetId": None,
        "sequenceSetName": None,
        "soldToContact": show_contact_for(world, account, account.sold_to_id),
        "isLatestVersion": latest.id == subscription.id,
        "cancelReason": subscription.cancel_reason,
        "ratePlans": [
            _show_plan(plan, subscription, charges)
            for plan in subscription.rate_plans
            if (charges := detail.of(plan.charges)) or detail.bare_plans
        ],
        "orderNumber": subscription.order_number,
        "externallyManagedBy": None,
        "statusHistory": [
            {"startDate": day(one.start), "endDate": day(one.end), "status": one.status}
            for one in stretches(subscription)
        ],
        "invoiceGroupNumber": subscription.addressee.group,
        "createTime": stamp(subscription.created),
        "updateTime": stamp(subscription.updated),
        "scheduledCancelDate": None,
        "scheduledSuspendDate": None,
        "scheduledResumeDate": None,
        **subscription.custom_fields,
    }


def _bill_to(world: World, subscription: Subscription, account: Account) -> dict[str, object] | None:
    own = subscription.addressee.bill_to_id
    return show_contact_for(world, account, own or account.bill_to_id, specified=own is not None)


def _term_fields(subscription: Subscription) -> dict[str, Any]:
    return {
        "termType": subscription.term_type,
        "invoiceSeparately": subscription.invoice_separately,
        "contractEffectiveDate": day(subscription.contract_effective),
        "serviceActivationDate": day(subscription.service_activation),
        "customerAcceptanceDate": day(subscription.customer_acceptance),
        "subscriptionStartDate": day(subscription.start),
        "subscriptionEndDate": day(subscription.end),
        "lastBookingDate": day(subscription.last_booking),
        "termStartDate": day(subscription.term_start),
        "termEndDate": day(subscription.term_end),
        **_term("initialTerm", subscription.initial_term),
        **_term("currentTerm", subscription.current_term),
        "autoRenew": subscription.auto_renew,
        "renewalSetting": subscription.renewal_setting,
        **_term("renewalTerm", subscription.renewal_term),
    }


def _term(name: str, term: Term | None) -> dict[str, object]:
    length, unit = (term.length, term.unit) if term else (None, None)
    return {name: length, f"{name}PeriodType": unit}


def _show_plan(plan: RatePlan, version: Subscription, charges: list[Charge]) -> dict[str, Any]:
    return {
        "id": seen_in(version.id, plan.id),
        "originalRatePlanId": plan.id,
        "lastChangeType": plan.last_change,
        "productId": plan.product_id,
        "productName": plan.product_name,
        "productSku": plan.product_sku,
        "productRatePlanId": plan.product_rate_plan_id,
        "productRatePlanNumber": None,
        "ratePlanName": plan.name,
        "subscriptionProductFeatures": [],
        "externallyManagedPlanId": None,
        "subscriptionRatePlanNumber": plan.number,
        "isFromExternalCatalog": False,
        "ratePlanCharges": [_show_charge(charge, version) for charge in charges],
        **plan.custom_fields,
    }


def _show_charge(charge: Charge, version: Subscription) -> dict[str, Any]:
    terms, pricing = charge.terms, charge.pricing
    recurring = terms.type == "Recurring"
    return {
        "id": seen_in(version.id, charge.id),
        "originalChargeId": charge.original_id,
        "productRatePlanChargeId": charge.product_charge_id,
        "number": charge.number,
        "name": terms.name,
        "productRatePlanChargeNumber": None,
        "type": terms.type,
        "model": terms.model,
        "originalListPrice": None,
        "uom": terms.uom,
        "version": charge.version,
        "subscriptionChargeDeliverySchedule": show_deliveries(terms),
        "numberOfDeliveries": None,
        "priceChangeOption": terms.price_change_option or "NoChange",
        "priceIncreasePercentage": optional(terms.price_increase_percentage),
        "currency": version.currency,
        "chargeModelConfiguration": None,
        "inputArgumentId": None,
        "includedUnits": optional(pricing.included_units),
        "overagePrice": optional(pricing.overage_price),
        "applyDiscountTo": terms.apply_discount_to,
        "discountLevel": terms.discount_level,
        "discountClass": terms.discount_class,
        "applyToBillingPeriodPartially": terms.apply_partially,
        **_billing_fields(charge),
        "quantity": optional(charge.quantity),
        "isStackedDiscount": terms.stacked,
        "reflectDiscountInNetAmount": False,
        **show_rating(terms, charge.pricing.unused_price),
        **show_prepaid(terms, charge.quantity),
        **({"prepaidUOM": terms.prepaid.uom} if terms.prepaid else {}),
        "unusedUnitsCreditRates": optional(charge.pricing.unused_price or None),
        **_segment_fields(charge),
        "mrr": number(mrr(charge)) if recurring else None,
        "dmrc": number(charge.dmrc) if recurring else None,
        "tcv": number(tcv(charge)),
        "dtcv": number(charge.dtcv),
        "originalOrderDate": day(charge.original_order_date),
        "amendedByOrderOn": day(charge.amended_by_order_on),
        "description": terms.description,
        "salesPrice": None,
        "taxable": terms.taxable if terms.taxable or terms.tax_code else None,
        "taxCode": terms.tax_code,
        "taxMode": terms.tax_mode,
        "tiers": show_tiers(pricing),
        "discountApplyDetails": None,
        "pricingSummary": pricing_summary(terms, pricing),
        "price": optional(_price(charge)),
        "discountAmount": optional(pricing.discount_amount),
        "discountPercentage": optional(pricing.discount_percentage),
        **charge.custom_fields,
    }


def _price(charge: Charge) -> Decimal | None:
    return None if charge.terms.model.startswith("Discount") else charge.pricing.price


def _billing_fields(charge: Charge) -> dict[str, Any]:
    terms = charge.terms
    return {
        "billingDay": terms.billing_day,
        "listPriceBase": terms.list_price_base,
        "specificListPriceBase": terms.specific_list_price_base,
        "billingPeriod": terms.billing_period,
        "specificBillingPeriod": terms.specific_billing_period,
        "billingTiming": terms.timing,
        "billingPeriodAlignment": terms.alignment,
    }


def _segment_fields(charge: Charge) -> dict[str, Any]:
    terms = charge.terms
    return {
        "segment": charge.segment,
        "effectiveStartDate": day(charge.effective_start),
        "effectiveEndDate": day(charge.effective_end),
        "processedThroughDate": day(charge.processed_through),
        "chargedThroughDate": day(charge.charged_through),
        "done": charge.done,
        "triggerDate": day(charge.trigger_date),
        "triggerEvent": terms.trigger_event,
        "endDateCondition": terms.end_date_condition,
        "upToPeriodsType": terms.up_to_periods_type,
        "upToPeriods": terms.up_to_periods,
        "specificEndDate": day(charge.specific_end_date),
    }


ENDPOINTS = (
    Endpoint("GET", "/v1/subscriptions/{subscription-key}", read),
    Endpoint("GET", "/v1/subscriptions/accounts/{account-key}", list_by_account),
)
