"""/v1/orders: place and show orders."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from toolkit.billing.accounts import Account
from toolkit.billing.allocation import Application
from toolkit.billing.catalog import ChargeType
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, RuleError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.money import ZERO
from toolkit.billing.orders import Order
from toolkit.billing.parts import ItemAmount, with_part
from toolkit.billing.payments import Payment
from toolkit.billing.settlement import settle
from toolkit.billing.subscriptions import status_on
from toolkit.zuora import versions
from toolkit.zuora.api._order_placing import Invoiced, Placed, place
from toolkit.zuora.api._order_request import OrderedSubscription, show_action
from toolkit.zuora.bills import issue
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.wire import Body, day, number, stamp
from toolkit.zuora.world import Change, World


class BillingOptions(Body, frozen=True):
    """How the documents of an order are made."""

    harmless: ClassVar[frozenset[str]] = frozenset({"creditMemoReasonCode"})
    target_date: date | None = None
    document_date: date | None = None
    generate_draft_invoice: bool = False
    charge_type_to_exclude: tuple[ChargeType, ...] = ()


class ProcessingOptions(Body, frozen=True):
    """Whether an order is billed and paid at once."""

    harmless: ClassVar[frozenset[str]] = frozenset({"applicationOrder", "electronicPaymentOptions"})
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("allowPaymentFailure", "applyCredit", "applyCreditBalance", "reAssociation", "refund"),
            *("refundAmount", "refundReasonCode", "writeOff", "writeOffBehavior"),
        }
    )

    run_billing: bool = False
    collect_payment: bool = False
    billing_options: BillingOptions = BillingOptions()


class NewOrder(Body, frozen=True):
    """An order for an account that exists."""

    harmless: ClassVar[frozenset[str]] = frozenset({"category", "reasonCode"})
    lacking: ClassVar[frozenset[str]] = frozenset(
        {"commitments", "newAccount", "orderLineItems", "schedulingOptions"}
    )

    order_date: date
    existing_account_number: str
    subscriptions: tuple[OrderedSubscription, ...]
    order_number: str | None = None
    description: str | None = None
    status: str | None = None
    processing_options: ProcessingOptions = ProcessingOptions()


def create(call: Call) -> Reply:
    """Place an order and, if it asks for that, bill it and collect the payment; all of it or nothing.

    Answers numbers, or ids with `returnIds=true`. Source: Zuora, POST order.
    """
    said: NewOrder = call.body
    if said.status not in {None, "Completed"}:
        raise RuleError(f"An order of status {said.status} is not simulated yet.")
    change = Change(call.world)
    placed = place(change, call.world, said)
    options, world = said.processing_options, call.world
    parts = placed.invoiced if options.run_billing else ()
    made = [
        document
        for part in parts
        for document in _bill(change, world, placed.order, part, options.billing_options)
    ]
    payments = [
        _collect(change, world, document)
        for document in made
        if options.collect_payment and isinstance(document, Invoice) and document.balance > 0
    ]
    ids = call.query.get("returnIds") == "true"
    return Reply(_answer(placed, made, payments, ids=ids, call=call), change.world)


def _bill(
    change: Change, world: World, order: Order, part: Invoiced, options: BillingOptions
) -> tuple[Invoice | CreditMemo, ...]:
    head = Heading(
        account=part.account,
        invoice_date=options.document_date or world.today,
        target_date=options.target_date or world.today,
        now=world.now,
        source="API",
        source_id=order.number,
        post=not options.generate_draft_invoice,
        payment_terms=world.payment_terms,
    )
    excluded = options.charge_type_to_exclude
    return issue(change, head, part.subscriptions, world.rules, excluded).documents


def _collect(change: Change, world: World, invoice: Invoice) -> Payment:
    account = world.accounts.find(invoice.account_id)
    method = account.default_payment_method_id
    if method is None:
        raise InvalidValueError(
            f"The account {account.number} has no default payment method to collect with."
        )
    settled, shares = settle(invoice, Application(invoice.balance), world.now, credit=False)
    items = (ItemAmount(*share) for share in shares.items())
    payment = Payment(
        id=change.id(),
        number=change.number("payment"),
        account_id=account.id,
        amount=invoice.balance,
        currency=account.currency,
        effective_date=world.today,
        type="Electronic",
        status="Processed",
        payment_method_id=method,
        created=world.now,
        updated=world.now,
        parts=with_part((), invoice, items, change, world.now),
        gateway=account.payment_gateway,
    )
    change.put(payment)
    change.put(settled)
    return payment


def _answer(
    placed: Placed,
    made: Sequence[Invoice | CreditMemo],
    payments: Sequence[Payment],
    *,
    ids: bool,
    call: Call,
) -> dict[str, object]:
    order, account = placed.order, placed.account
    answer: dict[str, object] = {"success": True}
    answer |= {"orderId": order.id} if ids else {"orderNumber": order.number}
    answer |= {"accountId": account.id} if ids else {"accountNumber": account.number}
    answer["status"] = order.status
    if ids:
        answer["subscriptionIds"] = [one.id for one in placed.latest]
    elif call.version < versions.NEW_SUBSCRIPTION_LIST:
        answer["subscriptionNumbers"] = [one.number for one in placed.latest]
    else:
        answer["subscriptions"] = [
            {"subscriptionNumber": one.number, "status": status_on(one, call.world.today)}
            for one in placed.latest
        ]
    ramps = [one.ramp for one in placed.latest if one.ramp]
    if ramps:
        answer["ramps"] = [
            {"rampNumber": one.number, "subscriptionNumber": one.subscription_number} for one in ramps
        ]
    for kind, record in (("invoice", Invoice), ("creditMemo", CreditMemo)):
        keys = [one.id if ids else one.number for one in made if isinstance(one, record)]
        answer |= {f"{kind}Ids" if ids else f"{kind}Numbers": keys} if keys else {}
    if payments:
        answer |= {"paymentId": payments[0].id} if ids else {"paymentNumber": payments[0].number}
        answer["paidAmount"] = number(sum((payment.amount for payment in payments), ZERO))
    return answer


def read(call: Call) -> Reply:
    """Show an order. Source: recorded GET order."""
    key = call.path["order-number"]
    order = call.world.orders.get(key)
    if order is None:
        raise InvalidValueError(f"Invalid orderNumber: {key}")
    account = call.world.accounts.find(order.account_id)
    return Reply({"success": True, "order": show_order(order, account)})


def list_by_account(call: Call) -> Reply:
    """Show the orders of a subscription owner, latest first."""
    account = call.world.accounts.find(call.path["account-number"])
    found = list(call.world.orders.of(account.id))
    return Reply({"orders": [show_order(order, account) for order in reversed(found)], "success": True})


def show_order(order: Order, account: Account) -> dict[str, Any]:
    """Return an order as answers show it."""
    return {
        "orderNumber": order.number,
        "orderDate": day(order.order_date),
        "createdDate": stamp(order.created),
        "createdBy": _SYSTEM_USER,
        "updatedDate": stamp(order.updated),
        "updatedBy": _SYSTEM_USER,
        "category": "NewSales",
        "existingAccountNumber": account.number,
        "currency": order.currency,
        "status": order.status,
        "description": order.description,
        "subscriptions": [
            {
                "subscriptionNumber": one.number,
                "baseVersion": one.base_version,
                "newVersion": one.new_version,
                "orderActions": [
                    {"sequence": sequence} | show_action(action)
                    for sequence, action in enumerate(one.actions)
                ],
                "customFields": {},
            }
            for one in order.actions
        ],
        "orderLineItems": [],
        "customFields": order.custom_fields,
    }


_SYSTEM_USER = "402881e522cf4f9b0122cf5d82860002"

ENDPOINTS = (
    Endpoint("POST", "/v1/orders", create, NewOrder, resource=585600),
    Endpoint("GET", "/v1/orders/{order-number}", read),
    Endpoint("GET", "/v1/orders/subscriptionOwner/{account-number}", list_by_account),
)
