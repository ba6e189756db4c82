"""Processing an order: it is placed, billed and paid, or kept for later; all of it or nothing."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO, check_positive
from toolkit.billing.orders import Order
from toolkit.billing.payments import Payment
from toolkit.billing.ramps import Ramp
from toolkit.billing.refunds import STANDARD
from toolkit.billing.subscriptions import PENDING, status_on
from toolkit.zuora.calls import versions
from toolkit.zuora.calls.needed import needed
from toolkit.zuora.calls.versions import Version
from toolkit.zuora.calls.wire import number, recall
from toolkit.zuora.documents.bills import issue
from toolkit.zuora.documents.cancelled import Refunded, WrittenOff, refund, write_off_rest
from toolkit.zuora.documents.holdings import HoldingKind, held, spend
from toolkit.zuora.orders.body import BillingOptions, NewOrder, ProcessingOptions, Scheduling
from toolkit.zuora.orders.line_items import sell
from toolkit.zuora.orders.placing import MOST, Invoiced, Placed, keep, place
from toolkit.zuora.payments.collecting import collect
from toolkit.zuora.state.world import Change, World


class Processed(NamedTuple):
    """An order with the documents and payments that it made."""

    order: Order
    account: Account
    documents: tuple[Invoice | CreditMemo, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    written_off: tuple[WrittenOff, ...] = ()


def submit(
    change: Change, world: World, said: NewOrder, former: Order | None = None, most: int = MOST
) -> Processed:
    """Keep an order as a draft or for its day, or carry it out, as its status says.

    Args:
        change: What it changes.
        world: The world before.
        said: The order.
        former: The draft that it takes the place of.
        most: How many subscriptions and actions it may have.

    Raises:
        BillingError: Something in it is not possible; the change is then to be dropped.
    """
    if said.status == "Draft":
        return Processed(*keep(change, world, said, "Draft", former))
    if said.status == "Scheduled" or said.scheduling_options is not None:
        options = said.scheduling_options or Scheduling()
        day = needed(options.scheduled_date, "schedulingOptions.scheduledDate")
        if day <= world.today:
            raise InvalidValueError(f"'scheduledDate' should be after today, {world.today}, not {day}.")
        order, account = keep(change, world, said, "Scheduled", former)
        order = replace(order, scheduled=day)
        change.put(order)
        return Processed(order, account)
    if said.status in {"Executing", "Failed"}:
        raise InvalidValueError("'status' value should be one of: Draft, Pending, Completed, Scheduled")
    return carry_out(change, world, said, former, most)


def waiting(order: Order) -> NewOrder:
    """Return what is still to be done of an order that waits: a draft, a scheduled or a pending one."""
    return recall(order.request, NewOrder)


def carry_out(
    change: Change, world: World, said: NewOrder, former: Order | None = None, most: int = MOST
) -> Processed:
    """Place an order and, if it asks for that, bill it and collect the payment.

    Raises:
        BillingError: Something in it is not possible; the change is then to be dropped.
    """
    placed = place(change, world, said, former, most)
    if placed.order.status == "Completed":
        sell(change, placed.order, said.order_line_items)
    options = said.processing_options
    parts = placed.invoiced or (Invoiced(placed.account, ()),)
    billed = [
        document
        for part in (parts if options.run_billing else ())
        for document in _bill(change, world, placed.order, part, options.billing_options)
    ]
    processed = Processed(placed.order, placed.account, *paid(change, world, billed, options))
    return _given_back(change, placed, said, processed) if options.gives_back else processed


def _given_back(change: Change, placed: Placed, said: NewOrder, processed: Processed) -> Processed:
    """Refund and write off, as the order asks for, what its cancelled subscriptions have paid and owe.

    Raises:
        MissingValueError: It does not say how much to refund.
        RuleError: It cancels no subscription.
    """
    options = said.processing_options
    keys = {
        one.subscription_number
        for one in said.subscriptions
        for action in one.order_actions
        if action.type == "CancelSubscription"
    }
    cancelled = [one for one in placed.latest if one.number in keys]
    if not cancelled:
        raise RuleError("Only an order that cancels a subscription can refund and write off.")
    memos = [one for one in processed.documents if isinstance(one, CreditMemo) and one.status == "Posted"]
    if options.refund:
        amount = needed(options.refund_amount, "processingOptions.refundAmount")
        check_positive(amount)
        reason = options.refund_reason_code or STANDARD
        made = refund(change, cancelled, amount, reason, memos)
        processed = processed._replace(refunds=tuple(made))
    if options.write_off:
        day = options.billing_options.document_date
        processed = processed._replace(written_off=tuple(write_off_rest(change, cancelled, day)))
    return processed


def paid(
    change: Change, world: World, billed: list[Invoice | CreditMemo], options: ProcessingOptions
) -> tuple[tuple[Invoice | CreditMemo, ...], tuple[Payment, ...]]:
    """Settle new documents with what their accounts hold and collect the rest, as the options say.

    Returns:
        The documents after the first, and the payments.
    """
    documents = tuple(
        _credited(change, billed, options.application_order) if options.apply_credit else billed
    )
    payments = [
        collect(change, world, (document,), options.choice)
        for document in documents
        if options.collect_payment and isinstance(document, Invoice) and document.balance > 0
    ]
    return documents, tuple(payments)


def _credited(
    change: Change, documents: list[Invoice | CreditMemo], kinds: tuple[HoldingKind, ...]
) -> Iterator[Invoice | CreditMemo]:
    """Settle the posted invoices of an order with what their accounts hold, and yield its documents after.

    What the order itself credits is not used. Source: the official SDK, processing options, `applyCredit`.
    """
    own = {one.id for one in documents}
    for document in documents:
        if not isinstance(document, Invoice):
            yield document
            continue
        for kind in kinds if document.status == "Posted" else ():
            sources = [one for one in held(change, document.account_id, kind) if one.id not in own]
            list(spend(change, change.table("invoices").find(document.id), sources))
        yield change.table("invoices").find(document.id)


def heading(world: World, account: Account, order_number: str, options: BillingOptions) -> Heading:
    """Return what the documents of an order say above their items."""
    return Heading(
        account=account,
        invoice_date=options.document_date or world.today,
        target_date=options.target_date or world.today,
        now=world.now,
        source="API",
        source_id=order_number,
        post=not options.generate_draft_invoice,
        payment_terms=world.payment_terms,
    )


def _bill(
    change: Change, world: World, order: Order, part: Invoiced, options: BillingOptions
) -> tuple[Invoice | CreditMemo, ...]:
    """Bill what an order has sold; what it leaves pending is left to bill runs, which is an assumption."""
    head = heading(world, part.account, order.number, options)
    excluded = options.charge_type_to_exclude
    subscriptions = [one for one in part.subscriptions if one.status not in PENDING]
    return issue(change, head, subscriptions, world.rules, excluded)


def answer(world: World, processed: Processed, *, ids: bool, version: Version) -> dict[str, Any]:
    """Return what creating or activating an order answers, numbers or ids.

    A subscription that a draft is still to create is itself a Draft. Source: Zuora, POST order.

    Args:
        world: The world after it.
        processed: What was done.
        ids: Whether to answer ids, as for `returnIds=true`.
        version: The minor version of the call.
    """
    order, account = processed.order, processed.account
    shown: dict[str, Any] = {"success": True}
    shown |= {"orderId": order.id} if ids else {"orderNumber": order.number}
    shown |= {"accountId": account.id} if ids else {"accountNumber": account.number}
    shown["status"] = order.status
    if ids:
        found = (world.subscriptions.get(number) for number in order.subscription_numbers)
        shown["subscriptionIds"] = [one.id for one in found if one is not None]
    elif version < versions.NEW_SUBSCRIPTION_LIST:
        shown["subscriptionNumbers"] = list(order.subscription_numbers)
    else:
        shown["subscriptions"] = [
            {"subscriptionNumber": number, "status": subscription_status(world, number)}
            for number in order.subscription_numbers
        ]
    sold = [{"id": one.id, "itemNumber": one.item_number} for one in world.order_line_items.of(order.number)]
    if sold:
        shown["orderLineItems"] = sold
    ramps = [ramp for key in order.subscription_numbers if (ramp := _ramp(world, key))]
    if ramps:
        shown["ramps"] = [
            {"rampNumber": one.number, "subscriptionNumber": one.subscription_number} for one in ramps
        ]
    for kind, record in (("invoice", Invoice), ("creditMemo", CreditMemo)):
        keys = [one.id if ids else one.number for one in processed.documents if isinstance(one, record)]
        shown |= {f"{kind}Ids" if ids else f"{kind}Numbers": keys} if keys else {}
    if processed.payments:
        first = processed.payments[0]
        shown |= {"paymentId": first.id} if ids else {"paymentNumber": first.number}
        shown["paidAmount"] = number(sum((payment.applied for payment in processed.payments), ZERO))
    if processed.refunds:
        shown["refunds"] = [_show_refund(one) for one in processed.refunds]
    if processed.written_off:
        shown["writeOff"] = [
            {
                "invoiceNumber": one.invoice,
                "amount": number(one.memo.amount),
                "writeOffCreditMemoNumber": one.memo.number,
                "status": "Success",
            }
            for one in processed.written_off
        ]
    return shown


def _show_refund(refunded: Refunded) -> dict[str, Any]:
    """Return a refund as an order answers it; one that fails does not fail the order. Source: Zuora."""
    shown: dict[str, Any] = {"status": "Success" if refunded.succeeded else "Error"}
    if refunded.refund is not None:
        shown |= {"number": refunded.refund.number, "refundInvoiceNumbers": [refunded.invoice]}
    return shown


def subscription_status(world: World, key: str) -> str:
    """Return the status of a subscription, or Draft while no order has created it."""
    found = world.subscriptions.get(key)
    return "Draft" if found is None else status_on(found, world.today)


def _ramp(world: World, key: str) -> Ramp | None:
    found = world.subscriptions.get(key)
    return None if found is None else found.ramp
