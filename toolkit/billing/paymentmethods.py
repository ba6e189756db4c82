"""Payment methods: the ways in which an account pays, and how they fared."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.retries import RetryRule
from toolkit.billing.storedcredentials import StoredCredential

PaymentMethodStatus = Literal["Active", "Closed", "Scrubbed"]

_SHOWN_DIGITS = 4
_CARD_LENGTHS = range(12, 20)


class PaymentMethod(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A way in which an account pays; the number of a card or a bank account is kept masked, never whole.

    Attributes:
        masked_number: Asterisks and the last four digits.
        token: The gateway's own name of it, for a reference transaction.
        details: What else was given and is shown, such as the bank's name.
        authenticated: Whether its holder has confirmed it with 3-D Secure.
        failures: Payments that failed since the last one that succeeded.
        last_failed: When a payment failed last.
        errors: How many payments failed.
        payments: How many payments succeeded.
        retry: Its own retry rule; None for the tenant's.
        profiles: Its stored credential profiles, in order of their numbers.
    """

    id: str
    number: str
    account_id: str | None
    type: str
    created: datetime
    updated: datetime | None = None
    masked_number: str | None = None
    card_type: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    holder_name: str | None = None
    token: str | None = None
    second_token: str | None = None
    details: Mapping[str, Any] = {}
    status: PaymentMethodStatus = "Active"
    authenticated: bool = False
    failures: int = 0
    last_failed: datetime | None = None
    last_tried: datetime | None = None
    errors: int = 0
    payments: int = 0
    retry: RetryRule | None = None
    custom_fields: Mapping[str, object] = {}
    profiles: tuple[StoredCredential, ...] = ()

    @property
    def last_digits(self) -> str:
        """The last four digits of its number, or nothing."""
        return (self.masked_number or "")[-_SHOWN_DIGITS:]

    def expired(self, day: date) -> bool:
        """Tell whether it is a card whose month has passed."""
        year, month = self.expiration_year, self.expiration_month
        return year is not None and month is not None and (year, month) < (day.year, day.month)


def masked_card(number: str) -> str:
    """Return a card number with asterisks in place of all but its last four digits; spaces do not count.

    Raises:
        InvalidValueError: It is none; the message does not repeat it.
    """
    digits = number.replace(" ", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in _CARD_LENGTHS:
        raise InvalidValueError("'cardNumber' should be a card number of 12 to 19 digits.")
    return _hidden(digits)


def masked_account(number: str, field: str) -> str:
    """Do the same for the number of a bank account, which may have letters.

    Raises:
        InvalidValueError: It is none; the message names the field and does not repeat it.
    """
    digits = number.replace(" ", "")
    if not (digits.isascii() and digits.isalnum()) or len(digits) < _SHOWN_DIGITS:
        raise InvalidValueError(f"'{field}' should be an account number of at least 4 letters and digits.")
    return _hidden(digits)


def _hidden(digits: str) -> str:
    return "*" * (len(digits) - _SHOWN_DIGITS) + digits[-_SHOWN_DIGITS:]


def succeeded(method: PaymentMethod, now: datetime) -> PaymentMethod:
    """Note a payment that the gateway approved; the count of consecutive failures begins anew."""
    return replace(method, failures=0, payments=method.payments + 1, last_tried=now)


def failed(method: PaymentMethod, now: datetime) -> PaymentMethod:
    """Note a payment that failed."""
    return replace(
        method, failures=method.failures + 1, errors=method.errors + 1, last_failed=now, last_tried=now
    )


def scrub(method: PaymentMethod, now: datetime) -> PaymentMethod:
    """Replace what is sensitive by nothing, for good.

    Raises:
        InvalidValueError: It was scrubbed before. Source: a live tenant.
    """
    if method.status == "Scrubbed":
        raise InvalidValueError(f"The payment method {method.id} is scrubbed already.")
    return replace(
        method,
        status="Scrubbed",
        updated=now,
        masked_number=None,
        expiration_month=None,
        expiration_year=None,
        holder_name=None,
        token=None,
        second_token=None,
        details={},
    )
