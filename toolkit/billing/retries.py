"""Retries: whether a payment run may try a payment method again."""

from datetime import datetime, timedelta

import msgspec

from toolkit.billing.errors import InvalidValueError

_MOST_FAILURES = 100


class RetryRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a payment run leaves a payment method alone. Source: Zuora, configure payment retry rules.

    Attributes:
        max_failures: Consecutive failures, 1-100, after which it is not tried again; None for no limit.
        interval: Whole hours since its last failure in which it is not tried; None for no wait.
    """

    max_failures: int | None = None
    interval: int | None = None

    def __post_init__(self) -> None:
        if self.max_failures is not None and not 1 <= self.max_failures <= _MOST_FAILURES:
            raise InvalidValueError(
                f"The maximum number of payment failures is 1 to {_MOST_FAILURES}, not {self.max_failures}."
            )
        if self.interval is not None and self.interval < 0:
            raise InvalidValueError(
                f"The payment retry window is a number of hours of at least 0, not {self.interval}."
            )


def may_try(rule: RetryRule | None, failures: int, last_failed: datetime | None, now: datetime) -> bool:
    """Tell whether a payment method may be charged by a payment run.

    Args:
        rule: The method's own, or the tenant's; None where retries are not limited.
        failures: Its consecutive failures.
        last_failed: When it failed last.
        now: The moment of the run.

    Source: Zuora, prevent a retry attempt (PAY-005); configure payment retry rules, where an interval of
    8 hours stops an attempt if the last failure was less than 8 hours ago.
    """
    if rule is None or last_failed is None or not failures:
        return True
    if rule.max_failures is not None and failures >= rule.max_failures:
        return False
    return rule.interval is None or now - last_failed >= timedelta(hours=rule.interval)
