"""Orders, their actions and line items, and amendments as queries see them."""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from toolkit.billing.amendments import Amendment
from toolkit.billing.identities import part_id
from toolkit.billing.lineitems import LineItem
from toolkit.billing.orders import Order, OrderedSubscription
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora.orders.metrics import versions
from toolkit.zuora.orders.request import show_action
from toolkit.zuora.query.customers import account_of
from toolkit.zuora.query.kinds import (
    Kind,
    Many,
    One,
    Reader,
    always,
    among,
    amount,
    choice,
    count,
    day,
    every,
    everywhere,
    flag,
    history,
    in_table,
    numbered,
    owned,
    text,
    to,
    within,
)
from toolkit.zuora.state.identities import owner_id
from toolkit.zuora.state.world import World


class OrderedAction(NamedTuple):
    """One action of an order, as the client wrote it."""

    order: Order
    ordered: OrderedSubscription
    sequence: int
    said: dict[str, Any]
    id: str

    def part(self, name: str) -> Any:  # noqa: ANN401 - what a client wrote
        """Return what the object that its type names says of a field, or None."""
        kind = self.said["type"]
        return (self.said.get(kind[:1].lower() + kind[1:]) or {}).get(name)

    def trigger(self, name: str) -> date | None:
        """Return one of its trigger dates."""
        for one in self.said.get("triggerDates", ()):
            if one["name"] == name and one.get("triggerDate"):
                return _date(one["triggerDate"])
        return None


def _date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def actions(order: Order) -> Iterator[OrderedAction]:
    """Yield the actions of an order, those of each subscription in their sequence."""
    place = 0
    for ordered in order.actions:
        for sequence, action in enumerate(ordered.actions):
            place += 1
            yield OrderedAction(order, ordered, sequence, show_action(action), part_id(order.id, place))


def action_with(world: World, identity: str) -> list[OrderedAction]:
    """Return the action with this id, which tells the order; or none."""
    return [one for one in _of_order(world, owner_id(identity)) if one.id == identity]


_of_order = within(in_table("orders"), actions)


def _trigger(name: str) -> Reader:
    return lambda _, row: row.trigger(name)


def _part(name: str) -> Reader:
    return lambda _, row: row.part(name)


def _part_day(name: str) -> Reader:
    def read(_: World, row: OrderedAction) -> date | None:
        value = row.part(name)
        return None if value is None else _date(value)

    return read


def _made(world: World, row: OrderedAction) -> Subscription | None:
    """Return the version that an action made, or the one that it is to change while nothing is done."""
    if not row.ordered.new_version:
        return world.subscriptions.get(row.ordered.number)
    found = versions(world, row.ordered)
    return found.get(row.ordered.base_version + 1 + row.sequence)


def _made_id(world: World, row: OrderedAction) -> str | None:
    return getattr(_made(world, row), "id", None)


def _about_version(world: World, subscription_id: str) -> Iterable[OrderedAction]:
    """Yield the actions of the orders of the subscription that has this version."""
    version = world.subscriptions.rows.get(subscription_id)
    return () if version is None else _of_subscription(world, version.number)


_of_subscription = within(owned("orders"), actions)
"""Yields the actions of the orders of a subscription, some of them on others."""


ORDER = Kind(
    name="Order",
    plural="orders",
    rows=every("orders"),
    finders={
        "Id": in_table("orders"),
        "OrderNumber": numbered("orders"),
        "AccountId": owned("orders"),
    },
    custom=attrgetter("custom_fields"),
    ones={"Account": account_of()},
    many={
        "orderActions": Many("OrderAction", "OrderId"),
        "orderLineItems": Many("OrderLineItem", "OrderId"),
    },
    fields={
        "Id": text("id"),
        "AccountId": text("account_id"),
        "CancelReason": text("cancel_reason"),
        "Category": choice(always("NewSales")),
        "Description": text("description"),
        "IsScheduled": flag(lambda _, order: order.scheduled is not None),
        "OrderDate": day("order_date"),
        "OrderNumber": text("number"),
        "ScheduledDate": day("scheduled"),
        "Status": choice("status"),
        **history(),
    },
)

ORDER_ACTION = Kind(
    name="OrderAction",
    plural="order-actions",
    rows=everywhere("orders", actions),
    finders={
        "Id": action_with,
        "OrderId": _of_order,
        "SubscriptionId": among(_about_version, _made_id),
        "SubscriptionNumber": among(_of_subscription, "ordered.number"),
    },
    ones={"Order": One("Order", lambda _, row: row.order), "Subscription": One("Subscription", _made)},
    fields={
        "Id": text("id"),
        "AutoRenew": flag(_part("autoRenew")),
        "CancellationEffectiveDate": day(_part_day("cancellationEffectiveDate")),
        "CancellationPolicy": choice(_part("cancellationPolicy")),
        "ContractEffectiveDate": day(_trigger("ContractEffective")),
        "CustomerAcceptanceDate": day(_trigger("CustomerAcceptance")),
        "OrderId": text("order.id"),
        "RenewSetting": choice(_part("renewalSetting")),
        "Sequence": count("sequence"),
        "ServiceActivationDate": day(_trigger("ServiceActivation")),
        "SubscriptionId": text(_made_id),
        "SubscriptionNumber": text("ordered.number"),
        "Type": choice(lambda _, row: row.said["type"]),
        **history("order.created", "order.updated"),
    },
)


