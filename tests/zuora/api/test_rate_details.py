"""Rate details say how the amount of used units comes about."""

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.zuora.client import Client, RefusedError

if TYPE_CHECKING:
    from tests.zuora.api.conftest import Invoices, Meter, Record, Run

TIERS: list[dict[str, Any]] = [
    {"tier": 1, "starting_unit": 0, "ending_unit": 9, "price": 0},
    {"tier": 2, "starting_unit": 10, "ending_unit": 20, "price": 1},
    {"tier": 3, "starting_unit": 21, "ending_unit": 30, "price": 2, "price_format": "FlatFee"},
    {"tier": 4, "starting_unit": 31, "ending_unit": None, "price": 3},
]


@pytest.fixture
def detail(
    client: Client, account: str, meter: "Meter", used: "Record", run_for: "Run", invoices: "Invoices"
) -> Any:  # noqa: ANN401 - a function
    """Bill used units in January, and return the rate detail of the first item."""

    def show(units: int, pricing: dict[str, Any], **terms: Any) -> dict[str, Any]:  # noqa: ANN401
        meter(pricing, **terms)
        used(units, "2026-01-10")
        run_for(client, account, "2026-02-01")
        (item,) = invoices(client, account)[0]["invoiceItems"]
        found = client.get(f"/v1/invoices/invoice-item/{item['id']}/usage-rate-detail")["data"]
        assert found["invoiceItemId"] == item["id"]
        return dict(found)

    return show


def test_tiers_are_shown_as_zuoras_sample_shows_them(detail: Any) -> None:  # noqa: ANN401
    shown = detail(45, {"tiers": TIERS}, model="Tiered", uom="Minute")
    assert shown["listPrice"] == (
        "Tier / From / To / List Price / Price Format\n"
        "1 / 0 / 9 / 0.00 / Per Unit\n"
        "2 / 10 / 20 / 1.00 / Per Unit\n"
        "3 / 21 / 30 / 2.00 / Flat Fee\n"
        "4 / 31 /  / 3.00 / Per Unit"
    )
    assert shown["rateDetail"] == (
        "Tier 1: 0-9, 9 Minute(s) x $0.00/Minute = $0.00\n"
        "Tier 2: 10-20, 11 Minute(s) x $1.00/Minute = $11.00\n"
        "Tier 3: 21-30, $2.00 Flat Fee\n"
        "Tier 4: >=31, 15 Minute(s) x $3.00/Minute = $45.00\n"
        "Total = $58.00"
    )
    assert (shown["servicePeriod"], shown["amountWithoutTax"]) == ("01/01/2026-01/31/2026", 58)


@pytest.mark.parametrize(
    ("units", "model", "pricing", "expected"),
    [
        (5, "Tiered", {"tiers": TIERS}, "Tier 1: 0-9, 5 Minute(s) x $0.00/Minute = $0.00\nTotal = $0.00"),
        (
            12,
            "Volume",
            {"tiers": TIERS},
            "Tier 2: 10-20, 12 Minute(s) x $1.00/Minute = $12.00\nTotal = $12.00",
        ),
        (40, "Volume", {"tiers": TIERS[:2]}, "\nTotal = $0.00"),
        (3, "PerUnit", {"price": "0.125"}, "3 Minute(s) x $0.125/Minute = $0.38\nTotal = $0.38"),
        (3, "FlatFee", {"price": 7}, "$7.00 Flat Fee\nTotal = $7.00"),
    ],
)
def test_other_models_are_shown_alike(
    detail: Any,  # noqa: ANN401
    units: int,
    model: str,
    pricing: dict[str, Any],
    expected: str,
) -> None:
    shown = detail(units, pricing, model=model)
    assert shown["rateDetail"] == expected
    assert shown["listPrice"].startswith("Tier / From" if "tiers" in pricing else "$")


@pytest.mark.parametrize(
    "terms", [{"model": "Overage"}, {"model": "PerUnit", "rating_group": "ByUsageRecord"}]
)
def test_what_zuora_does_not_detail_is_refused(detail: Any, terms: dict[str, Any]) -> None:  # noqa: ANN401
    with pytest.raises(RefusedError, match="usage rate detail"):
        detail(3, {"price": 1}, **terms)


@pytest.mark.usefixtures("subscription")
def test_only_items_of_usage_have_a_rate_detail(
    client: Client, account: str, run_for: "Run", invoices: "Invoices"
) -> None:
    run_for(client, account, "2026-01-01")
    (item,) = invoices(client, account)[0]["invoiceItems"]
    for key, why in ((item["id"], "has no usage rate detail"), ("nothing", "Cannot find entity")):
        with pytest.raises(RefusedError, match=why):
            client.get(f"/v1/invoices/invoice-item/{key}/usage-rate-detail")
