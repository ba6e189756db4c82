"""What one customer's year through Zuora's official SDK must have come to, to the cent.

The figures are worked out here from the rules that the tenant declares: of a period longer than a month,
whole months count first and then the actual days; a credit is what was billed less the rounded charge
for the part that was used; a bill below zero becomes a credit memo.
"""

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest


def money(value: Any) -> Decimal:
    """The amount behind a JSON number, which may not be finer than a cent."""
    amount = Decimal(str(value))
    assert amount == amount.quantize(Decimal("0.01")), f"{value!r} is finer than a cent"
    return amount


def priced(yearly: Decimal, months: Decimal) -> Decimal:
    """The price of a part of a year, in cents."""
    return (yearly * months / 12).quantize(Decimal("0.01"), ROUND_HALF_UP)


def months_between(begin: date, end: date) -> Decimal:
    """The months from the first of one month to any day, which no longer counts, of a later one."""
    assert begin.day == 1
    whole = (end.year - begin.year) * 12 + end.month - begin.month
    return whole + Decimal(end.day - 1) / calendar.monthrange(end.year, end.month)[1]


def a_year_later(day: date) -> date:
    return day.replace(year=day.year + 1)


def test_a_new_account_is_active_and_owes_nothing(customer: Any) -> None:
    account = customer.account
    assert account.basic_info.status == "Active"
    assert account.basic_info.account_number == customer.keys.number
    assert account.billing_and_payment.bill_cycle_day == 1
    assert account.billing_and_payment.payment_term == "Net 30"
    assert account.bill_to_contact.country == "United States"
    assert account.sold_to_contact.first_name == "Ada"
    assert money(account.metrics.balance) == 0


def test_a_contact_belongs_to_its_account(customer: Any) -> None:
    assert customer.contact.account_id == customer.keys.id
    assert customer.contact.last_name == "Clarke"


def test_a_card_shows_only_its_last_digits(customer: Any) -> None:
    assert customer.card.card_number == "************1111"
    assert customer.card.is_default is True


def test_a_preview_of_the_order_shows_the_year_and_makes_nothing(purchase: Any, plan: Any) -> None:
    (invoice,) = purchase.preview.invoices
    assert money(invoice.amount) == 10 * plan.price
    assert purchase.order.subscriptions[0].subscription_number == purchase.subscription.subscription_number


def test_the_order_is_completed_and_its_subscription_active(purchase: Any) -> None:
    assert purchase.order.status == "Completed"
    assert purchase.order_read.order_number == purchase.order.order_number
    assert purchase.order_read.subscriptions[0].order_actions[0].type == "CreateSubscription"
    assert purchase.subscription.status == "Active"
    assert purchase.subscription.version == 1


def test_the_term_lasts_a_year(purchase: Any) -> None:
    assert purchase.subscription.term_start_date == purchase.start.isoformat()
    assert purchase.subscription.term_end_date == a_year_later(purchase.start).isoformat()


def test_the_subscription_tells_seats_price_and_revenue(purchase: Any, plan: Any) -> None:
    (rate_plan,) = purchase.subscription.rate_plans
    (charge,) = rate_plan.rate_plan_charges
    assert rate_plan.product_rate_plan_id == plan.rate_plan_id
    assert (charge.model, charge.type, charge.billing_period) == ("PerUnit", "Recurring", "Annual")
    assert charge.quantity == 10
    assert money(charge.price) == plan.price
    assert money(charge.mrr) == money(purchase.subscription.contracted_mrr) == 10 * plan.price / 12
    assert money(charge.tcv) == 10 * plan.price
    assert charge.charged_through_date is None


def test_the_billing_preview_announces_the_whole_year_at_once(purchase: Any, plan: Any) -> None:
    (item,) = purchase.upcoming.invoice_items
    assert money(item.charge_amount) == 10 * plan.price
    assert item.service_start_date == purchase.start.isoformat()
    assert item.service_end_date == (a_year_later(purchase.start) - timedelta(days=1)).isoformat()
    assert item.processing_type == "Charge"
    assert purchase.upcoming.credit_memo_items == []


def test_a_bill_run_is_completed_and_then_posted(first_bill: Any) -> None:
    assert first_bill.run.status == "Completed"
    assert first_bill.posted.status == "Posted"


def test_the_first_invoice_asks_for_the_year_within_thirty_days(
    first_bill: Any, purchase: Any, plan: Any
) -> None:
    invoice = first_bill.invoice
    assert invoice.status == "Posted"
    assert money(invoice.amount) == money(invoice.balance) == 10 * plan.price
    assert invoice.invoice_date == purchase.start.isoformat()
    assert invoice.due_date == (purchase.start + timedelta(days=30)).isoformat()
    (item,) = first_bill.items
    assert money(item.charge_amount) == 10 * plan.price
    assert (item.quantity, money(item.unit_price)) == (10, plan.price)
    assert item.subscription_name == purchase.subscription.subscription_number
    assert first_bill.memos == []


