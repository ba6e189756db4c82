"""Tax codes, their periods and their rates as settings, in the steps of Zuora's own examples."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.zuora.conftest import Caller
from toolkit import worlds
from toolkit.zuora.tenant import Tenant

CODES, PERIODS = "/settings/tax-codes", "/settings/tax-rate-periods"
CALIFORNIA: dict[str, Any] = {
    "country": "United States",
    "state": "California",
    "taxRate1": Decimal("0.08"),
    "taxRateType1": "Percentage",
    "taxName1": "taxName1",
    "taxJursdiction1": "state",
    "taxLocationCode1": "000-1",
    "taxRateDescription1": "taxRateDescription1",
}
"""Zuora's own example."""


@pytest.fixture
def ask(call: Caller) -> Callable[..., Any]:
    def made(method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        return call(method, path, body).body

    return made


@pytest.fixture
def code(ask: Callable[..., Any]) -> str:
    """The id of a tax code."""
    made = ask("POST", f"{CODES}/ztax/", {"active": True, "name": "VAT", "description": "Value added"})
    assert made["success"]
    return str(made["id"])


@pytest.fixture
def period(ask: Callable[..., Any], code: str) -> str:
    """The id of a period of that tax code: 2026."""
    days = {"startDate": "2026-01-01", "endDate": "2026-12-31"}
    made = ask("POST", f"{PERIODS}/{code}", {"taxCodeId": code, **days})
    assert made == {"id": made["id"], "taxCodeId": code, **days, "success": True}
    return str(made["id"])


def test_a_tax_code_is_shown_by_itself_and_among_all(ask: Callable[..., Any], code: str) -> None:
    (engine,) = ask("GET", "/settings/tax-engines")["taxEngines"]
    assert (engine["name"], engine["taxEngineType"]) == ("Zuora Tax", "Z_Tax")
    known = {"id": code, "name": "VAT", "description": "Value added", "active": True}
    assert ask("GET", CODES) == {"taxCodes": [{**known, "taxEngineId": engine["id"]}]}
    assert ask("GET", f"{CODES}/ztax/{code}") == {**known, "taxEngineId": engine["id"], "success": True}


def test_rates_are_created_as_in_zuoras_example(ask: Callable[..., Any], period: str) -> None:
    path = f"{PERIODS}/{period}/tax-rates"
    assert ask("GET", path) == {"taxRates": [], "success": True}
    (made,) = ask("POST", path, {"taxRates": [CALIFORNIA]})["taxRates"]
    assert CALIFORNIA.items() <= made.items()
    assert (made["county"], made["taxRate2"], made["taxName3"]) == (None, 0, None)
    assert made["taxRatePeriodId"] == period
    assert ask("GET", path)["taxRates"] == [made]
    ask("POST", path, {"taxRates": [{**CALIFORNIA, "state": "Nevada"}]})
    (second,) = ask("GET", f"{path}?page=2&size=1")["taxRates"]
    assert second["state"] == "Nevada"
    for size in ("no", "0", "1" * 5000):
        assert "'size'" in ask("GET", f"{path}?size={size}")["messages"][0]


def test_the_next_bill_is_taxed_by_them(
    ask: Callable[..., Any], tenant: Tenant, creation: dict[str, Any], order: Callable[..., Any], account: str
) -> None:
    charge = creation["subscribeToRatePlans"][0]["chargeOverrides"][0]["productRatePlanChargeId"]
    code = ask("POST", f"{CODES}/ztax", {"name": "VAT"})["id"]
    taxed = {"Taxable": True, "TaxCode": "VAT", "TaxMode": "TaxExclusive"}
    assert ask("PUT", f"/v1/object/product-rate-plan-charge/{charge}", taxed)["Success"]
    order("CreateSubscription", "2026-01-01", createSubscription=creation)

    def tax() -> Decimal:
        body = {"accountNumber": account, "targetDate": "2026-01-02"}
        (item,) = ask("POST", "/v1/operations/billing-preview", body)["invoiceItems"]
        return Decimal(item["taxAmount"])

    assert tax() == 0
    period = ask("POST", f"{PERIODS}/{code}", {"startDate": "2025-07-01"})["id"]
    assert tax() == 0
    ask("POST", f"{PERIODS}/{period}/tax-rates", {"taxRates": [{"country": "USA", "taxRate1": 0.08}]})
    assert tax() == Decimal("278.4")  # 8 % of ten seats at 348
    ask("PUT", f"{PERIODS}/{period}", {"startDate": "2026-07-01", "endDate": None})
    assert tax() == 0
    ask("PUT", f"{PERIODS}/{period}", {"startDate": None})
    assert tax() == Decimal("278.4")
    assert ask("DELETE", f"{PERIODS}/{period}/tax-rates") == {"success": True}
    assert tax() == 0
    assert "in use" in ask("DELETE", f"{CODES}/ztax/{code}")["messages"][0]
    assert "in use" in ask("PUT", f"{CODES}/ztax/{code}", {"name": "GST"})["messages"][0]
    assert tenant.world.tax_codes["VAT"].rates[0].taxes == ()


def test_a_period_and_a_code_are_changed_and_deleted(ask: Callable[..., Any], code: str, period: str) -> None:
    ask("POST", f"{PERIODS}/{period}/tax-rates", {"taxRates": [CALIFORNIA]})
    changed = ask("PUT", f"{PERIODS}/{period}", {"endDate": None})
    assert (changed["startDate"], changed["endDate"], changed["id"]) == ("2026-01-01", None, period)
    renamed = ask("PUT", f"{CODES}/ztax/{code}", {"name": "GST", "description": None})
    assert (renamed["id"], renamed["name"], renamed["description"]) == (code, "GST", "")
    assert [one["id"] for one in ask("GET", PERIODS)["taxRatePeriods"]] == [period]
    assert ask("DELETE", f"{PERIODS}/{period}")["success"]
    assert ask("GET", PERIODS) == {"taxRatePeriods": []}
    assert ask("DELETE", f"{CODES}/ztax/{code}")["success"]
    assert ask("GET", f"{CODES}/ztax/{code}")["errorCode"] == "NOT_FOUND"
    assert ask("DELETE", f"{PERIODS}/{period}")["errorCode"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"startDate": "2026-06-01"}, "has a period with some of these days"),
        ({"startDate": "2026-06-31"}, "A day should be as"),
        ({"startDate": "2028-01-01", "endDate": "2027-01-01"}, "cannot end on"),
        ({"taxCodeId": "another"}, "'taxCodeId' should be"),
    ],
)
@pytest.mark.usefixtures("period")
def test_a_period_that_cannot_be_is_refused(
    ask: Callable[..., Any], code: str, body: dict[str, Any], sentence: str
) -> None:
    assert sentence in ask("POST", f"{PERIODS}/{code}", body)["messages"][0]


