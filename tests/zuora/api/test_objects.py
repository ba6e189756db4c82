"""/v1/object and the actions create, update and delete."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller

ACME = {"Name": "Acme", "Currency": "USD"}


def act(call: "Caller", verb: str, kind: str, *objects: object) -> Any:  # noqa: ANN401 - of any shape
    """Call an action on objects, or on ids."""
    key = "ids" if verb == "delete" else "objects"
    return call("POST", f"/v1/action/{verb}", {"type": kind, key: objects}).body


def test_only_the_fields_that_are_asked_for_are_shown(call: "Caller", account: str) -> None:
    key = call("GET", f"/v1/accounts/{account}").body["basicInfo"]["id"]
    answer = call("GET", f"/v1/object/account/{key}?fields=Name,Currency,Nonsense").body
    assert answer == {"Name": "Acme", "Currency": "USD"}


def test_moments_have_the_offset_of_the_tenant(call: "Caller", account: str) -> None:
    key = call("GET", f"/v1/accounts/{account}").body["basicInfo"]["id"]
    assert call("GET", f"/v1/object/account/{key}").body["CreatedDate"] == "2026-01-01T00:00:00.000-08:00"


@pytest.mark.parametrize("kind", ["subscription", "rate-plan", "rate-plan-charge", "invoice", "amendment"])
def test_what_is_not_there_is_an_empty_list(call: "Caller", kind: str) -> None:
    answer = call("GET", f"/v1/object/{kind}/no")
    assert (answer.status, answer.body) == (404, {"done": True, "records": [], "size": 0})


def test_an_invoice_and_its_item_are_shown(call: "Caller", invoice: dict[str, Any]) -> None:
    shown = call("GET", f"/v1/object/invoice/{invoice['id']}").body
    assert (shown["Amount"], shown["Balance"], shown["Status"]) == (3480, 3480, "Posted")
    item = call("GET", f"/v1/invoices/{invoice['id']}/items").body["invoiceItems"][0]
    assert call("GET", f"/v1/object/invoice-item/{item['id']}").body["ChargeAmount"] == 3480


def test_each_object_is_answered_by_itself(call: "Caller") -> None:
    first, second, third = act(call, "create", "Account", ACME, {"Name": "No currency"}, ACME)
    assert (first["Success"], third["Success"]) == (True, True)
    assert second == {
        "Success": False,
        "Errors": [{"Code": "MISSING_REQUIRED_VALUE", "Message": "Missing required value: Currency"}],
    }
    assert call("GET", f"/v1/object/account/{third['Id']}").body["Name"] == "Acme"


def test_what_is_refused_changes_nothing(call: "Caller") -> None:
    before = call.tenant.world
    assert not act(call, "create", "Account", {"Name": "No currency"})[0]["Success"]
    assert call.tenant.world is before


def test_objects_are_updated_by_their_ids(call: "Caller") -> None:
    made = act(call, "create", "Account", ACME)[0]["Id"]
    known = {"Id": made, "Notes": "VIP"}
    found = act(call, "update", "Account", known, {"Notes": "?"}, {"Id": "no", "Notes": "?"})
    refusal = {"Success": False, "Errors": [{"Code": "INVALID_ID", "Message": "invalid id for update"}]}
    assert found == [{"Success": True, "Id": made}, refusal, refusal]
    assert call("GET", f"/v1/object/account/{made}").body["Notes"] == "VIP"


def test_an_update_may_be_put_as_recorded(call: "Caller") -> None:
    body = {"objects": [{"Id": "no", "Status": "Active"}], "type": "Account"}
    assert call("PUT", "/v1/action/update", body).body == [
        {"Errors": [{"Code": "INVALID_ID", "Message": "invalid id for update"}], "Success": False}
    ]


def test_objects_are_deleted_by_their_ids(call: "Caller") -> None:
    made = act(call, "create", "Account", ACME)[0]["Id"]
    assert act(call, "delete", "Account", made, made) == [
        {"id": made, "success": True},
        {"Success": False, "Errors": [{"Code": "INVALID_ID", "Message": "invalid id for delete"}]},
    ]


def test_usage_is_recorded_by_an_action(call: "Caller", account: str) -> None:
    used = {"AccountNumber": account, "UOM": "Minute", "Quantity": 7, "StartDateTime": "2026-01-31"}
    assert all(one["Success"] for one in act(call, "create", "Usage", used, used))
    assert len(call("GET", f"/v1/usage/accounts/{account}").body["usage"]) == 2


@pytest.mark.parametrize(
    ("verb", "kind", "said"),
    [
        ("create", "Nonsense", ("FaultCode", "INVALID_TYPE")),
        ("create", "ProductRatePlanChargeTier", ("FaultCode", "INVALID_VALUE")),
        ("delete", "ProductRatePlanChargeTier", ("code", "INVALID_VALUE")),
    ],
)
def test_what_no_action_does_is_refused(call: "Caller", verb: str, kind: str, said: tuple[str, str]) -> None:
    assert said in act(call, verb, kind).items()


def test_a_call_takes_at_most_fifty_objects(call: "Caller") -> None:
    assert act(call, "create", "Account", *([ACME] * 51))["FaultCode"] == "MAX_RECORDS_EXCEEDED"
    assert len(act(call, "create", "Account", *([ACME] * 50))) == 50
