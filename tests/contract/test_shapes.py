"""The simulator's answers beside the shapes of recorded ones: keys, types, and values of enumerations.

`shapes.json` is reduced by `reducing.py` from 395 recorded bodies. Each path has the types that were seen
("number" where both whole and broken ones were); a path under "mostly" was in more than half of the bodies
that could have had it. The values are those that were recorded, and those that Zuora documents beside them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.reducing import KEPT, reduce

SHARED = Path(__file__).parents[3] / "shared" / "data" / "zuora-response-shapes.json"
RECORDED = json.loads(KEPT.read_text())
ENDPOINTS = sorted(RECORDED["shapes"])
NULL_HERE = {
    "$.billingAndPayment.paymentGatewayNumber",
    "$.data[].invoices[].sequenceSetId",
    "$.data[].invoices[].templateId",
    "$.invoices[].sequenceSetId",
    "$.invoices[].templateId",
    "$.subscriptions[].ratePlans[].ratePlanCharges[].price",
}
"""Every recorded tenant has a gateway, sets of sequences and templates of invoices; and a charge in tiers,
which has no price by itself, was recorded in a single subscription only.
"""
NOT_SIMULATED = ("productFeatures[]", "productDiscountApplyDetails[]", "subscriptionProductFeatures[]")
"""Lists that are empty here: features, and discounts that name the charges they are for."""
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
def ask(wire: Any, headers: dict[str, str]) -> Callable[..., Any]:
    """Ask for what is granted."""

    def _ask(method: str, path: str, body: Any = None) -> Any:
        answer = wire(method, path, body, **headers)
        assert answer.get("success", "query" in path) is True, answer
        return answer

    return _ask


@pytest.fixture(scope="module")
def number(ask: Callable[..., Any]) -> str:
    """The number of an account with a card."""
    where = {"country": "USA", "county": "Kent", "city": "Dover", "address1": "1 Main St", "zipCode": "19901"}
    ada = {"firstName": "Ada", "lastName": "Byron", "workEmail": "ada@example.com", "workPhone": "1", **where}
    account = {
        "name": "Byron Ltd",
        "crmId": "001",
        "currency": "USD",
        "billCycleDay": 1,
        "billToContact": ada,
        "taxInfo": {"exemptStatus": "No", "VATId": "IE1", "companyCode": "1"},
    }
    made: str = ask("POST", "/v1/accounts", account)["accountNumber"]
    card = {"type": "CreditCard", "cardType": "Visa", "cardNumber": "4111111111111111", "makeDefault": True}
    expiry = {"expirationMonth": 12, "expirationYear": 2031, "accountKey": made}
    ask("POST", "/v1/payment-methods", card | expiry)
    return made


@pytest.fixture(scope="module")
def order(ask: Callable[..., Any], number: str, clock: Any) -> Callable[..., Any]:
    """Place an order that is billed at once and return its number; each action is a name with its object."""
    day = clock.today().isoformat()
    triggers = [
        {"name": name, "triggerDate": day}
        for name in ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
    ]

    def _order(*actions: tuple[str, dict[str, Any]], items: Any = (), **subscription: str) -> Any:
        ordered = [
            {"type": kind, "triggerDates": triggers, kind[0].lower() + kind[1:]: action}
            for kind, action in actions
        ]
        request = {
            "orderDate": day,
            "existingAccountNumber": number,
            "description": actions[0][0],
            "subscriptions": [{"orderActions": ordered, **subscription}],
            "orderLineItems": items,
            "processingOptions": {"runBilling": True, "billingOptions": {"targetDate": day}},
        }
        return ask("POST", "/v1/orders", request)["orderNumber"]

    return _order


@pytest.fixture(scope="module")
def tiered(wire: Any, headers: dict[str, str]) -> dict[str, Any]:
    """A plan for one charge with two tiers, as an order names it, of the catalog's only product with any."""

    def write(kind: str, **fields: Any) -> str:
        made = wire("POST", f"/v1/object/{kind}", fields, **headers)
        assert made["Success"] is True, made
        return str(made["Id"])

    dates = {"EffectiveStartDate": "2020-01-01", "EffectiveEndDate": "2099-12-31"}
    product = write("product", Name="Runners", **dates)
    plan = write("product-rate-plan", Name="Monthly", ProductId=product, **dates)
    prices = {"Currency": "USD", "PriceFormat": "Per Unit"}
    steps = [
        {**prices, "StartingUnit": 0, "EndingUnit": 10, "Price": 10},
        {**prices, "StartingUnit": 10, "EndingUnit": 20, "Price": 8},
    ]
    charge = write(
        "product-rate-plan-charge",
        ProductRatePlanId=plan,
        Name="Minutes",
        ChargeModel="Tiered Pricing",
        ChargeType="Recurring",
        BillCycleType="DefaultFromCustomer",
        BillingPeriod="Month",
        TriggerEvent="ContractEffective",
        UOM="Each",
        ProductRatePlanChargeTierData={"ProductRatePlanChargeTier": steps},
    )
    pricing = {"recurringTiered": {"quantity": 15}}
    override = {"productRatePlanChargeId": charge, "pricing": pricing}
    return {"productRatePlanId": plan, "chargeOverrides": [override]}


