"""Charges of the catalog and their tiers, written over /v1/object."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import Caller
from tests.zuora.objects.conftest import RECURRING, tiers
from toolkit.zuora.query.catalogs import PRODUCT_RATE_PLAN_CHARGE_TIER

if TYPE_CHECKING:
    from tests.zuora.conftest import Order
    from tests.zuora.objects.conftest import Refuse, Shown
    from toolkit.zuora.client import Client

Charge = Callable[..., str]

STEPS = (
    {"StartingUnit": 0, "EndingUnit": 10, "Price": 10, "PriceFormat": "Per Unit"},
    {"StartingUnit": 10, "Price": 8, "PriceFormat": "Per Unit"},
)
NUMBER = "?fields=ProductRatePlanChargeNumber"
UNITS = {"UOM": "Each"}
ONE_TIME = {"ChargeType": "OneTime", "BillingPeriod": "Month", "EndDateCondition": "SubscriptionEnd"}
PREPAID = {
    "ChargeFunction": "Prepayment",
    "PrepaidUom": "Minute",
    "PrepaidQuantity": 1000,
    "ValidityPeriodType": "ANNUAL",
    "CreditOption": "TimeBased",
    "IsRollover": True,
    "RolloverPeriods": 1,
    "RolloverApply": "ApplyFirst",
}


def billed(client: "Client", account: str, order: "Order", plan: str) -> list[Decimal]:
    """Subscribe to a plan for a year and return the amounts of the first month's bill."""
    creation = {
        "terms": {"initialTerm": {"period": 12, "periodType": "Month"}},
        "subscribeToRatePlans": [{"productRatePlanId": plan}],
    }
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    body = {"accountNumber": account, "targetDate": "2026-01-01"}
    return [
        one["chargeAmount"] for one in client.post("/v1/operations/billing-preview", body)["invoiceItems"]
    ]


@pytest.mark.parametrize(
    ("rows", "terms", "amount"),
    [
        (({"Price": 15},), {}, 15),
        (({"Price": 15},), {**ONE_TIME}, 15),
        (({"Price": 3},), {"ChargeModel": "Per Unit Pricing", "DefaultQuantity": 5, **UNITS}, 15),
        # 10 units at 10 and 15 units at 8, as Zuora's integration patterns have it
        (STEPS, {"ChargeModel": "Tiered Pricing", "DefaultQuantity": 25, **UNITS}, 220),
        (STEPS, {"ChargeModel": "Volume Pricing", "DefaultQuantity": 25, **UNITS}, 200),
    ],
)
def test_a_written_charge_is_billed_at_once(
    client: "Client",
    account: str,
    order: "Order",
    plan: str,
    charge: Charge,
    rows: tuple[dict[str, Any], ...],
    terms: dict[str, Any],
    amount: int,
) -> None:
    charge(*rows, **terms)
    assert billed(client, account, order, plan) == [amount]


def test_a_written_charge_is_taxed(call: Caller, charge: Charge) -> None:
    charge(Taxable=True, TaxCode="Digital", TaxMode="TaxInclusive", BillCycleDay=31)
    made = pricing_of(call)
    assert (made["taxable"], made["taxCode"], made["taxMode"]) == (True, "Digital", "TaxInclusive")


def test_a_charge_is_shown_as_it_was_written(charge: Charge, shown: "Shown") -> None:
    key = charge(BillingPeriod="Semi-Annual", BillingTiming="In Arrears", Description="Seats", Code__c="A")
    made = shown(f"product-rate-plan-charge/{key}")
    for name, value in {**RECURRING, "BillingPeriod": "Semi-Annual", "BillingTiming": "In Arrears"}.items():
        assert made[name] == value
    assert (made["EndDateCondition"], made["ListPriceBase"]) == ("SubscriptionEnd", "Per Billing Period")
    assert made["Code__c"] == "A"


def test_a_one_time_charge_has_no_periods(charge: Charge, call: Caller) -> None:
    charge(**ONE_TIME)
    shown = call("GET", "/v1/catalog/products?pageSize=40").body["products"]
    sold = next(one for one in shown if one["name"] == "Runners")["productRatePlans"][0]
    made = sold["productRatePlanCharges"][0]
    assert [made[name] for name in ("billingPeriod", "billingDay", "billingPeriodAlignment")] == [None] * 3
    assert made["endDateCondition"] == "One_Time"


