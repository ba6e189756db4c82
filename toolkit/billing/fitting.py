"""Fitting: whether the terms and the price of a charge can be rated together."""

from toolkit.billing.catalog import ChargeTerms, Pricing
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.periods import MONTHS
from toolkit.billing.subscriptions import Term

_OF_MONTHS = frozenset({"Per_Month", "Per_Year", "Per_Specific_Months", "Per_Validity_Period"})


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


def _in_months(terms: ChargeTerms, term: Term | None) -> bool:
    if terms.billing_period == "Subscription_Term":
        return term is None or term.unit in {"Month", "Year"}
    return terms.billing_period in {None, "Specific_Months"} or terms.billing_period in MONTHS