def test_periods_of_a_code_follow_one_another(ask: Callable[..., Any], code: str, period: str) -> None:
    later = ask("POST", f"{PERIODS}/{code}", {"startDate": "2027-01-01"})["id"]
    ask("POST", f"{PERIODS}/{later}/tax-rates", {"taxRates": [CALIFORNIA]})
    assert [one["id"] for one in ask("GET", PERIODS)["taxRatePeriods"]] == [period, later]
    assert ask("GET", f"{PERIODS}/{period}/tax-rates")["taxRates"] == []
    assert len(ask("GET", f"{PERIODS}/{later}/tax-rates")["taxRates"]) == 1


def test_what_cannot_be_is_refused(ask: Callable[..., Any], code: str, period: str) -> None:
    path = f"{PERIODS}/{period}/tax-rates"
    assert "'taxRate1'" in ask("POST", path, {"taxRates": [{"country": "Italy"}]})["messages"][0]
    wrong = ask("POST", path, {"taxRates": [{**CALIFORNIA, "taxRate1": 8}]})
    assert "a fraction such as 0.2" in wrong["messages"][0]
    assert "used already" in ask("POST", f"{CODES}/ztax", {"name": "VAT"})["messages"][0]
    other = ask("POST", f"{CODES}/ztax", {"name": "GST"})["id"]
    assert "used already" in ask("PUT", f"{CODES}/ztax/{other}", {"name": "VAT"})["messages"][0]
    for field, value in {"active": False, "taxEngineId": "Avalara"}.items():
        body = {"name": "PST", field: value}
        assert f"'{field}' is not simulated" in ask("POST", f"{CODES}/ztax", body)["messages"][0]
    assert ask("GET", f"{CODES}/ztax/{code}")["success"]


def test_the_codes_of_a_file_have_ids_that_stay() -> None:
    call = Caller(Tenant(worlds.load("taxed")))
    codes = call("GET", CODES).body["taxCodes"]
    assert codes
    periods = call("GET", PERIODS).body["taxRatePeriods"]
    assert {one["taxCodeId"] for one in periods} == {one["id"] for one in codes}
    rates = call("GET", f"{PERIODS}/{periods[0]['id']}/tax-rates").body["taxRates"]
    assert len({one["id"] for one in rates}) == len(rates) > 0
    described = {"name": codes[0]["name"], "description": "As before"}
    changed = call("PUT", f"{CODES}/ztax/{codes[0]['id']}", described).body
    assert changed["id"] == codes[0]["id"]
    assert call("GET", PERIODS).body["taxRatePeriods"] == periods
