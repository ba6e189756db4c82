"""What a request may hold, and how far it may reach."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.zuora.calls import limits
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.calls.wire import MOST_ELEMENTS, Body

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order
    from toolkit.zuora.client import Client

TODAY = date(2026, 1, 1)


class Inner(Body, frozen=True):
    """An object in a body."""

    when: date | None = None
    price: Decimal | None = None


class Outer(Body, frozen=True):
    """A body."""

    many: tuple[Inner, ...] = ()
    count: int | None = None
    name: str = ""
    days: tuple[date, ...] = ()


class Open(Body, frozen=True):
    """A body with a field that no limit is for."""

    unbounded: ClassVar[frozenset[str]] = frozenset({"when"})

    when: date | None = None
    count: int | None = None


def accepts(body: Body) -> bool:
    try:
        limits.check(body, TODAY)
    except (InvalidValueError, Refusal):
        return False
    return True


@pytest.mark.parametrize(
    ("day", "accepted"),
    [
        (date(2046, 1, 1), True),
        (date(2046, 1, 2), False),
        (date(2006, 1, 1), True),
        (date(2005, 12, 31), False),
        (date.max, False),
        (date.min, False),
    ],
)
def test_a_date_lies_within_twenty_years(day: date, accepted: bool) -> None:  # noqa: FBT001 - a case's outcome
    assert accepts(Outer(many=(Inner(), Inner(when=day)))) is accepted


@pytest.mark.parametrize(
    ("number", "accepted"),
    [
        ("999999999999999.999", True),
        ("-999999999999999", True),
        ("0.30000000000000004", True),  # as JavaScript sends 0.1 + 0.2
        ("1e15", False),
        ("-1e15", False),
        ("1e999999999", False),
        ("1e-29", False),
        ("0e99", False),
        ("NaN", False),
        ("sNaN", False),
        ("-Infinity", False),
    ],
)
def test_a_number_has_fifteen_digits_before_its_point(number: str, accepted: bool) -> None:  # noqa: FBT001
    assert accepts(Outer(many=(Inner(price=Decimal(number)),))) is accepted


def test_a_whole_number_has_fifteen_digits() -> None:
    assert accepts(Outer(count=10**15 - 1))
    assert not accepts(Outer(count=10**15))


def test_the_message_names_field_and_value() -> None:
    with pytest.raises(
        InvalidValueError, match="'when' should be within 20 years of 2026-01-01, not 9999-12"
    ):
        limits.check(Inner(when=date(9999, 12, 1)), TODAY)


def test_the_message_names_the_field_of_an_element() -> None:
    with pytest.raises(InvalidValueError, match="'days' should be within 20 years"):
        limits.check(Outer(count=1, days=(TODAY, date(9999, 12, 1))), TODAY)


def test_what_is_unbounded_may_hold_anything() -> None:
    limits.check(Open(when=date.max), TODAY)
    with pytest.raises(InvalidValueError, match="'count' should have at most 15 digits"):
        limits.check(Open(when=date.max, count=10**15), TODAY)


def test_arrays_have_so_many_elements_together() -> None:
    assert accepts(Outer(many=(Inner(),) * MOST_ELEMENTS))
    assert not accepts(Outer(many=(Inner(),) * (MOST_ELEMENTS + 1)))


@pytest.mark.parametrize("value", ["x", 1, Decimal("0.1"), True, None])
def test_a_custom_field_has_a_single_value(value: object) -> None:
    assert accepts(Outer(custom_fields={"a__c": value}))
    assert not accepts(Outer(custom_fields={"a__c": [value]}))
    assert not accepts(Outer(custom_fields={"a__c": {"b": value}}))


@pytest.mark.parametrize("version", [None, "2025-08-12"])
def test_a_target_beyond_the_horizon_is_an_invalid_value(call: "Caller", version: str | None) -> None:
    for path, more in (
        ("/v1/operations/billing-preview", {"accountId": "A00000001"}),
        ("/v1/bill-runs", {}),
    ):
        answer = call("POST", path, {"targetDate": "2046-01-02", **more}, version=version)
        code, message = answer.reason
        assert code % 100 == 20
        assert message == "'targetDate' should be within 20 years of 2026-01-01, not 2046-01-02."


def test_the_clock_moves_by_twenty_years_at_most(client: "Client", call: "Caller") -> None:
    answer = call("POST", "/__toolkit/clock", {"advance": "P20Y1D"})
    assert answer.reason[1] == "'to' should be within 20 years of 2026-01-01, not 2046-01-02."
    assert client.advance("P20Y") == "2046-01-01T00:00:00-08:00"
    assert client.advance("P20Y").startswith("2066")


def test_a_subscription_of_short_terms_renews_as_far_as_the_horizon(
    client: "Client", account: str, order: "Order", creation: dict[str, Any]
) -> None:
    terms = {
        "initialTerm": {"period": 1, "periodType": "Week", "termType": "TERMED"},
        "renewalTerms": [{"period": 1, "periodType": "Week"}],
        "autoRenew": True,
    }
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    client.advance("P20Y")
    (shown,) = client.get(f"/v1/subscriptions/accounts/{account}")["subscriptions"]
    assert shown["version"] == 1 + limits.HORIZON // timedelta(weeks=1)
