"""The catalog of a real tenant is put into a world, and shown as it was recorded."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.seeding import seed
from toolkit.zuora.state.history import Memory
from toolkit.zuora.state.replay import replay, seeding_with
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.state.world import empty
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from toolkit.zuora.state.world import World

RECORDED = (Path(__file__).parent / "recordings" / "catalog" / "page.json").read_bytes()
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "x"}


def shown(world: "World") -> bytes:
    return Tenant(world).handle(Request("GET", "/v1/catalog/products", "pageSize=40", KEYS)).body


def products(page: bytes) -> Any:  # noqa: ANN401 - JSON
    return msgspec.json.Decoder(float_hook=Decimal).decode(page)["products"]


def edited(**fields: object) -> bytes:
    page = msgspec.json.decode(RECORDED)
    page["products"][0]["productRatePlans"][0]["productRatePlanCharges"][0] |= fields
    return msgspec.json.encode(page)


def differing(theirs: Any, ours: Any, path: str = "") -> set[str]:  # noqa: ANN401 - JSON
    if isinstance(theirs, dict):
        return {
            one
            for name, value in theirs.items()
            for one in differing(value, ours.get(name), f"{path}.{name}")
        }
    if isinstance(theirs, list) and len(theirs) == len(ours):
        pairs = zip(theirs, ours, strict=True)
        return {one for value, other in pairs for one in differing(value, other, path)}
    return set() if theirs == ours else {path.rpartition(".")[2]}


def test_a_recorded_catalog_is_shown_as_it_was_recorded() -> None:
    assert not differing(products(RECORDED), products(shown(seed(empty(), RECORDED))))


def test_custom_fields_of_a_charge_are_kept() -> None:
    (charge,) = products(shown(seed(empty(), edited(Origin__c="shop"))))[0]["productRatePlans"][0][
        "productRatePlanCharges"
    ]
    assert charge["Origin__c"] == "shop"


@pytest.mark.parametrize("name", ["gitlab-self-managed", "taxed"])
def test_a_catalog_shown_here_is_the_same_elsewhere(name: str) -> None:
    page = shown(worlds.load(name))
    assert products(shown(seed(seed(empty(), page), page))) == products(page)


def test_what_a_page_says_of_usage_and_prepayment_is_kept() -> None:
    prepaid = {"chargeFunction": "Prepayment", "prepaidQuantity": 10, "prepaidUom": "minutes"}
    prepaid |= {"validityPeriodType": "ANNUAL", "usageRecordRatingOption": "OnDemand"}
    drawdown = {"chargeFunction": "Drawdown", "drawdownUom": "minutes", "drawdownRate": 2}
    for fields in (prepaid, drawdown | {"useTenantDefaultForPriceChange": True}):
        (said,) = products(edited(**fields))[0]["productRatePlans"][0]["productRatePlanCharges"]
        (found,) = products(shown(seed(empty(), edited(**fields))))[0]["productRatePlans"][0][
            "productRatePlanCharges"
        ]
        for name in fields.keys() - {"usageRecordRatingOption"}:
            assert found[name] == said[name], name


def test_tiers_are_kept_and_what_has_no_number_gets_one() -> None:
    tiers = [{"tier": 1, "startingUnit": 0, "endingUnit": 5, "price": 3, "priceFormat": "PerUnit"}]
    tiers += [{"tier": 2, "startingUnit": 6, "endingUnit": None, "price": 2, "priceFormat": "FlatFee"}]
    price = {"currency": "USD", "price": None, "tiers": tiers}
    page = edited(pricing=[price], model="Tiered", uom="Each", productRatePlanChargeNumber=None)
    (charge,) = products(shown(seed(empty(), page)))[0]["productRatePlans"][0]["productRatePlanCharges"]
    assert charge["pricing"][0]["tiers"] == tiers
    assert charge["productRatePlanChargeNumber"] == "PRPC-00000001"


def test_several_pages_come_in_an_array_and_are_answered_again_alike() -> None:
    timeline = Timeline(Tenant(empty()), Memory(empty()))
    timeline.seed(b"[%b,%b]" % (RECORDED, edited()))
    (again,) = replay(empty(), [seeding_with(RECORDED)], lambda _: empty())
    assert shown(again) == shown(timeline.tenant.world)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (b"{", "This is no page of a catalog"),
        (b"[]", "There is no page of a catalog in this list"),
        (b'{"accounts": []}', "no page of a catalog: it lacks 'products'"),
        (
            edited(model="Magic"),
            "charge 'Contribution' cannot be simulated, model: Invalid enum value 'Magic'",
        ),
        (
            b'{"products": [{"name": "P", "productRatePlans": "/v1/rateplan"}]}',
            "names the URL of its rate plans",
        ),
    ],
)
def test_what_is_no_catalog_is_refused_with_the_place(page: bytes, said: str) -> None:
    with pytest.raises(ToolkitError, match=said):
        seed(empty(), page)


def test_the_custom_fields_of_a_real_tenant_are_declared_before_its_catalog() -> None:
    own = {
        "Team__c": {"type": "string", "label": "Team", "enum": ["verify", "plan"]},
        "Odd": {"type": "string"},
    }
    schema = {"type": "object", "properties": own, "required": ["Team__c"]}
    definitions = {"Product": {"type": "Product", "schema": schema}, "Feature": {"schema": {}}}
    page = msgspec.json.encode({"definitions": definitions})
    world = seed(empty(), page)
    assert world.custom_fields["Product"]["Team__c"].values == ("verify", "plan")
    assert world.custom_fields.keys() == {"Product"}
    with pytest.raises(ToolkitError, match="may not be null"):
        seed(empty(), b"[%b,%b]" % (page, edited()))


def test_a_custom_field_that_cannot_be_is_named() -> None:
    schema = {"properties": {"Team__c": {"type": "string", "enum": ["a", "A"]}}}
    page = {"definitions": {"Product": {"type": "Product", "schema": schema}}}
    with pytest.raises(ToolkitError, match="differ in more than their case"):
        seed(empty(), msgspec.json.encode(page))
