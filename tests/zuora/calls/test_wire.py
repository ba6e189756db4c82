"""Reading requests and writing answers."""

import json
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.zuora.calls import wire
from toolkit.zuora.calls.refusals import Category, Refusal


class Inner(wire.Body, frozen=True):
    """An object in a body."""

    first_name: str
    kind: Literal["TERMED", "EVERGREEN"] = "TERMED"


class Outer(wire.Body, frozen=True):
    """A body with everything that a body may have."""

    harmless: ClassVar[frozenset[str]] = frozenset({"templateId"})
    lacking: ClassVar[frozenset[str]] = frozenset({"runBilling"})

    amount: Decimal
    count: int | None = None
    when: date | None = None
    inner: Inner | None = None
    many: tuple[Inner, ...] = ()


def refusal(body: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        wire.read(body, Outer)
    return caught.value


def test_numbers_keep_their_digits() -> None:
    assert wire.read(b'{"amount": 123456789012345.123456789}', Outer).amount == Decimal(
        "123456789012345.123456789"
    )


def test_numbers_dates_and_nested_objects_may_come_as_strings() -> None:
    read = wire.read(
        b'{"amount": "1.10", "count": "3", "when": "2026-02-28", "many": [{"firstName": "J"}]}', Outer
    )
    assert (read.amount, read.count, read.when) == (Decimal("1.10"), 3, date(2026, 2, 28))
    assert read.many == (Inner(first_name="J"),)


def test_every_unknown_field_is_named_at_once_wherever_it_stands() -> None:
    body = (
        b'{"amount": 1, "nam": 1, "inner": {"firstName": "J", "x": 1}, "many": [{"firstName": "K", "y": 2}]}'
    )
    found = refusal(body)
    assert (found.category, found.message) == (Category.UNKNOWN_FIELD, "Invalid parameter(s): 'nam,x,y'.")


def test_documented_fields_without_effect_are_read_over() -> None:
    assert wire.read(b'{"amount": 1, "templateId": "t"}', Outer) == Outer(amount=Decimal(1))


@pytest.mark.parametrize("empty", ["null", "false", '""', "[]", "{}", "0"])
def test_a_field_that_is_not_simulated_may_be_empty(empty: str) -> None:
    assert wire.read(b'{"amount": 1, "runBilling": %s}' % empty.encode(), Outer) == Outer(amount=Decimal(1))


def test_a_field_that_is_not_simulated_is_refused_by_name() -> None:
    assert refusal(b'{"amount": 1, "runBilling": true}').message == "'runBilling' is not simulated yet."


def test_custom_fields_beside_standard_ones_are_gathered() -> None:
    read = wire.read(
        b'{"amount": 1, "a__c": "x", "b__QT": 2, "c__NS": null, "customFields": {"d__c": 1}}', Outer
    )
    assert read.custom_fields == {"a__c": "x", "b__QT": 2, "c__NS": None, "d__c": 1}


@pytest.mark.parametrize("body", [b"{}", b'{"amount": null}'])
def test_a_missing_field_may_not_be_null(body: bytes) -> None:
    found = refusal(body)
    assert (found.category, found.message) == (Category.MISSING_FIELD, "'amount' may not be null")


def test_a_missing_field_of_an_inner_object_is_named_with_its_path() -> None:
    assert refusal(b'{"amount": 1, "many": [{}]}').message == "'many.firstName' may not be null"


@pytest.mark.parametrize("place", ['"inner": %s', '"many": [%s]'])
def test_a_word_that_is_none_of_the_known_is_answered_with_these(place: str) -> None:
    found = refusal(b'{"amount": 1, %s}' % (place % '{"firstName": "J", "kind": "X"}').encode())
    assert found.message == "'kind' value should be one of: TERMED, EVERGREEN"  # documented: 53100320
    assert found.category == Category.INVALID_VALUE


@pytest.mark.parametrize("body", [b'{"amount": "x"}', b'{"amount": []}', b'{"amount": 1, "when": "soon"}'])
def test_a_value_of_the_wrong_type_is_an_invalid_value(body: bytes) -> None:
    assert refusal(body).category == Category.INVALID_VALUE


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"1", b"null"])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    assert refusal(body).category in {Category.INVALID_VALUE, Category.MISSING_FIELD}


def test_custom_fields_keep_their_digits_wherever_they_stand() -> None:
    for body in (b'{"amount": 1, "a__c": 0.10}', b'{"amount": 1, "customFields": {"a__c": 0.10}}'):
        assert str(wire.read(body, Outer).custom_fields["a__c"]) == "0.10"


def test_custom_fields_that_are_no_object_are_an_invalid_value() -> None:
    found = refusal(b'{"amount": 1, "customFields": 5, "a__c": 1}')
    assert (found.category, found.message) == (
        Category.INVALID_VALUE,
        "Invalid value for 'customFields': expected `object`, got `int`.",
    )


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b'{"amount": NaN}', b"\xff\xfe", b'{"amount": 01}', b'{"amount": "\xff"}'),
        *(b"[" * 9000, b'{"x": ' * 9000, b'{"amount": "\\ud800"}'),
    ],
)
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    assert refusal(body).category == Category.MALFORMED


def test_parsing_refuses_what_is_no_json() -> None:
    with pytest.raises(Refusal, match="Malformed JSON"):
        wire.parse(b"{")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("15", "15.0"),
        ("15.00", "15.0"),
        ("15.99", "15.99"),
        ("0E-9", "0.0"),
        ("1E+3", "1000.0"),
        ("-0.50", "-0.5"),
    ],
)
def test_amounts_print_at_least_one_decimal_place(value: str, shown: str) -> None:
    assert wire.write(wire.number(Decimal(value))).decode() == shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_an_amount_survives_the_way_there_and_back(value: Decimal) -> None:
    written = wire.write(wire.number(value))
    assert Decimal(written.decode()) == value
    assert isinstance(json.loads(written), float)


def test_what_is_absent_stays_absent() -> None:
    assert (wire.optional(None), wire.day(None)) == (None, None)
