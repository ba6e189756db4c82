"""Payment methods keep no number whole, and count how they fare."""

from datetime import UTC, datetime

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.paymentmethods import (
    PaymentMethod,
    failed,
    masked_account,
    masked_card,
    scrub,
    succeeded,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CARD = PaymentMethod(
    id="1",
    number="PM-1",
    account_id=None,
    type="CreditCard",
    created=NOW,
    masked_number="************1111",
    holder_name="Ada Tanaka",
    token="tok",  # noqa: S106 - a gateway's name of a card
    details={"city": "Kyoto"},
)


def test_only_the_last_four_digits_are_kept() -> None:
    assert masked_card("4111 1111 1111 1111") == "************1111"
    assert masked_account("12345", "bankAccountNumber") == "*2345"
    for wrong in ("4111-1111-1111-1111", "4111", "٤١١١١١١١١١١١١١١١"):
        with pytest.raises(InvalidValueError, match="'cardNumber' should be a card number of 12 to 19"):
            masked_card(wrong)
    for wrong in ("123", "12-34"):
        with pytest.raises(InvalidValueError, match="'IBAN' should be an account number of at least 4"):
            masked_account(wrong, "IBAN")


def test_a_success_ends_a_row_of_failures() -> None:
    twice = failed(failed(CARD, NOW), NOW)
    assert (twice.failures, twice.errors, twice.last_failed) == (2, 2, NOW)
    paid = succeeded(twice, NOW)
    assert (paid.failures, paid.errors, paid.payments, paid.last_tried) == (0, 2, 1, NOW)


def test_what_is_scrubbed_says_nothing_any_more_and_is_scrubbed_once() -> None:
    gone = scrub(CARD, NOW)
    assert (gone.status, gone.last_digits, gone.holder_name, gone.token) == ("Scrubbed", "", None, None)
    assert not gone.details
    with pytest.raises(InvalidValueError, match="PM|1 is scrubbed already"):
        scrub(gone, NOW)
