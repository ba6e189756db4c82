"""The amend call: amendments of every type, their bills, what waits, and what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.zuora.conftest import Caller, plan_named
from toolkit.zuora.client import Client
from toolkit.zuora.tenant import Tenant

Amend = Callable[..., dict[str, Any]]

UNBILLED = {"AmendOptions": {"GenerateInvoice": False}}
WAITING = {"require_service_activation": True, "require_customer_acceptance": True}
START = "2026-01-01"


@pytest.fixture
def amend(client: Client, subscription: str) -> Amend:
    """Amends the subscription by amendments that have a type and more, and returns the one result."""

    def amend(*amendments: dict[str, Any], **request: Any) -> dict[str, Any]:  # noqa: ANN401
        base = client.get(f"/v1/subscriptions/{subscription}")["id"]
        fields = {"SubscriptionId": base, "Name": "Change", "ContractEffectiveDate": START}
        said = {"Amendments": [{**fields, **one} for one in amendments], **UNBILLED, **request}
        (result,) = client.post("/v1/action/amend", {"requests": [said]})["results"]
        return dict(result)

    return amend


@pytest.fixture
def shown(client: Client, subscription: str) -> Callable[[], dict[str, Any]]:
    """Shows the subscription."""
    return lambda: client.get(f"/v1/subscriptions/{subscription}")


def error(result: dict[str, Any]) -> tuple[str, str]:
    """Return the code and message of a result's one error."""
    assert result["Success"] is False
    (found,) = result["Errors"]
    return found["Code"], found["Message"]


def seats(shown: dict[str, Any], quantity: int, **more: object) -> dict[str, Any]:
    """Return an amendment that changes how many seats there are."""
    (plan,) = shown["ratePlans"]
    charge = {"ProductRatePlanChargeId": plan["ratePlanCharges"][0]["productRatePlanChargeId"]}
    data = {
        "RatePlan": {"AmendmentSubscriptionRatePlanId": plan["id"]},
        "RatePlanChargeData": [{"RatePlanCharge": {**charge, "Quantity": quantity}}],
    }
    return {"Type": "UpdateProduct", "RatePlanData": data, **more}


def test_an_amendment_is_billed_by_default(amend: Amend, shown: Any, client: Client) -> None:  # noqa: ANN401
    """Source: Zuora, amend options: GenerateInvoice is true by default."""
    result = amend(seats(shown(), 20), AmendOptions={})
    assert result["Success"] is True
    assert result["SubscriptionId"] == shown()["id"]
    assert client.get(f"/v1/invoices/{result['InvoiceId']}")["amount"] == 20 * 348
    assert (result["TotalDeltaTcv"], result["TotalDeltaMrr"]) == (3480, 290)


def test_a_bill_goes_to_its_target_date_and_is_paid(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    client: Client,
    card: Callable[..., str],
) -> None:
    method = card()
    options = {
        "ProcessPayments": True,
        "InvoiceProcessingOptions": {"InvoiceTargetDate": "2026-03-01", "InvoiceDate": "2026-02-15"},
        "ElectronicPaymentOptions": {"PaymentMethodId": method},
    }
    result = amend(seats(shown(), 20), AmendOptions=options)
    invoice = client.get(f"/v1/invoices/{result['InvoiceId']}")
    assert (invoice["invoiceDate"], invoice["targetDate"], invoice["balance"]) == (
        "2026-02-15",
        "2026-03-01",
        0,
    )
    assert client.get(f"/v1/payments/{result['PaymentId']}")["amount"] == invoice["amount"]


def test_what_is_given_back_is_a_credit_memo(
    amend: Amend,
    client: Client,
    invoice: dict[str, Any],
) -> None:
    assert invoice["amount"] == 3480
    end = {"Type": "Cancellation", "EffectiveDate": "2026-07-02", "ContractEffectiveDate": "2026-07-02"}
    result = amend(end, AmendOptions={"InvoiceProcessingOptions": {"InvoiceTargetDate": "2026-07-02"}})
    assert client.get(f"/v1/credit-memos/{result['CreditMemoId']}")["amount"] > 0


def test_a_price_table_may_come_with_a_product(
    amend: Amend,
    tenant: Tenant,
    shown: Any,  # noqa: ANN401
) -> None:
    plan = plan_named(tenant, "Premium - 1 Year")
    charge = {"ProductRatePlanChargeId": plan.charges[0].id, "Quantity": 3, "Price": 5}
    charge |= {"TriggerEvent": "SpecificDate", "TriggerDate": "2026-02-01", "Description": "More"}
    data = {"RatePlan": {"ProductRatePlanId": plan.id}, "RatePlanChargeData": [{"RatePlanCharge": charge}]}
    result = amend({"Type": "NewProduct", "RatePlanData": data})
    assert result["Success"] is True
    _, added = shown()["ratePlans"]
    (made,) = added["ratePlanCharges"]
    assert (made["price"], made["quantity"], made["effectiveStartDate"]) == (5, 3, "2026-02-01")


