"""What a schedule bills, the bill run does not; the documented figures are among the worked examples."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from toolkit.billing.audit import Books, billed_twice
from toolkit.billing.generation import documents
from toolkit.billing.invoices import Invoice
from toolkit.billing.rules import DEFAULT_RULES
from toolkit.billing.schedules import InvoiceSchedule, WantedItem, make_items
from toolkit.billing.scheduling import bill_item, refreshed, shares
from toolkit.billing.unbilling import marks_of, unbill

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.billing.conftest import Customer, Sold

NEW_YEAR = date(2026, 1, 1)


def schedule(one: "Customer", *amounts: int) -> InvoiceSchedule:
    held = tuple(shares(one.subscription, 1, DEFAULT_RULES))
    wanted = [WantedItem(amount=Decimal(amount)) for amount in amounts]
    items = make_items(sum((share.net for share in held), Decimal(0)), "USD", wanted, one)
    return InvoiceSchedule(
        id="1", number="IS-1", account_id="", currency="USD", orders=(), shares=held, items=items
    )


def test_charges_that_a_schedule_bills_are_left_out_of_other_bills(yearly: "Customer") -> None:
    first, second = yearly.charges
    yearly.subscription = replace(yearly.subscription, scheduled=(first.number,))
    assert {line.item.charge.number for line in yearly.bill(date(2026, 3, 1)).lines} == {second.number}


def test_only_unbilled_charges_with_an_end_are_shared_out(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, invoice schedules creation: only unbilled charges."""
    one = customer()
    later = sold(5, trigger_event="SpecificDate", trigger=date(2026, 7, 1))
    one.subscribe(sold(10), later, sold(1, type="Usage", model="PerUnit"), start=NEW_YEAR)
    assert [share.price for share in shares(one.subscription, 1, DEFAULT_RULES)] == [120, 30]
    one.bill(NEW_YEAR)
    assert [share.price for share in shares(one.subscription, 1, DEFAULT_RULES)] == [30]
    evergreen = customer()
    evergreen.subscribe(sold(10), start=NEW_YEAR, term=None)
    assert list(shares(evergreen.subscription, 1, DEFAULT_RULES)) == []


def test_charges_are_shared_out_by_their_numbers(yearly: "Customer") -> None:
    number = yearly.charges[1].number
    assert [one.price for one in shares(yearly.subscription, 1, DEFAULT_RULES, [number])] == [240]


def test_what_is_billed_is_marked(yearly: "Customer") -> None:
    made = schedule(yearly, 180, 180)
    first = bill_item(made, made.items[0], [yearly.subscription], 1, DEFAULT_RULES)
    charge = next(first.subscriptions[0].charges)
    assert (charge.charged_through, charge.processed_through) == (date(2026, 7, 1), NEW_YEAR)
    second = bill_item(made, made.items[1], first.subscriptions, 1, DEFAULT_RULES)
    assert all(charge.done for charge in second.subscriptions[0].charges)


