"""What stands for a secret has its shape, and never stands for two."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.recording.fields import Kind
from toolkit.recording.placeholders import Placeholders, is_placeholder, passes_luhn

TEST_CARDS = ["4111111111111111", "378282246310005", "5555555555554444", "30569309025904", "6011111111111117"]
NUMBERED = [kind for kind in Kind if kind not in (Kind.DIGITS, Kind.CARD)]


@pytest.mark.parametrize("number", TEST_CARDS)
def test_the_card_schemes_own_test_numbers_pass(number: str) -> None:
    assert passes_luhn(number)
    assert not passes_luhn(number[:-1] + str((int(number[-1]) + 1) % 10))


@pytest.mark.parametrize(
    ("kind", "secret", "shape"),
    [
        (Kind.SECRET, "c652cbc0ea384b9f81856a93a2a74538", r"5ec2e7[0-9a-f]{26}"),
        (Kind.SECRET, "C652CBC0EA384B9F", r"5ec2e7[0-9A-F]{10}"),
        (Kind.SECRET, "0f5c7f4e-7b0a-4d0c-9f0e-1d1f1a1b1c1d", r"5ec2e700-0000-4000-8000-[0-9a-f]{12}"),
        (Kind.SECRET, "hunter2", r"redacted-secret-1"),
        (Kind.SECRET, "123456", "999999"),
        (Kind.EMAIL, "ada@example.com", r"person-1@redacted\.example"),
        (Kind.CARD, "4111-1111-1111-1111", r"4000-0000-0000-\d{4}"),
        (Kind.CARD, "378282246310005", r"4000000\d{8}"),
        (Kind.PHONE, "+49 30 123456", r"\+1-555-0100-0001"),
        (Kind.DIGITS, "SW1A 1AA", "XX9X 9XX"),
    ],
)
def test_a_placeholder_has_the_shape_of_what_was_there(kind: Kind, secret: str, shape: str) -> None:
    assert re.fullmatch(shape, Placeholders()(kind, secret))


@pytest.mark.parametrize("number", TEST_CARDS)
def test_a_cards_placeholder_passes_a_shops_check(number: str) -> None:
    assert passes_luhn(Placeholders()(Kind.CARD, number))


def test_a_card_is_the_same_however_its_digits_are_grouped() -> None:
    placeholders = Placeholders()
    plain = placeholders(Kind.CARD, "4111111111111111")
    assert placeholders(Kind.CARD, "4111 1111 1111 1111").replace(" ", "") == plain


@given(st.lists(st.tuples(st.sampled_from(NUMBERED), st.text(min_size=1))))
def test_the_same_secret_has_one_placeholder_and_another_another(secrets: list[tuple[Kind, str]]) -> None:
    placeholders = Placeholders()
    first = {secret: placeholders(kind, secret) for kind, secret in secrets}
    numbered = {secret: given for secret, given in first.items() if not secret.isdecimal()}
    assert {secret: placeholders(Kind.SECRET, secret) for secret in numbered} == numbered
    assert len(set(numbered.values())) == len(numbered)


@given(st.sampled_from(NUMBERED), st.text(min_size=1))
def test_a_placeholder_stands_for_itself(kind: Kind, secret: str) -> None:
    placeholder = Placeholders()(kind, secret)
    if not secret.isdecimal():
        assert is_placeholder(kind, placeholder)
    assert Placeholders()(kind, placeholder) == placeholder


def test_a_placeholder_that_is_met_is_not_given_to_another_secret() -> None:
    placeholders = Placeholders()
    assert placeholders(Kind.SECRET, "redacted-secret-2") == "redacted-secret-2"
    assert placeholders(Kind.SECRET, "hunter2") == "redacted-secret-3"
