"""Usage: recorded one by one, billed once, and freed when its bill is cancelled."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Find, Invoices, Meter, Record, Run
    from tests.zuora.conftest import Caller, Order

PER_MINUTE = {"price": 2}
TIERS = [
    {"tier": 1, "startingUnit": 0, "endingUnit": 10, "price": 2, "priceFormat": "PerUnit"},
    {"tier": 2, "startingUnit": 11, "price": 1, "priceFormat": "PerUnit"},
]


@pytest.fixture
def new(account: str) -> dict[str, Any]:
    """The body of a usage record."""
    return {"AccountNumber": account, "UOM": "Minute", "Quantity": 7.5, "StartDateTime": "2026-01-31"}


def amounts(client: Client, account: str, target: str, **more: object) -> list[Decimal]:
    body = {"accountNumber": account, "targetDate": target, **more}
    return [
        one["chargeAmount"] for one in client.post("/v1/operations/billing-preview", body)["invoiceItems"]
    ]


def test_usage_is_shown_as_it_was_recorded(
    call: "Caller", account: str, meter: "Meter", new: dict[str, Any]
) -> None:
    number = meter(PER_MINUTE, model="PerUnit")
    plan = call("GET", f"/v1/subscriptions/{number}").body["ratePlans"][0]
    named = {"SubscriptionNumber": number, "ChargeId": plan["ratePlanCharges"][0]["originalChargeId"]}
    moments = {
        "StartDateTime": "2026-02-01T07:30:00.000+00:00",
        "EndDateTime": "2026-02-01T08:00:00.000+00:00",
    }
    body = {**new, **named, **moments, "Description": "A call", "Line__c": "7"}
    key = call("POST", "/v1/object/usage", body).body["Id"]
    shown = call("GET", f"/v1/object/usage/{key}").body
    assert (
        shown.items()
        >= {
            "Id": key,
            "AccountNumber": account,
            "SubscriptionNumber": number,
            "ChargeNumber": plan["ratePlanCharges"][0]["number"],
            "StartDateTime": "2026-01-31T23:30:00.000-08:00",
            "EndDateTime": "2026-02-01T00:00:00.000-08:00",
            "UOM": "Minute",
            "Quantity": Decimal("7.5"),
            "SourceType": "API",
            "RbeStatus": "Pending",
            "Description": "A call",
            "Line__c": "7",
        }.items()
    )
    some = call("GET", f"/v1/object/usage/{key}?fields=Quantity,Nothing").body
    assert some == {"Quantity": Decimal("7.5")}


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ({"AccountNumber": None}, "MISSING_REQUIRED_VALUE", "Missing required value: AccountId"),
        ({"Quantity": None}, "MISSING_REQUIRED_VALUE", "Missing required value: Quantity"),
        ({"UOM": None}, "MISSING_REQUIRED_VALUE", "Missing required value: UOM"),
        ({"StartDateTime": None}, "MISSING_REQUIRED_VALUE", "Missing required value: StartDateTime"),
        (
            {"StartDateTime": "soon"},
            "INVALID_VALUE",
            "'StartDateTime' should be a date and time, not 'soon'.",
        ),
        ({"StartDateTime": "1900-01-01"}, "INVALID_VALUE", "within 20 years"),
        ({"Quantity": -1}, "INVALID_VALUE", "The quantity -1 should be"),
        ({"Quantity": "many"}, "INVALID_VALUE", "Invalid value for 'Quantity'"),
        ({"SubscriptionNumber": "A-S9"}, "INVALID_VALUE", "The subscription A-S9 is invalid."),
        ({"ChargeNumber": "C-9"}, "INVALID_VALUE", "The charge C-9 is invalid."),
        ({"AccountNumber": "A9"}, "INVALID_ID", "Cannot find entity by key: 'A9'."),
    ],
)
def test_usage_that_nothing_could_bill_is_refused_as_crud_calls_refuse(
    call: "Caller", new: dict[str, Any], wrong: dict[str, Any], code: str, message: str
) -> None:
    before = call.tenant.world
    answer = call("POST", "/v1/object/usage", {**new, **wrong})
    assert answer.status in {400, 404}
    (error,) = answer.body["Errors"]
    assert not answer.body["Success"]
    assert error["Code"] == code
    assert message in error["Message"]
    assert call.tenant.world is before


def test_what_nobody_knows_of_a_record_is_read_over(call: "Caller", new: dict[str, Any]) -> None:
    assert call("POST", "/v1/object/usage", {**new, "Colour": "red"}).body["Success"]
    unsigned = call("POST", "/v1/object/usage", new, headers={"content-type": "application/json"})
    assert unsigned.reason == (90000011, "this resource is protected, please sign in first")


def test_a_record_can_be_changed_and_deleted_until_it_is_billed(
    call: "Caller", client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run"
) -> None:
    meter(PER_MINUTE, model="PerUnit")
    key, other = used(5, "2026-01-10"), used(1, "2026-03-01")
    path = f"/v1/object/usage/{key}"
    changes = {"Quantity": 6, "StartDateTime": "2026-01-11", "EndDateTime": "2026-01-12", "Description": "D"}
    assert call("PUT", path, changes).body == {"Success": True, "Id": key}
    assert call("PUT", path, {"UOM": "Minute", "Note__c": "n"}).body["Success"]
    shown = call("GET", path).body
    assert (shown["Quantity"], shown["StartDateTime"][:10], shown["Note__c"]) == (6, "2026-01-11", "n")
    assert (shown["EndDateTime"][:10], shown["Description"]) == ("2026-01-12", "D")
    assert call("PUT", path, {"RbeStatus": "Processed"}).body["Errors"][0]["Code"] == "INVALID_VALUE"
    run_for(client, account, "2026-02-01")
    for verb in ("PUT", "DELETE"):
        refused = call(verb, path, {} if verb == "PUT" else None)
        assert (refused.status, refused.body["Success"]) == (400, False)
        assert "only Pending usage can be changed" in refused.body["Errors"][0]["Message"]
    assert call("DELETE", f"/v1/object/usage/{other}").body == {"success": True, "id": other}
    gone = call("GET", f"/v1/object/usage/{other}")
    assert (gone.status, gone.body) == (404, {"done": True, "records": [], "size": 0})
    error = {"Code": "INVALID_ID", "Message": "invalid id for delete"}
    assert call("DELETE", f"/v1/object/usage/{other}").body == {"Success": False, "Errors": [error]}


def test_a_cancelled_bill_run_makes_its_usage_pending_again(
    call: "Caller", client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run"
) -> None:
    meter(PER_MINUTE, model="PerUnit")
    key = used(5, "2026-01-10")
    later = used(9, "2026-02-10")

    def states() -> list[str]:
        return [call("GET", f"/v1/object/usage/{one}").body["RbeStatus"] for one in (key, later)]

    run = run_for(client, account, "2026-02-01")
    assert states() == ["Processed", "Pending"]
    client.put(f"/v1/bill-runs/{run['id']}/cancel")
    assert states() == ["Pending", "Pending"]
    run_for(client, account, "2026-03-01", autoPost=True)
    assert states() == ["Processed", "Processed"]


def test_usage_is_billed_once_and_a_month_without_any_costs_nothing(
    client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run", invoices: "Invoices"
) -> None:
    meter(PER_MINUTE, model="PerUnit")
    used(5, "2026-01-10")
    used(4, "2026-01-31")
    for target in ("2026-02-01", "2026-02-01", "2026-03-01"):
        run_for(client, account, target, autoPost=True)
    assert [one["amount"] for one in invoices(client, account)] == [0, 18]
    assert invoices(client, account)[1]["includesUsage"]


def test_usage_without_a_subscription_is_billed_by_each_that_counts_its_unit(
    client: Client, account: str, meter: "Meter", used: "Record"
) -> None:
    number = meter(PER_MINUTE, model="PerUnit")
    meter({"price": 3}, model="PerUnit")
    meter({"price": 100}, model="PerUnit", uom="Hour")
    used(5, "2026-01-10")
    used(1, "2026-01-10", SubscriptionNumber=number)
    assert amounts(client, account, "2026-02-01") == [12, 15, 0]


def test_previews_rate_usage_unless_its_type_is_excluded(
    client: Client, account: str, order: "Order", creation: dict[str, Any], meter: "Meter", used: "Record"
) -> None:
    meter(PER_MINUTE, model="PerUnit")
    used(5, "2026-01-10")
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    assert amounts(client, account, "2026-02-01") == [10, 3480]
    assert amounts(client, account, "2026-02-01", chargeTypeToExclude="Usage") == [3480]
    assert amounts(client, account, "2026-02-01", chargeTypeToExclude="Usage,Recurring") == []


def test_a_preview_leaves_out_evergreen_subscriptions_if_told(
    client: Client, account: str, order: "Order", creation: dict[str, Any]
) -> None:
    creation["terms"] = {"initialTerm": {"termType": "EVERGREEN"}}
    order("CreateSubscription", "2026-01-01", createSubscription=creation)
    assert amounts(client, account, "2026-02-01") == [3480]
    assert amounts(client, account, "2026-02-01", includingEvergreenSubscription=False) == []


def test_an_order_and_its_preview_bill_usage_unless_its_type_is_excluded(
    client: Client, account: str, order: "Order", meter: "Meter", used: "Record"
) -> None:
    number = meter(PER_MINUTE, model="PerUnit")
    used(5, "2026-01-10")
    renewal = {"type": "RenewSubscription", "triggerDates": TRIGGERS}
    wanted = [{"subscriptionNumber": number, "orderActions": [renewal]}]
    body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "subscriptions": wanted}
    through: dict[str, Any] = {"previewThruType": "SpecificDate", "specificPreviewThruDate": "2026-02-01"}
    shown = client.post("/v1/orders/preview", {**body, "previewOptions": through})
    assert shown["previewResult"]["invoices"][0]["amount"] == 10
    through["chargeTypeToExclude"] = ["Usage"]
    assert client.post("/v1/orders/preview", {**body, "previewOptions": through})["previewResult"] == {
        "invoices": [],
        "creditMemos": [],
    }
    billing: dict[str, Any] = {"targetDate": "2026-02-01", "chargeTypeToExclude": ["Usage"]}
    options = {"runBilling": True, "billingOptions": billing}
    assert "invoiceNumbers" not in order("RenewSubscription", "2026-01-01", number, processingOptions=options)
    del billing["chargeTypeToExclude"]
    done = order("RenewSubscription", "2026-01-01", number, processingOptions=options)
    assert client.get(f"/v1/invoices/{done['invoiceNumbers'][0]}")["amount"] == 10


TRIGGERS = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]


def test_a_bill_run_leaves_the_types_that_it_excludes_to_another(
    client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run", invoices: "Invoices"
) -> None:
    meter(PER_MINUTE, model="PerUnit")
    used(5, "2026-01-10")
    run = run_for(client, account, "2026-02-01", chargeTypeToExclude=["Usage"])
    assert client.get(f"/v1/bill-runs/{run['id']}")["chargeTypeToExclude"] == ["Usage"]
    assert invoices(client, account) == []
    run_for(client, account, "2026-02-01", chargeTypeToExclude=["OneTime", "Recurring"])
    assert [one["amount"] for one in invoices(client, account)] == [10]


def test_usage_stays_with_the_subscription_owner_when_another_account_pays(
    client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run", invoices: "Invoices"
) -> None:
    contact = {"firstName": "Bo", "lastName": "Ng"}
    body = {"name": "Payer", "currency": "USD", "billCycleDay": 1, "billToContact": contact}
    payer = client.post("/v1/accounts", body)["accountNumber"]
    meter(PER_MINUTE, of=payer, model="PerUnit")
    used(5, "2026-01-10")
    used(100, "2026-01-10", AccountNumber=payer)
    run_for(client, payer, "2026-02-01")
    assert [one["amount"] for one in invoices(client, payer)] == [10]
    assert client.get(f"/v1/usage/accounts/{account}")["usage"][0]["status"] == "Processed"
    assert client.get(f"/v1/usage/accounts/{payer}")["usage"][0]["status"] == "Pending"


@pytest.mark.parametrize(
    ("model", "override", "amount"),
    [
        ("FlatFee", {"usageFlatFee": {"listPrice": 7}}, 7),
        ("PerUnit", {"usagePerUnit": {"listPrice": 3, "ratingGroup": "ByUsageRecord"}}, 45),
        ("Tiered", {"usageTiered": {"tiers": TIERS}}, 25),
        ("Volume", {"usageVolume": {"tiers": TIERS, "ratingGroup": "ByUsageStartDate"}}, 30),
        ("Overage", {"usageOverage": {"includedUnits": 12, "overagePrice": 4}}, 12),
        (
            "TieredWithOverage",
            {"usageTieredWithOverage": {"tiers": [{**TIERS[0]}], "overagePrice": 4}},
            40,
        ),
    ],
)
def test_an_order_may_set_what_usage_costs(
    client: Client,
    account: str,
    meter: "Meter",
    used: "Record",
    model: str,
    override: dict[str, Any],
    amount: int,
) -> None:
    number = meter({}, override, model=model)
    used(10, "2026-01-10")
    used(5, "2026-01-11")
    assert amounts(client, account, "2026-02-01") == [amount]
    (said,) = override.values()
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert charge["tiers"] == (said.get("tiers") and [{"endingUnit": None, **one} for one in said["tiers"]])
    assert charge["includedUnits"] == said.get("includedUnits")
    assert charge["overagePrice"] == said.get("overagePrice")
    assert charge["ratingGroup"] == said.get("ratingGroup", "ByBillingPeriod")
    assert charge["usageRecordRatingOption"] is None


def test_an_order_may_count_another_unit_and_smooth_an_overage(client: Client, meter: "Meter") -> None:
    overage = {"usageOverage": {"numberOfPeriods": 3, "overageUnusedUnitsCreditOption": "NoCredit"}}
    number = meter({"overage_price": 1}, overage, model="Overage")
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (charge["smoothingModel"], charge["numberOfPeriods"]) == ("RollingWindow", 3)
    assert charge["overageCalculationOption"] == "EndOfSmoothingPeriod"
    number = meter(PER_MINUTE, {"usagePerUnit": {"uom": "Hour"}}, model="PerUnit", on_demand=True)
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (charge["uom"], charge["usageRecordRatingOption"]) == ("Hour", "OnDemand")


def test_an_order_may_give_unused_units_back(client: Client, meter: "Meter") -> None:
    said = {"overageUnusedUnitsCreditOption": "CreditBySpecificRate", "unusedUnitsCreditRates": 0.5}
    number = meter({"overage_price": 1, "included_units": 10}, {"usageOverage": said}, model="Overage")
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert {name: charge[name] for name in said} == said


@pytest.mark.parametrize(
    "tiers", [[TIERS[1], TIERS[0]], [{**TIERS[0], "endingUnit": None}, TIERS[1]], [TIERS[0], TIERS[0]]]
)
def test_a_price_table_out_of_order_is_refused(meter: "Meter", tiers: list[dict[str, Any]]) -> None:
    with pytest.raises(RefusedError, match="tier"):
        meter({}, {"usageTiered": {"tiers": tiers}}, model="Tiered")


def test_an_accounts_usage_is_listed_latest_first_and_summed_by_month(
    client: Client, account: str, used: "Record", account_id: "Find"
) -> None:
    for day in ("2026-01-10", "2026-02-01", "2026-01-20"):
        used(3, day)
    listed = client.get(f"/v1/usage/accounts/{account}", pageSize="2")
    assert [one["startDateTime"] for one in listed["usage"]] == ["2026-02-01 00:00:00", "2026-01-20 00:00:00"]
    assert "nextPage" in listed
    assert listed["usage"][0].items() >= {"unitOfMeasure": "Minute", "sourceName": "API"}.items()
    assert listed["usage"][0]["accountId"] == account_id(client, account)
    assert client.get(f"/v1/accounts/{account}/summary")["usage"] == [
        {"quantity": 3, "startDate": "2026-02", "unitOfMeasure": "Minute"},
        {"quantity": 6, "startDate": "2026-01", "unitOfMeasure": "Minute"},
    ]


def test_a_record_may_name_its_charge_alone(
    call: "Caller",
    client: Client,
    account: str,
    subscription: str,
    meter: "Meter",
    used: "Record",
    run_for: "Run",
) -> None:
    first, second = meter(PER_MINUTE, model="PerUnit"), meter({"price": 3}, model="PerUnit")
    charge = client.get(f"/v1/subscriptions/{second}")["ratePlans"][0]["ratePlanCharges"][0]["number"]
    key = used(5, "2026-01-10", ChargeNumber=charge)
    record = call("GET", f"/v1/object/usage/{key}").body
    assert (record["SubscriptionNumber"], record["ChargeNumber"]) == (second, charge)
    assert first != second != subscription
    run_for(client, account, "2026-02-01")
    assert call("GET", f"/v1/object/usage/{key}").body["RbeStatus"] == "Processed"


def test_what_a_charge_prepays_or_draws_down_is_shown(call: "Caller", client: Client, meter: "Meter") -> None:
    prepaid = {"uom": "Minute", "units": 100, "validity": "MONTH", "rollover_periods": 1}
    number = meter({"price": 20}, type="Recurring", model="FlatFee", prepaid=prepaid)
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (
        charge.items()
        >= {
            "isPrepaid": True,
            "chargeFunction": "Prepayment",
            "prepaidOperationType": "topup",
            "prepaidQuantity": 100,
            "prepaidTotalQuantity": 100,
            "prepaidUOM": "Minute",
            "validityPeriodType": "MONTH",
            "creditOption": "TimeBased",
            "isRollover": True,
            "rolloverApply": "ApplyFirst",
            "rolloverPeriods": 1,
        }.items()
    )
    number = meter(PER_MINUTE, model="PerUnit", drawdown={"uom": "Minute", "rate": 1})
    charge = client.get(f"/v1/subscriptions/{number}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (
        charge.items() >= {"chargeFunction": "Drawdown", "drawdownUom": "Minute", "drawdownRate": 1}.items()
    )
    once = meter({"price": 1}, type="OneTime", model="FlatFee", prepaid={**prepaid, "rollover_periods": 0})
    charge = client.get(f"/v1/subscriptions/{once}")["ratePlans"][0]["ratePlanCharges"][0]
    assert (charge["isRollover"], charge["rolloverApply"], charge["rolloverPeriods"]) == (False, None, None)
    products = call("GET", "/v1/catalog/products?pageSize=40").body["products"]
    plans = [plan for product in products for plan in product["productRatePlans"]]
    charges = [charge for plan in plans for charge in plan["productRatePlanCharges"]]
    assert [one["prepaidUom"] for one in charges if "prepaidUom" in one] == ["Minute", "Minute"]
