"""Renewals: how subscriptions that renew by themselves do so, each by an order of its own."""

from msgspec.structs import replace

from toolkit.billing.orders import Desk, Order, OrderedSubscription, Triggers
from toolkit.billing.subscriptions import Subscription
from toolkit.billing.uplift import uplift
from toolkit.billing.versions import renew
from toolkit.zuora.calls.wire import note
from toolkit.zuora.orders import amending
from toolkit.zuora.orders.request import Action, Renewal, TriggerDate
from toolkit.zuora.state.world import Change, World


def renew_into(change: Change, world: World, subscription: Subscription) -> Subscription:
    """Put the renewed version of a subscription into a change with its order, and return it.

    The former version expires. Source: an assumption, by Zuora's order number of every version: a tenant
    with Orders keeps each change as an order, the ones that nobody asked for included.
    """
    number = change.number("order")
    change.put(replace(subscription, status="Expired"))
    desk = Desk(change, world.plan, world.now, number, world.today, rules=world.rules)
    renewed = renew(
        replace(
            subscription,
            id=change.id(),
            previous_id=subscription.id,
            version=subscription.version + 1,
            order_number=number,
            updated=world.now,
            last_booking=world.today,
        )
    )
    renewed = uplift(renewed, desk)
    change.put(renewed)
    amending.leave(change, subscription, renewed, Triggers(renewed.term_start))
    dates = (TriggerDate(name="ContractEffective", trigger_date=renewed.term_start),)
    noted = note(Action(type="RenewSubscription", trigger_dates=dates, renew_subscription=Renewal()))
    change.put(
        Order(
            id=change.id(),
            number=number,
            account_id=renewed.account_id,
            order_date=world.today,
            status="Completed",
            created=world.now,
            updated=world.now,
            currency=renewed.currency,
            actions=(OrderedSubscription(renewed.number, subscription.version, renewed.version, (noted,)),),
        )
    )
    return renewed
