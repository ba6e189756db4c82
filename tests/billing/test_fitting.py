"""Which terms and prices no subscription takes."""

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.subscriptions import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

START = date(2026, 1, 1)
FIXED = {"model": "DiscountFixedAmount", "discount_level": "subscription"}
TERM = {"billing_period": "Subscription_Term"}


@pytest.mark.parametrize(
    ("terms", "term", "message"),
    [
        (
            {"list_price_base": "Per_Month", "billing_period": "Week"},
            None,
            "priced Per_Month and cannot be billed",
        ),
        ({"list_price_base": "Per_Year", "billing_period": "Specific_Days"}, None, "by Specific_Days"),
        (
            {"list_price_base": "Per_Specific_Months", "billing_period": "Specific_Weeks"},
            None,
            "Specific_Weeks",
        ),
        ({"list_price_base": "Per_Week", "billing_period": "Quarter"}, None, "priced Per_Week"),
        ({"list_price_base": "Per_Week", "billing_period": "Specific_Months"}, None, "Specific_Months"),
        ({"list_price_base": "Per_Week", **TERM}, Term(6, "Month"), "by Subscription_Term"),
        ({"list_price_base": "Per_Month", **TERM}, Term(10, "Day"), "by Subscription_Term"),
        (FIXED, None, "at least 0, not None"),
        ({**FIXED, "discount": -1}, None, "at least 0, not -1"),
        ({**FIXED, "discount": 1, "type": "Usage"}, None, "one-time, or recurring with a billing period"),
        ({**FIXED, "discount": 1, "billing_period": None}, None, "recurring with a billing period"),
    ],
)
def test_terms_that_would_be_rated_0_are_refused(
    terms: dict[str, Any],
    term: Term | None,
    message: str,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    one = customer()
    with pytest.raises(InvalidValueError, match=message):
        one.subscribe(sold(7, **terms), start=START, term=term)


@pytest.mark.parametrize(
    ("terms", "term", "amount"),
    [
        ({"list_price_base": "Per_Week", **TERM}, Term(4, "Week"), 28),
        ({"list_price_base": "Per_Month", **TERM}, Term(1, "Year"), 84),
        ({"list_price_base": "Per_Month", **TERM}, None, 7),
        ({"list_price_base": "Per_Month", "billing_period": None}, None, 7),
        (
            {"list_price_base": "Per_Week", "billing_period": "Specific_Days", "specific_billing_period": 14},
            None,
            14,
        ),
        ({"list_price_base": "Per_Week", "type": "OneTime"}, None, 7),
    ],
)
def test_terms_that_fit_are_billed(
    terms: dict[str, Any],
    term: Term | None,
    amount: int,
    customer: "type[Customer]",
    sold: "Callable[..., Sold]",
) -> None:
    one = customer()
    one.subscribe(sold(7, **terms), start=START, term=term)
    assert one.bill(START).total == amount


def test_a_fixed_discount_of_nothing_is_taken_off_nothing(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(7), sold(**FIXED, discount=0), start=START)
    assert [line.item.amount for line in one.bill(START).lines] == [7]
