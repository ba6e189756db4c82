"""Custom fields: declared as Zuora's examples do, and from then on asked of every object."""

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from msgspec.structs import replace

from tests.zuora.conftest import ADA, KEYS, Caller
from toolkit.zuora.calls.call import Request
from toolkit.zuora.custom_fields import CustomField
from toolkit.zuora.state import archive
from toolkit.zuora.tenant import Tenant

ALL = "/settings/custom-fields/zuora"
ACCOUNT = f"{ALL}/Account"
TERRITORY: dict[str, Any] = {
    "enum": ["Undefined", "Central", "North", "South", "East", "West"],
    "label": "Territory",
    "type": "string",
    "description": "The territory in which the account belongs in. This is used to enhance reporting.",
    "default": "Undefined",
}
PROPERTIES: dict[str, dict[str, Any]] = {
    "Territory__c": TERRITORY,
    "SEUseCase__c": {"maxLength": 25, "label": "SE Use Case", "type": "string"},
    "PaymentCommitmentDate__c": {"format": "date", "label": "Payment Commitment Date", "type": "string"},
    "Seats__c": {"type": "integer"},
    "Score__c": {"type": "number"},
    "LikesDogs__c": {"type": "boolean"},
    "Signed__c": {"type": "string", "format": "date-time"},
}
"""The first three are of Zuora's own examples."""
VALUES = {
    "Territory__c": "West",
    "SEUseCase__c": "Resale",
    "PaymentCommitmentDate__c": "2026-03-31",
    "Seats__c": 12,
    "Score__c": "7.25",
    "LikesDogs__c": True,
    "Signed__c": "2026-01-02T10:00:00",
}


@pytest.fixture
def declared(call: Caller) -> Any:  # noqa: ANN401 - JSON
    """The answer to the declaration of the account's fields."""
    answer = call("PUT", ACCOUNT, {"type": "object", "properties": PROPERTIES})
    assert answer.status == 200
    return answer.body


def opened(call: Caller, **fields: object) -> dict[str, Any]:
    body = {"name": "Acme", "currency": "USD", "billCycleDay": 1, "billToContact": ADA, **fields}
    return dict(call("POST", "/v1/accounts", body, version="2025-08-12").body)


def basic(call: Caller, account: dict[str, Any]) -> dict[str, Any]:
    return dict(call("GET", f"/v1/accounts/{account['accountId']}").body["basicInfo"])


def test_what_is_declared_is_shown_as_it_was_said(call: Caller, declared: Any) -> None:  # noqa: ANN401 - JSON
    assert (declared["type"], declared["schema"]["type"]) == ("Account", "object")
    shown = declared["schema"]["properties"]
    for name, said in PROPERTIES.items():
        assert said.items() <= shown[name].items()
    assert shown["Territory__c"]["createdDate"].startswith("2026-01-01T00:00:00.000")
    assert call("GET", ACCOUNT).body == declared
    assert call("GET", ALL).body == {"definitions": {"Account": declared}}


@pytest.mark.usefixtures("declared")
def test_an_account_carries_its_fields_and_gets_the_default(call: Caller) -> None:
    assert VALUES.items() <= basic(call, opened(call, **VALUES)).items()
    account = opened(call)
    assert basic(call, account)["Territory__c"] == "Undefined"
    assert call("PUT", f"/v1/accounts/{account['accountId']}", {"Territory__c": None}).body["success"]
    assert basic(call, account)["Territory__c"] is None


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Territory__c", "Atlantis"),
        ("SEUseCase__c", 26 * "x"),
        ("PaymentCommitmentDate__c", "tomorrow"),
        ("Seats__c", "1.5"),
        ("Seats__c", str(2**63)),
        ("Score__c", "much"),
        ("Score__c", "10000000000000"),
        ("LikesDogs__c", "maybe"),
        ("Signed__c", "noon"),
    ],
)
def test_a_value_that_its_field_cannot_have_is_refused(call: Caller, name: str, value: object) -> None:
    (reason,) = opened(call, **{name: value})["reasons"]
    assert (reason["code"] % 100, f"'{name}'" in reason["message"]) == (20, True)


