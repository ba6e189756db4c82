"""Two states are told apart by records and by fields."""

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from toolkit.zuora.state.differences import Changed, Difference, TableDifference, Values, difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from toolkit.zuora.client import Client
    from toolkit.zuora.tenant import Tenant


def test_a_state_differs_from_itself_in_nothing(tenant: "Tenant") -> None:
    assert difference(tenant.world, tenant.world) == Difference({}, {})


def test_a_changed_record_says_which_fields(tenant: "Tenant", client: "Client", account: str) -> None:
    before = tenant.world
    client.put(f"/v1/accounts/{account}", {"notes": "n", "ticket__c": "1"})
    changed = tenant.world.accounts.find(account)
    found = difference(before, tenant.world)
    fields = {"notes": Values(None, "n"), "custom_fields.ticket__c": Values(None, "1")}
    assert found.tables == {"accounts": TableDifference(changed=(Changed(changed.id, account, fields),))}
    assert difference(tenant.world, before).tables["accounts"].changed[0].fields["notes"] == Values("n", None)


def test_a_field_deep_in_a_record_is_named_by_its_path(tenant: "Tenant") -> None:
    plan = next(iter(tenant.world.plans.latest()))
    charge = msgspec.structs.replace(plan.charges[0], default_quantity=Decimal("2.5"))
    rows = tenant.world.plans.put(msgspec.structs.replace(plan, charges=(charge, *plan.charges[1:])))
    (changed,) = (
        difference(tenant.world, msgspec.structs.replace(tenant.world, plans=rows)).tables["plans"].changed
    )
    assert changed.fields == {"charges[0].default_quantity": Values(None, Decimal("2.5"))}


def test_records_that_came_and_went_are_whole(tenant: "Tenant", client: "Client", account: str) -> None:
    before = tenant.world
    client.post(
        "/v1/contacts", {"accountNumber": account, "firstName": "A", "lastName": "B", "country": "USA"}
    )
    after = tenant.world
    (added,) = difference(before, after).tables["contacts"].added
    (removed,) = difference(after, before).tables["contacts"].removed
    assert added == removed
    assert added["first_name"] == "A"


def test_what_has_no_number_but_its_id_is_told_in_the_order_of_ids(
    tenant: "Tenant", client: "Client"
) -> None:
    before = tenant.world
    for _ in range(3):
        client.post("/v1/object/export", {"Query": "select Id from Account"})
    added = difference(before, tenant.world).tables["export_files"].added
    assert [one["id"] for one in added] == sorted(tenant.world.export_files.ids)


def test_time_and_settings_differ_too(
    tenant: "Tenant", client: "Client", order: "Callable[..., Any]", creation: "dict[str, Any]"
) -> None:
    before = tenant.world
    client.advance("P1D")
    rules = msgspec.structs.replace(tenant.world.rules, credit_one_time=not before.rules.credit_one_time)
    found = difference(before, msgspec.structs.replace(tenant.world, rules=rules))
    assert sorted(found.tenant) == ["now", "rules.credit_one_time"]
    order("CreateSubscription", client.now()[:10], createSubscription=creation)
    made = msgspec.json.decode(msgspec.json.encode(difference(before, tenant.world)))
    assert {"accounts", "orders", "subscriptions"} >= set(made["tables"]) >= {"orders", "subscriptions"}
