"""Charge names: what REST answers call the terms and prices of a charge, and what its records call them."""

TERMS = {
    **{name: name for name in ("type", "model", "uom")},
    "applyDiscountTo": "apply_discount_to",
    "applyToBillingPeriodPartially": "apply_partially",
    "billingDay": "billing_day",
    "billingPeriod": "billing_period",
    "billingPeriodAlignment": "alignment",
    "billingTiming": "timing",
    "discountClass": "discount_class",
    "discountLevel": "discount_level",
    "endDateCondition": "end_date_condition",
    "isStackedDiscount": "stacked",
    "listPriceBase": "list_price_base",
    "ratingGroup": "rating_group",
    "specificBillingPeriod": "specific_billing_period",
    "specificListPriceBase": "specific_list_price_base",
    "triggerEvent": "trigger_event",
    "upToPeriods": "up_to_periods",
    "upToPeriodsType": "up_to_periods_type",
}

PRICING = {
    "price": "price",
    "includedUnits": "included_units",
    "overagePrice": "overage_price",
    "discountPercentage": "discount_percentage",
    "discountAmount": "discount_amount",
}

TIER = {
    **{name: name for name in ("tier", "price")},
    "startingUnit": "starting_unit",
    "endingUnit": "ending_unit",
    "priceFormat": "price_format",
}
