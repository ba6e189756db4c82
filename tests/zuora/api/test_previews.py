"""Previews: what will be billed, without billing it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Run
    from tests.zuora.conftest import Caller, Order

YEAR = Decimal(3480)  # ten seats of Premium


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


def test_what_a_preview_credits_is_on_a_memo(
    client: Client, account: str, subscription: str, run_for: "Run", order: "Order"
) -> None:
    """Source: Zuora, generate a billing preview: with Invoice Settlement also of credit memo items."""
    run_for(client, account, "2026-01-01", autoPost=True)
    policy = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-07-01"}
    order("CancelSubscription", "2026-07-01", subscription, cancelSubscription=policy)
    body = {"accountNumber": account, "targetDate": "2026-07-01"}
    answer = client.post("/v1/operations/billing-preview", body)
    assert answer["invoiceItems"] == []
    (item,) = answer["creditMemoItems"]
    assert (item["amount"], item["amountWithoutTax"], item["quantity"]) == (YEAR / 2, YEAR / 2, 10)
    assert (item["serviceStartDate"], item["serviceEndDate"]) == ("2026-07-01", "2026-12-31")


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


def test_a_previewed_cancellation_is_a_credit_memo(
    client: Client, account: str, subscription: str, run_for: "Run"
) -> None:
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
