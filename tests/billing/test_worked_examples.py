"""The engine bills and measures what Zuora's documentation prints."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import pytest

from tests.billing.metric_checks import (
    DAY,
    Deltas,
    Nets,
    OrderMetrics,
    RampMetrics,
    Sale,
    Strict,
    as_printed,
    check_deltas,
    check_net,
    check_ramp,
    check_sale,
)
from tests.billing.schedule_checks import Schedule, check_schedule
from toolkit import content
from toolkit.billing.accounts import PaymentTerm
from toolkit.billing.credits import CreditMemo
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice, bill
from toolkit.billing.metrics import mrr, subscription_tcv, tcv
from toolkit.billing.orders import CancelSubscription, LastTerm, TermsAndConditions, Triggers
from toolkit.billing.prepaid import Balance
from toolkit.billing.rules import BillingRules
from toolkit.billing.run_dates import RunDate
from toolkit.billing.subscriptions import Term
from toolkit.billing.taxcodes import TaxCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold
    from toolkit.billing.invoices import Bill


class Measures(Strict, frozen=True, kw_only=True):
    """What one segment is worth."""

    mrr: Decimal | None = None
    tcv: Decimal | None = None
    dmrc: Decimal | None = None
    dtcv: Decimal | None = None


class Cancel(Strict, frozen=True, kw_only=True):
    """A cancellation."""

    day: date
    policy: Literal["SpecificDate", "EndOfCurrentTerm", "EndOfLastInvoicePeriod"] = "SpecificDate"


class Add(Strict, frozen=True, kw_only=True):
    """An added rate plan."""

    day: date
    charges: tuple[dict[str, Any], ...]


class Used(Strict, frozen=True, kw_only=True):
    """A usage record."""

    day: date
    uom: str = "Each"
    quantity: Decimal
    upload: str | None = None
    group: str | None = None
    prerated: Decimal | None = None


class Pause(Strict, frozen=True, kw_only=True):
    """A suspension, and the resumption that is ordered after it."""

    day: date
    until: date
    extends_term: bool = False


class NewTerm(Strict, frozen=True, kw_only=True):
    """A change of the current term: its length, or its start."""

    day: date
    term: Term
    start: date | None = None


class Due(Strict, frozen=True, kw_only=True):
    """An invoice's date, its payment term, and its due date."""

    invoiced: date
    term: PaymentTerm
    expected: date


class Run(Strict, frozen=True, kw_only=True):
    """A day on which a scheduled bill run runs, how its dates follow, and what they are."""

    day: date
    invoice: RunDate = RunDate()
    target: RunDate = RunDate()
    dates: tuple[date, date]


class Step(Strict, frozen=True, kw_only=True):
    """What is done, and what must then be so; `delta` is the sum of all `dtcv`.

    The actions of `together` are those of one order. `items` and `total` are without tax, `taxes` and
    `taxable` by item and tax item. `cancel_bill` takes back what the last bill marked; `left` are the prepaid
    units that are left in each fund, `balance` is their sum. `reprice` are new prices of the catalog and
    `segmented` versions and segments that are given, by charge.
    """

    together: tuple["Step", ...] = ()
    add: Add | None = None
    update: dict[str, Any] | None = None
    remove: dict[str, Any] | None = None
    reprice: tuple[Decimal, ...] = ()
    segmented: tuple[tuple[int, int], ...] = ()
    renew: bool = False
    cancel: Cancel | None = None
    suspend: Pause | None = None
    terms: NewTerm | None = None
    bill_cycle_day: int | None = None
    use: tuple[Used, ...] = ()
    cancel_bill: bool = False
    left: tuple[Decimal, ...] | None = None
    balance: Decimal | None = None
    bill: date | None = None
    items: tuple[tuple[date, date, Decimal], ...] | None = None
    quantities: tuple[Decimal, ...] | None = None
    count: int | None = None
    total: Decimal | None = None
    taxes: tuple[tuple[Decimal, ...], ...] | None = None
    taxable: tuple[tuple[Decimal, ...], ...] | None = None
    unrounded: tuple[tuple[Decimal, ...], ...] | None = None
    tax_dates: tuple[date, ...] | None = None
    tax: Decimal | None = None
    total_with_tax: Decimal | None = None
    document: Literal["invoice", "credit memo"] | None = None
    segments: tuple[tuple[date, date], ...] | None = None
    metrics: tuple[Measures, ...] | None = None
    delta: Decimal | None = None
    tcv: Decimal | None = None
    net: Nets = Nets()
    deltas: Deltas | None = None
    order_metrics: OrderMetrics | None = None
    ramp_metrics: RampMetrics | None = None
    schedule: Schedule | None = None
    sale: Sale | None = None
    term_end: date | None = None
    due: tuple[Due, ...] = ()
    runs: tuple[Run, ...] = ()


