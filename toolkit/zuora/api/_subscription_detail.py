"""How much of a subscription a call asks for: which segments, which plans, its metrics and its owners."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from toolkit.billing.errors import InvalidValueError, MissingValueError
from toolkit.billing.subscriptions import Charge, Subscription
from toolkit.zuora.api.accounts import basic_info
from toolkit.zuora.api.subscription_metrics import day_of, metrics_of
from toolkit.zuora.calls.endpoint import Call

_SEGMENTS = ("last-segment", "current-segment", "all-segments", "specific-segment")
_METRICS = ("contractedNetMrr", "asOfDayGrossMrr", "asOfDayNetMrr")


class Detail(NamedTuple):
    """Which charges are shown.

    Attributes:
        segments: One of what `charge-detail` knows.
        day: The day whose segments are current.
        bare_plans: Whether a rate plan of which no charge is left is shown.
    """

    segments: str
    day: date
    bare_plans: bool

    def of(self, charges: Iterable[Charge]) -> list[Charge]:
        """Return those of a plan's charges that are shown."""
        if self.segments == "all-segments":
            return list(charges)
        if self.segments != "last-segment":
            charges = [charge for charge in charges if charge.holds(self.day)]
        return list({charge.number: charge for charge in charges}.values())


def detail_of(call: Call) -> Detail:
    """Return which charges a call asks for. Source: the official SDK, retrieve a subscription by key.

    Raises:
        InvalidValueError: There is no such choice, or the day is none.
        MissingValueError: A segment of a day is asked for, and no day.
    """
    segments = call.query.get("charge-detail", "last-segment")
    if segments not in _SEGMENTS:
        raise InvalidValueError(f"'charge-detail' value should be one of: {', '.join(_SEGMENTS)}")
    bare_plans = call.query.get("exclude-rate-plans-with-no-charges") != "true"
    if segments != "specific-segment":
        return Detail(segments, call.world.today, bare_plans)
    if "as-of-date" not in call.query:
        raise MissingValueError("as-of-date")
    return Detail(segments, day_of(call, "as-of-date"), bare_plans)


def more_of(call: Call, subscription: Subscription) -> dict[str, Any]:
    """Return what is shown of a subscription only where it is asked for.

    Source: the official SDK, `getDetailedMetrics`, `getSubscriptionOwnerDetails`, `getInvoiceOwnerDetails`.
    """
    world, asked, shown = call.world, call.query, dict[str, Any]()
    if asked.get("getDetailedMetrics") == "true":
        metrics = metrics_of(world, subscription, day_of(call, "asOfDay"))
        shown = {name: metrics[name] for name in _METRICS}
    if asked.get("getSubscriptionOwnerDetails") == "true":
        shown["accountOwnerDetails"] = basic_info(world.accounts.find(subscription.account_id))
    if asked.get("getInvoiceOwnerDetails") == "true":
        shown["invoiceOwnerAccountDetails"] = basic_info(world.accounts.find(subscription.invoice_owner_id))
    return shown
