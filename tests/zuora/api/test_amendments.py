"""Amendments as they are read, whether an amend call or an order has left them."""

from typing import Any

import pytest

from tests.zuora.conftest import Order
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant

DOCUMENTED = (  # noqa: SIM905 - a list of them is twenty-eight lines
    "success id code name type description status contractEffectiveDate serviceActivationDate "
    "customerAcceptanceDate effectiveDate newSubscriptionId baseSubscriptionId termType currentTerm "
    "currentTermPeriodType termStartDate renewalSetting renewalTerm renewalTermPeriodType autoRenew "
    "specificUpdateDate newRatePlanId baseRatePlanId destinationAccountId destinationInvoiceOwnerId "
    "suspendDate resumeDate"
).split()


def last(client: Client, key: str) -> dict[str, Any]:
    return client.get(f"/v1/amendments/subscriptions/{key}")


def test_an_amendment_is_shown_as_documented(client: Client, subscription: str) -> None:
    """Source: Zuora, retrieve an amendment."""
    base = client.get(f"/v1/subscriptions/{subscription}")["id"]
    amendment = {
        "Type": "TermsAndConditions",
        "Name": "testAmendment",
        "Description": "just for test",
        "SubscriptionId": base,
        "ContractEffectiveDate": "2026-02-01",
        "TermType": "TERMED",
        "CurrentTerm": 2,
        "CurrentTermPeriodType": "Year",
        "TermStartDate": "2026-01-01",
        "RenewalSetting": "RENEW_WITH_SPECIFIC_TERM",
        "RenewalTerm": 1,
        "AutoRenew": False,
        "Reason__c": "merger",
    }
    answer = client.post("/v1/action/amend", {"requests": [{"Amendments": [amendment]}]})
    (result,) = answer["results"]
    found = client.get(f"/v1/amendments/{result['AmendmentIds'][0]}")
    assert found == client.get(f"/v1/amendments/{found['code']}") == last(client, subscription)
    assert found.pop("Reason__c") == "merger"
    assert list(found) == DOCUMENTED
    expected = {
        "code": "A-AM00000001",
        "name": "testAmendment",
        "type": "TermsAndConditions",
        "status": "Completed",
        "contractEffectiveDate": "2026-02-01",
        "customerAcceptanceDate": "2026-02-01",
        "effectiveDate": "2026-02-01",
        "newSubscriptionId": result["SubscriptionId"],
        "baseSubscriptionId": base,
        "currentTerm": 2,
        "currentTermPeriodType": "Year",
        "renewalTerm": 1,
        "renewalTermPeriodType": "Month",
        "autoRenew": False,
        "newRatePlanId": None,
    }
    assert {name: found[name] for name in expected} == expected


def test_an_order_leaves_a_composite_amendment(client: Client, subscription: str, order: Order) -> None:
    """Source: Zuora, orders harmonization, reporting."""
    before = client.get(f"/v1/subscriptions/{subscription}")["id"]
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    found = last(client, subscription)
    assert (found["type"], found["status"], found["baseSubscriptionId"]) == ("Composite", "Completed", before)
    assert found["newSubscriptionId"] == client.get(f"/v1/subscriptions/{subscription}")["id"]


def test_an_amendment_is_an_object_too(client: Client, subscription: str, order: Order) -> None:
    """Source: Zuora, CRUD: retrieve an amendment."""
    order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    known = last(client, subscription)
    found = client.get(f"/v1/object/amendment/{known['id']}")
    shown = found["Code"], found["Type"], found["SubscriptionId"], found["BookingDate"]
    assert shown == (known["code"], "Composite", known["baseSubscriptionId"], "2026-01-01")
    assert "RemovedRatePlanId" not in found


def test_a_first_version_has_no_amendment(client: Client, subscription: str) -> None:
    with pytest.raises(RefusedError, match="Cannot find entity by key"):
        last(client, subscription)


def test_the_amendments_of_an_order_go_with_it(
    client: Client, subscription: str, order: Order, tenant: Tenant
) -> None:
    done = order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    code = last(client, subscription)["code"]
    client.delete(f"/v1/orders/{done['orderNumber']}")
    assert tenant.world.amendments.get(code) is None


def test_a_reverting_order_leaves_one_too(client: Client, subscription: str, order: Order) -> None:
    done = order("RenewSubscription", "2026-01-01", subscription, renewSubscription={})
    client.post(f"/v1/orders/{done['orderNumber']}/revert", {"orderDate": "2026-01-02"})
    assert last(client, subscription)["contractEffectiveDate"] == "2026-01-02"
