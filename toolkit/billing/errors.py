"""What the domain refuses, in its own words; zuora/refusals.py turns each into a code and a status."""


class BillingError(Exception):
    """A request that the domain refuses; the message is Zuora's sentence where one is known."""


class NotFoundError(BillingError):
    """Nothing has this key.

    Args:
        key: The id or number as it was given.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"Cannot find entity by key: '{key}'.")


class InvalidValueError(BillingError):
    """A field has a value that it may not have."""


class MissingValueError(BillingError):
    """A field that the request needs is absent.

    Args:
        field: Its name on the wire.
    """

    def __init__(self, field: str) -> None:
        super().__init__(f"'{field}' may not be null")


class RuleError(BillingError):
    """A business rule forbids it in the present state."""


class CancelledError(RuleError):
    """A cancelled subscription is to be changed.

    Args:
        number: The subscription's.
    """

    def __init__(self, number: str) -> None:
        super().__init__(f"The subscription {number} is cancelled and cannot be changed.")


class GatewayError(BillingError):
    """A payment gateway declined a payment that something else depends on."""
