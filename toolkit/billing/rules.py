"""The tenant's billing rules, each with the default that Zuora documents."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from toolkit.billing.catalog import PriceChange
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.money import RoundingMode, round_money
from toolkit.billing.retries import RetryRule
from toolkit.billing.units import UnitOfMeasure

MonthProration = Literal["actual", "actual_360", "strict_30_360"]
LongPeriodProration = Literal["month_first", "by_day"]
MirrorRule = Literal["yes", "not_zero", "no"]
AllocationRule = Literal["Proration", "FIFO"]


class BillingRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an administrator sets under Billing > Define Billing Rules.

    Attributes:
        month_proration: Denominator and day count of a partial month. Zuora states no default;
            actual days is what recorded tenants use.
        long_period_proration: Whether a partial quarter, half-year or year counts whole months
            first or its days against the days of the period. No default is stated.
        credit_one_time: Whether a one-time charge that was billed is credited when it is removed or
            cancelled.
        prorate_partial_period: Whether a part of a quarter, half-year or year costs its part. If not it
            costs the whole, and nothing of it is credited. Needs `bill_partial_month` to be off.
        bill_partial_month: Whether parts of a month are billed, of charges with periods in months. If not,
            the one that a charge begins with is left out, and the one that it ends in is billed whole.
        bill_partial_week: Whether parts of a week are billed, of charges with periods in weeks. If not,
            those that a charge begins with and ends in are both left out.
        bill_usage_partial_month: Whether usage in the part of a month that a charge begins with is billed;
            that of its end always is.
        bill_usage_partial_week: The same for charges with periods in weeks.
        past_term_end: Whether a period that the end of the term cuts off is billed whole while the term
            lasts, and credited once a target date finds that the subscription was not renewed; for
            subscriptions that do not renew by themselves. Zuora calls this default deprecated. A bill whose
            target date is the term's end or later bills the part alone.
        past_term_end_renewing: The same for those that do. Recorded previews agree with both values:
            they assume renewal, which leaves no term's end within what they bill.
        prorate_to_charge_end: Whether a charge with an end of its own, on or before the term's end, is
            excepted from the two.
        price_change: How prices change with each renewal where neither the subscription nor the catalog
            says so of a charge; None, as for every tenant that has not enabled it, never changes any.
        credit_basis: A credit is what was billed less the re-charge of the used part (the default
            of new tenants), or the price of the unused part.
        credit_prorated_discounts: Whether the fixed discount of an item is prorated when a part of the
            item is credited, or stays as far as what stays billed can take it (default).
        discount_days: Whether a fixed discount whose period is cut short is prorated by months and days, as
            Zuora says that it always is, or by whole months only, as it did before and does unless asked.
        discount_classes: The names of the discount classes, in the order in which they apply; discounts
            of other classes count as without one.
        stacked_discounts: Whether stacked percentage discounts ignore their classes and come first, or
            follow them.
        percentage_of: Whether percentage discounts are of the rounded amount of an item, or of the
            unrounded one, which Zuora offers on request.
        rounding: Currency rounding mode.
        rounding_increments: Of what an amount in a currency is a multiple, such as 0.05 for CHF; a currency
            that is not named has its smallest unit.
        units: The units of measure whose quantities are rounded, by name: of orders when they are stored,
            of usage when it is billed. Those of other units have the digits that were said.
        round_invoices: Whether the total of an invoice is rounded to the increment, by an item of its own,
            and its items are not.
        credit_memo_generation: What of a bill becomes a credit memo: all of it when it is negative in total,
            the charges that are negative in total, all negative items, or those and credits of 0 too.
        credit_suffix: Whether the names of parts and credits end in Proration, Credit or both.
        mirror_items: Whether the credit memo of a reversal or a full write-off repeats the items of the
            invoice, repeats those that are not 0, or has them with a quantity of 1.
        credit_validation: Whether what can be credited of an invoice is limited as a whole or by item too.
        count_engine_credits: Whether what bills have credited leaves less to credit by hand. Zuora states no
            default.
        consolidate: Whether order line items are on the invoice of the subscriptions, or on one of their own.
        split_invoices: Whether invoices can be split.
        schedule_groups: Whether an invoice schedule bills charges together that start on one day (default),
            or those too that lie within the time of these. Zuora documents both.
        catch_up_runs: Whether bill runs can bring charges up to date without documents.
        write_off_rule: How the amount of a write-off is divided among items.
        application_rule: How payments and credit memos are divided among items.
        price_usage_individually: Whether each usage record gets a rounded price of its own, or the
            records of a rating group get one together (default).
        require_service_activation: Whether orders wait for the date of activation (default: it is the
            contract's).
        require_customer_acceptance: Whether they wait for the date of acceptance (default: it is the
            activation's).
        skip_unused: Whether a usage charge without records in a period is left out, or billed as one
            item (default), of 0 unless a flat fee is due without usage.
        unbilled_usage: Whether usage is rated as the feature Unbilled Usage does: a flat fee of the first
            tier is due without usage only where that tier begins at 0, and `skip_unused` does not hold.
        tax_account: Whose sold-to contact and exemption decide the taxes.
        multiple_tax_items: Whether an item that crosses tax periods gets a tax item for each, or one.
        inclusive_tax_rounding: Of a price that includes tax, whether the net amount is rounded and the tax
            is the rest, or the other way round.
        redistribute_tax_rounding: Whether the tax items of one document and rate are to add up to the
            rounded tax on their sum.
        new_tax_rate_for_added_units: Whether a change of price or quantity is taxed at the new rate where
            it adds and at the old one where it takes away, or the credit at the old rate and all that is
            charged anew at the new one.
        payment_retry: When payment runs leave a payment method alone; None (default) for never.

    Raises:
        InvalidValueError: The rules exclude one another.

    Source: Zuora, billing rules - proration, usage, billing document, taxation; customization of currencies;
    data type rounding rules; unbilled usage.
    """

    month_proration: MonthProration = "actual"
    long_period_proration: LongPeriodProration = "month_first"
    credit_one_time: bool = False
    prorate_partial_period: bool = True
    bill_partial_month: bool = True
    bill_partial_week: bool = True
    bill_usage_partial_month: bool = True
    bill_usage_partial_week: bool = True
    past_term_end: bool = True
    past_term_end_renewing: bool = True
    prorate_to_charge_end: bool = False
    price_change: PriceChange | None = None
    credit_basis: Literal["billed_period", "credit_period"] = "billed_period"
    credit_prorated_discounts: bool = False
    discount_days: bool = True
    discount_classes: tuple[str, ...] = ()
    stacked_discounts: Literal["ignore_class", "follow_class"] = "ignore_class"
    percentage_of: Literal["rounded", "unrounded"] = "rounded"
    rounding: RoundingMode = "HALF_UP"
    rounding_increments: Mapping[str, Decimal] = {}
    units: Mapping[str, UnitOfMeasure] = {}
    round_invoices: bool = False
    credit_memo_generation: Literal[
        "net_negative", "net_negative_by_charge", "negative", "negative_and_zero_credits"
    ] = "net_negative"
    credit_suffix: bool = True
    mirror_items: MirrorRule = "yes"
    credit_validation: Literal["header", "header_and_item"] = "header"
    count_engine_credits: bool = True
    consolidate: bool = True
    split_invoices: bool = False
    schedule_groups: Literal["start", "term"] = "start"
    catch_up_runs: bool = False
    write_off_rule: AllocationRule = "Proration"
    application_rule: AllocationRule = "Proration"
    price_usage_individually: bool = False
    skip_unused: bool = False
    unbilled_usage: bool = False
    require_service_activation: bool = False
    require_customer_acceptance: bool = False
    tax_account: Literal["subscription_owner", "invoice_owner"] = "subscription_owner"
    multiple_tax_items: bool = False
    inclusive_tax_rounding: Literal["net", "tax"] = "net"
    redistribute_tax_rounding: bool = False
    new_tax_rate_for_added_units: bool = False
    payment_retry: RetryRule | None = None

    def __post_init__(self) -> None:
        if self.bill_partial_month and not self.prorate_partial_period:
            raise InvalidValueError(
                "Partial months cannot be billed where partial periods are not prorated: turn off "
                "'bill_partial_month' too."
            )
        partial = self.bill_partial_month and self.bill_partial_week and self.prorate_partial_period
        if not (self.past_term_end_renewing or partial):
            raise InvalidValueError(
                "Subscriptions that renew by themselves can be billed to the end of their term only where "
                "partial months, weeks and periods are billed."
            )
        for currency, increment in self.rounding_increments.items():
            if increment <= 0:
                raise InvalidValueError(
                    f"The rounding increment of {currency} should be greater than 0, not {increment}."
                )

    def rounded(self, amount: Decimal, currency: str) -> Decimal:
        """Round the amount of an item as the tenant rounds this currency."""
        if self.round_invoices or not self.rounding_increments:
            return round_money(amount, currency, self.rounding)
        return self.rounded_total(amount, currency)

    def rounded_total(self, amount: Decimal, currency: str) -> Decimal:
        """Round the total of an invoice as the tenant rounds this currency."""
        return round_money(amount, currency, self.rounding, self.rounding_increments.get(currency))

    def included(self, tax: Decimal, gross: Decimal, currency: str) -> Decimal:
        """Round the tax that a gross amount includes, or the net amount, of which it is what is left."""
        if self.inclusive_tax_rounding == "tax":
            return self.rounded(tax, currency)
        return gross - self.rounded(gross - tax, currency)

    def rounded_quantity(self, quantity: Decimal, uom: str | None) -> Decimal:
        """Round a quantity as the tenant rounds this unit of measure."""
        unit = self.units.get(uom or "")
        return quantity if unit is None else unit.rounded(quantity)


DEFAULT_RULES = BillingRules()
