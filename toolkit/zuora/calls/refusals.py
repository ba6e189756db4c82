"""Refusals: what is wrong, as Zuora's code, message and HTTP status."""

import sys
import traceback
from decimal import DecimalException
from enum import IntEnum
from typing import Self

from toolkit.billing.errors import (
    BillingError,
    CancelledError,
    GatewayError,
    InvalidValueError,
    MissingValueError,
    NotFoundError,
    RuleError,
)

NO_RESOURCE = 500000
"""The resource code of a call without a payload. Source: Zuora, error codes."""

_ORDERED_SUBSCRIPTION = 587300
"""The resource code of a subscription in an order. Source: a live tenant, changing a cancelled one."""

_CODE_FACTOR = 100

_FIELD_RESOURCES = {
    (510000, "currency"): 510003,
    (530000, "invoiceTargetDate"): 530010,
    (530000, "renewalTermPeriodType"): 530018,
    (530000, "termType"): 531003,
    (531000, "termType"): 531003,
}
"""The resource codes of single fields of a body, where they are known.

Sources: Zuora, create an account, create a subscription; recorded, contactually/zuora-ruby, a subscription
with a wrong date and a wrong period.
"""


class Category(IntEnum):
    """The last two digits of an error code. Source: Zuora, error codes."""

    PERMISSION = 10
    AUTHENTICATION = 11
    INVALID_VALUE = 20
    UNKNOWN_FIELD = 21
    MISSING_FIELD = 22
    MISSING_PARAMETER = 23
    QUERY_PARAMETER = 27
    RULE = 30
    NOT_FOUND = 40
    UNSUPPORTED = 45
    LOCK = 50
    INTERNAL = 60
    TEMPORARY = 61
    LIMIT = 70
    MALFORMED = 90
    INTEGRATION = 99


_STATUS = {
    Category.PERMISSION: 403,
    Category.AUTHENTICATION: 401,
    Category.NOT_FOUND: 404,
    Category.UNSUPPORTED: 415,
    Category.LOCK: 409,
    Category.INTERNAL: 500,
    Category.TEMPORARY: 500,
    Category.LIMIT: 429,
    Category.INTEGRATION: 500,
}

_WORDS = {
    Category.PERMISSION: "API_DISABLED",
    Category.UNKNOWN_FIELD: "INVALID_FIELD",
    Category.MISSING_FIELD: "MISSING_REQUIRED_VALUE",
    Category.NOT_FOUND: "INVALID_ID",
    Category.INTERNAL: "UNKNOWN_ERROR",
    Category.TEMPORARY: "TEMPORARY_ERROR",
    Category.INTEGRATION: "TRANSACTION_FAILED",
    Category.LOCK: "LOCK_COMPETITION",
    Category.LIMIT: "REQUEST_EXCEEDED_LIMIT",
}
"""The codes of /v1/object and of the actions; of other categories it is INVALID_VALUE.

Source: Zuora, SOAP error codes.
"""

_CATEGORIES: dict[type[BillingError], Category] = {
    NotFoundError: Category.NOT_FOUND,
    InvalidValueError: Category.INVALID_VALUE,
    MissingValueError: Category.MISSING_FIELD,
    RuleError: Category.RULE,
    GatewayError: Category.INTEGRATION,
}


class Refusal(Exception):  # noqa: N818 - the word of this domain: a refused request is no fault of ours
    """A request that is refused.

    Args:
        category: The kind of error; with the endpoint's resource it makes the code.
        message: Zuora's sentence where one is known.
        resource: The resource code where it is not the endpoint's.
        status: The HTTP status where it does not follow from the category, for every version.
        word: The code for a call of /v1/object where it does not follow from the category.

    Attributes:
        field: The field of the body that is wrong, where it is one.
        more: What is wrong besides, each a reason of its own.
    """

    def __init__(
        self,
        category: Category,
        message: str,
        *,
        resource: int | None = None,
        status: int | None = None,
        word: str | None = None,
    ) -> None:
        super().__init__(message)
        self.category = category
        self.message = message
        self.resource = resource
        self.status = status
        self.field = ""
        self.more: tuple[Refusal, ...] = ()
        self.word = word or _WORDS.get(category, "INVALID_VALUE")

    def of(self, field: str) -> Self:
        """Say which field is wrong."""
        self.field = field
        return self

    def code(self, resource: int) -> int:
        """Return the eight-digit code for a call of this resource."""
        by_field = _FIELD_RESOURCES.get((resource, self.field), resource)
        return (self.resource or by_field) * _CODE_FACTOR + self.category

    def http_status(self, *, by_category: bool) -> int:
        """Return the status; before the version that answers by category every error is HTTP 200."""
        if self.status is not None:
            return self.status
        return _STATUS.get(self.category, 400) if by_category else 200


def refusal_of(error: Exception) -> Refusal:
    """Return the refusal of a call that ended with this error.

    What the domain refuses has the category of its class. A date behind the end of the calendar, or a
    number of too many digits, comes from what was asked. What the disk has no room for is said, here and
    on standard error. Anything else is our fault: its traceback goes to standard error, its answer is
    HTTP 500 in every version. Source of the sentence: a live tenant.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, CancelledError):
        return Refusal(Category.INVALID_VALUE, str(error), resource=_ORDERED_SUBSCRIPTION)
    if isinstance(error, BillingError):
        category = next(_CATEGORIES[kind] for kind in type(error).__mro__ if kind in _CATEGORIES)
        return Refusal(category, str(error))
    if isinstance(error, OverflowError | DecimalException):
        return Refusal(Category.INVALID_VALUE, "A date or an amount is beyond what can be computed.")
    if isinstance(error, OSError):
        said = f"The simulator cannot keep this request: {error.strerror}. Make room, and send it again."
        sys.stderr.write(f"{said}\n")
        return Refusal(Category.INTERNAL, said, status=500)
    traceback.print_exception(error)
    return Refusal(
        Category.INTERNAL, "Oops, internal error occurred, please contact Zuora support.", status=500
    )


def unsigned() -> Refusal:
    """Return the refusal of a call without valid credentials. Source: recorded, byte by byte."""
    return Refusal(
        Category.AUTHENTICATION,
        "this resource is protected, please sign in first",
        resource=900000,
        status=401,
    )


def no_endpoint(path: str) -> Refusal:
    """Return the refusal of a path that Zuora, or this simulator, does not serve. Source: recorded."""
    return Refusal(
        Category.NOT_FOUND,
        f"The endpoint {path} does not exist. Please check the URL or refer to the API documentation.",
        resource=NO_RESOURCE,
        status=404,
    )
