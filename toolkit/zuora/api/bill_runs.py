"""/v1/bill-runs: bill many accounts at once, post or cancel what came of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from toolkit.billing.accounts import Account
from toolkit.billing.billruns import BillRun, BillRunStatus
from toolkit.billing.catalog import ChargeType
from toolkit.billing.credits import CreditMemo
from toolkit.billing.errors import InvalidValueError, MissingValueError, NotFoundError, RuleError
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.lifecycle import post as post_document
from toolkit.billing.subscriptions import Subscription
from toolkit.zuora import mailing
from toolkit.zuora.bills import issue, posted_on
from toolkit.zuora.endpoint import Call, Endpoint, Reply
from toolkit.zuora.owners import invoiced_to
from toolkit.zuora.renewals import renew_into
from toolkit.zuora.wire import Body, day, stamp
from toolkit.zuora.withdrawals import cancel_all
from toolkit.zuora.world import Change, World

_MOST_SUBSCRIPTIONS = 50
_ALL_BATCHES = "AllBatches"


class BillRunFilter(Body, frozen=True):
    """An account to bill, or one of its subscriptions."""

    filter_type: Literal["Account", "Subscription"]
    account_id: str
    subscription_id: str | None = None


class NewBillRun(Body, frozen=True):
    """A bill run of everybody, of batches, of accounts or of subscriptions."""

    harmless: ClassVar[frozenset[str]] = frozenset(
        {"billRunType", "includeOrderLineItems", "organizationLabels"}
    )
    lacking: ClassVar[frozenset[str]] = frozenset(
        {
            *("invoiceDateDayOfMonth", "invoiceDateMonthOffset", "schedule"),
            *("targetDateDayOfMonth", "targetDateMonthOffset"),
        }
    )

    target_date: date | None = None
    invoice_date: date | None = None
    name: str | None = None
    batches: tuple[str, ...] = ()
    bill_cycle_day: str | None = None
    bill_run_filters: tuple[BillRunFilter, ...] = ()
    auto_email: bool = False
    auto_post: bool = False
    auto_renewal: bool = False
    include_subscriptions: bool = True
    charge_type_to_exclude: tuple[ChargeType, ...] = ()
    no_email_for_zero_amount_invoice: bool = False


class Posting(Body, frozen=True):
    """How to post."""

    invoice_date: date | None = None


class Cancelling(Body, frozen=True):
    """How to cancel; there is nothing to choose for a run that is not scheduled."""

    harmless: ClassVar[frozenset[str]] = frozenset({"cancelOnce"})


def create(call: Call) -> Reply:
    """Run a bill run; it is finished at once, though the answer says Pending as Zuora's does.

    A draft stays a draft until the run is posted, unless `autoPost` is set.
    """
    said: NewBillRun = call.body
    if said.target_date is None:
        raise MissingValueError("targetDate")
    world = call.world
    account_ids, subscriptions = _filtered(world, said)
    change = Change(world)
    run = BillRun(
        id=change.id(),
        number=change.number("bill run"),
        name=said.name,
        status="Posted" if said.auto_post else "Completed",
        invoice_date=said.invoice_date or world.today,
        target_date=said.target_date,
        created=world.now,
        updated=world.now,
        account_ids=account_ids,
        subscription_ids=subscriptions,
        batches=said.batches,
        auto_post=said.auto_post,
        auto_renewal=said.auto_renewal,
        excluded=said.charge_type_to_exclude,
        posted=world.now if said.auto_post else None,
        auto_email=said.auto_email,
        no_email_for_zero=said.no_email_for_zero_amount_invoice,
    )
    made = [one for account in _accounts(world, run, said) for one in _bill(change, world, run, account)]
    run = replace(
        run,
        invoice_ids=tuple(one.id for one in made if isinstance(one, Invoice)),
        credit_memo_ids=tuple(one.id for one in made if isinstance(one, CreditMemo)),
    )
    change.put(run)
    if run.auto_email:
        mailing.send(change, mailing.of_run(change, run, made))
    return Reply({**show(run), "status": "Pending"}, change.world)


def _filtered(world: World, said: NewBillRun) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the id of the account, and the numbers of the subscriptions, to which the filters narrow a run.

    Source: Zuora, create a bill run: one single account, or at most 50 subscriptions of the same account.
    """
    filters = said.bill_run_filters
    if said.batches and filters:
        raise RuleError("A bill run has either 'batches' or 'billRunFilters', not both.")
    if len(filters) > _MOST_SUBSCRIPTIONS:
        raise RuleError(f"A bill run has at most {_MOST_SUBSCRIPTIONS} filters.")
    accounts = {world.accounts.find(one.account_id).id for one in filters}
    if len(accounts) > 1 or len({one.filter_type for one in filters}) > 1:
        raise RuleError("The filters of a bill run should name one account, or subscriptions of one account.")
    found = []
    for one in filters:
        if one.filter_type == "Subscription":
            if one.subscription_id is None:
                raise MissingValueError("billRunFilters.subscriptionId")
            subscription = world.subscriptions.find(one.subscription_id)
            if subscription.invoice_owner_id not in accounts:
                raise NotFoundError(one.subscription_id)
            found.append(subscription.number)
    return tuple(accounts), tuple(found)