@pytest.mark.usefixtures("declared")
def test_an_unknown_field_is_refused_everywhere_and_others_objects_take_any(call: Caller) -> None:
    (reason,) = opened(call, Teritory__c="West")["reasons"]
    assert (reason["code"] % 100, reason["message"]) == (21, "Invalid parameter(s): 'Teritory__c'.")
    account = opened(call, Parent__NS="x")
    path = f"/v1/object/account/{account['accountId']}"
    refused = call("PUT", path, {"Teritory__c": "West"})
    assert refused.body["Errors"][0]["Code"] == "INVALID_FIELD"
    assert call("PUT", path, {"Territory__c": "West"}).body["Success"]
    assert basic(call, account)["Territory__c"] == "West"
    contact = {"accountId": account["accountId"], **ADA, "Any__c": 1}
    assert call("POST", "/v1/contacts", contact).body["success"]


def test_a_required_field_cannot_be_left_out_nor_emptied(call: Caller) -> None:
    body = {"properties": {"Owner__c": {"type": "string"}}, "required": ["Owner__c"]}
    assert call("PUT", ACCOUNT, body).body["schema"]["required"] == ["Owner__c"]
    (reason,) = opened(call)["reasons"]
    assert (reason["code"] % 100, reason["message"]) == (22, "'Owner__c' may not be null")
    account = opened(call, Owner__c="Ada")
    path = f"/v1/accounts/{account['accountId']}"
    assert not call("PUT", path, {"Owner__c": None}).body["success"]
    assert call("PUT", path, {"notes": "Only this"}).body["success"]


def test_what_was_there_before_stays_as_it_is(call: Caller) -> None:
    account = opened(call, Old__c="x", Territory__c="Atlantis")
    call("PUT", ACCOUNT, {"properties": PROPERTIES})
    path = f"/v1/accounts/{account['accountId']}"
    assert call("PUT", path, {"notes": "Renewed"}).body["success"]
    assert basic(call, account)["Territory__c"] == "Atlantis"


@pytest.mark.usefixtures("declared")
def test_queries_know_the_fields_and_their_types(call: Caller) -> None:
    account = opened(call, **VALUES)

    def query(what: str) -> Any:  # noqa: ANN401 - JSON
        return call("POST", "/v1/action/query", {"queryString": what}).body

    found = query("select Id from Account where Score__c > 7 and Score__c < 7.3 and LikesDogs__c = 'true'")
    assert [one["Id"] for one in found["records"]] == [account["accountId"]]
    due = query("select Id, seats__c from Account where PaymentCommitmentDate__c < '2026-04-01'")
    assert [one["Seats__c"] for one in due["records"]] == [12]
    assert query("select Id from Account where Signed__c > '2026-01-02T09:00:00'")["size"] == 1
    assert "invalid field for query: Account.nope__c" in str(
        query("select Id from Account where Nope__c = 'x'")
    )
    assert query("select Any__c from Contact")["done"]


@pytest.mark.usefixtures("declared")
def test_describe_shows_the_fields_before_anything_has_a_value(tenant: Tenant) -> None:
    described = tenant.handle(Request("GET", "/v1/describe/Account", headers=KEYS)).body
    root = fromstring(described)  # noqa: S314 - our own answer
    fields = {one.findtext("name"): one for one in root.iter("field")}
    territory, case = fields["Territory__c"], fields["SEUseCase__c"]
    assert [one.text for one in territory.iter("option")] == TERRITORY["enum"]
    assert (territory.findtext("type"), territory.findtext("custom")) == ("picklist", "true")
    assert (case.findtext("maxlength"), case.findtext("label")) == ("25", "SE Use Case")


