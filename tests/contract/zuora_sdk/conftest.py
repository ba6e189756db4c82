"""Zuora's official SDK pointed at the simulator, and a desk where orders are written, placed and billed."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.contract.zuora_sdk.strictness import faults

CLIENT_ID = "00000000-0000-4000-8000-000000000001"  # the SDK refuses any other length than 36
Ask = Callable[..., Any]

_OF_THE_SDK = ("ignore::DeprecationWarning", "ignore:Pydantic serializer warnings")
"""Its own warnings; the latter are about dates as text."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test here fail by what the SDK warns of."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for warning in _OF_THE_SDK:
                item.add_marker(pytest.mark.filterwarnings(warning))


class Plan(NamedTuple):
    """What the catalog says of a plan whose only charge is a yearly price a seat."""

    rate_plan_id: str
    charge_id: str
    price: Decimal  # of one seat for a year


class Account(NamedTuple):
    """The keys of an account."""

    id: str
    number: str


class Bill(NamedTuple):
    """A posted bill run, the newest invoice since, and all credit memos."""

    run: Any
    posted: Any
    invoice: Any
    items: list[Any]
    memos: list[Any]


class Change(NamedTuple):
    """An order on a subscription, what was foretold of it, and the bill that it led to."""

    day: date
    preview: Any
    order: Any
    order_read: Any
    subscription: Any
    bill: Bill


class Desk:
    """Where orders are written and billed; every order takes effect on its own day in every respect."""

    def __init__(self, sdk: Any, client: Any, ask: Ask, write: Any, clock: Any) -> None:
        self.sdk, self.client, self.ask, self.write, self.clock = sdk, client, ask, write, clock

    def wait_for(self, day: date) -> None:
        """Let time pass, and sign in again: tokens live for an hour."""
        self.clock.to(day)
        self.client.refresh_token()

    def open_account(self, name: str) -> Account:
        """Open an account whose bill cycle day is the first."""
        request = self.sdk.CreateAccountRequest(
            name=name,
            currency="USD",
            bill_cycle_day=1,
            payment_term="Net 30",
            bill_to_contact=self.sdk.CreateAccountContact(
                first_name="Ada", last_name="Byron", country="USA", state="California"
            ),
        )
        made = self.ask(self.client.accounts_api().create_account, request)
        return Account(made.account_id, made.account_number)

    def invoice(self, account: Account, **more: Any) -> Any:
        """Make an invoice of today over 100, posted unless said."""
        day = self.clock.today().isoformat()
        item = {"amount": 100, "chargeName": "Bell", "serviceStartDate": day, "serviceEndDate": day}
        wanted = {"accountId": account.id, "invoiceDate": day, "invoiceItems": [item], "status": "Posted"}
        request = self.write("CreateInvoiceRequest", **{**wanted, **more})
        return self.ask(self.client.invoices_api().create_standalone_invoice, request)

    def request(
        self, account: Account, day: date, kind: str, subscription: str | None = None, **action: Any
    ) -> Any:
        """Write an order with one action."""
        triggers = [
            self.sdk.TriggerDate(name=name, trigger_date=day)
            for name in ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
        ]
        actions = [self.sdk.CreateOrderAction(type=kind, trigger_dates=triggers, **action)]
        return self.sdk.CreateOrderRequest(
            existing_account_number=account.number,
            order_date=day,
            subscriptions=[
                self.sdk.CreateOrderSubscription(subscription_number=subscription, order_actions=actions),
            ],
        )

    def purchase(self, account: Account, day: date, plan: Plan, seats: int) -> Any:
        """Write an order for a subscription to one plan for a year."""
        sdk = self.sdk
        pricing = sdk.ChargeOverridePricing(
            recurring_per_unit=sdk.RecurringPerUnitPricingOverride(quantity=seats)
        )
        override = sdk.ChargeOverride(product_rate_plan_charge_id=plan.charge_id, pricing=pricing)
        creation = sdk.CreateOrderCreateSubscription(
            terms=sdk.OrderActionCreateSubscriptionTerms(
                auto_renew=False,
                initial_term=sdk.InitialTerm(period=12, period_type="Month", term_type="TERMED"),
                renewal_setting="RENEW_WITH_SPECIFIC_TERM",
                renewal_terms=[sdk.RenewalTerm(period=12, period_type="Month")],
            ),
            subscribe_to_rate_plans=[
                sdk.CreateOrderRatePlanOverride(
                    product_rate_plan_id=plan.rate_plan_id, charge_overrides=[override]
                ),
            ],
        )
        return self.request(account, day, "CreateSubscription", create_subscription=creation)

    def preview(self, request: Any, through: date) -> Any:
        """Ask what an order would lead to on the bills up to a day."""
        options = self.sdk.PreviewOptions(
            preview_thru_type="SpecificDate",
            specific_preview_thru_date=through,
            preview_types=["BillingDocs"],
        )
        body = request.to_dict() | {"previewOptions": options.to_dict()}
        preview = self.sdk.PreviewOrderRequest.from_dict(body)
        return self.ask(self.client.orders_api().preview_order, preview).preview_result

    def place(self, request: Any) -> Any:
        """Place an order and return what was answered."""
        return self.ask(self.client.orders_api().create_order, request)

    def subscription(self, key: str) -> Any:
        """Read the latest version."""
        return self.ask(self.client.subscriptions_api().get_subscription_by_key, key)

    def start_bill_run(self, account: Account, target: date, **options: Any) -> Any:
        """Run billing for one account up to a day, and read the run again."""
        runs = self.client.bill_run_api()
        request = self.sdk.CreateBillRunRequest(
            target_date=target,
            invoice_date=target,
            bill_run_filters=[self.sdk.BillRunFilter(account_id=account.id, filter_type="Account")],
            **options,
        )
        return self.ask(runs.get_bill_run, self.ask(runs.create_bill_run, request).id)

    def bill(self, account: Account, target: date) -> Bill:
        """Run billing for one account up to a day, and post the run."""
        runs, invoices = self.client.bill_run_api(), self.client.invoices_api()
        run = self.start_bill_run(account, target)
        posting = self.sdk.PostBillRunRequest(invoice_date=target)
        posted = self.ask(runs.get_bill_run, self.ask(runs.post_bill_run, run.id, posting).id)
        summary = self.ask(self.client.accounts_api().get_account_summary, account.id)
        newest = max(summary.invoices, key=lambda invoice: invoice.invoice_number).id
        return Bill(
            run,
            posted,
            self.ask(invoices.get_invoice, newest),
            self.ask(invoices.get_invoice_items, newest).invoice_items,
            self.ask(self.client.credit_memos_api().get_credit_memos, account_id=account.id).creditmemos,
        )

    def change(self, account: Account, number: str, day: date, kind: str, **action: Any) -> Change:
        """Order a change of a subscription on a day, and bill it up to that day."""
        request = self.request(account, day, kind, number, **action)
        preview = self.preview(request, day)
        order = self.place(request)
        read = self.ask(self.client.orders_api().get_order, order.order_number).order
        return Change(day, preview, order, read, self.subscription(number), self.bill(account, day))