def _accounts(world: World, run: BillRun, said: NewBillRun) -> Iterator[Account]:
    """Yield the accounts to bill in order of their numbers."""
    chosen: Iterable[Account] = sorted(world.accounts.latest(), key=lambda account: account.number)
    if run.account_ids:
        chosen = [world.accounts.find(identity) for identity in run.account_ids]
    for account in chosen:
        if said.batches and not {account.batch, _ALL_BATCHES}.intersection(said.batches):
            continue
        if said.bill_cycle_day not in {None, "AllBillCycleDays", str(account.bill_cycle_day)}:
            continue
        yield account


def _bill(change: Change, world: World, run: BillRun, account: Account) -> tuple[Invoice | CreditMemo, ...]:
    head = Heading(
        account=account,
        invoice_date=run.invoice_date,
        target_date=run.target_date,
        now=world.now,
        source="BillRun",
        source_id=run.number,
        post=run.auto_post,
        payment_terms=world.payment_terms,
    )
    subscriptions = [
        _renewed(change, world, run, subscription)
        for subscription in invoiced_to(world.subscriptions, account.id)
        if not run.subscription_ids or subscription.number in run.subscription_ids
    ]
    return issue(change, head, subscriptions, world.rules, run.excluded)


def _renewed(change: Change, world: World, run: BillRun, subscription: Subscription) -> Subscription:
    """Renew a subscription that renews by itself as far as the target date, if the run does that."""
    while (
        run.auto_renewal
        and subscription.auto_renew
        and subscription.status == "Active"
        and subscription.term_end is not None
        and subscription.term_end <= run.target_date
    ):
        subscription = renew_into(change, world, subscription)
    return subscription


def read(call: Call) -> Reply:
    """Show a bill run."""
    return Reply(show(call.world.bill_runs.find(call.path["bill-run-key"])))


def post(call: Call) -> Reply:
    """Post the drafts of a completed bill run."""
    run = _of_status(call, "Completed", "posted")
    said: Posting = call.body
    world, change = call.world, Change(call.world)
    for key in run.invoice_ids:
        invoice = world.invoices.get(key)
        if invoice is not None and invoice.status == "Draft":  # what was posted by itself stays as it is
            change.put(posted_on(world, invoice, said.invoice_date))
    for key in run.credit_memo_ids:
        memo = world.credit_memos.get(key)
        if memo is not None and memo.status == "Draft":
            change.put(post_document(memo, world.now))
    posted = replace(run, status="Posted", posted=world.now, updated=world.now)
    change.put(posted)
    return Reply(show(posted), change.world)


def cancel(call: Call) -> Reply:
    """Cancel a completed bill run: its drafts are canceled, and what they billed can be billed again."""
    run = _of_status(call, "Completed", "canceled")
    world, change = call.world, Change(call.world)
    made = (
        change.table(table).get(key)
        for table, keys in (("invoices", run.invoice_ids), ("credit_memos", run.credit_memo_ids))
        for key in keys
    )  # some may have been canceled, and perhaps deleted, by themselves
    cancel_all(change, [one for one in made if one is not None and one.status != "Canceled"])
    canceled = replace(run, status="Canceled", updated=world.now)
    change.put(canceled)
    return Reply(show(canceled), change.world)


def _of_status(call: Call, status: BillRunStatus, verb: str) -> BillRun:
    run = call.world.bill_runs.find(call.path["bill-run-key"])
    if run.status != status:
        raise InvalidValueError(
            f"Only bill runs with {status} status can be {verb}, {run.number} is {run.status}."
        )
    return run


def show(run: BillRun) -> dict[str, Any]:
    """Return a bill run as answers show it."""
    filters: list[dict[str, object]] = [
        {"filterType": "Account", "accountId": identity} for identity in run.account_ids
    ]
    return {
        "id": run.id,
        "billRunNumber": run.number,
        "name": run.name,
        "batches": list(run.batches),
        "billRunFilters": filters,
        "autoPost": run.auto_post,
        "autoRenewal": run.auto_renewal,
        "autoEmail": run.auto_email,
        "noEmailForZeroAmountInvoice": run.no_email_for_zero,
        "includeSubscriptions": True,
        "chargeTypeToExclude": list(run.excluded),
        "includeOrderLineItems": True,
        "status": run.status,
        "invoiceDate": day(run.invoice_date),
        "targetDate": day(run.target_date),
        "createdDate": stamp(run.created),
        "updatedDate": stamp(run.updated),
        "success": True,
    }


ENDPOINTS = (
    Endpoint("POST", "/v1/bill-runs", create, NewBillRun, resource=588100),
    Endpoint("GET", "/v1/bill-runs/{bill-run-key}", read),
    Endpoint("PUT", "/v1/bill-runs/{bill-run-key}/post", post, Posting, resource=588200),
    Endpoint("PUT", "/v1/bill-runs/{bill-run-key}/cancel", cancel, Cancelling, resource=588200),
)