@pytest.mark.parametrize(
    ("rows", "terms", "pricing"),
    [
        (
            ({"DiscountPercentage": 10},),
            {"ChargeModel": "Discount-Percentage", "ApplyDiscountTo": "ONETIMERECURRING"},
            {"discountPercentage": 10},
        ),
        (({"DiscountAmount": 5},), {"ChargeModel": "Discount-Fixed Amount"}, {"discountAmount": 5}),
        (
            ({"Price": 2, "IncludedUnits": 3},),
            {"ChargeModel": "Overage Pricing", "ChargeType": "Usage", **UNITS},
            {"includedUnits": 3, "overagePrice": 2},
        ),
        (
            ({"OveragePrice": 2},),
            {"ChargeModel": "Overage Pricing", "ChargeType": "Usage", "IncludedUnits": 7, **UNITS},
            {"includedUnits": 7, "overagePrice": 2},
        ),
        (
            ({**STEPS[0], "PriceFormat": "Flat Fee"}, {"Price": 4, "IsOveragePrice": True}),
            {"ChargeModel": "Tiered with Overage Pricing", "ChargeType": "Usage", **UNITS},
            {"overagePrice": 4},
        ),
        (({"Price": 1},), {"ChargeModel": "PreratedPerUnit`", "ChargeType": "Usage"}, {"price": 1}),
    ],
)
def test_prices_have_the_place_of_their_model(
    call: Caller,
    charge: Charge,
    rows: tuple[dict[str, Any], ...],
    terms: dict[str, Any],
    pricing: dict[str, int],
) -> None:
    charge(*rows, **terms)
    shown = call("GET", "/v1/catalog/products?pageSize=40").body["products"]
    made = next(one for one in shown if one["name"] == "Runners")["productRatePlans"][0]
    told = made["productRatePlanCharges"][0]["pricing"][0]
    assert {name: told[name] for name in pricing} == pricing


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        ({"Name": None}, "MISSING_REQUIRED_VALUE", "Missing required value: Name"),
        ({"TriggerEvent": None}, "MISSING_REQUIRED_VALUE", "Missing required value: TriggerEvent"),
        ({"BillingPeriod": None}, "MISSING_REQUIRED_VALUE", "Missing required value: BillingPeriod"),
        ({"BillCycleType": None}, "MISSING_REQUIRED_VALUE", "Missing required value: BillCycleType"),
        ({"ChargeModel": "Per Unit Pricing"}, "MISSING_REQUIRED_VALUE", "Missing required value: UOM"),
        ({"Taxable": True}, "MISSING_REQUIRED_VALUE", "Missing required value: TaxCode"),
        ({"Taxable": True, "TaxCode": "X"}, "MISSING_REQUIRED_VALUE", "Missing required value: TaxMode"),
        (
            {"ProductRatePlanChargeTierData": tiers()},
            "MISSING_REQUIRED_VALUE",
            "Missing required value: ProductRatePlanChargeTierData",
        ),
        (
            {"ProductRatePlanChargeTierData": tiers({})},
            "MISSING_REQUIRED_VALUE",
            "Missing required value: Price",
        ),
        ({"BillingPeriod": "Specific Months"}, "MISSING_REQUIRED_VALUE", "'specificBillingPeriod'"),
        ({"ProductRatePlanId": "no"}, "INVALID_VALUE", "The product rate plan 'no' does not exist."),
        ({"BillingPeriod": "Fortnight"}, "INVALID_VALUE", "'BillingPeriod' value should be one of: Month"),
        ({"BillCycleDay": 32}, "INVALID_VALUE", "'BillCycleDay' should be between 1 and 31, not 32."),
        ({"ChargeModel": "Calculated"}, "INVALID_VALUE", "The charge model Calculated is not simulated"),
        ({"ChargeFunction": "CommitmentTrueUp"}, "INVALID_VALUE", "The charge function CommitmentTrueUp"),
        ({**PREPAID, "CommitmentType": "CURRENCY"}, "INVALID_VALUE", "Prepayments of CURRENCY"),
        ({"ChargeFunction": "Drawdown"}, "MISSING_REQUIRED_VALUE", "Missing required value: DrawdownUom"),
        ({"ChargeFunction": "Prepayment"}, "MISSING_REQUIRED_VALUE", "Missing required value: PrepaidUom"),
        ({"MinQuantity": 5}, "INVALID_VALUE", "'MinQuantity' is not simulated yet."),
        ({"ListPriceBase": "Per Week"}, "INVALID_VALUE", "The charge PRPC-"),
        (
            {
                "ChargeModel": "Tiered Pricing",
                "UOM": "Each",
                "ProductRatePlanChargeTierData": tiers(STEPS[1], STEPS[0]),
            },
            "INVALID_VALUE",
            "The tier 1 should end before the tier 2 begins.",
        ),
        (
            {
                "ChargeModel": "Volume Pricing",
                "UOM": "Each",
                "ProductRatePlanChargeTierData": tiers({"Price": 1, "PriceFormat": "Each"}),
            },
            "INVALID_VALUE",
            "'PriceFormat' value should be one of: Flat Fee, Per Unit",
        ),
    ],
)
def test_a_charge_that_could_not_be_billed_is_refused(
    refused: "Refuse", plan: str, more: dict[str, Any], code: str, message: str
) -> None:
    data = {"ProductRatePlanId": plan, "ProductRatePlanChargeTierData": tiers({"Price": 1})}
    found = refused("POST", "product-rate-plan-charge", {**RECURRING, **data, **more})
    assert found[0] == code
    assert found[1].startswith(message)