def test_a_price_table_is_read(
    amend: Amend,
    meter: Callable[..., str],
    client: Client,
    tenant: Tenant,
) -> None:
    number = meter(
        {"tiers": [{"tier": 1, "starting_unit": 0, "ending_unit": None, "price": 1}]}, model="Tiered"
    )
    base = client.get(f"/v1/subscriptions/{number}")
    (plan,) = base["ratePlans"]
    charge = plan["ratePlanCharges"][0]["productRatePlanChargeId"]
    tiers = [
        {"Tier": 1, "StartingUnit": 0, "EndingUnit": 10, "Price": 4, "PriceFormat": "Flat Fee"},
        {"Tier": 2, "StartingUnit": 11, "Price": 2, "PriceFormat": "Per Unit"},
    ]
    data = {
        "RatePlan": {"AmendmentSubscriptionRatePlanId": plan["id"]},
        "RatePlanChargeData": [
            {"RatePlanCharge": {"ProductRatePlanChargeId": charge}, "RatePlanChargeTier": tiers}
        ],
    }
    result = amend({"Type": "UpdateProduct", "SubscriptionId": base["id"], "RatePlanData": data})
    assert result["Success"] is True, result
    *_, segment = tenant.world.subscriptions.find(number).charges
    steps = [f"{one.price_format} {one.price}" for one in segment.pricing.tiers]
    assert steps == ["FlatFee 4", "PerUnit 2"]


def test_several_amendments_make_a_version_each(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    tenant: Tenant,
) -> None:
    before = shown()
    renewal = {
        "Type": "TermsAndConditions",
        "AutoRenew": True,
        "RenewalTerm": 2,
        "RenewalTermPeriodType": "Year",
        "RenewalSetting": "RENEW_WITH_SPECIFIC_TERM",
        "TermType": "TERMED",
        "CurrentTerm": 24,
        "TermStartDate": START,
    }
    result = amend(seats(before, 20), renewal, seats(before, 30, ContractEffectiveDate="2026-03-01"))
    after = shown()
    assert after["version"] == before["version"] + 3
    assert (after["autoRenew"], after["renewalTerm"], after["termEndDate"]) == (True, 2, "2028-01-01")
    made = [tenant.world.amendments.find(key) for key in result["AmendmentIds"]]
    assert [one.type for one in made] == ["UpdateProduct", "TermsAndConditions", "UpdateProduct"]
    assert {one.status for one in made} == {"Completed"}
    assert made[0].subscription_id == before["id"]
    assert made[1].subscription_id == made[0].new_subscription_id
    assert made[2].new_subscription_id == after["id"]


def test_a_subscription_is_paused_and_resumed(
    amend: Amend,
    subscription: str,
    tenant: Tenant,
) -> None:
    amend({"Type": "SuspendSubscription", "SuspendDate": "2026-03-01"})
    amend({"Type": "ResumeSubscription", "ResumeDate": "2026-04-01"})
    (pause,) = tenant.world.subscriptions.find(subscription).suspensions
    assert (pause.start, pause.end) == (date(2026, 3, 1), date(2026, 4, 1))


def test_an_owner_is_changed_a_product_removed_and_a_term_added(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    client: Client,
) -> None:
    body = {"name": "Other", "currency": "USD", "billCycleDay": 1}
    contact = {"firstName": "Ada", "lastName": "Tanaka", "country": "USA"}
    other = client.post("/v1/accounts", {**body, "billToContact": contact})
    (plan,) = shown()["ratePlans"]
    removal = {"RatePlan": {"AmendmentSubscriptionRatePlanId": plan["id"]}}
    result = amend(
        {"Type": "Renewal", "ContractEffectiveDate": "2027-01-01"},
        {"Type": "RemoveProduct", "RatePlanData": removal, "ContractEffectiveDate": "2026-06-01"},
        {"Type": "OwnerTransfer", "DestinationAccountId": other["accountId"]},
    )
    assert result["Success"] is True, result
    after = shown()
    assert (after["termEndDate"], after["accountNumber"]) == ("2028-01-01", other["accountNumber"])


def test_an_amendment_is_an_order_too(amend: Amend, shown: Any, client: Client) -> None:  # noqa: ANN401
    """Source: Zuora, orders harmonization."""
    amend(seats(shown(), 20))
    order = client.get(f"/v1/orders/{shown()['orderNumber']}")["order"]
    assert order["status"] == "Completed"
    (action,) = order["subscriptions"][0]["orderActions"]
    assert action["type"] == "UpdateProduct"


