"""Billing rules: what an administrator sets under Billing > Define Billing Rules."""

from toolkit.zuora.settings._rules import Rule, RuleBook
from toolkit.zuora.settings._schema import FLAG, TEXT, one_of
from toolkit.zuora.settings._setting import Document, Operation, Setting

_SIMULATED = {
    "oneTimeCreditBack": Rule("credit_one_time"),
    "proratePeriodOfRecurringCharge": Rule("prorate_partial_period"),
    "prorateRecurringMonthlyCharges": Rule("bill_partial_month"),
    "prorateRecurringWeeklyCharges": Rule("bill_partial_week"),
    "prorateUsageMonthlyCharges": Rule("bill_usage_partial_month"),
    "prorateUsageWeeklyCharges": Rule("bill_usage_partial_week"),
    "daysInMonth": Rule(
        "month_proration",
        {
            "UseActualDays": "actual",
            "Assume30Days": "actual_360",
            "Assume30DaysStrict": "strict_30_360",
        },
    ),
    "prorationUnit": Rule(
        "long_period_proration", {"ProrateByDay": "by_day", "ProrateByMonthFirst": "month_first"}
    ),
    "invoicePastEndOfTerm": Rule("past_term_end"),
    "billToTermEndWhenAutoRenew": Rule("past_term_end_renewing"),
    "rateUsageIndividually": Rule("price_usage_individually"),
    "taxAddressOwner": Rule(
        "tax_account", {"SubscriptionOwner": "subscription_owner", "InvoiceOwner": "invoice_owner"}
    ),
    "taxInclusiveRoundingRule": Rule(
        "inclusive_tax_rounding", {"RoundingNetAmount": "net", "RoundingTaxAmount": "tax"}
    ),
    "taxRateChangeOption": Rule("multiple_tax_items", {"OneTaxItem": False, "MultipleTaxItems": True}),
    "zuoraTaxRoundingDiffDispersion": Rule("redistribute_tax_rounding"),
    "debookRebookSupportable": Rule("new_tax_rate_for_added_units"),
    "legalDocumentGeneratingRule": Rule(
        "credit_memo_generation",
        {
            "GroupByTotalAmountSign": "net_negative",
            "GroupByOriginalSRPC": "net_negative_by_charge",
            "GroupbyChargedAmountSign": "negative",
            "GroupbyChargedAmountSignAndZeroCredit": "negative_and_zero_credits",
        },
    ),
    "creditMemoMirroringInvoiceItemsRule": Rule(
        "mirror_items", {"Yes": "yes", "YesExceptForZeroItems": "not_zero", "No": "no"}
    ),
    "availableToCreditValidationLevel": Rule(
        "credit_validation", {"HeaderLevel": "header", "HeaderAndItemLevel": "header_and_item"}
    ),
    "availableToCreditIncludingRbeCreditMemo": Rule("count_engine_credits"),
    "recurringCreditProrationOption": Rule(
        "credit_basis", {"BilledPeriod": "billed_period", "CreditPeriod": "credit_period"}
    ),
    "discountCreditProration": Rule("credit_prorated_discounts"),
    "stackedDiscountClassApplyRule": Rule(
        "stacked_discounts", {"Ignore": "ignore_class", "Follow": "follow_class"}
    ),
    "useSystemDefaultSuffixForCreditItems": Rule("credit_suffix"),
    "consolidateInvoices": Rule("consolidate"),
    "invoiceSplit": Rule("split_invoices"),
    "catchUpBillRun": Rule("catch_up_runs"),
}
"""Source: Zuora, settings API, billing rules: the schema and example of GET /settings/billing-rules, and the
table that compares its fields with the texts of the user interface.

The values of taxRateChangeOption, availableToCreditValidationLevel, recurringCreditProrationOption and
stackedDiscountClassApplyRule beside the ones in the example, and the last of daysInMonth and of
legalDocumentGeneratingRule, are spelt as an assumption. That Assume30Days is actual days of 360, and
billToTermEndWhenAutoRenew the rule that its description names, Invoice Past End-of-Term when Auto-Renew is
ON, is one as well.
"""

_FIXED: dict[str, object] = {
    "allowAutoPostBillRun": True,
    "allowIndistinctMapping": False,
    "autoPostBillRunDefaultValue": False,
    "autoRenewalBillRun": True,
    "customerHierarchy": False,
    "discountConsolidated": False,
    "includeChildUsage": False,
    "includeNegativeInvoice": True,
    "notSendZeroItemsForTax": False,
    "numberAssignmentTiming": "Generating",
    "preGenerateInvoicePdf": False,
    "recurringChargeStyle": "DependsOnRatePlan",
    "sequentialInvoiceNumber": False,
    "takeContactSnapshot": False,
    "taxPreview": False,
    "timeOfDailyInvoice": 0,
    "transactionOnSubscription": True,
    "useAvalaraTaxCalculationForIIA": False,
    "zuoraNumberFormatForMergeField": False,
}
"""What the simulator does, whatever is set. Source of the fields: the same."""


class BillingRulesDocument(Document, frozen=True):
    """The billing rules."""

    lacking = frozenset(_FIXED)


_BOOK = RuleBook(
    _SIMULATED,
    _FIXED,
    {
        **{name: FLAG for name, value in _FIXED.items() if isinstance(value, bool)},
        "numberAssignmentTiming": TEXT,
        "recurringChargeStyle": one_of(("Advanced", "Arrears", "DependsOnRatePlan")),
        "timeOfDailyInvoice": {"type": "integer", "minimum": 0, "maximum": 23},
    },
)

SETTINGS = (
    Setting(
        "BillingRules",
        "Billing Rules settings",
        "/billing-rules",
        (
            Operation("GET", _BOOK.show, gives=_BOOK.schema),
            Operation("PUT", _BOOK.change, _BOOK.schema, _BOOK.schema, BillingRulesDocument),
        ),
    ),
)
