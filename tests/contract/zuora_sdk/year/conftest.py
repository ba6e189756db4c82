"""One customer's year, chapter by chapter; each builds on the one before and keeps what it was answered."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

Ask = Callable[..., Any]


class Plan(NamedTuple):
    """What the catalog says of the plan that is bought."""

    rate_plan_id: str
    charge_id: str
    price: Decimal  # of one seat for a year


class Customer(NamedTuple):
    """A new account with a second contact and a card."""

    id: str
    number: str
    account: Any
    contact: Any
    card: Any


class Purchase(NamedTuple):
    """An order for a new subscription, before and after."""

    start: date
    preview: Any
    order: Any
    order_read: Any
    subscription: Any
    upcoming: Any


class Bill(NamedTuple):
    """A posted bill run, the newest invoice since, and all credit memos."""

    run: Any
    posted: Any
    invoice: Any
    items: list[Any]
    memos: list[Any]


class Payment(NamedTuple):
    """A payment, and the invoice and account after it."""

    read: Any
    listed: list[Any]
    invoice: Any
    account: Any


class Change(NamedTuple):
    """An order on the subscription, and the bill that it led to."""

    day: date
    order: Any
    order_read: Any
    subscription: Any
    bill: Bill


class Settlement(NamedTuple):
    """A credit memo after it was applied, and what remains to be paid."""

    memo: Any
    memo_items: list[Any]
    invoice: Any
    account: Any
    subscriptions: list[Any]


class Desk:
    """Where the customer's orders are written and billed."""

    def __init__(self, sdk: Any, client: Any, ask: Ask, clock: Any) -> None:
        self.sdk, self.client, self.ask, self.clock = sdk, client, ask, clock

    def wait_for(self, day: date) -> None:
        """Let time pass, and sign in again: tokens live for an hour."""
        self.clock.to(day)
        self.client.refresh_token()

    def request(
        self, customer: Customer, day: date, kind: str, subscription: Any = None, **action: Any
    ) -> Any:
        """Write an order with one action, which takes effect on the day of the order in every respect."""
        triggers = [
            self.sdk.TriggerDate(name=name, trigger_date=day)
            for name in ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
        ]
        actions = [self.sdk.CreateOrderAction(type=kind, trigger_dates=triggers, **action)]
        return self.sdk.CreateOrderRequest(
            existing_account_number=customer.number,
            order_date=day,
            subscriptions=[
                self.sdk.CreateOrderSubscription(subscription_number=subscription, order_actions=actions),
            ],
        )

    def bill(self, customer: Customer, target: date) -> Bill:
        """Run billing for the customer alone, up to a day, and post it."""
        runs, invoices = self.client.bill_run_api(), self.client.invoices_api()
        request = self.sdk.CreateBillRunRequest(
            target_date=target,
            invoice_date=target,
            bill_run_filters=[self.sdk.BillRunFilter(account_id=customer.id, filter_type="Account")],
        )
        run = self.ask(runs.get_bill_run, self.ask(runs.create_bill_run, request).id)
        posting = self.sdk.PostBillRunRequest(invoice_date=target)
        posted = self.ask(runs.get_bill_run, self.ask(runs.post_bill_run, run.id, posting).id)
        summary = self.ask(self.client.accounts_api().get_account_summary, customer.id)
        newest = max(summary.invoices, key=lambda invoice: invoice.invoice_number).id
        return Bill(
            run,
            posted,
            self.ask(invoices.get_invoice, newest),
            self.ask(invoices.get_invoice_items, newest).invoice_items,
            self.ask(self.client.credit_memos_api().get_credit_memos, account_id=customer.id).creditmemos,
        )

    def subscription(self, key: str) -> Any:
        """Read the latest version."""
        return self.ask(self.client.subscriptions_api().get_subscription_by_key, key)

    def change(self, customer: Customer, purchase: Purchase, day: date, kind: str, **action: Any) -> Change:
        """Order a change of the subscription on a day, and bill it up to that day."""
        number, orders = purchase.subscription.subscription_number, self.client.orders_api()
        order = self.ask(orders.create_order, self.request(customer, day, kind, number, **action))
        read = self.ask(orders.get_order, order.order_number).order
        return Change(day, order, read, self.subscription(number), self.bill(customer, day))


