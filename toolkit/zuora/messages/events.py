"""Events: what has happened to a tenant's records between two of its states, as Zuora names it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from toolkit.zuora.calls.wire import parse
from toolkit.zuora.messages import jexl
from toolkit.zuora.messages.merge_fields import OBJECTS, Fields, changes, fields, joined
from toolkit.zuora.messages.notifications import OWN, ZUORAS, Notification, Trigger
from toolkit.zuora.state.world import World


class Event(NamedTuple):
    """Something that has happened.

    Attributes:
        name: Such as OrderProcessed.
        namespace: Who has defined it.
        category: The code of a standard event, otherwise None.
        base: The object that it is about, such as Order.
        objects: The fields of that object and of those that belong to it, by their names.
    """

    name: str
    namespace: str
    category: int | None
    base: str
    objects: dict[str, Fields]


def _rule(name: str, base: str, condition: str, category: int | None = None) -> Trigger:
    return Trigger(
        id=name,
        name=name,
        base_object=base,
        condition=condition,
        display_name=name,
        namespace=ZUORAS,
        category=category,
    )


def _turned(base: str, status: str) -> str:
    return f"{base}.Status == '{status}' && {base}.Status_old != '{status}'"


def _electronic(status: str) -> str:
    return f"Payment.Type == 'Electronic' && {_turned('Payment', status)}"


ORDER_ACTION = "OrderActionProcessed"

RULES = (
    _rule("AccountCreated", "Account", "changeType == 'INSERT'"),
    _rule("AccountUpdated", "Account", "changeType == 'UPDATE'"),
    _rule("SubscriptionCreated", "Subscription", "changeType == 'INSERT'", 1210),
    _rule(
        "SubscriptionUpdated",
        "Subscription",
        "changeType == 'UPDATE' && Subscription.Version != Subscription.Version_old",
    ),
    _rule("SubscriptionCancelled", "Subscription", _turned("Subscription", "Cancelled")),
    _rule("OrderProcessed", "Order", _turned("Order", "Completed")),
    _rule(ORDER_ACTION, "Order", _turned("Order", "Completed")),
    _rule("InvoicePosted", "Invoice", _turned("Invoice", "Posted"), 1110),
    _rule("CreditMemoPosted", "CreditMemo", _turned("CreditMemo", "Posted")),
    _rule("DebitMemoPosted", "DebitMemo", _turned("DebitMemo", "Posted")),
    _rule("PaymentProcessed", "Payment", _electronic("Processed")),
    _rule("PaymentDeclined", "Payment", _electronic("Error")),
    _rule("PaymentRefundProcessed", "Refund", _turned("Refund", "Processed")),
    _rule(
        "BillingRunCompletion",
        "BillingRun",
        "BillingRun.Status != BillingRun.Status_old && BillingRun.Status_old != 'Completed'"
        " && (BillingRun.Status == 'Completed' || BillingRun.Status == 'Posted')",
        1410,
    ),
    _rule("AmendmentProcessed", "Amendment", _turned("Amendment", "Completed"), 1310),
)
"""The events that every tenant has.

Sources: Zuora, standard events and their category codes; Zuora custom events for Orders; payments count if
they are electronic. That accounts that are created or updated, subscriptions that are updated or cancelled,
and memos that are posted have events without a trigger of the tenant's own is an assumption.
"""

REMINDERS = (
    _rule("UpcomingRenewal", "Subscription", "", 1220),
    _rule("InvoiceDue", "Invoice", "", 1140),
    _rule("PaymentMethodExpiration", "PaymentMethod", ""),
)
"""The standard events that a day brings about and no change: see toolkit.zuora.messages.reminders."""

_BUILT_IN = {rule.name: rule for rule in (*RULES, *REMINDERS)}


def find_rule(world: World, name: str, namespace: str | None) -> Trigger | None:
    """Return what raises an event: where no namespace is given, the tenant's own before Zuora's."""
    own = world.triggers.get(name) if namespace in {None, OWN} else None
    return own or (_BUILT_IN.get(name) if namespace in {None, ZUORAS} else None)


def of_category(code: int) -> Trigger | None:
    """Return the standard event of a category code."""
    return next((rule for rule in _BUILT_IN.values() if rule.category == code), None)


def raised(before: World, after: World, wanted: set[tuple[str, str]]) -> Iterator[Event]:
    """Yield the events of these namespaces and names that happened between two states.

    They come in the order in which their records were first touched, then in that of `RULES` before the
    tenant's own by name. A new version of a subscription updates it. Source of the latter: an assumption.
    """
    own = sorted(after.triggers.latest(), key=lambda trigger: trigger.name)
    rules = [rule for rule in (*RULES, *own) if rule.active and (rule.namespace, rule.name) in wanted]
    tables = {OBJECTS[rule.base_object][0] for rule in rules}
    for table, number in dict.fromkeys(after.changed):
        if table not in tables:
            continue
        old, new = getattr(before, table).get(number), getattr(after, table).get(number)
        if old == new:
            continue
        kind = "INSERT" if old is None else "DELETE" if new is None else "UPDATE"
        former = {} if old is None else fields(old)
        present = former if new is None else fields(new)
        for rule in rules:
            base = rule.base_object
            if OBJECTS[base][0] != table:
                continue
            names = {"changeType": kind, **dict(changes(present, former, base))}
            if jexl.compiled(rule.condition)(names.get):
                yield from _events(after, rule, present, new)


def _events(world: World, rule: Trigger, record: Fields, row: Any) -> Iterator[Event]:  # noqa: ANN401 - any record
    objects = joined(world, rule.base_object, record)
    if rule.name != ORDER_ACTION or rule.namespace != ZUORAS:
        yield Event(rule.name, rule.namespace, rule.category, rule.base_object, objects)
        return
    for done in row.actions:
        subscription = fields(world.subscriptions.find(done.number))
        for sequence, action in enumerate(done.actions):
            kind = parse(action)["type"]
            shown = {"Id": row.id, "OrderId": row.id, "Sequence": sequence, "Type": kind}
            shown |= {"AccountId": row.account_id, "SubscriptionId": subscription["Id"]}
            more = {"OrderAction": shown, "Subscription": subscription}
            yield Event(rule.name, rule.namespace, None, "OrderAction", objects | more)


def concerns(notification: Notification, event: Event) -> bool:
    """Tell whether a notification's filter rule lets an event through."""
    if notification.rule is None:
        return True
    known = {f"{name}.{field}": value for name, one in event.objects.items() for field, value in one.items()}
    return bool(jexl.compiled(notification.rule.condition)((known | dict(notification.rule_params)).get))
