"""POST /v1/operations/invoice-collect: bill an account, post it, and collect what it owes."""

from datetime import date

from toolkit.billing.accounts import Account
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import NotFoundError, RuleError
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post
from toolkit.billing.money import ZERO
from toolkit.zuora.calls.endpoint import Call, Endpoint, Reply
from toolkit.zuora.calls.wire import Body, number
from toolkit.zuora.documents.bills import heading, issue
from toolkit.zuora.payments.collecting import Choice, collect, locked
from toolkit.zuora.state.owners import invoiced_to
from toolkit.zuora.state.world import Change, World


class InvoiceCollect(Body, frozen=True):
    """Whom to bill and to collect from; older versions name the dates otherwise."""

    account_key: str
    document_date: date | None = None
    invoice_date: date | None = None
    target_date: date | None = None
    invoice_target_date: date | None = None
    invoice_id: str | None = None
    payment_gateway: str | None = None
    payment_method_id: str | None = None


def invoice_and_collect(call: Call) -> Reply:
    """Collect what an account owes, or one invoice; unless one is named, bill the account before.

    Drafts of earlier bills are posted too, those that were made by hand are not. All of it happens or
    nothing: a payment that is declined refuses the call. Source: Zuora, invoice and collect.
    """
    said: InvoiceCollect = call.body
    world, change = call.world, Change(call.world)
    account = world.accounts.find(said.account_key)
    about: list[Invoice | CreditMemo]
    if said.invoice_id is None:
        about, busy = _posted(change, account, said), locked(world, account.id)
        due = (one for one in change.table("invoices").of(account.id) if one.status == "Posted")
        owed = [one for one in due if one.balance > 0 and one.id not in busy]
    else:
        invoice = _named(change, account, said.invoice_id)
        about, owed = [invoice], [invoice] if invoice.balance > 0 else []
    answer: dict[str, object] = {
        "invoices": [
            {"invoiceId": one.id, "invoiceNumber": one.number, "invoiceAmount": f"{number(one.amount)}"}
            for one in about
            if isinstance(one, Invoice)
        ],
        "creditMemos": [
            {"id": one.id, "memoNumber": one.number, "totalAmount": f"{number(one.amount)}"}
            for one in about
            if isinstance(one, CreditMemo)
        ],
    }
    collected = ZERO
    if owed:
        payment = collect(change, world, owed, _choice(world, said))
        collected = payment.amount
        answer["paymentId"] = payment.id
    return Reply({**answer, "amountCollected": f"{number(collected)}", "success": True}, change.world)


def _named(change: Change, account: Account, key: str) -> Invoice:
    invoice: Invoice = change.table("invoices").find(key)
    if invoice.account_id != account.id:
        raise NotFoundError(key)
    if invoice.status != "Posted":
        raise RuleError(f"The invoice {invoice.number} is {invoice.status}: only Posted ones can be paid.")
    return invoice


def _posted(change: Change, account: Account, said: InvoiceCollect) -> list[Invoice | CreditMemo]:
    """Bill an account, and return what that has made with what earlier bills had left as drafts, posted."""
    world = change.world
    drafts = [
        one
        for table in ("invoices", "credit_memos")
        for one in change.table(table).of(account.id)
        if one.status == "Draft" and one.source in {"BillRun", "API"}
    ]
    posted = [post(one, world.now) for one in drafts]
    for one in posted:
        change.put(one)
    invoice_date = said.document_date or said.invoice_date or world.today
    target_date = said.target_date or said.invoice_target_date or world.today
    head = heading(world, account, invoice_date, target_date, post=True)
    subscriptions = invoiced_to(world.subscriptions, account.id)
    return [*posted, *issue(change, head, subscriptions, world.rules)]


def _choice(world: World, said: InvoiceCollect) -> Choice:
    named = said.payment_gateway
    if named is None:
        return Choice(method=said.payment_method_id)
    gateway = next((one.id for one in world.gateways.latest() if one.name == named), None)
    if gateway is None:
        raise NotFoundError(named)
    return Choice(method=said.payment_method_id, gateway=gateway)


ENDPOINTS = (Endpoint("POST", "/v1/operations/invoice-collect", invoice_and_collect, InvoiceCollect),)
