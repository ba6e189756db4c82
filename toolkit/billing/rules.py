"""The tenant's billing rules, each with the default that Zuora documents."""

from typing import Literal

import msgspec

from toolkit.billing.money import RoundingMode

MonthProration = Literal["actual", "actual_360", "strict_30_360"]
LongPeriodProration = Literal["month_first", "by_day"]


class BillingRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator sets under Billing > Define Billing Rules.

    Attributes:
        month_proration: Denominator and day count of a partial month. Zuora states no default;
            actual days is what recorded tenants use.
        long_period_proration: Whether a partial quarter, half-year or year counts whole months
            first or its days against the days of the period. No default is stated.
        credit_basis: A credit is what was billed less the re-charge of the used part (the default
            of new tenants), or the price of the unused part.
        rounding: Currency rounding mode.
        price_usage_individually: Whether each usage record gets a rounded price of its own, or the
            records of a rating group get one together (default).
        skip_unused: Whether a usage charge without records in a period is left out, or billed as one
            item (default), of 0 unless a flat fee is due without usage.
    """

    month_proration: MonthProration = "actual"
    long_period_proration: LongPeriodProration = "month_first"
    credit_basis: Literal["billed_period", "credit_period"] = "billed_period"
    rounding: RoundingMode = "HALF_UP"
    price_usage_individually: bool = False
    skip_unused: bool = False


DEFAULT_RULES = BillingRules()
