"""What can be rated: which terms and prices of a charge go together, and with a subscription."""

from collections.abc import Iterator

from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.periods import MONTHS, Grid
from toolkit.billing.subscriptions import Charge, Subscription, Term, grid

_OF_MONTHS = frozenset({"Per_Month", "Per_Year", "Per_Specific_Months", "Per_Validity_Period"})
_OF_USAGE = frozenset(
    {
        *("Overage", "TieredWithOverage", "PreratedPerUnit", "PreratedPricing"),
        *("HighWatermarkVolumePricing", "HighWatermarkTieredPricing"),
    }
)
_BY_FORMULA = frozenset({"MultiAttributePricing", "Calculated"})
_COUNTED = frozenset({"Specific_Months", "Specific_Weeks", "Specific_Days"})
_OF_CALENDAR = frozenset({"SpecificDayofWeek", "SpecificDayofMonth"})
_OF_TERM_END = frozenset({"TermEndDay", "AlignToTermEnd"})


def check_terms(terms: ChargeTerms) -> None:
    """Refuse terms that no subscription could be billed by, such as those of a charge of the catalog.

    Source: as of `check_ratable`.

    Raises:
        MissingValueError: They lack what they call for.
        InvalidValueError: They do not go together.
    """
    for field in _lacking(terms):
        raise MissingValueError(field)
    if terms.model in _BY_FORMULA:
        raise InvalidValueError(f"The charge model {terms.model} is not simulated: it prices by a formula.")
    for problem in _unlike(terms):
        raise InvalidValueError(f"The charge '{terms.name}' {problem}.")


def check_fit(number: str, terms: ChargeTerms, pricing: Pricing, term: Term | None) -> None:
    """Refuse terms that would be rated 0 whatever the price.

    Source: Zuora, list price base: weeks and months do not divide one another; discount charge models: a
    fixed discount is a one-time or a recurring charge. That they are refused is an assumption.

    Args:
        number: The charge's in the catalog, for the message.
        terms: How it is billed.
        pricing: What it costs.
        term: The subscription's, which is the billing period of some charges.

    Raises:
        InvalidValueError: The list price base is of months and the billing period of weeks or days or the
            other way round, or it is of validity periods and the charge has none, or a fixed discount has
            no amount or one below 0, has no billing period, or is for usage.
    """
    base = terms.list_price_base
    if base is not None and base != "Per_Billing_Period" and terms.type == "Recurring":
        in_months = _in_months(terms, term)
        valid = base != "Per_Validity_Period" or terms.prepaid is not None
        if not valid or in_months != (base in _OF_MONTHS):
            raise InvalidValueError(
                f"The charge {number} is priced {base} and cannot be billed by {terms.billing_period}."
            )
    if terms.model == "DiscountFixedAmount":
        if pricing.discount_amount is None or pricing.discount_amount < 0:
            raise InvalidValueError(
                f"The fixed discount {number} should have an amount of at least 0, "
                f"not {pricing.discount_amount}."
            )
        if terms.type == "Usage" or (terms.type == "Recurring" and terms.billing_period is None):
            raise InvalidValueError(
                f"The fixed discount {number} should be one-time, or recurring with a billing period."
            )


def check_ratable(subscription: Subscription, charge: Charge, bill_cycle_day: int) -> None:
    """Refuse a charge that could not be rated, or only by leaving out what its terms say.

    Source: Zuora, field descriptions of ProductRatePlanCharge; date attributes for product rate plan charges;
    delivery pricing; charge level proration option for a recurring charge, with its limitations.

    Args:
        subscription: The version that is to have it.
        charge: A segment of it.
        bill_cycle_day: The account's, 1-31.

    Raises:
        MissingValueError: It lacks what its terms call for.
        InvalidValueError: Its terms do not go together, or with the subscription.
    """
    terms = charge.terms
    check_terms(terms)
    if terms.end_date_condition == "Specific_End_Date" and charge.specific_end_date is None:
        raise MissingValueError("specificEndDate")
    if terms.type != "OneTime" and not terms.model.startswith("Discount"):
        for problem in _unbillable(subscription, charge, bill_cycle_day):
            raise InvalidValueError(f"The charge '{terms.name}' {problem}.")


