"""POST /v1/action/amend, generate and execute."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.zuora.conftest import Caller, plan_named

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant

Amend = Callable[..., dict[str, Any]]
JANUARY = "2026-01-01"


@pytest.fixture
def latest(call: Caller, subscription: str) -> Callable[[], dict[str, Any]]:
    """Return the latest version of the subscription to ten seats of Premium."""
    return lambda: call("GET", f"/v1/subscriptions/{subscription}").body


@pytest.fixture
def amend(call: Caller, latest: Callable[[], dict[str, Any]]) -> Amend:
    """Amend it, on 1 January unless said."""

    def make(*amendments: dict[str, Any], **more: object) -> dict[str, Any]:
        common = {"Name": "Change", "ContractEffectiveDate": JANUARY, "SubscriptionId": latest()["id"]}
        request = {"Amendments": [{**common, **one} for one in amendments], **more}
        answer = call("POST", "/v1/action/amend", {"requests": [request]}).body
        result: dict[str, Any] = answer["results"][0]
        return result

    return make


def seats(quantity: int, key: str) -> list[dict[str, Any]]:
    return [{"RatePlanCharge": {"ProductRatePlanChargeId": key, "Quantity": quantity}}]


@pytest.fixture
def more_seats(latest: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """An amendment to twenty seats."""
    plan = latest()["ratePlans"][0]
    key = plan["ratePlanCharges"][0]["productRatePlanChargeId"]
    data = {
        "RatePlan": {"AmendmentSubscriptionRatePlanId": plan["id"]},
        "RatePlanChargeData": seats(20, key),
    }
    return {"Type": "UpdateProduct", "RatePlanData": data}


def test_an_update_of_a_product_is_billed(
    amend: Amend, latest: Callable[[], dict[str, Any]], more_seats: dict[str, Any], call: Caller
) -> None:
    made = amend(more_seats, AmendOptions={"GenerateInvoice": True, "ProcessPayments": False})
    assert made["Success"], made
    assert (made["TotalDeltaMrr"], made["TotalDeltaTcv"]) == (290, 3480)
    assert made["SubscriptionId"] == latest()["id"]
    assert call("GET", f"/v1/object/invoice/{made['InvoiceId']}").body["Amount"] == 6960
    (key,) = made["AmendmentIds"]
    amendment = call("GET", f"/v1/object/amendment/{key}").body
    assert (amendment["Type"], amendment["ContractEffectiveDate"]) == ("UpdateProduct", JANUARY)


def test_a_preview_changes_nothing(
    amend: Amend, latest: Callable[[], dict[str, Any]], more_seats: dict[str, Any]
) -> None:
    before = latest()
    shown = amend(more_seats, PreviewOptions={"EnablePreviewMode": True, "NumberOfPeriods": 1})
    assert shown["InvoiceDatas"][0]["Invoice"]["Amount"] == 6960
    assert latest() == before


def test_a_preview_of_less_is_a_credit(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    amend({"Type": "Renewal"}, AmendOptions={"GenerateInvoice": True})
    plan = latest()["ratePlans"][0]["id"]
    removal = {
        "Type": "RemoveProduct",
        "ContractEffectiveDate": "2026-07-01",
        "RatePlanData": {"RatePlan": {"AmendmentSubscriptionRatePlanId": plan}},
    }
    shown = amend(removal, PreviewOptions={"EnablePreviewMode": True})
    assert shown["InvoiceDatas"][0]["Invoice"]["Amount"] < 0


def test_a_product_is_added_and_removed(
    amend: Amend, latest: Callable[[], dict[str, Any]], tenant: "Tenant"
) -> None:
    plan = plan_named(tenant, "Ultimate - 1 Year")
    data = {"RatePlan": {"ProductRatePlanId": plan.id}, "RatePlanChargeData": seats(5, plan.charges[0].id)}
    added = amend({"Type": "NewProduct", "RatePlanData": data})
    assert added["Success"], added
    plans = latest()["ratePlans"]
    assert [one["lastChangeType"] for one in plans] == ["Add", "Add"]
    removal = {"RatePlan": {"AmendmentSubscriptionRatePlanId": plans[1]["id"]}}
    assert amend({"Type": "RemoveProduct", "RatePlanData": removal})["Success"]
    assert latest()["ratePlans"][1]["lastChangeType"] == "Remove"


def test_a_subscription_is_renewed_and_its_terms_changed_in_one(
    amend: Amend, latest: Callable[[], dict[str, Any]]
) -> None:
    terms = {"Type": "TermsAndConditions", "AutoRenew": True, "RenewalTerm": 24}
    made = amend(terms, {"Type": "Renewal"})
    assert len(made["AmendmentIds"]) == 2
    after = latest()
    assert (after["autoRenew"], after["termEndDate"]) == (True, "2029-01-01")


def test_automatic_renewal_is_switched_off(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    assert amend({"Type": "TermsAndConditions", "AutoRenew": False})["Success"]
    assert latest()["autoRenew"] is False


def test_the_current_term_is_changed(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    terms = {"Type": "TermsAndConditions", "CurrentTerm": 6, "CurrentTermPeriodType": "Month"}
    assert amend(terms)["Success"]
    assert latest()["termEndDate"] == "2026-07-01"


def test_a_subscription_is_cancelled(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    made = amend({"Type": "Cancellation", "EffectiveDate": "2026-03-01"})
    assert made["Success"], made
    assert latest()["subscriptionEndDate"] == "2026-03-01"


def test_a_subscription_is_suspended_and_resumed(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    pause = {"Type": "SuspendSubscription", "SuspendDate": "2026-02-01"}
    again = {"Type": "ResumeSubscription", "ResumeDate": "2026-03-01"}
    assert amend(pause)["Success"]
    assert amend(again)["Success"]
    history = [one["status"] for one in latest()["statusHistory"]]
    assert "Suspended" in history


def test_a_subscription_is_given_to_another_account(
    amend: Amend, call: Caller, latest: Callable[[], dict[str, Any]], account: str
) -> None:
    body = {"name": "Other", "currency": "USD", "billCycleDay": 1}
    contact = {"firstName": "Grace", "lastName": "Byron"}
    other = call("POST", "/v1/accounts", {**body, "billToContact": contact}).body["accountId"]
    assert amend({"Type": "OwnerTransfer", "DestinationAccountId": other})["Success"]
    assert latest()["accountId"] == other
    payer = call("GET", f"/v1/accounts/{account}").body["basicInfo"]["id"]
    assert amend({"Type": "OwnerTransfer", "DestinationInvoiceOwnerId": payer})["Success"]
    assert latest()["invoiceOwnerAccountId"] == payer


@pytest.mark.parametrize(
    ("said", "code", "message"),
    [
        ({"Type": "Renewal", "Name": None}, "MISSING_REQUIRED_VALUE", "Missing required value: Name"),
        (
            {"Type": "Renewal", "ContractEffectiveDate": None},
            "MISSING_REQUIRED_VALUE",
            "Missing required value: ContractEffectiveDate",
        ),
        ({"Type": "Renewal", "SubscriptionId": "no"}, "INVALID_ID", "invalid id for amend"),
        ({"Type": "NewProduct"}, "MISSING_REQUIRED_VALUE", "Missing required value: RatePlanData"),
        ({"Type": "SuspendSubscription"}, "MISSING_REQUIRED_VALUE", "Missing required value: SuspendDate"),
        (
            {"Type": "OwnerTransfer", "DestinationAccountId": "no"},
            "INVALID_ID",
            "Cannot find entity by key: 'no'.",
        ),
        (
            {
                "Type": "UpdateProduct",
                "RatePlanData": {"RatePlan": {"AmendmentSubscriptionRatePlanId": "no"}},
            },
            "INVALID_ID",
            "Cannot find entity by key: 'no'.",
        ),
        ({"Type": "Nonsense"}, "INVALID_VALUE", "'Type' value should be one of: NewProduct"),
    ],
)
def test_what_cannot_be_amended_is_refused(
    amend: Amend, said: dict[str, Any], code: str, message: str
) -> None:
    refused = amend(said)
    assert refused["Success"] is False
    assert refused["Errors"][0]["Code"] == code
    assert refused["Errors"][0]["Message"].startswith(message)


def test_an_unknown_charge_is_refused(amend: Amend, more_seats: dict[str, Any]) -> None:
    more_seats["RatePlanData"]["RatePlanChargeData"] = seats(5, "no")
    assert amend(more_seats)["Errors"][0]["Code"] == "INVALID_ID"


def test_a_former_version_is_not_amended(amend: Amend, latest: Callable[[], dict[str, Any]]) -> None:
    former = latest()["id"]
    amend({"Type": "Renewal"})
    refused = amend({"Type": "Renewal", "SubscriptionId": former})
    assert refused["Errors"][0]["Code"] == "INVALID_VALUE"


def test_one_request_is_for_one_subscription(amend: Amend) -> None:
    refused = amend({"Type": "Renewal"}, {"Type": "Renewal", "SubscriptionId": "other"})
    assert "all of the same subscription" in refused["Errors"][0]["Message"]


def generate(call: Caller, body: dict[str, Any]) -> dict[str, Any]:
    answer = call("POST", "/v1/action/generate", {"type": "Invoice", "objects": [body]}).body
    result: dict[str, Any] = answer[0]
    return result


@pytest.fixture
def wanted(call: Caller, account: str, subscription: str) -> dict[str, Any]:
    """An invoice of the account with ten seats of Premium."""
    assert subscription
    key = call("GET", f"/v1/accounts/{account}").body["basicInfo"]["id"]
    return {"AccountId": key, "InvoiceDate": JANUARY, "TargetDate": JANUARY}


def test_a_generated_invoice_is_a_draft(call: Caller, wanted: dict[str, Any]) -> None:
    made = generate(call, wanted)
    assert made["Success"]
    invoice = call("GET", f"/v1/object/invoice/{made['Id']}").body
    assert (invoice["Status"], invoice["Amount"]) == ("Draft", 3480)


def test_without_charges_due_there_is_no_invoice(call: Caller, wanted: dict[str, Any]) -> None:
    refused = generate(call, {**wanted, "IncludesRecurring": False})
    assert refused["Errors"] == [
        {
            "Code": "INVALID_VALUE",
            "Message": "The invoice will not be generated because there are no charges due on this account.",
        }
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"AccountId": "no"}, "INVALID_ID"), ({"TargetDate": None}, "MISSING_REQUIRED_VALUE")],
)
def test_an_invoice_that_cannot_be_generated(
    call: Caller, wanted: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    assert generate(call, {**wanted, **changes})["Errors"][0]["Code"] == code


def test_only_invoices_are_generated(call: Caller) -> None:
    assert call("POST", "/v1/action/generate", {"type": "Payment", "objects": []}).body["Success"] is False


def test_nothing_is_executed(call: Caller) -> None:
    body = {"type": "InvoiceSplit", "ids": ["x"], "synchronous": True}
    answer = call("POST", "/v1/action/execute", body)
    assert (answer.status, answer.body["Success"]) == (400, False)
