"""Interruptions that a year may bring: a pause, another owner, another plan."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def account(desk: Any) -> Any:
    return desk.open_account("Cetus Survey")


@pytest.fixture
def bought(desk: Any, account: Any, plan: Any) -> Any:
    """A subscription with four seats since today, billed for its year."""
    order = desk.place(desk.purchase(account, desk.clock.today(), plan, 4))
    desk.bill(account, desk.clock.today())
    return desk.subscription(order.subscriptions[0].subscription_number)


def test_a_pause_is_credited_and_what_follows_charged_again(
    desk: Any, account: Any, bought: Any, plan: Any
) -> None:
    number, today = bought.subscription_number, desk.clock.today()
    pause = desk.sdk.CreateOrderSuspend(suspend_policy="SpecificDate", suspend_specific_date=today)
    suspended = desk.change(account, number, today, "Suspend", suspend=pause)
    assert suspended.subscription.status == "Suspended"
    assert Decimal(str(suspended.preview.credit_memos[0].amount)) == 4 * plan.price
    assert suspended.order_read.subscriptions[0].order_actions[0].suspend.suspend_policy == "SpecificDate"
    later = today + timedelta(days=7)
    going_on = desk.sdk.CreateOrderResume(
        resume_policy="FixedPeriodsFromSuspendDate",
        resume_periods=1,
        resume_periods_type="Week",
        extends_term=True,
    )
    desk.place(desk.request(account, later, "Resume", number, resume=going_on))
    resumed = desk.subscription(number)
    assert [one.status for one in resumed.status_history] == ["Suspended", "Active", "OutOfTerm"]
    assert resumed.status_history[0].end_date == later.isoformat()
    assert resumed.term_end_date == (today.replace(year=today.year + 1) + timedelta(days=7)).isoformat()


def test_a_subscription_goes_to_another_account(desk: Any, account: Any, bought: Any) -> None:
    other = desk.open_account("Draco Survey")
    transfer = desk.sdk.OrderActionOwnerTransfer(
        destination_account_number=other.number, destination_invoice_account_number=other.number
    )
    number, today = bought.subscription_number, desk.clock.today()
    desk.place(desk.request(account, today, "OwnerTransfer", number, owner_transfer=transfer))
    moved = desk.subscription(number)
    assert (moved.account_number, moved.invoice_owner_account_number) == (other.number, other.number)


def test_a_plan_is_replaced(desk: Any, account: Any, bought: Any, plans: Any) -> None:
    new = desk.sdk.CreateOrderChangePlanRatePlanOverride(product_rate_plan_id=plans[1].rate_plan_id)
    change = desk.sdk.CreateOrderChangePlan(
        rate_plan_id=bought.rate_plans[0].id, new_product_rate_plan=new, sub_type="Crossgrade"
    )
    number, today = bought.subscription_number, desk.clock.today()
    changed = desk.change(account, number, today, "ChangePlan", change_plan=change)
    assert [one.last_change_type for one in changed.subscription.rate_plans] == ["Remove", "Add"]
    assert changed.order_read.subscriptions[0].order_actions[0].change_plan.sub_type == "Crossgrade"


def test_what_was_paid_for_a_cancelled_subscription_is_refunded(
    desk: Any, ask: Any, client: Any, account: Any, plan: Any
) -> None:
    sdk, today = desk.sdk, desk.clock.today()
    card = {"type": "CreditCard", "accountKey": account.id, "cardType": "Visa", "makeDefault": True}
    card |= {"cardNumber": "4111111111111111", "expirationMonth": 12, "expirationYear": 2040}
    wanted = sdk.CreatePaymentMethodRequest(desk.write("CreateCreditCardPaymentMethod", **card))
    ask(client.payment_methods_api().create_payment_method, wanted)
    purchase = desk.purchase(account, today, plan, 4)
    purchase.processing_options = sdk.ProcessingOptions(run_billing=True, collect_payment=True)
    bought = desk.place(purchase)
    end = sdk.OrderActionCancelSubscription(
        cancellation_policy="SpecificDate", cancellation_effective_date=today
    )
    number = bought.subscriptions[0].subscription_number
    cancelling = desk.request(account, today, "CancelSubscription", number, cancel_subscription=end)
    paid = float(bought.paid_amount)
    cancelling.processing_options = sdk.ProcessingOptions(
        run_billing=True, refund=True, refund_amount=paid, write_off=True
    )
    cancelled = desk.place(cancelling)
    (refunded,) = cancelled.refunds
    assert (refunded.status, refunded.refund_invoice_numbers) == ("Success", bought.invoice_numbers)
    assert ask(client.refunds_api().get_refund, refunded.number).amount == paid
    assert ask(client.invoices_api().get_invoice, bought.invoice_numbers[0]).balance == 0
