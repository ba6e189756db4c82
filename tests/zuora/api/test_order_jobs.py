"""Orders whose outcome is asked for later."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.custom_fields import CustomField
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller


def outcome(client: Client, started: dict[str, Any]) -> dict[str, Any]:
    return client.get(f"/v1/async-jobs/{started['jobId']}")


def test_an_asynchronous_order_is_accepted_and_tells_its_outcome_later(
    call: "Caller", client: Client, body: dict[str, Any]
) -> None:
    """Source: recorded, GET of a job; the official SDK expects HTTP 202."""
    started = call("POST", "/v1/async/orders", body, version="223.0")
    assert (started.status, set(started.body)) == (202, {"jobId", "success"})
    job = outcome(client, started.body)
    assert (job["status"], job["errors"], job["success"]) == ("Completed", None, True)
    result = job["result"]
    assert (result["status"], result["jobType"]) == ("Completed", "AsyncCreateOrder")
    assert client.get(f"/v1/orders/{result['orderNumber']}")["order"]["status"] == "Completed"
    assert "success" not in result


def test_an_asynchronous_order_that_fails_leaves_only_its_job(
    client: Client, body: dict[str, Any], account: str
) -> None:
    """Source: recorded, the errors of a job that failed."""
    creation = body["subscriptions"][0]["orderActions"][0]["createSubscription"]
    creation["subscribeToRatePlans"][0]["productRatePlanId"] = "none"
    job = outcome(client, client.post("/v1/async/orders", body))
    assert (job["status"], job["result"]) == ("Failed", None)
    assert job["errors"] == "[40000040]: Cannot find entity by key: 'none'."
    assert client.get(f"/v1/orders/subscriptionOwner/{account}")["orders"] == []


def test_an_undeclared_custom_field_fails_the_job_and_not_the_call(
    client: Client, tenant: Tenant, body: dict[str, Any]
) -> None:
    """Source: an assumption, by the recorded failure: what a job finds wrong is said by the job."""
    declared = {"Order": {"Region__c": CustomField(label="Region")}}
    tenant.world = replace(tenant.world, custom_fields=declared)
    started = client.post("/v1/async/orders", {**body, "customFields": {"Other__c": "x"}})
    job = outcome(client, started)
    assert (job["status"], job["errors"]) == ("Failed", "[40000021]: Invalid parameter(s): 'Other__c'.")


def test_an_asynchronous_order_takes_three_hundred_actions(client: Client, body: dict[str, Any]) -> None:
    body["subscriptions"] *= 51
    assert outcome(client, client.post("/v1/async/orders", body))["status"] == "Completed"
    body["subscriptions"] = body["subscriptions"][:1] * 301
    assert "between 1 and 300" in outcome(client, client.post("/v1/async/orders", body))["errors"]


def test_an_asynchronous_preview_shows_what_would_be_billed(client: Client, body: dict[str, Any]) -> None:
    options = {"previewThruType": "NumberOfPeriods", "previewNumberOfPeriods": 1}
    at_once = client.post("/v1/orders/preview", {**body, "previewOptions": options})
    started = client.post("/v1/async/orders/preview", {**body, "previewOptions": options})
    result = outcome(client, started)["result"]
    assert result["jobType"] == "AsyncPreviewOrder"
    amounts = [one["amount"] for one in result["invoices"]]
    assert amounts == [one["amount"] for one in at_once["previewResult"]["invoices"]]


def test_an_order_is_deleted_asynchronously(call: "Caller", client: Client, body: dict[str, Any]) -> None:
    number = client.post("/v1/orders", body)["orderNumber"]
    started = call("DELETE", f"/v1/async/orders/{number}")
    assert started.status == 200
    assert outcome(client, started.body)["status"] == "Completed"
    with pytest.raises(RefusedError, match="Invalid orderNumber"):
        client.get(f"/v1/orders/{number}")


def test_an_unknown_job_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="Invalid jobId: 8a12"):
        client.get("/v1/async-jobs/8a12")