def test_sums_of_the_first_charges_are_rounded(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    """Source: Zuora, invoice generation details: 10451.61, 10451.62 and 6096.77."""
    one = customer()
    one.subscribe(sold(1), sold(1), sold(1), start=NEW_YEAR)
    made = schedule(one, 10, 26)
    owed = bill_item(made, made.items[0], [one.subscription], 1, DEFAULT_RULES)
    assert [line.item.amount for line in owed.lines] == [
        Decimal("3.33"),
        Decimal("3.34"),
        Decimal("3.33"),
    ]


def test_a_charge_without_a_price_ends_before_the_others_where_it_does(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    free = sold(0, end_date_condition="Specific_End_Date", end=date(2026, 3, 1))
    one.subscribe(sold(100), free, start=NEW_YEAR)
    made = schedule(one, 600, 600)
    bills = [bill_item(made, item, [one.subscription], 1, DEFAULT_RULES) for item in made.items]
    assert [[line.item.last_day for line in owed.lines] for owed in bills] == [
        [date(2026, 6, 30), date(2026, 2, 28)],
        [date(2026, 12, 31)],
    ]


def test_a_day_that_two_items_share_is_not_billed_twice(yearly: "Customer") -> None:
    """Source: BP-045: the partly used day is in both invoices."""
    made = schedule(yearly, 50, 310)
    first = bill_item(made, made.items[0], [yearly.subscription], 1, DEFAULT_RULES)
    second = bill_item(made, made.items[1], first.subscriptions, 1, DEFAULT_RULES)
    days = [line.item for owed in (first, second) for line in owed.lines]
    assert days[0].last_day == days[2].start
    heading = yearly.heading(NEW_YEAR)
    invoices = [one for owed in (first, second) for one in documents(owed, heading, yearly)]
    assert list(billed_twice(Books(invoices=[one for one in invoices if isinstance(one, Invoice)]))) == []


def test_items_follow_the_price_as_long_as_nothing_is_billed(yearly: "Customer") -> None:
    """Source: Zuora, update invoice schedules by changing charge prices."""
    made = schedule(yearly, 60, 200, 100)
    assert refreshed(made, [yearly.subscription], 1, DEFAULT_RULES) is made
    yearly.update(NEW_YEAR, price=Decimal(20))
    more = refreshed(made, [yearly.subscription], 1, DEFAULT_RULES)
    assert [item.amount for item in more.items] == [60, 200, 220]
    assert more.total == 480
    halves = replace(made, items=tuple(replace(item, percentage=Decimal(50)) for item in made.items[:2]))
    assert [item.amount for item in refreshed(halves, [yearly.subscription], 1, DEFAULT_RULES).items] == [
        240,
        240,
    ]
    yearly.remove(NEW_YEAR)
    less = refreshed(made, [yearly.subscription], 1, DEFAULT_RULES)
    assert [item.amount for item in less.items] == [60, 180, 0]
    begun = replace(made, items=(replace(made.items[0], processed=True), *made.items[1:]))
    assert refreshed(begun, [yearly.subscription], 1, DEFAULT_RULES) is begun


def test_a_charge_that_was_cut_short_is_billed_to_its_end(
    customer: "type[Customer]", sold: "Callable[..., Sold]"
) -> None:
    one = customer()
    one.subscribe(sold(100), sold(100), start=NEW_YEAR)
    made = schedule(one, 600, 600, 1200)
    first = bill_item(made, made.items[0], [one.subscription], 1, DEFAULT_RULES)
    (one.subscription,) = first.subscriptions
    one.remove(date(2026, 5, 1))
    bills = []
    for item in made.items[1:]:
        owed = bill_item(made, item, [one.subscription], 1, DEFAULT_RULES)
        (one.subscription,) = owed.subscriptions
        bills.append([(line.item.last_day, line.item.amount) for line in owed.lines])
    assert bills == [
        [(date(2026, 4, 30), Decimal(100)), (date(2026, 6, 30), Decimal(300))],
        [(date(2026, 12, 31), Decimal(600))],
    ]


def test_what_is_credited_is_not_credited_again(yearly: "Customer") -> None:
    made = schedule(yearly, 180, 180)
    for item in made.items:
        (yearly.subscription,) = bill_item(made, item, [yearly.subscription], 1, DEFAULT_RULES).subscriptions
    assert [len(charge.installments) for charge in yearly.charges] == [2, 2]
    for plan in (0, 1):
        yearly.remove(date(2026, 9, 1), plan)
    assert [line.item.amount for line in yearly.bill(date(2026, 9, 1)).lines] == [Decimal(-40), Decimal(-80)]
    yearly.cancel_bill()
    assert yearly.bill(date(2026, 9, 1)).total == -120
    assert yearly.bill(date(2026, 9, 1)).lines == ()
    yearly.cancel(date(2026, 8, 1))
    assert [(line.item.start, line.item.last_day) for line in yearly.bill(date(2026, 9, 1)).lines] == [
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 8, 1), date(2026, 8, 31)),
    ]


def test_what_a_cancelled_bill_has_billed_is_no_installment(yearly: "Customer") -> None:
    made = schedule(yearly, 180, 180)
    first = bill_item(made, made.items[0], [yearly.subscription], 1, DEFAULT_RULES)
    second = bill_item(made, made.items[1], first.subscriptions, 1, DEFAULT_RULES)
    for owed, left in ((second, 1), (first, 0)):
        marks = {mark.charge_id: mark for mark in marks_of(owed)}
        freed = unbill(owed.subscriptions[0], marks)
        assert {len(charge.installments) for charge in freed.charges} == {left}
