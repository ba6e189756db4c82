"""Bill runs, invoices, credit memos, payments and previews."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller, Order

YEAR = Decimal(3480)  # ten seats of Premium


def account_id(client: Client, number: str) -> str:
    return str(client.get(f"/v1/accounts/{number}")["basicInfo"]["id"])


def run_for(client: Client, account: str, target: str, **more: object) -> dict[str, Any]:
    filters = [{"filterType": "Account", "accountId": account_id(client, account)}]
    return client.post("/v1/bill-runs", {"targetDate": target, "billRunFilters": filters, **more})


def invoices(client: Client, account: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/v1/transactions/invoices/accounts/{account}")["invoices"]
    return found


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_makes_drafts_that_posting_makes_due(client: Client, account: str) -> None:
    run = run_for(client, account, "2026-01-01")
    assert run["status"] == "Pending"
    assert client.get(f"/v1/bill-runs/{run['id']}")["status"] == "Completed"
    draft = invoices(client, account)[0]
    assert (draft["status"], draft["balance"], draft["sourceId"]) == ("Draft", YEAR, run["billRunNumber"])
    posted = client.put(f"/v1/bill-runs/{run['billRunNumber']}/post", {"invoiceDate": "2026-01-02"})
    assert posted["status"] == "Posted"
    invoice = client.get(f"/v1/invoices/{draft['id']}")
    assert (invoice["status"], invoice["balance"], invoice["invoiceDate"]) == ("Posted", YEAR, "2026-01-02")
    with pytest.raises(RefusedError, match="Only bill runs with Completed status can be posted"):
        client.put(f"/v1/bill-runs/{run['id']}/post")


@pytest.mark.usefixtures("subscription")
def test_nothing_is_billed_twice(client: Client, account: str) -> None:
    run_for(client, account, "2026-06-01", autoPost=True)
    run_for(client, account, "2026-06-01", autoPost=True)
    assert [one["amount"] for one in invoices(client, account)] == [YEAR]


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_may_take_batches_days_or_single_subscriptions(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    client.put(f"/v1/accounts/{account}", {"batch": "Batch9"})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch8"]})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch9"], "billCycleDay": "2"})
    assert invoices(client, account) == []
    other = order("CreateSubscription", "2026-01-01", createSubscription=creation)
    one = {
        "filterType": "Subscription",
        "accountId": account_id(client, account),
        "subscriptionId": other["subscriptions"][0]["subscriptionNumber"],
    }
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": [one], "autoPost": True})
    billed = {item["subscriptionName"] for item in invoices(client, account)[0]["invoiceItems"]}
    assert billed == {one["subscriptionId"]}
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["Batch9"], "autoPost": True})
    assert len(invoices(client, account)) == 2


@pytest.mark.usefixtures("subscription")
def test_all_batches_are_every_account(client: Client, account: str) -> None:
    client.put(f"/v1/accounts/{account}", {"batch": "Batch9"})
    client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "batches": ["AllBatches"]})
    assert len(invoices(client, account)) == 1


@pytest.mark.usefixtures("subscription")
def test_posting_a_run_leaves_an_invoice_that_was_posted_before(client: Client, account: str) -> None:
    run = run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    client.put(f"/v1/invoices/{number}/post")
    posted = client.get(f"/v1/invoices/{number}")
    client.advance("P3D")
    client.put(f"/v1/bill-runs/{run['id']}/post", {"invoiceDate": "2026-01-04"})
    assert client.get(f"/v1/invoices/{number}") == posted


def named(kind: str, account: str, subscription: str | None = None) -> dict[str, Any]:
    return {"filterType": kind, "accountId": account, "subscriptionId": subscription}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ([named("Account", "A00000001"), named("Account", "A00000002")], "should name one account"),
        (
            [named("Account", "A00000001"), named("Subscription", "A00000001", "A-S00000001")],
            "should name one account, or subscriptions of one account",
        ),
        ([named("Subscription", "A00000001")], "'billRunFilters.subscriptionId' may not be null"),
        ([named("Subscription", "A00000002", "A-S00000001")], "Cannot find entity by key: 'A-S00000001'"),
    ],
)
def test_filters_name_one_account_or_subscriptions_of_it(
    client: Client, filters: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/bill-runs", {"targetDate": "2026-01-01", "billRunFilters": filters})


def test_a_bill_run_renews_what_renews_by_itself_when_told(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    terms = {**creation["terms"], "autoRenew": True}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    run_for(client, account, "2027-01-01", autoPost=True, autoRenewal=True)
    starts = [item["serviceStartDate"] for item in invoices(client, account)[0]["invoiceItems"]]
    assert starts == ["2026-01-01", "2027-01-01"]
    renewed = client.get(f"/v1/subscriptions/accounts/{account}")["subscriptions"][0]
    assert (renewed["version"], renewed["termStartDate"]) == (2, "2027-01-01")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "'targetDate' may not be null"),
        (
            {
                "targetDate": "2026-01-01",
                "batches": ["B"],
                "billRunFilters": [{"filterType": "Account", "accountId": "A00000001"}],
            },
            "either 'batches' or 'billRunFilters'",
        ),
        (
            {
                "targetDate": "2026-01-01",
                "billRunFilters": [{"filterType": "Account", "accountId": "A00000001"}] * 51,
            },
            "at most 50 filters",
        ),
        (
            {
                "targetDate": "2026-01-01",
                "billRunFilters": [{"filterType": "Account", "accountId": "nobody"}],
            },
            "Cannot find entity",
        ),
    ],
)
def test_a_bill_run_that_cannot_be_is_refused(client: Client, body: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/bill-runs", body)


@pytest.mark.usefixtures("subscription")
def test_a_single_draft_is_posted_once(client: Client, account: str) -> None:
    run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    assert client.put(f"/v1/invoices/{number}/post")["balance"] == YEAR
    with pytest.raises(RefusedError, match="Only invoices with Draft status can be posted") as caught:
        client.put(f"/v1/invoices/{number}/post")
    assert caught.value.status == 400


@pytest.mark.usefixtures("subscription")
def test_a_payment_in_parts_settles_an_invoice_and_no_more(client: Client, account: str) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = invoices(client, account)[0]

    def pay(amount: Decimal, part: Decimal, **more: object) -> dict[str, Any]:
        to = {"invoiceNumber": invoice["invoiceNumber"], "amount": part}
        body = {
            "accountNumber": account,
            "amount": amount,
            "currency": "USD",
            "type": "External",
            "invoices": [to],
        }
        return client.post("/v1/payments", {**body, **more})

    first = pay(Decimal(1000), Decimal("999.99"), number="P-MINE", comment="c", effectiveDate="2026-01-03")
    assert (first["number"], first["appliedAmount"], first["unappliedAmount"]) == (
        "P-MINE",
        Decimal("999.99"),
        Decimal("0.01"),
    )
    assert client.get("/v1/payments/P-MINE") == first
    assert client.get(f"/v1/invoices/{invoice['id']}")["balance"] == YEAR - Decimal("999.99")
    with pytest.raises(RefusedError, match="should not be greater than the balance"):
        pay(YEAR, YEAR)
    pay(YEAR - Decimal("999.99"), YEAR - Decimal("999.99"))
    assert client.get(f"/v1/accounts/{account}")["metrics"]["balance"] == Decimal("-0.01")
    listed = client.get("/v1/payments", accountId=account)["payments"]
    assert len(listed) == 2
    assert len(client.get("/v1/payments")["payments"]) > 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"amount": -1}, "'amount' should be greater than 0"),
        ({"currency": "EUR"}, "is billed in USD, not EUR"),
        ({"number": "P-00000001"}, "The payment number P-00000001 is used already"),
        ({"accountNumber": None}, "'accountId' may not be null"),
        ({"type": "Electronic"}, "'paymentMethodId' may not be null"),
        ({"type": "Electronic", "paymentMethodId": "x"}, "Cannot find entity by key: 'x'"),
        ({"invoices": [{"amount": 2, "invoiceId": "x"}]}, "The invoices take 2, more than"),
        ({"invoices": [{"amount": 1, "invoiceId": "x"}]}, "Cannot find entity by key: 'x'"),
        ({"invoices": [{"amount": 1}]}, "'invoices.invoiceId' may not be null"),
        ({"invoices": [{"amount": 1, "invoiceId": "INV00000003"}]}, "Cannot find entity"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    client: Client, account: str, change: dict[str, Any], message: str
) -> None:
    body = {"accountNumber": account, "amount": 1, "currency": "USD", "type": "External"}
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/payments", {**body, **change})


@pytest.mark.usefixtures("subscription")
@pytest.mark.parametrize("amount", [0, -1000])
def test_no_money_moves_backwards(client: Client, account: str, amount: int) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    invoice = invoices(client, account)[0]["id"]
    body = {"accountNumber": account, "amount": 100, "currency": "USD", "type": "External"}
    with pytest.raises(RefusedError, match=f"The amount {amount} should be greater than 0"):
        client.post("/v1/payments", {**body, "invoices": [{"invoiceId": invoice, "amount": amount}]})


def test_another_accounts_payment_method_pays_nothing(client: Client, account: str) -> None:
    card = {"type": "CreditCard", "cardNumber": "4111111111111111"}
    theirs = client.post("/v1/payment-methods", {**card, "accountKey": "A00000001"})["id"]
    nobodys = client.post("/v1/payment-methods", card)["id"]
    body = {"accountNumber": account, "amount": 1, "currency": "USD", "type": "Electronic"}
    with pytest.raises(RefusedError, match="Cannot find entity"):
        client.post("/v1/payments", {**body, "paymentMethodId": theirs})
    assert client.post("/v1/payments", {**body, "paymentMethodId": nobodys})["paymentMethodId"] == nobodys


def cancelled(client: Client, account: str, order: "Order", subscription: str) -> dict[str, Any]:
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-01"}
    order("CancelSubscription", "2026-05-01", subscription, cancelSubscription=policy)
    run_for(client, account, "2026-05-01")
    memo: dict[str, Any] = client.get("/v1/credit-memos", accountId=account)["creditmemos"][0]
    return memo


def test_a_cancellation_is_credited_and_the_credit_is_applied(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    memo = cancelled(client, account, order, subscription)
    assert (memo["status"], memo["amount"], memo["unappliedAmount"]) == ("Draft", *[YEAR * 8 / 12] * 2)
    invoice = invoices(client, account)[0]
    part = {"invoices": [{"invoiceId": invoice["id"], "amount": 1000}]}
    with pytest.raises(RefusedError, match="is Draft: only Posted ones can be applied"):
        client.put(f"/v1/credit-memos/{memo['id']}/apply", part)
    client.put(f"/v1/bill-runs/{memo['sourceId']}/post")
    applied = client.put(f"/v1/creditmemos/{memo['number']}/apply", part)
    assert (applied["appliedAmount"], applied["unappliedAmount"]) == (1000, YEAR * 8 / 12 - 1000)
    after = client.get(f"/v1/invoices/{invoice['id']}")
    assert (after["balance"], after["creditMemoAmount"]) == (YEAR - 1000, 1000)
    metrics = client.get(f"/v1/accounts/{account}")["metrics"]
    assert metrics["balance"] == metrics["totalInvoiceBalance"] - metrics["unappliedCreditMemoAmount"]
    with pytest.raises(RefusedError, match="The amount -1 should be greater than 0"):
        client.put(
            f"/v1/credit-memos/{memo['id']}/apply",
            {"invoices": [{"invoiceId": invoice["id"], "amount": -1}]},
        )
    with pytest.raises(RefusedError, match="greater than the unapplied amount"):
        client.put(
            f"/v1/credit-memos/{memo['id']}/apply",
            {"invoices": [{"invoiceId": invoice["id"], "amount": 2000}]},
        )


def test_credit_memos_are_shown_with_their_items_under_both_spellings(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    memo = cancelled(client, account, order, subscription)
    for spelling in ("credit-memos", "creditmemos"):
        assert client.get(f"/v1/{spelling}/{memo['number']}") == {**memo, "success": True}
        item = client.get(f"/v1/{spelling}/{memo['id']}/items")["items"][0]
        assert (item["amount"], item["serviceStartDate"], item["serviceEndDate"]) == (
            YEAR * 8 / 12,
            "2026-05-01",
            "2026-12-31",
        )
        assert client.get(f"/v1/{spelling}", status="Posted")["creditmemos"] == []
        assert client.get(f"/v1/{spelling}", accountNumber=account)["creditmemos"] == [memo]


def test_a_memo_is_applied_within_its_account_only(
    client: Client, account: str, order: "Order", subscription: str
) -> None:
    memo = cancelled(client, account, order, subscription)
    theirs = invoices(client, "A00000001")[0]["id"]
    with pytest.raises(RefusedError, match="belongs to another account"):
        client.put(f"/v1/credit-memos/{memo['id']}/apply", {"invoices": [{"invoiceId": theirs, "amount": 1}]})


def preview(client: Client, account: str, target: str, **more: object) -> list[dict[str, Any]]:
    body = {"accountNumber": account, "targetDate": target, **more}
    answer = client.post("/v1/operations/billing-preview", body)
    found: list[dict[str, Any]] = answer["invoiceItems"]
    return found


def test_a_preview_bills_ahead_and_changes_nothing(
    call: "Caller", client: Client, account: str, subscription: str
) -> None:
    before = call.tenant.world
    (item,) = preview(client, account, "2026-06-01")
    assert call.tenant.world is before
    assert (item["subscriptionNumber"], item["chargeAmount"]) == (subscription, YEAR)
    assert (item["serviceStartDate"], item["serviceEndDate"]) == ("2026-01-01", "2026-12-31")


@pytest.mark.parametrize(("assumed", "count"), [("None", 1), ("Autorenew", 1), ("All", 3)])
@pytest.mark.usefixtures("subscription")
def test_a_preview_assumes_renewals_as_it_is_told(
    client: Client, account: str, assumed: str, count: int
) -> None:
    assert len(preview(client, account, "2028-06-01", assumeRenewal=assumed)) == count


@pytest.mark.usefixtures("subscription")
def test_a_preview_leaves_out_the_types_of_charge_it_is_told(client: Client, account: str) -> None:
    assert preview(client, account, "2026-06-01", chargeTypeToExclude="OneTime, Recurring") == []
    with pytest.raises(RefusedError, match="'accountId' may not be null"):
        client.post("/v1/operations/billing-preview", {"targetDate": "2026-01-01"})


def order_preview(
    client: Client, account: str, options: dict[str, Any], number: str | None, **action: object
) -> dict[str, Any]:
    day = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
    wanted: dict[str, Any] = {"orderActions": [{"triggerDates": day, **action}]}
    if number:
        wanted["subscriptionNumber"] = number
    body = {
        "orderDate": "2026-01-01",
        "existingAccountNumber": account,
        "previewOptions": options,
        "subscriptions": [wanted],
    }
    result: dict[str, Any] = client.post("/v1/orders/preview", body)["previewResult"]
    return result


@pytest.mark.parametrize(
    ("options", "amount"),
    [
        ({"previewThruType": "SpecificDate", "specificPreviewThruDate": "2026-01-01"}, YEAR),
        ({"previewThruType": "TermEnd"}, YEAR),
        ({"previewThruType": "NumberOfPeriods", "previewNumberOfPeriods": 1}, YEAR),
        ({"previewThruType": "SpecificDate", "specificPreviewThruDate": "2025-12-31"}, None),
    ],
)
def test_an_order_is_previewed_and_not_placed(
    call: "Caller",
    client: Client,
    account: str,
    creation: dict[str, Any],
    options: dict[str, Any],
    amount: Decimal | None,
) -> None:
    before = call.tenant.world
    result = order_preview(
        client, account, options, None, type="CreateSubscription", createSubscription=creation
    )
    assert call.tenant.world.orders is before.orders
    assert [one["amount"] for one in result["invoices"]] == ([] if amount is None else [amount])
    assert result["creditMemos"] == []


def test_a_previewed_cancellation_is_a_credit_memo(client: Client, account: str, subscription: str) -> None:
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    options = {"previewThruType": "SpecificDate", "specificPreviewThruDate": "2026-07-01"}
    result = order_preview(
        client, account, options, subscription, type="CancelSubscription", cancelSubscription=policy
    )
    assert result["invoices"] == []
    assert result["creditMemos"][0]["amount"] == YEAR / 2


def test_a_preview_of_periods_of_what_does_not_recur_goes_to_its_start(
    call: "Caller", client: Client, account: str, creation: dict[str, Any]
) -> None:
    minutes = next(
        plan for plan in call.tenant.world.plans.latest() if plan.charges[0].terms.type == "OneTime"
    )
    once = {**creation, "subscribeToRatePlans": [{"productRatePlanId": minutes.id}]}
    options = {"previewThruType": "NumberOfPeriods", "previewNumberOfPeriods": 3}
    result = order_preview(client, account, options, None, type="CreateSubscription", createSubscription=once)
    assert [(one["targetDate"], len(one["invoiceItems"])) for one in result["invoices"]] == [
        ("2026-01-01", 1)
    ]


def test_a_preview_of_a_term_reaches_no_further_than_the_horizon(
    client: Client, account: str, creation: dict[str, Any]
) -> None:
    term = {"initialTerm": {"period": 21, "periodType": "Year", "termType": "TERMED"}}
    with pytest.raises(
        RefusedError, match="'previewOptions' should be within 20 years of 2026-01-01, not 2046-12"
    ):
        order_preview(
            client,
            account,
            {"previewThruType": "TermEnd"},
            None,
            type="CreateSubscription",
            createSubscription={**creation, "terms": term},
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"previewNumberOfPeriods": 0}, "'previewNumberOfPeriods' should be at least 1, not 0"),
        ({"previewThruType": "SpecificDate"}, "'specificPreviewThruDate' may not be null"),
        ({"previewTypes": ["OrderMetrics"]}, "other than BillingDocs are not simulated yet"),
    ],
)
def test_a_preview_that_cannot_be_is_refused(
    client: Client, account: str, creation: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(RefusedError, match=message):
        order_preview(client, account, options, None, type="CreateSubscription", createSubscription=creation)


def evergreen(creation: dict[str, Any]) -> dict[str, Any]:
    return {**creation, "terms": {"initialTerm": {"termType": "EVERGREEN"}}}


def test_an_evergreen_subscription_has_no_end_to_preview_to(
    client: Client, account: str, creation: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError, match="needs a subscription with a term"):
        order_preview(
            client,
            account,
            {"previewThruType": "TermEnd"},
            None,
            type="CreateSubscription",
            createSubscription=evergreen(creation),
        )


@pytest.mark.usefixtures("subscription")
def test_a_cancelled_bill_run_leaves_what_it_billed_to_be_billed_again(client: Client, account: str) -> None:
    run = run_for(client, account, "2026-01-01")
    canceled = client.put(f"/v1/bill-runs/{run['id']}/cancel", {"cancelOnce": True})
    assert canceled["status"] == "Canceled"
    first = invoices(client, account)[0]
    assert (first["status"], first["balance"]) == ("Canceled", 0)
    run_for(client, account, "2026-01-01", autoPost=True)
    assert [one["amount"] for one in invoices(client, account)] == [YEAR, YEAR]
    assert client.get(f"/v1/accounts/{account}")["metrics"]["balance"] == YEAR


@pytest.mark.usefixtures("subscription")
def test_a_bill_run_is_cancelled_only_while_it_is_the_last_and_a_draft(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    terms = {**creation["terms"], "initialTerm": {"period": 24, "periodType": "Month", "termType": "TERMED"}}
    order("CreateSubscription", "2026-01-01", createSubscription={**creation, "terms": terms})
    first = run_for(client, account, "2026-01-01")
    second = run_for(client, account, "2027-01-01")
    with pytest.raises(RefusedError, match="was billed again since, through 2028-01-01"):
        client.put(f"/v1/bill-runs/{first['id']}/cancel")
    number = invoices(client, account)[0]["invoiceNumber"]
    client.put(f"/v1/invoices/{number}/post")
    with pytest.raises(RefusedError, match=f"{number} is Posted: only drafts can be canceled"):
        client.put(f"/v1/bill-runs/{second['id']}/cancel")


@pytest.mark.usefixtures("subscription")
def test_an_invoice_is_given_more_time_and_a_comment(client: Client, account: str) -> None:
    run_for(client, account, "2026-01-01")
    number = invoices(client, account)[0]["invoiceNumber"]
    changed = client.put(f"/v1/invoices/{number}", {"invoiceDate": "2026-01-02", "dueDate": "2026-04-01"})
    assert (changed["invoiceDate"], changed["dueDate"], changed["number"]) == (
        "2026-01-02",
        "2026-04-01",
        number,
    )
    client.put(f"/v1/invoices/{number}/post")
    client.put(f"/v1/invoices/{number}", {"comments": "late"})
    assert client.get(f"/v1/invoices/{number}")["comments"] == "late"
    with pytest.raises(RefusedError, match="cannot change: it is Posted"):
        client.put(f"/v1/invoices/{number}", {"invoiceDate": "2026-01-03"})
