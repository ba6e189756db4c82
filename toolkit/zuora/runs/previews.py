"""Previews: what an account will be billed up to a date, as far as one wants to know."""

from datetime import date
from typing import Literal, NamedTuple

from toolkit.billing.accounts import Account
from toolkit.billing.catalog import ChargeType
from toolkit.billing.errors import InvalidValueError
from toolkit.billing.generation import credited
from toolkit.billing.invoices import bill
from toolkit.billing.orders import Desk
from toolkit.billing.periods import MONTHS
from toolkit.billing.rating import Line
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.taxes import add_taxes
from toolkit.billing.versions import renewed_through
from toolkit.clock import add_months
from toolkit.zuora.runs.usages import usage_for
from toolkit.zuora.state.owners import invoiced_to
from toolkit.zuora.state.world import Change, World

Renewals = Literal["None", "Autorenew", "All"]
"""Which subscriptions are taken to be renewed: none, those that renew by themselves, or every one."""

_CHARGE_TYPES: frozenset[ChargeType] = frozenset({"OneTime", "Recurring", "Usage"})


class Scope(NamedTuple):
    """How much is previewed."""

    target_date: date
    renewals: Renewals
    excluded: frozenset[str]
    evergreen: bool


class Previewed(NamedTuple):
    """An item that an account will be billed.

    Attributes:
        applied_to: The id of the item that it discounts.
        credit: Whether it would be on a credit memo.
    """

    id: str
    line: Line
    applied_to: str | None
    credit: bool


def charge_types(listed: str) -> frozenset[str]:
    """Return the types of charges that are listed, with commas between them.

    Raises:
        InvalidValueError: There is no such type. Source: the official SDK, chargeTypeToExclude.
    """
    found = frozenset(filter(None, map(str.strip, listed.split(","))))
    if not found <= _CHARGE_TYPES:
        raise InvalidValueError(
            f"'chargeTypeToExclude' should list some of {', '.join(sorted(_CHARGE_TYPES))}, not '{listed}'."
        )
    return found


def preview(world: World, account: Account, scope: Scope, names: Change) -> list[Previewed]:
    """Rate the account's subscriptions up to the target date, and draw ids for what comes of it.

    Subscriptions that are taken to be renewed are renewed as far as the target date, which is the tax date
    too. Source: recorded, 37 production previews; Zuora community, tax calculation with different tax rates.

    Raises:
        RuleError: Something cannot be rated or taxed.
    """
    subscriptions = [
        _assume(world, one, scope, names)
        for one in invoiced_to(world.subscriptions, account.id)
        if scope.evergreen or one.term_type == "TERMED"
    ]
    usage = usage_for(world.usages, subscriptions)
    owed = bill(account, subscriptions, scope.target_date, world.rules, usage, scope.excluded)
    owed = add_taxes(owed, account, scope.target_date, names, world.rules)
    ids = [names.id() for _ in owed.lines]
    return [
        Previewed(key, line, None if line.item.applied_to is None else ids[line.item.applied_to], credit)
        for key, line, credit in zip(ids, owed.lines, credited(owed, account, world.rules), strict=True)
    ]


def _assume(world: World, subscription: Subscription, scope: Scope, names: Change) -> Subscription:
    renews = scope.renewals == "All" or (scope.renewals == "Autorenew" and subscription.auto_renew)
    if not renews or subscription.status != "Active":
        return subscription
    desk = Desk(names, world.plan, world.now, "", world.today, rules=world.rules)
    return renewed_through(subscription, _end_of_periods(subscription, scope.target_date), desk)


def _end_of_periods(subscription: Subscription, target: date) -> date:
    """Return a day by which every period that begins on or before `target` has ended.

    A period that crosses the end of the term is billed whole when renewal is assumed. Source: recorded.
    """
    lengths = (MONTHS.get(charge.terms.billing_period or "", 1) for charge in subscription.charges)
    return add_months(target, max(lengths, default=1))
