"""A new customer buys a plan and looks at the result."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, NamedTuple

from toolkit.errors import ToolkitError
from toolkit.load.client import Client
from toolkit.load.journey import Journey

_MOST_SEATS = 50


class Offer(NamedTuple):
    """What customers buy, and when.

    Attributes:
        plan: The product rate plan's id.
        seats: The ids of its charges that are sold by the unit.
        currency: A currency in which all of its charges have a price.
        day: The order's date, ISO 8601.
    """

    plan: str
    seats: tuple[str, ...]
    currency: str
    day: str


def prepare(client: Client, today: date) -> Offer:
    """Sign in and find the first plan in the catalog that can be bought today."""
    client.carry("Zuora-Version", "224.0")  # the last with rate plans in the catalog, and not a URL to them
    client.sign_in()
    offer = next(_offers(client, today.isoformat()), None)
    if offer is None:
        raise ToolkitError(
            "The catalog has no recurring plan that can be bought today.", "Load another world."
        )
    return offer


def run(client: Client, offer: Offer, random: Random) -> None:
    """Look at the catalog, open an account, order a year, and look at the account and the subscription."""
    client.get("/v1/catalog/products")
    account = client.post("/v1/accounts", _account(offer, random))["accountNumber"]
    order = client.post("/v1/orders", _order(offer, account, random))
    client.get("/v1/accounts/{key}", key=account)
    client.get("/v1/subscriptions/{key}", key=order["subscriptions"][0]["subscriptionNumber"])


def _offers(client: Client, day: str) -> Iterator[Offer]:
    for plan in _plans(client):
        charges = plan["productRatePlanCharges"]
        currencies = [{price["currency"] for price in charge["pricing"]} for charge in charges]
        shared = sorted(set.intersection(*currencies)) if currencies else []
        in_time = plan["effectiveStartDate"] <= day < plan["effectiveEndDate"]
        if in_time and shared and all(charge["type"] == "Recurring" for charge in charges):
            seats = tuple(charge["id"] for charge in charges if charge["model"] == "PerUnit")
            yield Offer(plan["id"], seats, shared[0], day)


def _plans(client: Client) -> Iterator[dict[str, Any]]:
    path = "/v1/catalog/products"
    while path:
        page = client.get(path)
        for product in page["products"]:
            yield from product["productRatePlans"]
        path = page.get("nextPage", "")


def _account(offer: Offer, random: Random) -> dict[str, Any]:
    contact = {
        "firstName": "Load",
        "lastName": f"Customer {random.randrange(10**9)}",
        "country": "United States",
    }
    return {
        "name": f"Load {random.randrange(10**9):09}",
        "currency": offer.currency,
        "billCycleDay": 1,
        "autoPay": False,
        "billToContact": contact | {"state": "California", "workEmail": "customer@example.com"},
    }


def _order(offer: Offer, account: str, random: Random) -> dict[str, Any]:
    quantity = {"pricing": {"recurringPerUnit": {"quantity": random.randint(1, _MOST_SEATS)}}}
    overrides = [{"productRatePlanChargeId": charge, **quantity} for charge in offer.seats]
    year = {"period": 12, "periodType": "Month"}
    names = ("ContractEffective", "ServiceActivation", "CustomerAcceptance")
    creation = {
        "type": "CreateSubscription",
        "triggerDates": [{"name": name, "triggerDate": offer.day} for name in names],
        "createSubscription": {
            "terms": {
                "initialTerm": {"startDate": offer.day, "termType": "TERMED", **year},
                "renewalSetting": "RENEW_WITH_SPECIFIC_TERM",
                "renewalTerms": [year],
                "autoRenew": True,
            },
            "subscribeToRatePlans": [{"productRatePlanId": offer.plan, "chargeOverrides": overrides}],
        },
    }
    return {
        "orderDate": offer.day,
        "existingAccountNumber": account,
        "subscriptions": [{"orderActions": [creation]}],
    }


JOURNEY = Journey("A new customer buys a plan and looks at the account.", prepare, run)
