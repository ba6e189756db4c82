"""The official SDK eleven minor versions ago: what it does not know yet, it reads over."""

from typing import Any

import pytest

CLIENT_ID = "00000000-0000-4000-8000-000000000001"
DAY = "2026-01-01"
ADA = {"firstName": "Ada", "lastName": "Byron", "country": "USA", "state": "California"}
CARD = {"cardType": "Visa", "cardNumber": "4242424242424242", "expirationMonth": 12, "expirationYear": 2031}
NAMES = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")


@pytest.fixture(scope="module")
def sdk() -> Any:
    module: Any = pytest.importorskip("zuora_sdk.zuora_client", reason="zuora-sdk is not installed here")
    return module.zuora_sdk


@pytest.fixture(scope="module")
def client(sdk: Any, simulator: str) -> Any:
    configuration = sdk.Configuration(host=simulator, retries=False)
    client = sdk.zuora_client.ZuoraClient(CLIENT_ID, "a-secret", None, configuration)
    client.refresh_token()
    return client


@pytest.fixture(scope="module")
def plan(sdk: Any, client: Any) -> str:
    """The first plan on sale."""
    zoql = {"queryString": "select Id from ProductRatePlan"}
    (found, *_) = client.actions_api().action_post_query(sdk.ProxyActionqueryRequest.from_dict(zoql)).records
    return str(found["Id"])


@pytest.fixture(scope="module")
def account(sdk: Any, client: Any) -> Any:
    """An account with a card."""
    body = {
        "name": "Raven Ltd",
        "currency": "USD",
        "billCycleDay": 1,
        "billToContact": ADA,
        "creditCard": CARD,
    }
    return client.accounts_api().create_account(sdk.CreateAccountRequest.from_dict(body))


@pytest.fixture(scope="module")
def order(sdk: Any, client: Any, account: Any, plan: str) -> Any:
    """An order of a year, which is billed."""
    action = {
        "type": "CreateSubscription",
        "triggerDates": [{"name": name, "triggerDate": DAY} for name in NAMES],
        "createSubscription": {
            "terms": {"initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"}},
            "subscribeToRatePlans": [{"productRatePlanId": plan}],
        },
    }
    body = {
        "orderDate": DAY,
        "existingAccountNumber": account.account_number,
        "subscriptions": [{"orderActions": [action]}],
        "processingOptions": {"runBilling": True, "billingOptions": {"targetDate": DAY}},
    }
    return client.orders_api().create_order(sdk.CreateOrderRequest.from_dict(body))


def test_an_account_with_a_card_is_read(client: Any, account: Any) -> None:
    shown = client.accounts_api().get_account(account.account_id)
    assert (shown.basic_info.name, shown.bill_to_contact.last_name) == ("Raven Ltd", "Byron")
    card = client.payment_methods_api().get_payment_method(account.payment_method_id)
    assert card.card_number == "************4242"


def test_what_an_order_makes_is_read(client: Any, account: Any, order: Any) -> None:
    assert client.orders_api().get_order(order.order_number).order.existing_account_number
    number = order.subscriptions[0].subscription_number
    shown = client.subscriptions_api().get_subscription_by_key(number)
    assert (shown.account_id, shown.status) == (account.account_id, "Active")
    (listed,) = client.subscriptions_api().get_subscriptions_by_account(account.account_id).subscriptions
    assert listed.subscription_number == number


def test_what_is_billed_is_read_and_paid(sdk: Any, client: Any, account: Any, order: Any) -> None:
    (number,) = order.invoice_numbers
    invoice = client.invoices_api().get_invoice(number)
    assert client.invoices_api().get_invoice_items(number).invoice_items
    body = {
        "accountId": account.account_id,
        "amount": 1,
        "currency": "USD",
        "effectiveDate": DAY,
        "type": "Electronic",
        "paymentMethodId": account.payment_method_id,
    }
    paid = client.payments_api().create_payment(sdk.CreatePaymentRequest.from_dict(body))
    assert client.payments_api().get_payment(paid.id).account_id == invoice.account_id


@pytest.mark.usefixtures("order")
@pytest.mark.parametrize("kind", ["accounts", "contacts", "invoices", "rate_plan_charges", "subscriptions"])
def test_objects_are_queried(client: Any, kind: str) -> None:
    found = getattr(client.object_queries_api(), f"query_{kind}")(page_size=5)
    assert found.data


def test_a_tenant_is_read_by_data_query_and_described(sdk: Any, client: Any) -> None:
    query = {"query": "select id from account", "outputFormat": "JSON", "compression": "NONE"}
    body = {**query, "output": {"target": "S3"}}
    job = client.data_queries_api().post_data_query_job(sdk.SubmitDataQueryRequest.from_dict(body))
    assert client.data_queries_api().get_data_query_job(job.data.id).data.query_status == "completed"
