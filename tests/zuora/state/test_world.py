"""Tables, ids and numbers of a tenant."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from toolkit.billing.accounts import Account, Contact
from toolkit.billing.errors import NotFoundError
from toolkit.zuora.state.tables import Table
from toolkit.zuora.state.world import Change, World, empty, starting


def contact(change: Change, owner: str) -> Contact:
    made = Contact(
        id=change.id(), number=change.number("contact"), account_id=owner, first_name="J", last_name="S"
    )
    change.put(made)
    return made


def test_a_record_is_found_by_id_and_by_number() -> None:
    change = Change(empty())
    made = contact(change, "a")
    contacts = change.world.contacts
    assert contacts.find(made.id) is contacts.find(made.number) is made
    assert contacts.get("other") is None
    with pytest.raises(NotFoundError, match="Cannot find entity by key: 'other'"):
        contacts.find("other")


def test_an_owner_lists_the_latest_record_of_each_number_once() -> None:
    change = Change(empty())
    first, second = contact(change, "a"), contact(change, "a")
    contact(change, "b")
    change.put(first)
    assert list(change.world.contacts.of("a")) == [first, second]
    assert list(change.world.contacts.of("nobody")) == []
    assert {one.number for one in change.world.contacts.latest()} == {
        "CT-00000001",
        "CT-00000002",
        "CT-00000003",
    }


def test_a_dropped_change_leaves_no_trace() -> None:
    world = empty()
    contact(Change(world), "a")
    assert world == empty()


def test_ids_look_like_zuoras_and_follow_from_the_seed() -> None:
    ids = [Change(empty(seed)).id() for seed in ("one", "one", "two")]
    assert ids[0] == ids[1] != ids[2]
    assert all(len(one) == 32 and int(one, 16) for one in ids)


def test_ids_and_numbers_go_on_where_they_stopped() -> None:
    change = Change(empty())
    first = change.id(), change.number("invoice")
    again = Change(change.world)
    assert (again.number("invoice"), first[1]) == ("INV00000002", "INV00000001")
    assert again.id() != first[0]


def test_a_number_that_somebody_chose_is_not_given_out_again() -> None:
    change = Change(empty())
    for number in ("A00000001", "A00000003"):
        change.put(
            Account(
                id=change.id(),
                number=number,
                name="",
                currency="USD",
                bill_cycle_day=1,
                bill_to_id="",
                sold_to_id="",
                created=change.world.now,
                updated=change.world.now,
            )
        )
    assert [change.number("account") for _ in range(2)] == ["A00000002", "A00000004"]


def test_dates_roll_over_in_the_tenants_zone() -> None:
    world = empty(start=date(2026, 3, 1), zone=ZoneInfo("Europe/London"))
    assert world.today == date(2026, 3, 1)
    pacific = starting(World(), date(2026, 1, 1))
    assert pacific.now.isoformat() == "2026-01-01T00:00:00-08:00"
    assert world.at(pacific.now).now.isoformat() == "2026-01-01T08:00:00+00:00"


def test_an_empty_table_has_nothing() -> None:
    assert list(Table[Contact]().latest()) == []
