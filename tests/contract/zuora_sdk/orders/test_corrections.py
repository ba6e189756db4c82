"""Corrections that a year may need: other order actions, other terms, and bills that are withdrawn."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def account(desk: Any) -> Any:
    return desk.open_account("Borealis Optics")


@pytest.fixture
def bought(desk: Any, account: Any, plan: Any) -> Any:
    """A subscription with four seats since today."""
    order = desk.place(desk.purchase(account, desk.clock.today(), plan, 4))
    return desk.subscription(order.subscriptions[0].subscription_number)


def test_a_product_is_added_beside_the_first(desk: Any, account: Any, bought: Any, plans: Any) -> None:
    more = desk.sdk.CreateOrderAddProduct(product_rate_plan_id=plans[1].rate_plan_id)
    number, today = bought.subscription_number, desk.clock.today()
    changed = desk.change(account, number, today, "AddProduct", add_product=more)
    assert [plan.last_change_type for plan in changed.subscription.rate_plans] == ["Add", "Add"]
    assert changed.subscription.rate_plans[0].id != changed.subscription.rate_plans[1].id
    assert changed.order_read.subscriptions[0].order_actions[0].type == "AddProduct"
    assert len(changed.bill.items) == 2


def test_a_removed_product_stays_to_be_seen(desk: Any, account: Any, bought: Any, plans: Any) -> None:
    number, today = bought.subscription_number, desk.clock.today()
    more = desk.sdk.CreateOrderAddProduct(product_rate_plan_id=plans[1].rate_plan_id)
    added = desk.change(account, number, today, "AddProduct", add_product=more).subscription
    less = desk.sdk.OrderActionRemoveProduct(rate_plan_id=added.rate_plans[1].id)
    later = today + timedelta(days=1)
    desk.place(desk.request(account, later, "RemoveProduct", number, remove_product=less))
    kept, removed = desk.subscription(number).rate_plans
    assert (kept.last_change_type, removed.last_change_type) == ("Add", "Remove")
    assert removed.rate_plan_charges[0].effective_end_date == later.isoformat()


def test_terms_are_restated(desk: Any, account: Any, bought: Any) -> None:
    terms = desk.sdk.CreateOrderTermsAndConditions(
        auto_renew=True,
        renewal_terms=[desk.sdk.RenewalTerm(period=24, period_type="Month")],
    )
    number, today = bought.subscription_number, desk.clock.today()
    desk.place(desk.request(account, today, "TermsAndConditions", number, terms_and_conditions=terms))
    restated = desk.subscription(number)
    assert (bought.auto_renew, restated.auto_renew) == (False, True)
    assert (bought.renewal_term, restated.renewal_term) == (12, 24)
    assert restated.term_end_date == bought.term_end_date


def test_an_account_is_corrected(desk: Any, account: Any) -> None:
    accounts = desk.client.accounts_api()
    correction = desk.sdk.UpdateAccountRequest(name="Borealis Lasers", notes="Married into Lasers")
    desk.ask(accounts.update_account, account.number, correction)
    corrected = desk.ask(accounts.get_account, account.id)
    assert corrected.basic_info.name == "Borealis Lasers"
    assert corrected.basic_info.notes == "Married into Lasers"


@pytest.mark.usefixtures("bought")
def test_an_invoice_is_given_more_time(desk: Any, account: Any) -> None:
    invoice = desk.bill(account, desk.clock.today()).invoice
    later = desk.clock.today() + timedelta(days=90)
    invoices = desk.client.invoices_api()
    answer = desk.ask(invoices.update_invoice, invoice.id, desk.sdk.UpdateInvoiceRequest(due_date=later))
    assert answer.due_date == later.isoformat()
    assert desk.ask(invoices.get_invoice, invoice.id).due_date == later.isoformat()


@pytest.mark.usefixtures("bought")
def test_a_cancelled_bill_run_leaves_nothing_to_pay(desk: Any, account: Any, plan: Any) -> None:
    runs, accounts = desk.client.bill_run_api(), desk.client.accounts_api()
    run = desk.start_bill_run(account, desk.clock.today())
    desk.ask(runs.cancel_bill_run, run.id, desk.sdk.CancelBillRunRequest())
    assert desk.ask(runs.get_bill_run, run.id).status == "Canceled"
    assert desk.ask(accounts.get_account, account.id).metrics.balance == 0
    again = desk.bill(account, desk.clock.today()).invoice
    assert Decimal(str(again.amount)) == 4 * plan.price


@pytest.mark.usefixtures("bought")
def test_a_bill_run_may_post_by_itself(desk: Any, account: Any) -> None:
    assert desk.start_bill_run(account, desk.clock.today(), auto_post=True).status == "Posted"
    (invoice,) = desk.ask(desk.client.accounts_api().get_account_summary, account.id).invoices
    assert invoice.status == "Posted"