class Beside(Strict, frozen=True, kw_only=True):
    """A second subscription of the account, which goes on for good."""

    start: date
    charges: tuple[dict[str, Any], ...]


class Example(Strict, frozen=True, kw_only=True):
    """One example, or one variant of it."""

    id: str
    source: str
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    start: date
    note: str = ""
    left_out: str = ""
    charges: tuple[dict[str, Any], ...] = ()
    beside: Beside | None = None
    ramp: tuple[tuple[date, date], ...] = ()
    term: Term = Term(12, "Month")
    evergreen: bool = False
    renewal: Term | None = None
    rules: BillingRules = BillingRules()
    bill_cycle_day: int = 1
    currency: str = "USD"
    tax_codes: dict[str, TaxCode] = msgspec.field(default_factory=dict)


OTHERS = frozenset({"documents", "payments", "left-out"})  # which other tests run, or none
FILES = sorted(
    file for file in Path(__file__).with_name("examples").glob("*.yaml") if file.stem not in OTHERS
)
EXAMPLES = [example for file in FILES for example in msgspec.convert(content.read_yaml(file), list[Example])]


def prepare(customer: "Customer", step: Step, sold: "Callable[..., Sold]") -> None:
    """Change what the step gives: prices of the catalog, or versions and segments of charges."""
    for place, price in enumerate(step.reprice):
        terms = customer.charges[place].terms
        customer.catalog(place, sold(**{**msgspec.structs.asdict(terms), "price": price}))
    if step.segmented:
        customer.segmented(step.segmented)


def prolong(customer: "Customer", step: Step) -> None:
    """Carry out what the step does to the term."""
    if step.renew:
        customer.renew()
    if step.terms:
        last = LastTerm(type="TERMED", term=step.terms.term, start=step.terms.start)
        customer.order(TermsAndConditions(Triggers(step.terms.day), last_term=last))
    if step.suspend:
        customer.suspend(step.suspend.day)
        customer.resume(step.suspend.until, extends_term=step.suspend.extends_term)


def perform(customer: "Customer", step: Step, sold: "Callable[..., Sold]") -> None:
    """Carry out the step's order, if it has one."""
    if step.add:
        customer.add(*(sold(**terms) for terms in step.add.charges), day=step.add.day)
    if step.update:
        customer.update(**step.update)
    if step.remove:
        customer.remove(**step.remove)
    prolong(customer, step)
    if step.cancel:
        triggers = Triggers(step.cancel.day)
        customer.order(CancelSubscription(triggers, step.cancel.policy, step.cancel.day))
    if step.bill_cycle_day:
        customer.moves_to(step.bill_cycle_day)
    if step.cancel_bill:
        customer.cancel_bill()
    for used in step.use:
        customer.use(**msgspec.structs.asdict(used))


def place(customer: "Customer", step: Step, sold: "Callable[..., Sold]") -> None:
    """Carry out the actions of the step; those of one order are compared with what was before it."""
    prepare(customer, step, sold)
    former = customer.subscription
    perform(customer, step, sold)
    for action in step.together:
        perform(customer, action, sold)
    if step.together:
        customer.former = former


def check_bill(customer: "Customer", step: Step) -> None:
    """Bill, and compare with what the step says."""
    assert step.bill is not None
    owed = customer.bill(step.bill)
    items = [line.item for line in owed.lines]
    if step.items is not None:
        periods = [(item.start, item.last_day) for item in items]
        assert periods == [(first, last) for first, last, _ in step.items]
        for item, (_, _, printed) in zip(items, step.items, strict=True):
            assert as_printed(item.amount, printed) == printed
    if step.quantities is not None:
        assert [item.quantity for item in items] == list(step.quantities)
    if step.count is not None:
        assert len(items) == step.count
    if step.total is not None:
        assert as_printed(owed.total, step.total) == step.total
    check_taxes(owed, step)
    if step.document is not None:
        (made,) = documents(owed, customer.heading(step.bill), customer, customer.rules)
        assert made is not None
        assert abs(made.amount) == abs(owed.total + owed.tax)
        assert isinstance(made, CreditMemo) == (step.document == "credit memo")