@pytest.fixture(scope="module")
def answers(
    ask: Callable[..., Any], order: Callable[..., Any], number: str, clock: Any, tiered: dict[str, Any]
) -> dict[str, list[Any]]:
    """Bodies of each recorded endpoint, from a customer who bought seats and more, and paid a little."""
    catalog = ask("GET", "/v1/catalog/products?pageSize=40")
    plans = [plan for product in catalog["products"] for plan in product["productRatePlans"]]
    plan = next(plan for plan in plans if [c["model"] for c in plan["productRatePlanCharges"]] == ["PerUnit"])
    (seats,) = plan["productRatePlanCharges"]
    override = {"productRatePlanChargeId": seats["id"], "pricing": {"recurringPerUnit": {"quantity": 5}}}
    creation = {
        "terms": {
            "autoRenew": True,
            "initialTerm": {"period": 12, "periodType": "Month", "termType": "TERMED"},
            "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
            "renewalTerms": [{"period": 12, "periodType": "Month"}],
        },
        "subscribeToRatePlans": [{"productRatePlanId": plan["id"], "chargeOverrides": [override]}, tiered],
    }
    item = {"itemName": "Mug", "amountPerUnit": 5, "description": "Blue", "productCode": "M"}
    order(("CreateSubscription", creation), items=[{**item, "purchaseOrderNumber": "7"}])
    (subscription,) = ask("GET", f"/v1/subscriptions/accounts/{number}")["subscriptions"]
    key, (bought, _) = subscription["subscriptionNumber"], subscription["ratePlans"]
    charge = bought["ratePlanCharges"][0]["number"]
    update = {"chargeNumber": charge, "pricing": {"recurringPerUnit": {"quantity": 7}}}
    updated = order(
        ("UpdateProduct", {"ratePlanId": bought["id"], "chargeUpdates": [update]}), subscriptionNumber=key
    )
    read = ask("GET", f"/v1/subscriptions/{key}")
    listed = ask("GET", "/v1/orders?pageSize=2")
    changed = order(
        ("TermsAndConditions", {"lastTerm": {"termType": "TERMED", "period": 24, "periodType": "Month"}}),
        ("Suspend", {"suspendPolicy": "Today"}),
        ("Resume", {"resumePolicy": "FixedPeriodsFromToday", "resumePeriods": 9, "resumePeriodsType": "Day"}),
        subscriptionNumber=key,
    )
    query = "expand[]=subscriptions.rateplans&expand[]=invoices&includeNullFields=true"
    accounts = ask("GET", f"/object-query/accounts?filter[]=accountNumber.EQ:{number}&{query}")
    (invoice, *_) = accounts["data"][0]["invoices"]
    applied = {"invoiceId": invoice["id"], "amount": 1}
    day = clock.today().isoformat()
    payment = {
        "accountNumber": number,
        "amount": 1,
        "currency": "USD",
        "type": "External",
        "effectiveDate": day,
    }
    ask("POST", "/v1/payments", payment | {"invoices": [applied]})
    zoql = "select Id, Name, Balance, Currency, DefaultPaymentMethodId, LastInvoiceDate from Account"
    of_account = {"queryString": f"{zoql} where AccountNumber = '{number}'"}
    of_subscription = {"queryString": f"select Id, TermEndDate from Subscription where Name = '{key}'"}  # noqa: S608 - this is no SQL
    preview = {"accountNumber": number, "targetDate": read["termEndDate"], "assumeRenewal": "Autorenew"}
    return {
        "GET account": [ask("GET", f"/v1/accounts/{number}")],
        "GET account summary": [ask("GET", f"/v1/accounts/{number}/summary")],
        "GET catalog": [catalog],
        "GET object query": [accounts],
        "GET object query by key": [ask("GET", f"/object-query/accounts/{number}?{query}")],
        "GET order": [ask("GET", f"/v1/orders/{one}") for one in (updated, changed)],
        "GET orders": [listed],
        "GET subscription": [read],
        "GET subscriptions": [ask("GET", f"/v1/subscriptions/accounts/{number}")],
        "POST action query": [ask("POST", "/v1/action/query", one) for one in (of_account, of_subscription)],
        "POST billing-preview": [ask("POST", "/v1/operations/billing-preview", preview)],
    }


def found(bodies: list[Any]) -> Iterator[tuple[str, Any]]:
    """Every value of some bodies with its path."""
    return (one for body in bodies for one in nodes(body))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_no_key_of_the_recorded_answers_is_missing(answers: dict[str, list[Any]], endpoint: str) -> None:
    parents = defaultdict(list)
    for path, value in found(answers[endpoint]):
        parents[path].append(value)
    missing = []
    for path in RECORDED["shapes"][endpoint]["mostly"]:
        parent, _, name = path.rpartition(".")
        objects = [value for value in parents[parent] if isinstance(value, dict)]
        if parent.endswith(NOT_SIMULATED):
            assert not objects, f"{parent} is simulated by now"
        elif parent and not (objects and all(name in value for value in objects)):
            missing.append(path)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_value_has_a_type_that_was_recorded(answers: dict[str, list[Any]], endpoint: str) -> None:
    shape = RECORDED["shapes"][endpoint]
    seen = {path: set(types.split("|")) for path, types in (shape["mostly"] | shape["seldom"]).items()}
    wrong = set()
    for path, value in found(answers[endpoint]):
        types = seen.get(path, {"null"})
        kind = TYPES[type(value)]
        right = kind in types or (kind == "int" and "number" in types) or types == {"null"}
        if not right and not (value is None and path in NULL_HERE):
            wrong.add(f"{path} is {value!r}, recorded were {sorted(types)}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_every_enumeration_keeps_to_its_values(answers: dict[str, list[Any]], endpoint: str) -> None:
    foreign = {
        f"{path} is {value!r}"
        for path, value in found(answers[endpoint])
        if value is not None and value not in RECORDED["values"].get(path.rpartition(".")[2], [value])
    }
    assert not foreign, "\n".join(sorted(foreign))


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded shapes are not beside this repository")
def test_the_shapes_are_those_that_were_recorded() -> None:
    assert RECORDED["shapes"] == reduce(json.loads(SHARED.read_text()))
