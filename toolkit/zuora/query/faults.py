"""Faults: why a query is refused as a whole."""

from typing import Literal

FaultCode = Literal[
    "INVALID_FIELD", "INVALID_QUERY_LOCATOR", "INVALID_TYPE", "INVALID_VALUE", "MALFORMED_QUERY"
]
"""Source: Zuora, SOAP faults."""


class Fault(Exception):  # noqa: N818 - the word of this domain: a refused query is no fault of ours
    """A query that is refused.

    Args:
        code: What is wrong.
        message: Zuora's sentence where one is known.
    """

    def __init__(self, code: FaultCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def malformed(what: str = "") -> Fault:
    """Return the fault of a query that cannot be read. Source: recorded by clients of live tenants."""
    return Fault("MALFORMED_QUERY", f"You have an error in your ZOQL syntax{what and ': '}{what}")