def _amendments_of(world: World, subscription_id: str) -> Iterator[Amendment]:
    """Yield the amendments that change a version of a subscription."""
    before = world.subscriptions.rows.get(subscription_id)
    found = world.amendments.of(before.number) if before else ()
    return (one for one in found if one.subscription_id == subscription_id)


def _amendments_about(world: World, plan_id: str) -> Iterable[Amendment]:
    """Return the amendments of the subscription of whose versions one shows a rate plan by this id."""
    version = world.subscriptions.rows.get(owner_id(plan_id))
    return () if version is None else world.amendments.of(version.number)


def _removed(_: World, amendment: Amendment) -> str | None:
    return amendment.base_rate_plan_id if amendment.type == "RemoveProduct" else None


def _term(name: str, part: str) -> Reader:
    return lambda _, amendment: getattr(getattr(amendment, name), part, None)


AMENDMENT = Kind(
    name="Amendment",
    plural="amendments",
    rows=every("amendments"),
    finders={
        "Id": in_table("amendments"),
        "Code": numbered("amendments"),
        "NewRatePlanId": among(_amendments_about, "new_rate_plan_id"),
        "RemovedRatePlanId": among(_amendments_about, _removed),
        "SubscriptionId": _amendments_of,
    },
    custom=attrgetter("custom_fields"),
    ones={"Subscription": to("Subscription", "subscriptions", "subscription_id")},
    fields={
        "Id": text("id"),
        "AutoRenew": flag("auto_renew"),
        "BookingDate": day(
            lambda world, row: getattr(world.orders.get(row.order_number), "order_date", None)
        ),
        "Code": text("number"),
        "ContractEffectiveDate": day("contract_effective"),
        "CurrentTerm": count(_term("term", "length")),
        "CurrentTermPeriodType": choice(_term("term", "unit")),
        "CustomerAcceptanceDate": day("customer_acceptance"),
        "Description": text("description"),
        "EffectiveDate": day("effective"),
        "Name": text("name"),
        "NewRatePlanId": text("new_rate_plan_id"),
        "RemovedRatePlanId": text(_removed),
        "RenewalSetting": choice("renewal_setting"),
        "RenewalTerm": count(_term("renewal_term", "length")),
        "RenewalTermPeriodType": choice(_term("renewal_term", "unit")),
        "ResumeDate": day("resumed"),
        "ServiceActivationDate": day("service_activation"),
        "SpecificUpdateDate": day("specific_update"),
        "Status": choice("status"),
        "SubscriptionId": text("subscription_id"),
        "SuspendDate": day("suspended"),
        "TermStartDate": day("term_start"),
        "TermType": choice("term_type"),
        "Type": choice("type"),
        **history(),
    },
)


def _order_of(world: World, item: LineItem) -> Order | None:
    return world.orders.get(item.order_number)


def _items_of(world: World, order_id: str) -> Iterable[LineItem]:
    order = world.orders.rows.get(order_id)
    return () if order is None else world.order_line_items.of(order.number)


ORDER_LINE_ITEM = Kind(
    name="OrderLineItem",
    plural="order-line-items",
    rows=every("order_line_items"),
    finders={
        "Id": in_table("order_line_items"),
        "OrderId": _items_of,
        "OwnerAccountId": owned("order_line_items"),
    },
    custom=attrgetter("custom_fields"),
    ones={"Order": One("Order", _order_of), "OwnerAccount": account_of()},
    fields={
        "Id": text("id"),
        "AmountPerUnit": amount("amount_per_unit"),
        "AmountWithoutTax": amount(lambda world, item: item.amount(world.rules)),
        "BillTargetDate": day("bill_target"),
        "Currency": choice("currency"),
        "Description": text("description"),
        "ItemName": text("name"),
        "ItemNumber": text("item_number"),
        "ItemState": choice("state"),
        "ItemType": choice("type"),
        "ListPricePerUnit": amount("list_price_per_unit"),
        "OrderId": text(lambda world, item: getattr(_order_of(world, item), "id", None)),
        "OwnerAccountId": text("account_id"),
        "ProductCode": text("product_code"),
        "PurchaseOrderNumber": text("purchase_order_number"),
        "Quantity": amount("quantity"),
        "RelatedSubscriptionNumber": text("related_subscription_number"),
        "TransactionEndDate": day("end"),
        "TransactionStartDate": day("start"),
        "UOM": text("uom"),
        **history(
            lambda world, item: getattr(_order_of(world, item), "created", None),
            lambda world, item: getattr(_order_of(world, item), "updated", None),
        ),
    },
)
