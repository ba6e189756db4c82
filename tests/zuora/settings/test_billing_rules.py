"""The billing rules as a setting: read, changed, and obeyed by the next bill."""

from decimal import Decimal
from typing import Any

import pytest

from tests.zuora.conftest import Caller, Order, subscribed
from toolkit.zuora.client import Client

PATH = "/settings/billing-rules"

DOCUMENTED = {
    "oneTimeCreditBack": False,
    "proratePeriodOfRecurringCharge": True,
    "prorateRecurringWeeklyCharges": True,
    "prorateRecurringMonthlyCharges": True,
    "prorateUsageMonthlyCharges": True,
    "prorateUsageWeeklyCharges": True,
    "daysInMonth": "UseActualDays",
    "prorationUnit": "ProrateByDay",
    "rateUsageIndividually": True,
    "taxAddressOwner": "SubscriptionOwner",
    "taxInclusiveRoundingRule": "RoundingNetAmount",
    "legalDocumentGeneratingRule": "GroupByOriginalSRPC",
    "taxRateChangeOption": "OneTaxItem",
    "availableToCreditValidationLevel": "HeaderLevel",
    "invoicePastEndOfTerm": False,
    "billToTermEndWhenAutoRenew": True,
    "zuoraTaxRoundingDiffDispersion": False,
    "creditMemoMirroringInvoiceItemsRule": "YesExceptForZeroItems",
    "debookRebookSupportable": False,
    "invoiceSplit": False,
    "catchUpBillRun": False,
    "consolidateInvoices": False,
    "discountCreditProration": False,
}
"""The values of Zuora's own example of which each stands for a rule that is simulated."""


def test_what_zuoras_example_sets_is_read_back(call: Caller) -> None:
    changed = call("PUT", PATH, DOCUMENTED).body
    assert {name: changed[name] for name in DOCUMENTED} == DOCUMENTED
    assert call("GET", PATH).body == changed


def test_each_value_of_each_rule_can_be_set_and_read(call: Caller) -> None:
    (operation,) = [one for one in _listed(call)["httpOperations"] if one["method"] == "PUT"]
    schema = operation["requestType"]["definitions"]["BillingRules"]["properties"]
    shown = call("GET", PATH).body
    assert set(shown) == set(schema)
    for name, one in schema.items():
        for value in one.get("enum", ()):
            answer = call("PUT", PATH, {name: value})
            assert answer.status == 400 or answer.body[name] == value


def _listed(call: Caller) -> dict[str, Any]:
    settings = call("GET", "/settings/listing").body["settings"]
    return next(dict(one) for one in settings if one["key"] == "BillingRules")


def test_a_changed_rule_changes_the_next_bill(
    client: Client, call: Caller, account: str, order: Order, creation: dict[str, Any]
) -> None:
    """3,480 a year: three months and 18 of 30 days are 0.3 of it, 108 of its 365 days less."""
    made = order("CreateSubscription", "2026-01-15", createSubscription=creation)
    cancelled = {"cancellationPolicy": "SpecificDate", "cancellationEffectiveDate": "2026-05-03"}
    order(
        "CancelSubscription",
        "2026-01-15",
        subscribed(made),
        cancelSubscription=cancelled,
    )

    def previewed() -> list[Any]:
        body = {"accountNumber": account, "targetDate": "2026-01-20"}
        items = client.post("/v1/operations/billing-preview", body)["invoiceItems"]
        return [item["chargeAmount"] for item in items]

    assert previewed() == [1044]
    call("PUT", PATH, {"prorationUnit": "ProrateByDay"})
    assert previewed() == [Decimal("1029.7")]


@pytest.mark.parametrize("field", ["includeNegativeInvoice", "taxPreview"])
def test_what_is_not_simulated_is_shown_and_refused_by_name(call: Caller, field: str) -> None:
    holds = call("GET", PATH).body[field]
    assert call("PUT", PATH, {field: holds}).status == 200
    refused = call("PUT", PATH, {field: not holds})
    (message,) = refused.body["messages"]
    assert (refused.status, refused.body["errorCode"], field in message) == (400, "INVALID_USER_INPUT", True)


def test_rules_that_exclude_one_another_are_refused_and_change_nothing(call: Caller) -> None:
    before = call("GET", PATH).body
    assert call("PUT", PATH, {"proratePeriodOfRecurringCharge": False}).status == 400
    assert call("GET", PATH).body == before