@pytest.fixture(scope="session")
def sdk() -> Any:
    """The official SDK; a submodule is asked for because this very folder is called zuora_sdk as well."""
    module: Any = pytest.importorskip("zuora_sdk.zuora_client", reason="zuora-sdk is not installed here")
    return module.zuora_sdk


@pytest.fixture(scope="session")
def faults_in() -> Callable[[Any, Any], list[str]]:
    """Every way in which parsed JSON differs from a model of the SDK."""
    return lambda model, body: list(faults(model, body))


@pytest.fixture(scope="session")
def write(sdk: Any) -> Callable[..., Any]:
    """Make a request of the SDK from its fields as they are on the wire; nothing that it does not know."""

    def _write(name: str, /, **fields: Any) -> Any:
        model = getattr(sdk, name)
        found = list(faults(model, json.loads(json.dumps(fields, default=str))))
        assert not found, found
        return model.from_dict(fields)

    return _write


@pytest.fixture(scope="session")
def client(sdk: Any, simulator: str) -> Any:
    """The SDK's client with a token. Its own start-up method would leave a thread behind."""
    configuration = sdk.Configuration(host=simulator, retries=False)
    client = sdk.zuora_client.ZuoraClient(CLIENT_ID, "a-secret", None, configuration)
    client.refresh_token()
    assert client.token["access_token"], "the SDK only prints a failed sign-in"
    return client


@pytest.fixture(scope="session")
def ask() -> Callable[..., Any]:
    """Call a method of the SDK, check the raw answer by the SDK's models, return what the SDK made of it."""

    def _ask(method: Callable[..., Any], /, *arguments: Any, **options: Any) -> Any:
        bound: Any = method
        answer = getattr(bound.__self__, f"{bound.__name__}_with_http_info")(*arguments, **options)
        body, data = json.loads(answer.raw_data), answer.data
        listed = isinstance(data, list)
        for read, shown in zip(data, body, strict=True) if listed else [(data, body)]:
            found = list(faults(type(read), shown))
            assert not found, f"{bound.__name__}: " + "; ".join(found)
            assert shown.get("success", shown.get("Success", True)) is True, (
                f"{bound.__name__} answered {body}"
            )
        return data

    return _ask


@pytest.fixture(scope="session")
def desk(sdk: Any, client: Any, ask: Ask, write: Any, clock: Any) -> Desk:
    return Desk(sdk, client, ask, write, clock)


@pytest.fixture
def account(desk: Desk) -> Account:
    """A new account."""
    return desk.open_account("Kestrel Bikes")


@pytest.fixture(scope="session")
def plans(client: Any, ask: Ask) -> list[Plan]:
    """The plans for sale whose only charge is a yearly price a seat in dollars."""
    found = []
    for product in ask(client.products_api().get_products, page=1, page_size=40).products:
        assert product.product_rate_plans == f"/v1/rateplan/{product.id}/productRatePlan"
        listed = ask(client.product_rate_plans_api().get_rate_plans_by_product, product.id)
        for plan in listed.product_rate_plans:
            charges = plan.product_rate_plan_charges
            kinds = [(charge.model, charge.type, charge.billing_period) for charge in charges]
            if plan.status == "Active" and kinds == [("PerUnit", "Recurring", "Annual")]:
                (price,) = [pricing.price for pricing in charges[0].pricing if pricing.currency == "USD"]
                found.append(Plan(plan.id, charges[0].id, Decimal(str(price))))
    return found


@pytest.fixture(scope="session")
def plan(plans: list[Plan]) -> Plan:
    """The plan that is bought."""
    return plans[0]
