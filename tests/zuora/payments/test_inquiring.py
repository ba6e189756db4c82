"""A gateway that is asked again says yes or no."""

from datetime import UTC, datetime

import pytest

from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import NO_ANSWER
from toolkit.billing.inquiries import Inquiry
from toolkit.zuora.payments.inquiring import settle
from toolkit.zuora.state.world import Change, empty


def test_no_answer_is_no_answer() -> None:
    world = empty()
    inquiry = Inquiry(id="1", number="P-1", account_id=None, due=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(RuleError, match="answered by yes or no"):
        settle(Change(world), world, inquiry, NO_ANSWER)
