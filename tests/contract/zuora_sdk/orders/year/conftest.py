"""One customer's year, chapter by chapter; each builds on the one before and keeps what it was answered."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest


class Customer(NamedTuple):
    """A new account with a second contact and a card."""

    keys: Any
    account: Any
    contact: Any
    card: Any


class Purchase(NamedTuple):
    """An order for a new subscription, what was foretold of it, and what became of it."""

    start: date
    preview: Any
    order: Any
    order_read: Any
    subscription: Any
    upcoming: Any


class Payment(NamedTuple):
    """A payment, and the invoice and account after it."""

    read: Any
    listed: list[Any]
    invoice: Any
    account: Any


class Settlement(NamedTuple):
    """A credit memo after it was applied, and what remains to be paid."""

    memo: Any
    memo_items: list[Any]
    invoice: Any
    account: Any
    subscriptions: list[Any]


def months_after(day: date, months: int) -> date:
    """The first of a later month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


@pytest.fixture(scope="session")
def customer(desk: Any) -> Customer:
    """A new customer who leaves the name of a second contact and a card."""
    sdk, client, ask = desk.sdk, desk.client, desk.ask
    account = desk.open_account("Aurora Robotics")
    contact = sdk.CreateContactRequest(account_id=account.id, first_name="Joan", last_name="Clarke")
    card = sdk.CreateCreditCardPaymentMethod(
        type="CreditCard",
        account_key=account.id,
        make_default=True,
        card_type="Visa",
        card_number="4111111111111111",
        expiration_month=12,
        expiration_year=2031,
        card_holder_info=sdk.CreatePaymentMethodCardholderInfo(card_holder_name="Ada Byron"),
    )
    contacts, cards = client.contacts_api(), client.payment_methods_api()
    contact_id = ask(contacts.create_contact, contact).id
    card_id = ask(cards.create_payment_method, sdk.CreatePaymentMethodRequest(card)).id
    return Customer(
        account,
        ask(client.accounts_api().get_account, account.number),
        ask(contacts.get_contact, contact_id),
        ask(cards.get_payment_method, card_id),
    )


@pytest.fixture(scope="session")
def purchase(desk: Any, customer: Customer, plan: Any) -> Purchase:
    """Ten seats for a year, from the first of the next month on."""
    start = months_after(desk.clock.today(), 1)
    through = months_after(start, 11)
    desk.wait_for(start)
    request = desk.purchase(customer.keys, start, plan, 10)
    preview = desk.preview(request, through)
    order = desk.place(request)
    upcoming = desk.sdk.CreateBillingPreviewRequest(account_id=customer.keys.id, target_date=through)
    return Purchase(
        start,
        preview,
        order,
        desk.ask(desk.client.orders_api().get_order, order.order_number).order,
        desk.subscription(order.subscriptions[0].subscription_number),
        desk.ask(desk.client.operations_api().create_billing_preview, upcoming),
    )


@pytest.fixture(scope="session")
def first_bill(desk: Any, customer: Customer, purchase: Purchase) -> Any:
    """The bill for the first year, before anybody pays it."""
    return desk.bill(customer.keys, purchase.start)


@pytest.fixture(scope="session")
def payment(desk: Any, customer: Customer, purchase: Purchase, first_bill: Any) -> Payment:
    """The first year, paid in full by card."""
    sdk, payments, invoice = desk.sdk, desk.client.payments_api(), first_bill.invoice
    request = sdk.CreatePaymentRequest(
        account_id=customer.keys.id,
        amount=invoice.amount,
        currency="USD",
        type="Electronic",
        payment_method_id=customer.card.id,
        effective_date=purchase.start.isoformat(),
        invoices=[sdk.CreatePaymentInvoiceApplication(invoice_id=invoice.id, amount=invoice.amount)],
    )
    return Payment(
        desk.ask(payments.get_payment, desk.ask(payments.create_payment, request).id),
        desk.ask(payments.get_retrieve_all_payments, account_id=customer.keys.id).payments,
        desk.ask(desk.client.invoices_api().get_invoice, invoice.id),
        desk.ask(desk.client.accounts_api().get_account, customer.keys.id),
    )


@pytest.fixture(scope="session")
def seats_added(desk: Any, customer: Customer, purchase: Purchase, payment: Payment) -> Any:
    """Fifteen seats instead of ten from the middle of the sixth month on."""
    assert payment
    sdk, day = desk.sdk, months_after(purchase.start, 5) + timedelta(days=14)
    (rate_plan,) = purchase.subscription.rate_plans
    seats = sdk.RecurringPerUnitPricingUpdate(quantity=15)
    charge = sdk.CreateOrderChargeUpdate(
        charge_number=rate_plan.rate_plan_charges[0].number,
        pricing=sdk.CreateOrderPricingUpdate(recurring_per_unit=seats),
    )
    update = sdk.CreateOrderUpdateProduct(rate_plan_id=rate_plan.id, charge_updates=[charge])
    desk.wait_for(day)
    return desk.change(
        customer.keys, purchase.subscription.subscription_number, day, "UpdateProduct", update_product=update
    )


@pytest.fixture(scope="session")
def renewal(desk: Any, customer: Customer, purchase: Purchase, seats_added: Any) -> Any:
    """Another year, ordered and billed on the day that the first one ends."""
    assert seats_added
    day = months_after(purchase.start, 12)
    desk.wait_for(day)
    again = desk.sdk.OrderActionRenewSubscription()
    return desk.change(
        customer.keys,
        purchase.subscription.subscription_number,
        day,
        "RenewSubscription",
        renew_subscription=again,
    )


@pytest.fixture(scope="session")
def cancellation(desk: Any, customer: Customer, purchase: Purchase, renewal: Any) -> Any:
    """The end, early in the fourth month of the second year, which is billed and not yet paid."""
    day = months_after(renewal.day, 3) + timedelta(days=9)
    desk.wait_for(day)
    end = desk.sdk.OrderActionCancelSubscription(
        cancellation_policy="SpecificDate",
        cancellation_effective_date=day,
    )
    return desk.change(
        customer.keys,
        purchase.subscription.subscription_number,
        day,
        "CancelSubscription",
        cancel_subscription=end,
    )


@pytest.fixture(scope="session")
def settlement(desk: Any, customer: Customer, renewal: Any, cancellation: Any) -> Settlement:
    """The credit of the cancellation, applied to the open invoice of the renewal."""
    sdk, client, ask = desk.sdk, desk.client, desk.ask
    (memo,), owed = cancellation.bill.memos, renewal.bill.invoice.id
    memos = client.credit_memos_api()
    application = sdk.ApplyCreditMemoToInvoice(invoice_id=owed, amount=memo.amount)
    ask(memos.apply_credit_memo, memo.id, sdk.ApplyCreditMemoRequest(invoices=[application]))
    return Settlement(
        ask(memos.get_credit_memo, memo.number),
        ask(memos.get_credit_memo_items, memo.id).items,
        ask(client.invoices_api().get_invoice, owed),
        ask(client.accounts_api().get_account, customer.keys.id),
        ask(client.subscriptions_api().get_subscriptions_by_account, customer.keys.id).subscriptions,
    )
