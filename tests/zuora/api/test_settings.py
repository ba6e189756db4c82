"""Settings: listed, asked for in batches, kept with the world."""

from typing import Any

import pytest

from tests.zuora.conftest import Caller
from toolkit.zuora.state import archive
from toolkit.zuora.tenant import Tenant

BATCH = "/settings/batch-requests"


def batch(call: Caller, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    responses: list[dict[str, Any]] = call("POST", BATCH, {"requests": requests}).body["responses"]
    return responses


def ask(identity: str, method: str, url: str, **more: object) -> dict[str, Any]:
    return {"id": identity, "method": method, "url": url, **more}


def test_the_listing_says_of_every_setting_where_it_is_and_what_it_takes(call: Caller) -> None:
    settings = {one["key"]: one for one in call("GET", "/settings/listing").body["settings"]}
    rules = settings["BillingRules"]
    assert (rules["description"], rules["context"]) == ("Billing Rules settings", "Entity")
    assert rules["pathPattern"] == "/billing-rules"
    read, write = rules["httpOperations"]
    assert (read["method"], read["url"], read["parameters"]) == ("GET", "/settings/billing-rules", [])
    assert "requestType" not in read
    assert write["requestType"]["$ref"] == "#/definitions/BillingRules"
    unit = settings["UnitOfMeasure"]["httpOperations"][0]
    assert unit["parameters"] == [{"name": "id", "description": "The unique ID of the unit of measure."}]


def test_what_is_listed_is_served(call: Caller) -> None:
    for setting in call("GET", "/settings/listing").body["settings"]:
        for operation in setting["httpOperations"]:
            if operation["method"] == "GET":
                answer = call("GET", operation["url"].replace("{", "").replace("}", ""))
                known = "pathPattern" not in answer.body and (answer.status, bool(operation["parameters"]))
                assert known in {(200, False), (404, True), (200, True)}, operation


def test_a_batch_answers_as_zuoras_example(call: Caller) -> None:
    first, second = batch(call, ask("1", "GET", "/billing-rules"), ask("2", "GET", "/accounting-rules"))
    assert (first["id"], first["method"], first["url"]) == ("1", "GET", "/billing-rules")
    assert first["response"] == {"body": call("GET", "/settings/billing-rules").body, "status": "200 OK"}
    example = {
        "allowBlankAccountingCodes": True,
        "allowCreationInClosedPeriod": True,
        "allowRevenueScheduleNegativeAmounts": True,
        "allowUsageInClosedPeriod": True,
        "differentCurrencies": False,
    }
    assert example.items() <= second["response"]["body"].items()


def test_children_are_asked_only_after_their_parent_succeeded(call: Caller) -> None:
    on, off = {"oneTimeCreditBack": True}, {"oneTimeCreditBack": "no"}
    read = ask("4", "GET", "/billing-rules")
    made, failed = batch(
        call,
        ask(
            "1",
            "PUT",
            "/billing-rules",
            body=on,
            children=[ask("2", "GET", "/billing-rules"), ask("5", "GET", "/x")],
        ),
        ask("3", "PUT", "/billing-rules", body=off, children=[read]),
    )
    child, unknown = made["children"]
    assert child["response"]["body"]["oneTimeCreditBack"]
    assert unknown["response"]["status"] == "404 NOT_FOUND"
    assert "children" not in failed
    assert failed["response"] == {
        "errorMessages": ["#/oneTimeCreditBack: expected type: Boolean, found: String"],
        "status": "400 BAD_REQUEST",
    }
    assert call("GET", "/settings/billing-rules").body["oneTimeCreditBack"]


def test_a_batch_takes_a_hundred_requests_of_different_ids(call: Caller) -> None:
    many = [ask(str(number), "GET", "/accounting-rules") for number in range(101)]
    assert len(batch(call, *many[:100])) == 100
    for wrong in (many, [many[0], many[0]]):
        assert not call("POST", BATCH, {"requests": wrong}).body["success"]


@pytest.mark.parametrize("path", ["/settings/nothing", "/settings"])
def test_a_setting_that_is_not_simulated_is_an_endpoint_that_does_not_exist(call: Caller, path: str) -> None:
    assert call("GET", path).status == 404


def test_a_setting_belongs_to_its_world_and_survives_an_archive(tenant: Tenant, call: Caller) -> None:
    before, fork = tenant.world, tenant.fork()
    call("PUT", "/settings/billing-rules", {"oneTimeCreditBack": True})
    call("POST", "/settings/units-of-measure", {"name": "GB", "precision": 3})
    kept = archive.read(b"".join(archive.write(tenant.world))).world
    assert (kept.rules, kept.rules.credit_one_time) == (tenant.world.rules, True)
    assert fork.world is before
    assert not before.rules.credit_one_time