def test_numbers_of_charges_are_unique(charge: Charge, refused: "Refuse", plan: str, call: Caller) -> None:
    drawn = call("GET", f"/v1/object/product-rate-plan-charge/{charge()}{NUMBER}").body
    following = int(drawn["ProductRatePlanChargeNumber"][-8:]) + 1
    taken = f"PRPC-{following:08}"
    charge(ProductRatePlanChargeNumber=taken)
    data = {"ProductRatePlanId": plan, "ProductRatePlanChargeTierData": tiers({"Price": 1})}
    body = {**RECURRING, **data, "ProductRatePlanChargeNumber": taken}
    assert refused("POST", "product-rate-plan-charge", body)[0] == "DUPLICATE_VALUE"
    after = call("GET", f"/v1/object/product-rate-plan-charge/{charge()}{NUMBER}").body
    assert after["ProductRatePlanChargeNumber"] == f"PRPC-{following + 1:08}"


def pricing_of(call: Caller) -> dict[str, Any]:
    products = call("GET", "/v1/catalog/products?pageSize=40").body["products"]
    plan = next(one for one in products if one["name"] == "Runners")["productRatePlans"][0]
    charge: dict[str, Any] = plan["productRatePlanCharges"][0]
    return charge


def test_an_update_leaves_what_it_does_not_say(call: Caller, charge: Charge) -> None:
    key = charge({"Price": 15}, {"Price": 12, "Currency": "EUR"}, X__c=1)
    body = {"Name": "Renamed", "Description": None, "Y__c": 2, "DefaultQuantity": 3}
    assert call("PUT", f"/v1/object/product-rate-plan-charge/{key}", body).body["Success"]
    made = pricing_of(call)
    assert (made["name"], made["X__c"], made["Y__c"], made["defaultQuantity"]) == ("Renamed", 1, 2, 3)
    assert [one["price"] for one in made["pricing"]] == [15, 12]
    assert made["description"] == ""


def test_tiers_that_an_update_says_replace_all(call: Caller, charge: Charge) -> None:
    key = charge({"Price": 15}, {"Price": 12, "Currency": "EUR"})
    body = {"ProductRatePlanChargeTierData": tiers({"Price": 16})}
    call("PUT", f"/v1/object/product-rate-plan-charge/{key}", body)
    assert [(one["currency"], one["price"]) for one in pricing_of(call)["pricing"]] == [("USD", 16)]


def test_included_units_are_changed_by_themselves(call: Caller, charge: Charge) -> None:
    key = charge({"Price": 2}, ChargeModel="Overage Pricing", ChargeType="Usage", IncludedUnits=7, UOM="Each")
    call("PUT", f"/v1/object/product-rate-plan-charge/{key}", {"IncludedUnits": 9})
    assert pricing_of(call)["pricing"][0]["includedUnits"] == 9


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"ProductRatePlanId": "other"}, "INVALID_VALUE"),
        ({"ProductRatePlanChargeNumber": "other"}, "INVALID_VALUE"),
        ({"ChargeModel": "Volume Pricing", "UOM": "Each"}, "MISSING_REQUIRED_VALUE"),
        ({"ChargeModel": None}, "MISSING_REQUIRED_VALUE"),
    ],
)
def test_an_update_that_cannot_be_is_refused(
    refused: "Refuse", charge: Charge, body: dict[str, Any], code: str
) -> None:
    assert refused("PUT", f"product-rate-plan-charge/{charge()}", body)[0] == code


def test_a_charge_is_deleted(call: Caller, charge: Charge, refused: "Refuse") -> None:
    key = charge()
    assert call("DELETE", f"/v1/object/product-rate-plan-charge/{key}").body["success"]
    assert refused("DELETE", f"product-rate-plan-charge/{key}")[0] == "INVALID_ID"


