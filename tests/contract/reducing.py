"""Reduces recorded shapes to what tests compare with: `python reducing.py FILE` writes them into shapes.json.

FILE has, by endpoint, the paths that were seen in recorded bodies: how often, and with which types. Values
are left as they are in shapes.json. Bodies of three endpoints were filed under one name; here they are apart.
"""

import json
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("shapes.json")

_Paths = dict[str, Any]
_Shape = dict[str, Any]

_NOT_ZUORAS = ("$.products[].plans", "$.products[].label", "$.products[].enabledFor")
"""What the ones who recorded put into their answers themselves."""

_CHOSEN = (".pricing.", "$.order.orderLineItems[]")
"""What depends on the charge models that somebody chose, or is compared elsewhere."""

_NAMES = {
    "GET_account": "GET account",
    "GET_catalog_products": "GET catalog",
    "GET_object_query_list": "GET object query",
    "GET_order": "GET order",
    "GET_orders": "GET orders",
    "GET_subscription": "GET subscription",
    "POST_action_query": "POST action query",
    "POST_billing_preview": "POST billing-preview",
}
_SUMMARY = {
    "basicInfo",
    "billToContact",
    "soldToContact",
    "payments",
    "payments[]",
    "taxInfo",
    "usage",
    "success",
}
_SUMMARIES = {
    *("$.invoices", "$.subscriptions", "$.subscriptions[].ratePlans"),
    *(
        f"$.invoices[].{name}"
        for name in ("amount", "balance", "dueDate", "id", "invoiceDate", "invoiceNumber")
    ),
    *(f"$.subscriptions[].{name}" for name in ("autoRenew", "id", "initialTerm", "renewalTerm", "status")),
    *(f"$.subscriptions[].{name}" for name in ("subscriptionNumber", "subscriptionStartDate", "termEndDate")),
    *(f"$.subscriptions[].{name}" for name in ("termStartDate", "termType")),
    *(f"$.subscriptions[].ratePlans[].product{name}" for name in ("Id", "Name", "RatePlanId", "Sku")),
    *("$.invoices[].status", "$.subscriptions[].ratePlans[].ratePlanName"),
}


def reduce(recorded: dict[str, Any]) -> dict[str, _Shape]:
    """Return the shapes by the names that tests use."""
    shapes = {
        name: _shape(recorded[key]["documents"], recorded[key]["paths"]) for key, name in _NAMES.items()
    }
    rows = shapes["GET object query"]
    mixed = recorded["GET_subscriptions_by_account"]["paths"]
    of_one = {f"$.subscriptions[]{path[1:]}" for path in shapes["GET subscription"]["mostly"]}
    listed = {path: found for path, found in mixed.items() if path in of_one or path == "$.subscriptions"}
    summary = {path: found for path, found in mixed.items() if _is_summary(path)}
    shapes["GET subscriptions"], shapes["GET account summary"] = _always(4, listed), _always(1, summary)
    of_rows = {path.replace("$.data[]", "$"): types for path, types in rows["mostly"].items()}
    by_key = {path: types for path, types in of_rows.items() if path in mixed}
    shapes["GET object query by key"] = {"documents": 1, "mostly": by_key, "seldom": {}}
    return shapes


def _is_summary(path: str) -> bool:
    return path in _SUMMARIES or path.split(".")[1] in _SUMMARY


def _always(documents: int, paths: _Paths) -> _Shape:
    """Return the shape of paths whose counts are those of several endpoints."""
    few = documents == 1
    types = {path: _types(found, few=few) for path, found in paths.items() if "<" not in path}
    return {"documents": documents, "mostly": types, "seldom": {}}


def _shape(documents: int, paths: _Paths) -> _Shape:
    shape: _Shape = {"documents": documents, "mostly": {}, "seldom": {}}
    for path, found in paths.items():
        if "<" in path or path.startswith(_NOT_ZUORAS) or any(one in path for one in _CHOSEN):
            continue
        seen, places = map(int, found["seen"].split("/"))
        usual = 2 * seen > places
        few = path.startswith(("$.order.", "$.orders[]")) or ".tiers[]." in path
        shape["mostly" if usual else "seldom"][path] = _types(found, few=few)
    return shape


def _types(found: dict[str, Any], *, few: bool = False) -> str:
    """Return the types that were seen; where bodies are few, whole numbers stand for any."""
    types = set(found["types"])
    if "float" in types or few:
        types = {"number" if one in {"int", "float"} else one for one in types}
    return "|".join(sorted(types))


if __name__ == "__main__":
    kept = json.loads(KEPT.read_text())
    shapes = reduce(json.loads(Path(sys.argv[1]).read_text()))
    KEPT.write_text(json.dumps({**kept, "shapes": shapes}, indent=1, sort_keys=True) + "\n")
