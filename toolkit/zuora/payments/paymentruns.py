"""Payment runs of a tenant: who is collected from, and what is kept of that."""

from collections.abc import Iterator

from toolkit.billing.accounts import Account
from toolkit.billing.collection import Asked, Till, collect
from toolkit.billing.debits import DebitMemo
from toolkit.billing.errors import RuleError
from toolkit.billing.gateways import Gateway
from toolkit.billing.invoices import Invoice
from toolkit.billing.paymentmethods import PaymentMethod
from toolkit.billing.paymentruns import PaymentRun, Record, Result, executed, is_due, matches
from toolkit.zuora.documents.types import TABLES_BY_TYPE
from toolkit.zuora.payments.collecting import gateway_for, locked
from toolkit.zuora.state.world import Change, World


def execute(change: Change, world: World, run: PaymentRun) -> PaymentRun:
    """Collect what a run is for, account after account, and put what comes of it into the change."""
    results: list[Result] = []
    for till in _asked(change, world, run) if run.records else _chosen(change, world, run):
        collected = collect(run, till, world.rules, change, world.now)
        for row in collected.changed:
            change.put(row)
        results += collected.results
    done = executed(run, results, world.now)
    change.put(done)
    return done


def _chosen(change: Change, world: World, run: PaymentRun) -> Iterator[Till]:
    """Yield what a run finds at the accounts that its filters choose, in order of their numbers."""
    for account in sorted(world.accounts.latest(), key=lambda account: account.number):
        gateway = gateway_for(world, account)
        if not matches(run, account, gateway):
            continue
        debts = [debt for debt in _debts(change, world, account) if is_due(run, debt, account, world.today)]
        if debts:
            asked = tuple(Asked(debt, debt.balance) for debt in debts)
            yield _till(change, account, asked, _default_method(change, account), gateway)


def _asked(change: Change, world: World, run: PaymentRun) -> Iterator[Till]:
    """Yield what a run finds for each of its records, or for those of one account at once if it consolidates.

    Source: Zuora, create a payment run: a record's payment method and gateway go before the account's, whose
    default method is charged whatever it says of auto-pay.
    """
    groups: dict[object, list[tuple[int, Record]]] = {}
    for place, record in enumerate(run.records):
        same = (record.account_id, record.payment_method_id, record.gateway_id) if run.consolidated else place
        groups.setdefault(same, []).append((place, record))
    for group in groups.values():
        first = group[0][1]
        account = world.accounts.find(first.account_id)
        asked = tuple(one for place, record in group for one in _of_record(change, world, record, place))
        if asked:
            key = first.payment_method_id
            method = change.table("payment_methods").find(key) if key else _default_method(change, account)
            gateway = gateway_for(world, account, first.gateway_id)
            yield _till(change, account, asked, method, gateway)._replace(comment=first.comment)


def _of_record(change: Change, world: World, record: Record, place: int) -> Iterator[Asked]:
    account = world.accounts.find(record.account_id)
    for debt in _debts(change, world, account):
        if record.document_id in {None, debt.id} and debt.status == "Posted" and debt.balance > 0:
            yield Asked(debt, min(record.amount or debt.balance, debt.balance), place)


def _debts(change: Change, world: World, account: Account) -> list[Invoice | DebitMemo]:
    """Return what an account owes and nobody is paying, in the order in which it falls due."""
    busy = locked(world, account.id)
    tables = (change.table("invoices"), change.table("debit_memos"))
    found = [debt for table in tables for debt in table.of(account.id) if debt.id not in busy]
    return sorted(found, key=lambda debt: (debt.due_date, debt.number))


def _default_method(change: Change, account: Account) -> PaymentMethod | None:
    found: PaymentMethod | None = change.table("payment_methods").get(account.default_payment_method_id or "")
    return found


def _till(
    change: Change,
    account: Account,
    asked: tuple[Asked, ...],
    method: PaymentMethod | None,
    gateway: Gateway,
) -> Till:
    memos = [
        memo
        for memo in change.table("credit_memos").of(account.id)
        if memo.status == "Posted" and memo.payment_runs
    ]
    payments = change.table("payments").of(account.id)
    return Till(account, asked, memos, payments, method, gateway)


def check_record(world: World, record: Record, kind: str | None) -> None:
    """Refuse a record of a run that cannot be collected.

    Raises:
        NotFoundError: There is no such document or payment method.
        RuleError: It asks for an amount of no document, for more than is open, or names another account's.
    """
    if (record.document_id is None) != (kind is None):
        raise RuleError("A record has both 'documentId' and 'documentType', or neither.")
    if kind is None:
        if record.amount is not None:
            raise RuleError("'amount' can be given only for a document.")
        return
    debt: Invoice | DebitMemo = getattr(world, TABLES_BY_TYPE[kind]).find(record.document_id)
    if debt.account_id != record.account_id:
        raise RuleError(f"The {debt.kind} {debt.number} belongs to another account.")
    if record.amount is not None and not 0 < record.amount <= debt.balance:
        raise RuleError(
            f"The amount {record.amount} should be greater than 0 and not greater than the balance "
            f"{debt.balance} of {debt.number}."
        )