def test_a_prepayment_and_its_drawdown_are_written(call: Caller, charge: Charge) -> None:
    key = charge(**PREPAID)
    made = pricing_of(call)
    assert (made["prepaidUom"], made["prepaidQuantity"], made["rolloverPeriods"]) == ("Minute", 1000, 1)
    update = {"PrepaidQuantity": 500, "IsRollover": False}
    call("PUT", f"/v1/object/product-rate-plan-charge/{key}", update)
    made = pricing_of(call)
    assert (made["prepaidQuantity"], made["isRollover"]) == (500, False)


def test_a_drawdown_keeps_its_unit(call: Caller, charge: Charge) -> None:
    terms = {"ChargeType": "Usage", "ChargeModel": "Per Unit Pricing", "UOM": "Minute"}
    key = charge(ChargeFunction="Drawdown", DrawdownUom="Minute", **terms)
    assert pricing_of(call)["drawdownRate"] == 1
    call("PUT", f"/v1/object/product-rate-plan-charge/{key}", {"DrawdownRate": 2})
    made = pricing_of(call)
    assert (made["drawdownRate"], made["drawdownUom"]) == (2, "Minute")


def test_other_words_than_those_of_the_terms(call: Caller, charge: Charge) -> None:
    key = charge(
        {"Price": 2},
        ChargeModel="Overage Pricing",
        ChargeType="Usage",
        UOM="Each",
        NumberOfPeriod=3,
        OverageCalculationOption="PerBillingPeriod",
        UsageRecordRatingOption="OnDemand",
        PriceChangeOption="NoChange",
        UseTenantDefaultForPriceChange=True,
    )
    made = pricing_of(call)
    assert (made["overageCalculationOption"], made["usageRecordRatingOption"]) == (
        "PerBillingPeriod",
        "OnDemand",
    )
    assert made["useTenantDefaultForPriceChange"]
    assert key


@pytest.mark.parametrize("wednesday", ["Wednesday", "Wendesday"])
def test_deliveries_have_days(call: Caller, charge: Charge, wednesday: str) -> None:
    days = {"Frequency": "Weekly", "Monday": True, wednesday: True}
    key = charge(ChargeModel="Delivery Pricing", DeliverySchedule=days)
    schedule = pricing_of(call)["deliverySchedule"]
    assert [day for day, held in schedule.items() if held is True] == ["monday", "wednesday"]
    answer = call("PUT", f"/v1/object/product-rate-plan-charge/{key}", {"fieldsToNull": ["DeliverySchedule"]})
    assert answer.body["Errors"][0]["Code"] == "MISSING_REQUIRED_VALUE"


def tier_ids(call: Caller, charge: str) -> list[str]:
    kind = PRODUCT_RATE_PLAN_CHARGE_TIER
    world = call.tenant.world
    return [kind.fields["Id"].read(world, row) for row in kind.find(world, "ProductRatePlanChargeId", charge)]


def test_the_price_of_one_step_is_changed(call: Caller, charge: Charge, shown: "Shown") -> None:
    key = charge(*STEPS, ChargeModel="Tiered Pricing", UOM="Each")
    first, second = tier_ids(call, key)
    assert call("PUT", f"/v1/object/product-rate-plan-charge-tier/{second}", {"Price": 7}).body["Success"]
    assert shown(f"product-rate-plan-charge-tier/{second}")["Price"] == 7
    assert shown(f"product-rate-plan-charge-tier/{first}")["Price"] == Decimal(10)


def test_the_only_price_is_changed(call: Caller, charge: Charge) -> None:
    (only,) = tier_ids(call, charge())
    call("PUT", f"/v1/object/product-rate-plan-charge-tier/{only}", {"Price": 7})
    assert pricing_of(call)["pricing"][0]["price"] == 7


def test_the_price_of_an_overage_is_changed(call: Caller, charge: Charge) -> None:
    key = charge({"Price": 2}, ChargeModel="Overage Pricing", ChargeType="Usage", UOM="Each")
    (only,) = tier_ids(call, key)
    call("PUT", f"/v1/object/product-rate-plan-charge-tier/{only}", {"Price": 7})
    assert pricing_of(call)["pricing"][0]["overagePrice"] == 7


def test_a_discount_has_no_price(call: Caller, charge: Charge, refused: "Refuse") -> None:
    key = charge({"DiscountPercentage": 10}, ChargeModel="Discount-Percentage")
    (only,) = tier_ids(call, key)
    assert refused("PUT", f"product-rate-plan-charge-tier/{only}", {"Price": 7})[0] == "INVALID_VALUE"
    assert refused("PUT", "product-rate-plan-charge-tier/no", {"Price": 7})[0] == "INVALID_ID"
