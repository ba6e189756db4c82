"""Payment runs leave a payment method alone when the rules say so."""

from datetime import UTC, datetime, timedelta

import pytest

from toolkit.billing.errors import InvalidValueError
from toolkit.billing.retries import RetryRule, may_try

NOW = datetime(2024, 1, 1, 10, tzinfo=UTC)


def test_after_as_many_failures_as_are_allowed_it_is_never_tried_again() -> None:
    """Source: prevent a retry attempt (PAY-005)."""
    once = RetryRule(max_failures=1)
    assert may_try(once, 0, None, NOW)
    assert not may_try(once, 1, NOW, NOW + timedelta(days=999))
    assert may_try(RetryRule(max_failures=2), 1, NOW, NOW)


@pytest.mark.parametrize(("hours", "again"), [(0, False), (7, False), (8, True), (9, True)])
def test_an_interval_has_to_pass_since_the_last_failure(hours: int, *, again: bool) -> None:
    """Source: configure payment retry rules, whose interval is 8 hours."""
    assert may_try(RetryRule(interval=8), 1, NOW, NOW + timedelta(hours=hours)) is again


def test_without_a_rule_or_a_failure_it_is_always_tried() -> None:
    assert may_try(None, 9, NOW, NOW)
    assert may_try(RetryRule(interval=8), 0, NOW, NOW)


@pytest.mark.parametrize("rule", [{"max_failures": 0}, {"max_failures": 101}, {"interval": -1}])
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, int]) -> None:
    with pytest.raises(InvalidValueError, match="is 1 to 100, not|at least 0, not -1"):
        RetryRule(**rule)
