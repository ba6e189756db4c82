"""Object queries, ZOQL, describe, aggregate and data queries through the SDK."""

import json
from collections.abc import Callable
from typing import Any

import pytest

OBJECTS = (
    *("accounts", "amendments", "billing_runs", "contacts", "credit_memos", "credit_memo_items"),
    *("debit_memos", "debit_memo_items", "invoices", "invoice_items", "orderss", "order_actions"),
    *("order_line_items", "payments", "payment_applications", "payment_methods", "payment_parts"),
    *("products", "product_rate_plans", "product_rate_plan_charges", "product_rate_plan_charge_tiers"),
    *("rate_plans", "rate_plan_charges", "rate_plan_charge_tiers", "refunds", "subscriptions"),
    *("taxation_items", "usages"),
)


@pytest.fixture(scope="module")
def account(desk: Any, plan: Any) -> Any:
    """An account with a subscription and an invoice."""
    account = desk.open_account("Osprey Optics")
    day = desk.clock.today()
    desk.place(desk.purchase(account, day, plan, 3))
    desk.bill(account, day)
    return account


@pytest.fixture(scope="module")
def post(wire: Any) -> Callable[..., Any]:
    """Create what no test of this file is about."""

    def _post(path: str, **fields: Any) -> Any:
        made = wire("POST", path, fields, apiAccessKeyId="key", apiSecretAccessKey="secret")
        assert made.get("success", made.get("Success")) is True, made
        return made

    return _post


@pytest.fixture(scope="module")
def rich(desk: Any, client: Any, ask: Callable[..., Any], plan: Any, post: Callable[..., Any]) -> Any:
    """An account that has some of every object."""
    account, day = desk.open_account("Ouzel Optics"), desk.clock.today()
    number = desk.place(desk.purchase(account, day, plan, 3)).subscriptions[0].subscription_number
    desk.place(
        desk.request(
            account,
            day,
            "RenewSubscription",
            number,
            renew_subscription=desk.sdk.OrderActionRenewSubscription(),
        )
    )
    whose, today = {"accountId": account.id}, day.isoformat()
    card = {"cardType": "Visa", "cardNumber": "4111111111111111", "expirationMonth": 12}
    post("/v1/payment-methods", type="CreditCard", accountKey=account.id, expirationYear=2040, **card)
    used = {"AccountId": account.id, "UOM": "Minute", "StartDateTime": f"{today}T10:00:00.000-08:00"}
    post("/v1/object/usage", Quantity=1, **used)
    sold = {"itemName": "Router", "amountPerUnit": 20, "quantity": 2, "itemType": "Product"}
    post("/v1/orders", orderDate=today, existingAccountNumber=account.number, orderLineItems=[sold])
    item = {"amount": 100, "chargeName": "Lens", "serviceStartDate": today, "serviceEndDate": today}
    bill = post("/v1/invoices", **whose, invoiceDate=today, status="Posted", invoiceItems=[item])
    paid = {"currency": "USD", "effectiveDate": today, "type": "External"}
    part = {"invoiceId": bill["id"], "amount": 10}
    post("/v1/payments", **whose, **paid, amount=10, invoices=[part])
    charges = [{"amount": 12, "chargeId": plan.charge_id, "productRatePlanChargeId": plan.charge_id}]
    memo = {**whose, "charges": charges, "autoPost": True, "effectiveDate": today}
    post("/v1/debit-memos", **memo)
    credit = post("/v1/credit-memos", **memo)["id"]
    refund = {"type": "External", "methodType": "Check", "totalAmount": 2}
    post(f"/v1/credit-memos/{credit}/refund", **refund)
    draft = post("/v1/invoices", **whose, invoiceDate=today, status="Draft", invoiceItems=[item])
    tax = {"Name": "VAT", "Jurisdiction": "Ireland", "TaxRate": 0.23, "TaxRateType": "Percentage"}
    (item,) = ask(client.invoices_api().get_invoice_items, draft["id"]).invoice_items
    post("/v1/object/taxation-item", **tax, TaxAmount=23, TaxDate=today, InvoiceItemId=item.id)
    return account


