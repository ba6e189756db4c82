"""POST /v1/action/subscribe: everything of a customer in one."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import Caller, plan_named

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant

ADA = {"FirstName": "Ada", "LastName": "Tanaka", "Country": "USA"}
ACCOUNT = {"Name": "Acme", "Currency": "USD", "BillCycleDay": 1, "PaymentTerm": "Net 30"}
CARD = {
    "Type": "CreditCard",
    "CreditCardType": "Visa",
    "CreditCardNumber": "4242424242424242",
    "CreditCardExpirationMonth": 12,
    "CreditCardExpirationYear": 2030,
}
DECLINED = {**CARD, "CreditCardNumber": "4000000000000002"}


@pytest.fixture
def subscription() -> dict[str, Any]:
    """A subscription for a year from 1 January 2026."""
    return {
        "TermType": "TERMED",
        "InitialTerm": 12,
        "RenewalTerm": 12,
        "ContractEffectiveDate": "2026-01-01",
    }


@pytest.fixture
def data(tenant: "Tenant", subscription: dict[str, Any]) -> dict[str, Any]:
    """It, with ten seats of Premium: 3480 a year."""
    plan = plan_named(tenant, "Premium - 1 Year")
    seats = {"RatePlanCharge": {"ProductRatePlanChargeId": plan.charges[0].id, "Quantity": 10}}
    rate_plan = {"RatePlan": {"ProductRatePlanId": plan.id}, "RatePlanChargeData": [seats]}
    return {"Subscription": subscription, "RatePlanData": [rate_plan]}


@pytest.fixture
def request_(data: dict[str, Any]) -> dict[str, Any]:
    """A new customer who pays at once."""
    return {
        "Account": {**ACCOUNT, "AutoPay": True},
        "BillToContact": ADA,
        "PaymentMethod": CARD,
        "SubscribeOptions": {"GenerateInvoice": True, "ProcessPayments": True},
        "SubscriptionData": data,
    }


def subscribe(call: Caller, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = call("POST", "/v1/action/subscribe", {"subscribes": requests}).body
    return answer


def fault(result: dict[str, Any]) -> tuple[str, str]:
    assert result["Success"] is False
    return result["Errors"][0]["Code"], result["Errors"][0]["Message"]


def test_a_customer_signs_up_buys_and_pays_in_one(call: Caller, request_: dict[str, Any]) -> None:
    (made,) = subscribe(call, request_)
    assert made["Success"]
    assert (made["TotalMrr"], made["TotalTcv"], made["PaidAmount"]) == (290, 3480, 3480)
    account = call("GET", f"/v1/accounts/{made['AccountId']}").body
    assert account["basicInfo"]["accountNumber"] == made["AccountNumber"]
    assert account["basicInfo"]["status"] == "Active"
    assert account["billingAndPayment"]["autoPay"] is True
    assert account["soldToContact"]["id"] == account["billToContact"]["id"]
    invoice = call("GET", f"/v1/object/invoice/{made['InvoiceId']}").body
    assert (invoice["Amount"], invoice["Balance"], invoice["Status"]) == (3480, 0, "Posted")
    assert made["InvoiceResult"] == {
        "Invoice": [{"Id": made["InvoiceId"], "InvoiceNumber": made["InvoiceNumber"]}]
    }
    sold = call("GET", f"/v1/subscriptions/{made['SubscriptionNumber']}").body
    assert (sold["id"], sold["status"]) == (made["SubscriptionId"], "Active")


def test_a_declined_card_leaves_nothing(call: Caller, request_: dict[str, Any]) -> None:
    before = call.tenant.world
    (refused,) = subscribe(call, {**request_, "PaymentMethod": DECLINED})
    assert fault(refused)[0] == "TRANSACTION_FAILED"
    assert call.tenant.world is before


def test_requests_are_answered_each_by_itself(call: Caller, request_: dict[str, Any]) -> None:
    bad = {**request_, "Account": {"Name": "No currency"}}
    first, second, third = subscribe(call, request_, bad, request_)
    assert (first["Success"], third["Success"]) == (True, True)
    assert fault(second) == ("MISSING_REQUIRED_VALUE", "Missing required value: Currency")
    assert first["AccountId"] != third["AccountId"]


def test_an_account_that_exists_subscribes(
    call: Caller, request_: dict[str, Any], data: dict[str, Any]
) -> None:
    (first,) = subscribe(call, request_)
    again = {"Account": {"Id": first["AccountId"]}, "SubscriptionData": data}
    (second,) = subscribe(call, again)
    assert second["AccountId"] == first["AccountId"]
    assert "InvoiceId" not in second


def test_a_payment_method_that_exists_is_taken(call: Caller, request_: dict[str, Any]) -> None:
    key = call("POST", "/v1/object/payment-method", CARD).body["Id"]
    sold_to = {**ADA, "FirstName": "Grace"}
    (made,) = subscribe(call, {**request_, "PaymentMethod": {"Id": key}, "SoldToContact": sold_to})
    account = call("GET", f"/v1/accounts/{made['AccountId']}").body
    assert account["billingAndPayment"]["defaultPaymentMethodId"] == key
    assert account["soldToContact"]["firstName"] == "Grace"


def test_a_customer_who_is_invoiced_needs_no_payment_method(call: Caller, request_: dict[str, Any]) -> None:
    options = {
        "GenerateInvoice": True,
        "ProcessPayments": False,
        "SubscribeInvoiceProcessingOptions": {
            "InvoiceDate": "2026-01-02",
            "InvoiceTargetDate": "2026-01-01",
        },
    }
    (made,) = subscribe(
        call,
        {
            **request_,
            "Account": {**ACCOUNT, "AutoPay": False},
            "PaymentMethod": None,
            "SubscribeOptions": options,
        },
    )
    invoice = call("GET", f"/v1/object/invoice/{made['InvoiceId']}").body
    assert (invoice["InvoiceDate"], invoice["DueDate"]) == ("2026-01-02", "2026-02-01")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"InitialTerm": 0}, "Initial Term should be greater than zero"),
        ({"TermType": None}, "Missing required value: TermType"),
        ({"ContractEffectiveDate": None}, "Missing required value: ContractEffectiveDate"),
    ],
)
def test_a_subscription_needs_its_terms(
    call: Caller,
    request_: dict[str, Any],
    subscription: dict[str, Any],
    changes: dict[str, Any],
    message: str,
) -> None:
    wanted = {**request_["SubscriptionData"], "Subscription": {**subscription, **changes}}
    (refused,) = subscribe(call, {**request_, "SubscriptionData": wanted})
    assert fault(refused)[1] == message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"BillToContact": None}, "Missing required value: BillToContact"),
        ({"Account": {"Id": "no"}}, "Cannot find entity by key: 'no'."),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    call: Caller, request_: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    (refused,) = subscribe(call, {**request_, **changes})
    assert fault(refused)[1].startswith(message)


def test_a_subscription_needs_a_rate_plan(call: Caller, request_: dict[str, Any]) -> None:
    wanted = {**request_["SubscriptionData"], "RatePlanData": []}
    (refused,) = subscribe(call, {**request_, "SubscriptionData": wanted})
    assert fault(refused)[1] == "Missing required value: RatePlanData"


@pytest.mark.parametrize("how", [{"NumberOfPeriods": 1}, {"PreviewThroughTermEnd": True}])
def test_a_preview_shows_and_keeps_nothing_of_the_subscription(
    call: Caller, request_: dict[str, Any], how: dict[str, Any], data: dict[str, Any]
) -> None:
    (customer,) = subscribe(call, request_)
    asked = {
        "Account": {"Id": customer["AccountId"]},
        "SubscriptionData": data,
        "PreviewOptions": {"EnablePreviewMode": True, **how},
    }
    (shown,) = subscribe(call, asked)
    (document,) = shown["InvoiceData"]
    assert document["Invoice"]["Amount"] == 3480
    (item,) = document["InvoiceItem"]
    assert (item["ServiceStartDate"], item["ServiceEndDate"]) == ("2026-01-01", "2026-12-31")
    assert (item["ChargeAmount"], item["Quantity"]) == (3480, 10)
    sold = call("GET", f"/v1/subscriptions/accounts/{customer['AccountId']}").body["subscriptions"]
    assert len(sold) == 1


CHARGE = {
    "Name": "Seats",
    "ChargeModel": "Flat Fee Pricing",
    "ChargeType": "Recurring",
    "BillCycleType": "DefaultFromCustomer",
    "BillingPeriod": "Month",
    "TriggerEvent": "ContractEffective",
}


@pytest.mark.parametrize(
    ("terms", "tiers", "override", "steps", "amount"),
    [
        ({}, [{"Price": 15}], {"Price": 12}, [], 12),
        ({}, [{"Price": 15}], {}, [{"Price": 11, "Currency": "USD"}], 11),
        (
            {"ChargeModel": "Tiered Pricing", "UOM": "Each"},
            [{"Price": 15}],
            {"Quantity": 25, "TriggerEvent": "ContractEffective", "BillingPeriod": "Month"},
            [{"EndingUnit": 10, "Price": 10}, {"StartingUnit": 10, "Price": 8, "PriceFormat": "Per Unit"}],
            220,
        ),
        (
            {"ChargeModel": "Volume Pricing", "UOM": "Each"},
            [{"Price": 15}],
            {"Quantity": 25, "ListPriceBase": "Per Billing Period"},
            [{"Price": 99, "PriceFormat": "Flat Fee"}],
            99,
        ),
    ],
)
def test_a_charge_of_the_catalog_is_overridden(
    call: Caller,
    request_: dict[str, Any],
    subscription: dict[str, Any],
    terms: dict[str, Any],
    tiers: list[dict[str, Any]],
    override: dict[str, Any],
    steps: list[dict[str, Any]],
    amount: int,
) -> None:
    dates = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}
    product = call("POST", "/v1/object/product", {"Name": "Runners", **dates}).body["Id"]
    plan = call("POST", "/v1/object/product-rate-plan", {"Name": "M", "ProductId": product}).body["Id"]
    rows = {"ProductRatePlanChargeTier": [{"Currency": "USD", **tier} for tier in tiers]}
    body = {**CHARGE, **terms, "ProductRatePlanId": plan, "ProductRatePlanChargeTierData": rows}
    charge = call("POST", "/v1/action/create", {"type": "ProductRatePlanCharge", "objects": [body]}).body[0]
    said = {
        "RatePlanCharge": {"ProductRatePlanChargeId": charge["Id"], **override},
        "RatePlanChargeTier": steps,
    }
    wanted = {
        "Subscription": subscription,
        "RatePlanData": [{"RatePlan": {"ProductRatePlanId": plan}, "RatePlanChargeData": [said]}],
    }
    (made,) = subscribe(call, {**request_, "SubscriptionData": wanted})
    assert made["PaidAmount"] == Decimal(amount), made


def test_a_preview_tells_what_each_charge_brings_if_asked(call: Caller, request_: dict[str, Any]) -> None:
    """Source: Zuora, ChargeMetricsData: numbers are those of subscriptions that exist."""
    options = {"EnablePreviewMode": True, "PreviewType": "InvoiceItemChargeMetrics"}
    (shown,) = subscribe(call, {**request_, "PreviewOptions": options})
    metrics = shown["ChargeMetricsData"]["ChargeMetrics"]
    assert sum(one["MRR"] for one in metrics) == shown["TotalMrr"]
    assert sum(one["TCV"] for one in metrics) == shown["TotalTcv"]
    assert {"ChargeNumber", "DMRR"}.isdisjoint(metrics[0])