def test_a_draft_changes_nothing_until_its_order_is_activated(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    tenant: Tenant,
    client: Client,
) -> None:
    before = shown()
    result = amend(seats(before, 20, Status="Draft"))
    assert shown() == before
    assert (result["SubscriptionId"], result["TotalDeltaTcv"]) == (before["id"], 0)
    draft = tenant.world.amendments.find(result["AmendmentIds"][0])
    assert (draft.status, draft.new_subscription_id) == ("Draft", None)
    client.put(f"/v1/orders/{draft.order_number}/activate", {})
    made = tenant.world.amendments.find(draft.id)
    assert (made.status, made.new_subscription_id) == ("Completed", shown()["id"])


def test_a_draft_goes_with_its_order(amend: Amend, tenant: Tenant, client: Client) -> None:
    (key,) = amend({"Type": "Renewal", "Status": "Draft"})["AmendmentIds"]
    order = tenant.world.amendments.find(key).order_number
    client.put(f"/v1/orders/{order}/cancel", {"cancelReason": "no"})
    assert tenant.world.amendments.get(key) is None


def test_an_amendment_waits_for_the_dates_that_the_tenant_requires(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    tenant: Tenant,
    client: Client,
    subscription: str,
    require: Callable[..., None],
) -> None:
    require(**WAITING)
    before = shown()
    result = amend(seats(before, 20), seats(before, 30, ServiceActivationDate=START))
    waiting = tenant.world.amendments.find(result["AmendmentIds"][0])
    assert (waiting.status, shown()["version"]) == ("Pending Activation", before["version"])
    dates = [
        {"name": name, "triggerDate": "2026-02-01"} for name in ("ServiceActivation", "CustomerAcceptance")
    ]
    actions = [{"sequence": place, "triggerDates": dates} for place in (0, 1)]
    client.put(
        f"/v1/orders/{waiting.order_number}/triggerDates",
        {"subscriptions": [{"subscriptionNumber": subscription, "orderActions": actions}]},
    )
    done = tenant.world.amendments.find(waiting.id)
    assert (done.status, str(done.service_activation)) == ("Completed", "2026-02-01")
    assert shown()["version"] == before["version"] + 2


@pytest.mark.parametrize(
    ("known", "missing"),
    [({}, "ServiceActivationDate"), ({"ServiceActivationDate": START}, "CustomerAcceptanceDate")],
)
def test_an_amendment_without_its_dates_cannot_be_completed(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    require: Callable[..., None],
    known: dict[str, str],
    missing: str,
) -> None:
    require(**WAITING)
    code, message = error(amend(seats(shown(), 20, Status="Completed", **known)))
    assert code == "MISSING_REQUIRED_VALUE"
    assert missing in message


def test_a_preview_shows_what_would_be_billed_and_keeps_nothing(
    amend: Amend,
    shown: Any,  # noqa: ANN401
    tenant: Tenant,
) -> None:
    before = tenant.world
    result = amend(seats(shown(), 20), PreviewOptions={"EnablePreviewMode": True})
    (data,) = result["InvoiceDatas"]
    assert (data["Invoice"]["Amount"], data["Invoice"]["TargetDate"]) == (6960, START)
    (item,) = data["InvoiceItem"]
    assert (item["ChargeAmount"], item["Quantity"], item["ServiceEndDate"]) == (6960, 20, "2026-12-31")
    assert tenant.world is before


@pytest.mark.parametrize(
    "through", [{"NumberOfPeriods": 1}, {"PreviewThroughTermEnd": False}, {"PreviewType": "InvoiceItem"}]
)
def test_a_preview_of_a_credit_is_negative(
    amend: Amend,
    invoice: dict[str, Any],
    through: dict[str, object],
) -> None:
    assert invoice["amount"] == 3480
    end = {"Type": "Cancellation", "EffectiveDate": START}
    (data,) = amend(end, PreviewOptions={"EnablePreviewMode": True, **through})["InvoiceDatas"]
    assert data["Invoice"]["Amount"] == -3480
    assert [item["ChargeAmount"] for item in data["InvoiceItem"]] == [-3480]


def test_a_preview_goes_to_the_end_of_the_term(amend: Amend) -> None:
    renewal = {"Type": "Renewal", "ContractEffectiveDate": "2027-01-01"}
    options = {"EnablePreviewMode": True, "PreviewThroughTermEnd": True}
    (data,) = amend(renewal, PreviewOptions=options)["InvoiceDatas"]
    assert [item["ServiceEndDate"] for item in data["InvoiceItem"]] == ["2026-12-31", "2027-12-31"]


