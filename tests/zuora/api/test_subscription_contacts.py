"""The contacts that subscriptions show are those of their accounts."""

from msgspec.structs import replace

from toolkit.zuora.client import Client
from toolkit.zuora.state.world import Change
from toolkit.zuora.tenant import Tenant


def test_a_subscription_shows_the_contacts_of_its_account(
    client: Client, account: str, subscription: str
) -> None:
    """Source: recorded GET subscription, GET subscriptions by account."""
    owner = client.get(f"/v1/accounts/{account}")
    shown = client.get(f"/v1/subscriptions/{subscription}")["billToContact"]
    assert shown["id"] == owner["billToContact"]["id"]
    assert (shown["accountNumber"], shown["isSpecifiedInSubscription"]) == (account, False)
    assert shown["postalCode"] == shown["zipCode"]


def test_a_subscription_of_an_account_without_contacts_shows_none(
    tenant: Tenant, client: Client, account: str, subscription: str
) -> None:
    change = Change(tenant.world)
    change.put(replace(tenant.world.accounts.find(account), bill_to_id=None, sold_to_id=None))
    tenant.world = change.world
    shown = client.get(f"/v1/subscriptions/{subscription}")
    assert shown["billToContact"] is shown["soldToContact"] is None