def months_after(day: date, months: int) -> date:
    """The first of a later month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


@pytest.fixture(scope="session")
def desk(sdk: Any, client: Any, ask: Ask, clock: Any) -> Desk:
    return Desk(sdk, client, ask, clock)


@pytest.fixture(scope="session")
def plan(client: Any, ask: Ask) -> Plan:
    """The first plan for sale whose only charge is a yearly price a seat in dollars."""
    for product in ask(client.products_api().get_products, page=1, page_size=40).products:
        assert product.product_rate_plans == f"/v1/rateplan/{product.id}/productRatePlan"
        listed = ask(client.product_rate_plans_api().get_rate_plans_by_product, product.id)
        for plan in listed.product_rate_plans:
            charges = plan.product_rate_plan_charges
            kinds = [(charge.model, charge.type, charge.billing_period) for charge in charges]
            if plan.status == "Active" and kinds == [("PerUnit", "Recurring", "Annual")]:
                (price,) = [pricing.price for pricing in charges[0].pricing if pricing.currency == "USD"]
                return Plan(plan.id, charges[0].id, Decimal(str(price)))
    pytest.fail("the catalog sells no yearly plan by the seat")


@pytest.fixture(scope="session")
def customer(sdk: Any, client: Any, ask: Ask) -> Customer:
    ada = {"first_name": "Ada", "last_name": "Byron", "country": "USA", "work_email": "ada@example.com"}
    request = sdk.CreateAccountRequest(
        name="Aurora Robotics",
        currency="USD",
        bill_cycle_day=1,
        payment_term="Net 30",
        bill_to_contact=sdk.CreateAccountContact(state="California", **ada),
    )
    made = ask(client.accounts_api().create_account, request)
    contact = sdk.CreateContactRequest(account_id=made.account_id, first_name="Joan", last_name="Clarke")
    contacts, cards = client.contacts_api(), client.payment_methods_api()
    card = sdk.CreateCreditCardPaymentMethod(
        type="CreditCard",
        account_key=made.account_id,
        make_default=True,
        card_type="Visa",
        card_number="4111111111111111",
        expiration_month=12,
        expiration_year=2031,
        card_holder_info=sdk.CreatePaymentMethodCardholderInfo(card_holder_name="Ada Byron"),
    )
    return Customer(
        made.account_id,
        made.account_number,
        ask(client.accounts_api().get_account, made.account_number),
        ask(contacts.get_contact, ask(contacts.create_contact, contact).id),
        ask(
            cards.get_payment_method,
            ask(cards.create_payment_method, sdk.CreatePaymentMethodRequest(card)).id,
        ),
    )


@pytest.fixture(scope="session")
def purchase(desk: Desk, customer: Customer, plan: Plan) -> Purchase:
    """Ten seats for a year, from the first of the next month on."""
    sdk, client, ask = desk.sdk, desk.client, desk.ask
    start = months_after(desk.clock.today(), 1)
    desk.wait_for(start)
    pricing = sdk.ChargeOverridePricing(recurring_per_unit=sdk.RecurringPerUnitPricingOverride(quantity=10))
    seats = sdk.ChargeOverride(product_rate_plan_charge_id=plan.charge_id, pricing=pricing)
    creation = sdk.CreateOrderCreateSubscription(
        terms=sdk.OrderActionCreateSubscriptionTerms(
            auto_renew=False,
            initial_term=sdk.InitialTerm(period=12, period_type="Month", term_type="TERMED"),
            renewal_setting="RENEW_WITH_SPECIFIC_TERM",
            renewal_terms=[sdk.RenewalTerm(period=12, period_type="Month")],
        ),
        subscribe_to_rate_plans=[
            sdk.CreateOrderRatePlanOverride(product_rate_plan_id=plan.rate_plan_id, charge_overrides=[seats]),
        ],
    )
    request = desk.request(customer, start, "CreateSubscription", create_subscription=creation)
    options = sdk.PreviewOptions(preview_thru_type="TermEnd", preview_types=["BillingDocs"]).to_dict()
    preview = sdk.PreviewOrderRequest.from_dict(request.to_dict() | {"previewOptions": options})
    upcoming = sdk.CreateBillingPreviewRequest(
        account_id=customer.id,
        target_date=months_after(start, 11),
    )
    previewed = ask(client.orders_api().preview_order, preview)
    order = ask(client.orders_api().create_order, request)
    return Purchase(
        start,
        previewed.preview_result,
        order,
        ask(client.orders_api().get_order, order.order_number).order,
        desk.subscription(order.subscriptions[0].subscription_number),
        ask(client.operations_api().create_billing_preview, upcoming),
    )


@pytest.fixture(scope="session")
def first_bill(desk: Desk, customer: Customer, purchase: Purchase) -> Bill:
    """The bill for the first year, before anybody pays it."""
    return desk.bill(customer, purchase.start)


@pytest.fixture(scope="session")
def payment(desk: Desk, customer: Customer, purchase: Purchase, first_bill: Bill) -> Payment:
    """The first year, paid in full by card."""
    sdk, payments, invoice = desk.sdk, desk.client.payments_api(), first_bill.invoice
    request = sdk.CreatePaymentRequest(
        account_id=customer.id,
        amount=invoice.amount,
        currency="USD",
        type="Electronic",
        payment_method_id=customer.card.id,
        effective_date=purchase.start.isoformat(),
        invoices=[sdk.CreatePaymentInvoiceApplication(invoice_id=invoice.id, amount=invoice.amount)],
    )
    return Payment(
        desk.ask(payments.get_payment, desk.ask(payments.create_payment, request).id),
        desk.ask(payments.get_retrieve_all_payments, account_id=customer.id).payments,
        desk.ask(desk.client.invoices_api().get_invoice, invoice.id),
        desk.ask(desk.client.accounts_api().get_account, customer.id),
    )


@pytest.fixture(scope="session")
def seats_added(desk: Desk, customer: Customer, purchase: Purchase, payment: Payment) -> Change:
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
    return desk.change(customer, purchase, day, "UpdateProduct", update_product=update)


@pytest.fixture(scope="session")
def renewal(desk: Desk, customer: Customer, purchase: Purchase, seats_added: Change) -> Change:
    """Another year, ordered and billed on the day that the first one ends."""
    assert seats_added
    day = months_after(purchase.start, 12)
    desk.wait_for(day)
    again = desk.sdk.OrderActionRenewSubscription()
    return desk.change(customer, purchase, day, "RenewSubscription", renew_subscription=again)


@pytest.fixture(scope="session")
def cancellation(desk: Desk, customer: Customer, purchase: Purchase, renewal: Change) -> Change:
    """The end, early in the fourth month of the second year, which is billed and not yet paid."""
    day = months_after(renewal.day, 3) + timedelta(days=9)
    desk.wait_for(day)
    end = desk.sdk.OrderActionCancelSubscription(
        cancellation_policy="SpecificDate",
        cancellation_effective_date=day,
    )
    return desk.change(customer, purchase, day, "CancelSubscription", cancel_subscription=end)


@pytest.fixture(scope="session")
def settlement(desk: Desk, customer: Customer, renewal: Change, cancellation: Change) -> Settlement:
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
        ask(client.accounts_api().get_account, customer.id),
        ask(client.subscriptions_api().get_subscriptions_by_account, customer.id).subscriptions,
    )
