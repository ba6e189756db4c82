"""Scheduled orders: carried out by themselves on their day."""

from msgspec.structs import replace

from toolkit.billing.errors import BillingError
from toolkit.billing.orders import Order
from toolkit.zuora.orders.processing import carry_out, waiting
from toolkit.zuora.state.world import Change, World


def execute(change: Change, world: World, order: Order) -> None:
    """Carry out a scheduled order; one that has become impossible fails and does nothing."""
    try:
        carry_out(change, world, waiting(order), order)
    except BillingError:
        change.forget()
        change.put(replace(order, status="Failed", updated=world.now))