def test_a_payment_settles_the_invoice(payment: Any, first_bill: Any, plan: Any) -> None:
    assert payment.read.status == "Processed"
    assert money(payment.read.applied_amount) == 10 * plan.price
    assert money(payment.read.unapplied_amount) == 0
    assert [read.number for read in payment.listed] == [payment.read.number]
    assert money(payment.invoice.payment_amount) == money(first_bill.invoice.amount)
    assert money(payment.invoice.balance) == 0
    assert money(payment.account.metrics.balance) == 0


def test_added_seats_make_a_new_version_of_the_subscription(seats_added: Any, purchase: Any) -> None:
    before, after = purchase.subscription, seats_added.subscription
    assert after.subscription_number == before.subscription_number
    assert after.id != before.id
    assert after.version == 2
    assert seats_added.order_read.subscriptions[0].base_version == 1
    assert seats_added.order_read.subscriptions[0].new_version == 2
    assert after.rate_plans[0].rate_plan_charges[0].quantity == 15


def test_added_seats_are_credited_and_charged_again_for_the_rest_of_the_year(
    seats_added: Any, purchase: Any, plan: Any
) -> None:
    used = months_between(purchase.start, seats_added.day)
    credit = priced(10 * plan.price, used) - 10 * plan.price
    charge = priced(15 * plan.price, 12 - used)
    items = sorted(seats_added.bill.items, key=lambda item: money(item.charge_amount))
    assert [money(item.charge_amount) for item in items] == [credit, charge]
    assert {item.service_start_date for item in items} == {seats_added.day.isoformat()}
    assert money(seats_added.bill.invoice.amount) == credit + charge
    assert seats_added.bill.memos == []


def test_a_renewal_adds_a_year_to_the_term(renewal: Any, purchase: Any) -> None:
    assert renewal.subscription.status == "Active"
    assert renewal.subscription.term_start_date == a_year_later(purchase.start).isoformat()
    assert renewal.subscription.term_end_date == a_year_later(a_year_later(purchase.start)).isoformat()
    assert renewal.subscription.subscription_start_date == purchase.start.isoformat()


def test_the_second_year_is_billed_with_all_seats(renewal: Any, plan: Any) -> None:
    assert money(renewal.bill.invoice.amount) == 15 * plan.price
    assert [item.quantity for item in renewal.bill.items] == [15]


@pytest.mark.parametrize("chapter", ["seats_added", "renewal"])
def test_a_preview_of_an_order_foretells_its_invoice(request: pytest.FixtureRequest, chapter: str) -> None:
    change = request.getfixturevalue(chapter)
    (invoice,) = change.preview.invoices
    assert money(invoice.amount) == money(change.bill.invoice.amount)
    assert sorted(money(item.amount_without_tax) for item in invoice.invoice_items) == sorted(
        money(item.charge_amount) for item in change.bill.items
    )


def test_a_preview_of_a_cancellation_foretells_its_credit(cancellation: Any) -> None:
    (foretold,) = cancellation.preview.credit_memos
    assert money(foretold.amount) == money(cancellation.bill.memos[0].amount)


def test_a_cancelled_subscription_says_so(cancellation: Any) -> None:
    assert cancellation.order.status == "Completed"
    assert cancellation.subscription.status == "Cancelled"
    assert cancellation.subscription.status_history[-1].status == "Cancelled"
    assert cancellation.subscription.status_history[-1].start_date == cancellation.day.isoformat()
    assert cancellation.subscription.subscription_end_date == cancellation.day.isoformat()
    assert cancellation.subscription.term_end_date == cancellation.day.isoformat()


def test_a_cancellation_credits_the_unused_part_in_a_memo(cancellation: Any, renewal: Any, plan: Any) -> None:
    (memo,) = cancellation.bill.memos
    yearly = 15 * plan.price
    assert money(memo.amount) == yearly - priced(yearly, months_between(renewal.day, cancellation.day))
    assert money(memo.unapplied_amount) == money(memo.amount)
    assert memo.status == "Posted"
    assert cancellation.bill.invoice.id == renewal.bill.invoice.id  # and no new invoice


def test_an_applied_credit_lowers_what_is_owed(
    settlement: Any, seats_added: Any, renewal: Any, plan: Any
) -> None:
    credit = money(settlement.memo.amount)
    assert money(settlement.memo.unapplied_amount) == 0
    assert money(settlement.memo.applied_amount) == credit
    assert sum(money(item.amount) for item in settlement.memo_items) == credit
    assert money(settlement.invoice.credit_memo_amount) == credit
    assert money(settlement.invoice.balance) == 15 * plan.price - credit
    owed = money(seats_added.bill.invoice.amount) + money(renewal.bill.invoice.amount) - credit
    assert money(settlement.account.metrics.balance) == owed


def test_the_account_has_one_subscription_that_ended(settlement: Any, cancellation: Any) -> None:
    (subscription,) = settlement.subscriptions
    assert subscription.subscription_number == cancellation.subscription.subscription_number
    assert subscription.status == "Cancelled"
