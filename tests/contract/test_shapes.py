"""The simulator's answers beside the shapes of recorded ones: keys, types, and values of enumerations.

`shapes.json` is reduced from 383 recorded bodies. Each path has the types that were seen ("number" where both
whole and broken ones were); a path under "mostly" was in more than half of the bodies that could have had it,
and in more than one. The values are those that were recorded, and those that Zuora documents beside them.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RECORDED = json.loads(Path(__file__).with_name("shapes.json").read_text())
ENDPOINTS = sorted(RECORDED["shapes"])
NULL_WITHOUT_A_GATEWAY = {"$.billingAndPayment.paymentGatewayNumber"}  # every recorded tenant has one
TYPES = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "number",
    str: "str",
    list: "array",
    dict: "object",
}


def nodes(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Every value of a body with its path, in which the elements of a list share one name."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from nodes(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner, f"{path}[]")


@pytest.fixture(scope="module")
def headers(wire: Any) -> dict[str, str]:
    """Of a signed-in client that never heard of API versions, as those that were recorded."""
    form = f"client_id={'0' * 36}&client_secret=a-secret&grant_type=client_credentials"
    token = wire("POST", "/oauth/token", form, **{"Content-Type": "application/x-www-form-urlencoded"})
    return {"Authorization": f"Bearer {token['access_token']}"}


@pytest.fixture(scope="module")
def answers(wire: Any, headers: dict[str, str], clock: Any) -> dict[str, Any]:
    """One body of each recorded endpoint, from a customer who bought seats and then more of them."""

    def ask(method: str, path: str, body: Any = None) -> Any:
        answer = wire(method, path, body, **headers)
        assert answer["success"] is True, answer
        return answer

    catalog = ask("GET", "/v1/catalog/products?pageSize=40")
    plans = [plan for product in catalog["products"] for plan in product["productRatePlans"]]
    plan = next(plan for plan in plans if [c["model"] for c in plan["productRatePlanCharges"]] == ["PerUnit"])
    ada = {"firstName": "Ada", "lastName": "Byron", "country": "USA", "workEmail": "ada@example.com"}
    account = {
        "name": "Byron Ltd",
        "crmId": "001",
        "currency": "USD",
        "billCycleDay": 1,
        "billToContact": ada,
    }
    number = ask("POST", "/v1/accounts", account)["accountNumber"]
    card = {"type": "CreditCard", "cardType": "Visa", "cardNumber": "4111111111111111", "makeDefault": True}
    expiry = {"expirationMonth": 12, "expirationYear": 2031, "accountKey": number}
    ask("POST", "/v1/payment-methods", card | expiry)
    day = clock.today().isoformat()

    def order(kind: str, action: dict[str, Any], **subscription: str) -> Any:
        dates = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
        triggers = [{"name": name, "triggerDate": day} for name in dates]
        actions = [{"type": kind, "triggerDates": triggers, kind[0].lower() + kind[1:]: action}]
        subscriptions = [{"orderActions": actions, **subscription}]
        request = {"orderDate": day, "existingAccountNumber": number, "description": kind}
        return ask("POST", "/v1/orders", request | {"subscriptions": subscriptions})["orderNumber"]

    order(
        "CreateSubscription",
        {
            "terms": {
                "autoRenew": True,
                "initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"},
                "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
                "renewalTerms": [{"period": 12, "periodType": "Month"}],
            },
            "subscribeToRatePlans": [{"productRatePlanId": plan["id"]}],
        },
    )
    (subscription,) = ask("GET", f"/v1/subscriptions/accounts/{number}")["subscriptions"]
    key, (bought,) = subscription["subscriptionNumber"], subscription["ratePlans"]
    update = {
        "chargeNumber": bought["ratePlanCharges"][0]["number"],
        "pricing": {"recurringPerUnit": {"quantity": 7}},
    }
    changed = order(
        "UpdateProduct", {"ratePlanId": bought["id"], "chargeUpdates": [update]}, subscriptionNumber=key
    )
    read = ask("GET", f"/v1/subscriptions/{key}")
    preview = {"accountNumber": number, "targetDate": read["termEndDate"], "assumeRenewal": "Autorenew"}
    return {
        "GET account": ask("GET", f"/v1/accounts/{number}"),
        "GET catalog": catalog,
        "GET order": ask("GET", f"/v1/orders/{changed}"),
        "GET subscription": read,
        "POST billing-preview": ask("POST", "/v1/operations/billing-preview", preview),
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_key_of_the_recorded_answers_is_missing(answers: dict[str, Any], endpoint: str) -> None:
    found = defaultdict(list)
    for path, value in nodes(answers[endpoint]):
        found[path].append(value)
    missing = []
    for path in RECORDED["shapes"][endpoint]["mostly"]:
        parent, _, name = path.rpartition(".")
        if any(isinstance(value, dict) and name not in value for value in found[parent]):
            missing.append(path)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_value_has_a_type_that_was_recorded(answers: dict[str, Any], endpoint: str) -> None:
    shape = RECORDED["shapes"][endpoint]
    seen = {path: set(types.split("|")) for path, types in (shape["mostly"] | shape["seldom"]).items()}
    wrong = set()
    for path, value in nodes(answers[endpoint]):
        types = seen.get(path, {"null"})
        kind = TYPES[type(value)]
        right = kind in types or (kind == "int" and "number" in types) or types == {"null"}
        if not right and not (value is None and path in NULL_WITHOUT_A_GATEWAY):
            wrong.add(f"{path} is {value!r}, recorded were {sorted(types)}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_enumeration_keeps_to_its_values(answers: dict[str, Any], endpoint: str) -> None:
    foreign = {
        f"{path} is {value!r}"
        for path, value in nodes(answers[endpoint])
        if value is not None and value not in RECORDED["values"].get(path.rpartition(".")[2], [value])
    }
    assert not foreign, "\n".join(sorted(foreign))