def test_a_request_that_fails_changes_nothing_and_the_others_stand(
    client: Client,
    shown: Any,  # noqa: ANN401
    subscription: str,
) -> None:
    before = shown()
    fields = {"SubscriptionId": before["id"], "Name": "A", "ContractEffectiveDate": START}
    bad = {"Amendments": [{**fields, **seats(before, 20)}, {**fields, "Type": "Cancellation"}]}
    good = {"Amendments": [{**fields, **seats(before, 30)}], **UNBILLED}
    failed, done = client.post("/v1/action/amend", {"requests": [bad, good]})["results"]
    assert error(failed) == ("MISSING_REQUIRED_VALUE", "Missing required value: EffectiveDate")
    assert done["Success"] is True
    assert shown()["version"] == before["version"] + 1
    assert subscription == shown()["subscriptionNumber"]


@pytest.mark.parametrize(
    ("amendments", "problem"),
    [
        ([], "between 1 and 10 amendments, not 0"),
        ([{"Type": "Renewal"}] * 11, "between 1 and 10 amendments, not 11"),
        ([{"Type": "Renewal"}, {"Type": "Renewal", "SubscriptionId": "x"}], "same SubscriptionId"),
        ([{"Type": "Renewal", "SubscriptionId": "x"}], "invalid id for amend"),
        ([{"Type": "Renewal", "Status": "Draft"}, {"Type": "Renewal"}], "all be drafts"),
        ([{"Type": "Renewal", "Code": "A"}, {"Type": "Renewal", "Code": "A"}], "code A is used already"),
        ([{"Type": "RemoveProduct"}], "Missing required value: RatePlanData"),
        (
            [{"Type": "RemoveProduct", "RatePlanData": {"RatePlan": {}}}],
            "Missing required value: AmendmentSubscriptionRatePlanId",
        ),
        (
            [
                {
                    "Type": "UpdateProduct",
                    "RatePlanData": {"RatePlan": {"AmendmentSubscriptionRatePlanId": "x"}},
                }
            ],
            "'x'",
        ),
        ([{"Type": "SuspendSubscription"}], "Missing required value: SuspendDate"),
        ([{"Type": "ResumeSubscription"}], "Missing required value: ResumeDate"),
        ([{"Type": "OwnerTransfer"}], "may not be null"),
        ([{"Type": "OwnerTransfer", "DestinationAccountId": "x"}], "Cannot find entity by key: 'x'"),
        ([{"Type": "Nonsense"}], "'Type' value should be one of: NewProduct"),
        ([{"Type": "Renewal", "Name": None}], "Missing required value: Name"),
        (
            [{"Type": "Renewal", "ContractEffectiveDate": None}],
            "Missing required value: ContractEffectiveDate",
        ),
        ([{"Type": "Renewal", "SubscriptionId": None}], "Missing required value: SubscriptionId"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    amend: Amend, amendments: list[dict[str, Any]], problem: str
) -> None:
    assert problem in error(amend(*amendments))[1]


def test_a_preview_tells_what_each_charge_brings_if_asked(amend: Amend) -> None:
    """Source: Zuora, ChargeMetricsData: ten seats for another year are worth 3480 more."""
    options = {"EnablePreviewMode": True, "PreviewType": "ChargeMetrics"}
    answer = amend({"Type": "Renewal"}, PreviewOptions=options)
    (shown,) = answer["ChargeMetricsData"]["ChargeMetrics"]
    assert (shown["DMRR"], shown["DTCV"]) == (0, 3480)
    assert {"ChargeNumber", "OriginalId", "OriginalRatePlanId"} < shown.keys()
    assert "TCV" not in shown


def test_a_former_version_cannot_be_amended(amend: Amend, shown: Any) -> None:  # noqa: ANN401
    before = shown()["id"]
    amend({"Type": "Renewal"})
    assert "later version" in error(amend({"Type": "Renewal", "SubscriptionId": before}))[1]


def test_an_unknown_charge_of_a_plan_is_refused(amend: Amend, shown: Any) -> None:  # noqa: ANN401
    wanted = seats(shown(), 20)
    wanted["RatePlanData"]["RatePlanChargeData"][0]["RatePlanCharge"]["ProductRatePlanChargeId"] = "none"
    assert error(amend(wanted)) == ("INVALID_ID", "Cannot find entity by key: 'none'.")


def test_a_call_has_at_most_fifty_requests(call: Caller) -> None:
    answer = call("POST", "/v1/action/amend", {"requests": [{"Amendments": []}] * 51})
    assert answer.body["FaultCode"] == "MAX_RECORDS_EXCEEDED"
    assert "at most 50 objects, not 51" in answer.body["FaultMessage"]