@pytest.fixture
def queries(client: Any) -> Any:
    return client.object_queries_api()


@pytest.mark.usefixtures("account", "rich")
@pytest.mark.parametrize("name", OBJECTS)
def test_every_object_that_is_queried_fits_its_model(
    queries: Any, ask: Callable[..., Any], name: str
) -> None:
    """With the empty ones, an object has every field of its model, apart from joins and custom fields."""
    query, wanted = getattr(queries, f"query_{name}"), {"page_size": 50, "include_null_fields": True}
    ask(query, **wanted)
    answer = getattr(queries, f"{query.__name__}_with_http_info")(**wanted)
    assert answer.data.data, f"there are no {name}"
    for one, shown in zip(answer.data.data, json.loads(answer.raw_data)["data"], strict=True):
        fields = type(one).model_fields.items()
        known = {at.alias or field for field, at in fields if "Expanded" not in str(at)}
        assert {field for field in known - shown.keys() if "__" not in field} <= {"additional_properties"}
        ask(getattr(queries, f"query_{name[:-1]}_by_key"), one.id)


def test_an_account_brings_its_subscriptions_plans_and_charges(
    queries: Any, ask: Callable[..., Any], account: Any
) -> None:
    shown = ask(
        queries.query_account_by_key,
        account.number,
        expand=["billto", "invoices", "subscriptions.rateplans.rateplancharges"],
    )
    assert shown.bill_to.account_id == shown.id
    (subscription,) = shown.subscriptions
    (charge,) = subscription.rate_plans[0].rate_plan_charges
    assert charge.quantity == 3
    assert [one.account_id for one in shown.invoices] == [shown.id]


def test_filters_sorts_and_fields_are_sent_as_the_sdk_sends_them(
    queries: Any, ask: Callable[..., Any], account: Any
) -> None:
    found = ask(
        queries.query_accounts,
        filter=[f"accountNumber.EQ:{account.number}", "name.SW:Osp"],
        sort=["name.DESC"],
        fields=["id", "name"],
    )
    assert [(one.id, one.name, one.balance) for one in found.data] == [(account.id, "Osprey Optics", None)]


def test_zoql_finds_records(client: Any, ask: Callable[..., Any], desk: Any, account: Any) -> None:
    zoql = f"select Id, Name from Account where Id = '{account.id}'"  # noqa: S608 - this is no SQL
    request = desk.write("ProxyActionqueryRequest", queryString=zoql)
    answer = ask(client.actions_api().action_post_query, request)
    assert (answer.size, answer.done) == (1, True)


def test_an_aggregate_query_is_submitted_and_completed(
    client: Any, ask: Callable[..., Any], desk: Any
) -> None:
    api = client.aggregate_queries_api()
    wanted = {"queries": [{"name": "q", "query": "select Id from Account", "type": "zoqlexport"}]}
    job = ask(api.create_batch_query, desk.write("CreateBatchQueryJobRequest", format="CSV", **wanted))
    done = ask(api.get_batch_query_job, job.id)
    assert done.status == "completed"
    assert done.batches[0].record_count >= 1
    late = ask(api.create_batch_query, desk.write("CreateBatchQueryJobRequest", format="CSV", **wanted))
    assert ask(api.delete_batch_query_job, late.id).status == "aborted"


def test_a_data_query_is_submitted_and_completed(client: Any, ask: Callable[..., Any], desk: Any) -> None:
    api = client.data_queries_api()
    wanted = {"query": "select count(*) from account", "output": {"target": "S3"}, "outputFormat": "JSON"}
    job = ask(api.post_data_query_job, desk.write("SubmitDataQueryRequest", compression="NONE", **wanted))
    done = ask(api.get_data_query_job, job.data.id)
    assert (done.data.query_status, done.data.output_rows) == ("completed", 1)
    assert job.data.id in {one.id for one in ask(api.get_data_query_jobs).data}