def _in_months(terms: ChargeTerms, term: Term | None) -> bool:
    if terms.billing_period == "Subscription_Term":
        return term is None or term.unit in {"Month", "Year"}
    return terms.billing_period in {None, "Specific_Months"} or terms.billing_period in MONTHS


def _lacking(terms: ChargeTerms) -> Iterator[str]:
    """Yield what terms call for and do not have, by the names on the wire."""
    if terms.billing_period in _COUNTED and not terms.specific_billing_period:
        yield "specificBillingPeriod"
    if terms.list_price_base == "Per_Specific_Months" and not terms.specific_list_price_base:
        yield "specificListPriceBase"
    if terms.billing_day == "SpecificDayofMonth" and not terms.bill_cycle_day:
        yield "billCycleDay"
    if terms.billing_day == "SpecificDayofWeek" and terms.weekly_bill_cycle_day is None:
        yield "weeklyBillCycleDay"
    if terms.end_date_condition == "Fixed_Period" and not terms.up_to_periods:
        yield "upToPeriods"
    if terms.model == "Delivery" and not terms.delivery_days:
        yield "deliverySchedule"


def _unlike(terms: ChargeTerms) -> Iterator[str]:
    """Yield what of a charge's type and model does not go together."""
    kind, model, option = terms.type, terms.model, terms.proration_option
    if model in _OF_USAGE and kind != "Usage":
        yield f"has the model {model}, which prices usage, and should be of the type Usage, not {kind}"
    if model == "Delivery" and (kind != "Recurring" or terms.timing == "IN_ARREARS"):
        yield "has the model Delivery and should be Recurring, billed in advance"
    if terms.delivery_days and model != "Delivery":
        yield f"has a delivery schedule and should have the model Delivery, not {model}"
    if terms.end_date_condition == "One_Time" and kind != "OneTime":
        yield f"ends after one time and should be of the type OneTime, not {kind}"
    if option in {"NoProration", "TimeBasedProration"} and kind != "Usage":
        yield f"has the proration option {option}, which is of usage, and is of the type {kind}"
    if option == "ChargeFullPeriod" and (kind != "Recurring" or model.startswith(("Discount", "Delivery"))):
        yield f"cannot charge full periods, being of the type {kind} and the model {model}"


def _unbillable(subscription: Subscription, charge: Charge, bill_cycle_day: int) -> Iterator[str]:
    """Yield what of a charge's periods does not go together."""
    terms = charge.terms
    evergreen = subscription.term_end is None
    if terms.billing_day in _OF_CALENDAR or terms.proration_option == "ChargeFullPeriod":
        span = grid(subscription, charge, bill_cycle_day)
        if span.months and terms.billing_day == "SpecificDayofWeek":
            yield f"is billed on a day of the week and cannot have the billing period {terms.billing_period}"
        if span.days and terms.billing_day == "SpecificDayofMonth":
            yield f"is billed on a day of the month and cannot have the billing period {terms.billing_period}"
        if terms.proration_option == "ChargeFullPeriod":
            yield from _partial(subscription, terms, span)
    if terms.alignment == "AlignToTermEnd" and terms.billing_day != "TermEndDay":
        yield "is aligned to the term's end and should be billed on the term end day"
    if evergreen and not _OF_TERM_END.isdisjoint({terms.billing_day, terms.alignment}):
        yield "is billed by the end of a term, which the evergreen subscription does not have"
    if evergreen and terms.model == "Delivery":
        yield "has the model Delivery, which an evergreen subscription cannot have"


def _partial(subscription: Subscription, terms: ChargeTerms, span: Grid) -> Iterator[str]:
    """Yield why a charge that charges full periods would have partial ones."""
    if terms.billing_period == "Subscription_Term" or terms.alignment != "AlignToTermStart":
        yield "charges full periods, which should not be terms, and be aligned to the term's start"
    start, end = subscription.term_start, subscription.term_end
    if span.floor(start) != start or (end is not None and span.floor(end) != end):
        yield "charges full periods, which should begin and end with the term"
    if terms.list_price_base == "Per_Year" and span.months < MONTHS["Annual"]:
        yield "charges full periods and cannot have a price per year and a shorter period"