@pytest.mark.parametrize(
    "body",
    [
        {"properties": {"Territory": {"type": "string"}}},
        {"properties": {}, "required": ["Owner__c"]},
        {"properties": {"A__c": {"type": "boolean", "format": "date"}}},
        {"properties": {"A__c": {"type": "string", "enum": ["Yes", "YES"]}}},
        {"properties": {"A__c": {"type": "string", "enum": []}}},
        {"properties": {"A__c": {"type": "string", "enum": ["Yes"], "default": "No"}}},
        {"properties": {"A__c": {"type": "string", "multiselect": True}}},
    ],
)
def test_a_declaration_that_cannot_be_is_refused(call: Caller, body: dict[str, Any]) -> None:
    refused = call("PUT", ACCOUNT, body)
    assert (refused.status, refused.body["errorCode"]) == (400, "INVALID_USER_INPUT")
    assert call("GET", ALL).body == {"definitions": {}}


@pytest.mark.usefixtures("declared")
def test_a_field_is_removed_unless_it_has_values(call: Caller) -> None:
    opened(call, Seats__c=5)
    fewer = {name: one for name, one in PROPERTIES.items() if name != "Seats__c"}
    assert "in use" in call("PUT", ACCOUNT, {"properties": fewer}).body["messages"][0]
    fewer = {name: one for name, one in PROPERTIES.items() if name != "Score__c"}
    assert "Score__c" not in call("PUT", ACCOUNT, {"properties": fewer}).body["schema"]["properties"]


def test_what_a_file_declares_has_no_dates(tenant: Tenant, call: Caller) -> None:
    own = {"Account": {"Owner__c": CustomField(label="Owner", length=40)}}
    tenant.world = replace(tenant.world, custom_fields=own)
    shown = {"type": "string", "label": "Owner", "description": "", "maxLength": 40}
    assert call("GET", ACCOUNT).body["schema"]["properties"] == {"Owner__c": shown}


def test_objects_without_custom_fields_are_unknown(call: Caller) -> None:
    assert call("GET", f"{ALL}/Moon").status == 404
    assert call("GET", "/objects/definitions/com_zuora/Moon").status == 404


@pytest.mark.usefixtures("declared")
def test_clients_find_them_among_the_definitions_of_zuoras_objects(call: Caller) -> None:
    listed = call("GET", "/objects/definitions/com_zuora").body
    account = listed["definitions"]["Account"]
    assert (account["type"], account["schema"]["object"]) == ("Account", "Account")
    assert set(account["schema"]["properties"]) == set(PROPERTIES)
    assert call("GET", "/objects/definitions/com_zuora/Account").body == account
    assert listed["count"] == len(listed["definitions"])


@pytest.mark.usefixtures("declared")
def test_declarations_belong_to_the_world_and_survive_an_archive(tenant: Tenant, call: Caller) -> None:
    kept = archive.read(b"".join(archive.write(tenant.world))).world
    assert kept.custom_fields == tenant.world.custom_fields
    fork = Caller(Tenant(kept))
    assert fork("GET", ACCOUNT).body == call("GET", ACCOUNT).body


def test_plans_charges_and_subscriptions_are_checked_within_their_records(
    call: Caller, account: str, creation: dict[str, Any]
) -> None:
    declared = {"properties": {"Tier__c": {"type": "string", "enum": ["1", "2"]}}}
    for name in ("RatePlan", "Subscription", "ProductRatePlanCharge"):
        assert call("PUT", f"{ALL}/{name}", declared).status == 200
    plan = creation["subscribeToRatePlans"][0]

    def placed(where: dict[str, Any], value: str) -> bool:
        where["customFields"] = {"Tier__c": value}
        trigger = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
        action = {"type": "CreateSubscription", "createSubscription": creation, "triggerDates": trigger}
        subscription = {"orderActions": [action]}
        body = {"orderDate": "2026-01-01", "existingAccountNumber": account, "subscriptions": [subscription]}
        return bool(call("POST", "/v1/orders", body).body["success"])

    assert not placed(plan, "3")
    assert placed(plan, "2")
    charge = plan["chargeOverrides"][0]["productRatePlanChargeId"]
    path = f"/v1/object/product-rate-plan-charge/{charge}"
    assert not call("PUT", path, {"Tier__c": "3"}).body["Success"]
    assert call("PUT", path, {"Tier__c": "1"}).body["Success"]