def check_taxes(owed: "Bill", step: Step) -> None:
    """Compare the taxes of a bill with what the step says."""
    if step.taxes is not None:
        assert [tuple(tax.amount for tax in line.taxes) for line in owed.lines] == list(step.taxes)
    if step.taxable is not None:
        assert [tuple(tax.taxable_amount for tax in line.taxes) for line in owed.lines] == list(step.taxable)
    if step.unrounded is not None:
        assert [tuple(tax.unrounded for tax in line.taxes) for line in owed.lines] == list(step.unrounded)
    if step.tax_dates is not None:
        assert tuple(tax.tax_date for line in owed.lines for tax in line.taxes) == step.tax_dates
    if step.tax is not None:
        assert owed.tax == step.tax
    if step.total_with_tax is not None:
        assert owed.total + owed.tax == step.total_with_tax


def check_metrics(customer: "Customer", step: Step) -> None:
    """Compare the segments with what the step says of them."""
    charges = customer.charges
    if step.segments is not None:
        found = [(one.effective_start, one.effective_end and one.effective_end - DAY) for one in charges]
        assert found == list(step.segments)
    for charge, printed in zip(charges, step.metrics or (), strict=step.metrics is not None):
        ours = Measures(mrr=mrr(charge), tcv=tcv(charge), dmrc=charge.dmrc, dtcv=charge.dtcv)
        for name in Measures.__struct_fields__:
            value = getattr(printed, name)
            assert value is None or as_printed(getattr(ours, name), value) == value, name
    if step.delta is not None:
        assert as_printed(sum((one.dtcv for one in charges), Decimal(0)), step.delta) == step.delta
    if step.term_end is not None:
        assert customer.subscription.term_end == step.term_end
    if step.tcv is not None:
        assert subscription_tcv(customer.subscription) == step.tcv


def check_dates(customer: "Customer", step: Step) -> None:
    """Compare due dates of invoices, and dates of scheduled bill runs, with what the step says of them."""
    for due in step.due:
        account = msgspec.structs.replace(customer.account, payment_term="Agreed")
        owed = bill(account, [customer.subscription], due.invoiced, customer.rules)
        heading = msgspec.structs.replace(
            customer.heading(due.invoiced), account=account, payment_terms={"Agreed": due.term}
        )
        (made,) = documents(owed, heading, customer)
        assert isinstance(made, Invoice)
        assert made.due_date == due.expected
    for run in step.runs:
        assert (run.invoice.on(run.day), run.target.on(run.day)) == run.dates


def check_funds(customer: "Customer", step: Step) -> None:
    """Compare the prepaid units that are left."""
    balance = Balance(customer.subscription, customer.usage)
    if step.left is not None:
        assert tuple(balance.left.values()) == step.left
    if step.balance is not None:
        assert balance.total == step.balance


def run(example: Example, customer: "type[Customer]", sold: "Callable[..., Sold]") -> None:
    """Do what an example does, and compare with what it prints."""
    one = customer(example.bill_cycle_day, example.currency, example.rules, example.tax_codes)
    one.subscribe(
        *(sold(**terms) for terms in example.charges),
        start=example.start,
        term=None if example.evergreen else example.term,
        renewal_term=example.renewal,
    )
    if example.beside:
        first, bought = one.subscription, (sold(**terms) for terms in example.beside.charges)
        one.beside = one.subscribe(*bought, start=example.beside.start, term=None)
        one.subscription = first
    for step in example.steps:
        place(one, step, sold)
        if step.bill:
            check_bill(one, step)
        check_funds(one, step)
        check_metrics(one, step)
        check_net(one, step.net)
        check_dates(one, step)
        check_deltas(one, step.deltas, step.order_metrics)
        if step.ramp_metrics:
            check_ramp(one, example.ramp, step.ramp_metrics)
        if step.sale:
            check_sale(one, step.sale)
        if step.schedule:
            check_schedule(one, step.schedule)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
def test_a_documented_example_comes_out_as_printed(
    example: Example, customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    run(example, customer, sold)


def test_no_example_is_told_twice() -> None:
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)
