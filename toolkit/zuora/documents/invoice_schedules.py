"""Invoice schedules: their items are processed by themselves on their days, each by a bill run."""

from datetime import date

from msgspec.structs import replace

from toolkit.billing.billruns import BillRun
from toolkit.billing.credits import CreditMemo
from toolkit.billing.generation import Heading
from toolkit.billing.invoices import Invoice
from toolkit.billing.schedules import InvoiceSchedule, ScheduleItem
from toolkit.billing.scheduling import bill_item, refreshed
from toolkit.billing.subscriptions import Subscription, first_bill_cycle_day
from toolkit.zuora.documents.bills import keep
from toolkit.zuora.state.world import Change, World


def run(change: Change, world: World, schedule: InvoiceSchedule) -> None:
    """Process the next item."""
    if schedule.pending is not None:
        process(change, world, schedule, schedule.pending)


def process(change: Change, world: World, schedule: InvoiceSchedule, item: ScheduleItem) -> BillRun:
    """Bill an item; its invoice, or its credit memo, stays a draft.

    When all items are processed, the charges are billed like others again: what is removed of them later
    is credited by a bill run.
    Source: Zuora, create single-year invoice schedules; remove charges from subscriptions associated with
    fully processed invoice schedules.
    """
    account = world.accounts.find(schedule.account_id)
    numbers = dict.fromkeys(share.subscription_number for share in schedule.shares)
    subscriptions = [world.subscriptions.find(number) for number in numbers]
    day = account.bill_cycle_day or first_bill_cycle_day(subscriptions)
    schedule = refreshed(schedule, subscriptions, day, world.rules)
    item = next(one for one in schedule.items if one.id == item.id)
    made = BillRun(
        id=change.id(),
        number=change.number("bill run"),
        name=None,
        status="Completed",
        invoice_date=item.run_date or world.today,
        target_date=item.run_date or world.today,
        created=world.now,
        updated=world.now,
        account_ids=(account.id,),
    )
    head = Heading(
        account=account,
        invoice_date=made.invoice_date,
        target_date=made.target_date,
        now=world.now,
        source="BillRun",
        source_id=made.number,
        post=False,
        payment_terms=world.payment_terms,
    )
    owed = bill_item(schedule, item, subscriptions, day, world.rules)
    documents = keep(change, head, owed, subscriptions, world.rules)
    invoices = tuple(one.id for one in documents if isinstance(one, Invoice))
    memos = tuple(one.id for one in documents if isinstance(one, CreditMemo))
    done = replace(
        item, processed=True, document_id=next(iter(invoices), None), memo_id=next(iter(memos), None)
    )
    following = replace(schedule, items=tuple(done if one.id == item.id else one for one in schedule.items))
    change.put(following)
    if following.pending is None:
        free(change, following)
    made = replace(made, invoice_ids=invoices)
    change.put(made)
    return made


def reopen(change: Change, document: Invoice | CreditMemo) -> None:
    """Make the schedule's item that a cancelled document billed pending again.

    Source: Zuora, billing schedules: after an invoice is canceled its schedule item makes another one.
    """
    billed = [
        schedule
        for schedule in change.table("invoice_schedules").of(document.account_id)
        if any(document.id in item.document_ids for item in schedule.items)
    ]
    for schedule in billed:
        items = tuple(
            replace(item, processed=False, document_id=None, memo_id=None)
            if document.id in item.document_ids
            else item
            for item in schedule.items
        )
        change.put(replace(schedule, items=items))
        hold(change, schedule)


def hasten(change: Change, former: Subscription, following: Subscription) -> None:
    """Let schedules that have begun process their next item as soon as an order cuts one of their charges.

    Source: Zuora, credit memo generation in billing schedule. That it does so on the day of the order if that
    is later is an assumption.
    """
    ends = {
        charge.id: charge.effective_end or date.max
        for charge in former.charges
        if charge.number in former.scheduled
    }
    now = ((charge.id, charge.effective_end or date.max) for charge in following.charges)
    cuts = [end for key, end in now if key in ends and end < ends[key]]
    if not cuts:
        return
    day = max(min(cuts), change.before.today)
    for schedule in change.table("invoice_schedules").of(following.invoice_owner_id):
        item, shared = schedule.pending, {share.subscription_number for share in schedule.shares}
        if (
            item
            and schedule.begun
            and following.number in shared
            and (not item.run_date or day < item.run_date)
        ):
            items = (replace(one, run_date=day) if one is item else one for one in schedule.items)
            change.put(replace(schedule, items=tuple(items)))


def hold(change: Change, schedule: InvoiceSchedule) -> None:
    """Leave the charges of a schedule to it."""
    for subscription, numbers in _held(change, schedule):
        scheduled = tuple(dict.fromkeys((*subscription.scheduled, *sorted(numbers))))
        change.put(replace(subscription, scheduled=scheduled))


def free(change: Change, schedule: InvoiceSchedule) -> None:
    """Let the charges of a schedule be billed like others again."""
    for subscription, numbers in _held(change, schedule):
        rest = tuple(one for one in subscription.scheduled if one not in numbers)
        change.put(replace(subscription, scheduled=rest))


def _held(change: Change, schedule: InvoiceSchedule) -> list[tuple[Subscription, set[str]]]:
    """Return the subscriptions of a schedule, each with the numbers of its charges that are attached."""
    numbers: dict[str, set[str]] = {}
    for share in schedule.shares:
        if share.charge_number not in schedule.detached:
            numbers.setdefault(share.subscription_number, set()).add(share.charge_number)
    table = change.table("subscriptions")
    return [(table.find(number), charges) for number, charges in numbers.items()]
