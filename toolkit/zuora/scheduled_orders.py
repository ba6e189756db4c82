"""Scheduled orders: carried out by themselves on their day."""

from datetime import datetime, time

from msgspec.structs import replace

from toolkit.billing.errors import BillingError
from toolkit.billing.orders import Order
from toolkit.zuora.api._order_processing import carry_out, waiting
from toolkit.zuora.world import Change, World


def due(world: World, order: Order) -> datetime | None:
    """Return when an order is to be carried out: as its day begins. Source: an assumption."""
    if order.status != "Scheduled" or order.scheduled is None:
        return None
    return datetime.combine(order.scheduled, time(), world.zone)


def execute(change: Change, world: World, order: Order) -> None:
    """Carry out a scheduled order; one that has become impossible fails and does nothing."""
    try:
        carry_out(change, world, waiting(order), order)
    except BillingError:
        change.forget()
        change.put(replace(order, status="Failed", updated=world.now))
