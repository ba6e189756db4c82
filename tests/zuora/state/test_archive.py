"""What an archive holds is read back to the digit, and goes on as if nothing had been."""

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.state import archive
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from tests.zuora.conftest import Caller


@pytest.fixture
def world(call: "Caller") -> World:
    """A world with every table of a year's business, and custom fields of every JSON type."""
    call.tenant = Tenant(worlds.load("gitlab-self-managed"))
    fields = {"text__c": "ä\n", "number__c": Decimal("19.90"), "yes__c": True, "nothing__c": None}
    call("PUT", "/v1/accounts/A00000001", fields)
    call("POST", "/__toolkit/clock", {"advance": "P14M"})
    call("POST", "/v1/bill-runs", {"targetDate": "2027-03-01", "autoPost": True})
    return call.tenant.world


def written(world: World, remark: str = "") -> bytes:
    return b"".join(archive.write(world, remark))


def told(world: World) -> list[bytes]:
    """Return the records of an archive, in an order of their own."""
    return sorted(written(world).splitlines()[1:-2])


def test_a_world_comes_back_as_it_was(world: World) -> None:
    remark, read = archive.read(written(world, "noted"))
    assert remark == "noted"
    for name in world.__struct_fields__:
        assert getattr(read, name) == getattr(world, name), name
    assert told(read) == told(world)
    assert str(read.accounts.find("A00000001").custom_fields["number__c"]) == "19.90"
    assert read.now.tzinfo == world.now.tzinfo


def test_what_came_back_answers_alike_and_is_written_alike(world: World, call: "Caller") -> None:
    paths = ("/v1/accounts/A00000001/summary", "/v1/catalog/products", "/v1/subscriptions/accounts/A00000001")
    before = [call("GET", path).body for path in paths]
    call.tenant = Tenant(archive.read(written(world)).world)
    assert [call("GET", path).body for path in paths] == before
    call("PUT", "/v1/accounts/A00000001", {"notes": "later"})
    again = archive.read(written(call.tenant.world)).world
    assert again.accounts.find("A00000001").notes == "later"
    assert told(again) == told(call.tenant.world)


@pytest.mark.parametrize(
    ("instant", "shown"), [("08:30:00", "01:30:00-07:00"), ("09:30:00", "01:30:00-08:00")]
)
def test_each_pass_of_the_hour_that_comes_twice_comes_back_as_it_was(
    call: "Caller", instant: str, shown: str
) -> None:
    """Python takes neither for what an archive brings back if it carries a zone: PEP 495."""
    key = call("GET", "/v1/accounts/A00000001").body["basicInfo"]["id"]
    daily = {"repeatType": "Daily", "repeatFrom": "2026-11-01", "runTime": 1}
    monthly = {"period": "Monthly", "startDate": "2026-11-01", "occurrences": 1, "amount": 20, "runHour": 1}
    used = {"AccountId": key, "UOM": "GB", "Quantity": 1, "StartDateTime": "2026-11-01T01:30:00"}
    for path, body in (
        ("/__toolkit/clock", {"to": "2026-10-31"}),
        ("/v1/bill-runs", {"schedule": daily}),
        ("/v1/payment-runs", {"runDate": "2026-11-01 01:00:00", "accountId": key}),
        ("/v1/payment-schedules", {"accountNumber": "A00000001", **monthly}),
        ("/v1/object/usage", used),
        ("/__toolkit/clock", {"to": f"2026-11-01T{instant}+00:00"}),
        ("/v1/bill-runs", {"targetDate": "2026-11-01"}),
    ):
        made = call("POST", path, body).body
        assert made.get("success", made.get("Success", "now" in made)) is True, made
        read = archive.read(written(call.tenant.world)).world
        assert read == call.tenant.world
        assert Tenant(read).next_due() == call.tenant.next_due()
    assert call.tenant.world.now.isoformat() == f"2026-11-01T{shown}"


def test_a_draft_order_and_what_a_job_has_shown_come_back(call: "Caller", creation: dict[str, Any]) -> None:
    days = [{"name": "ContractEffective", "triggerDate": "2026-01-01"}]
    action = {"type": "CreateSubscription", "triggerDates": days, "createSubscription": creation}
    wanted = {"existingAccountNumber": "A00000001", "subscriptions": [{"orderActions": [action]}]}
    body = {"orderDate": "2026-01-01", **wanted}
    draft = call("POST", "/v1/orders", {**body, "status": "Draft"}).body["orderNumber"]
    options = {"previewThruType": "NumberOfPeriods", "previewNumberOfPeriods": 1}
    job = call("POST", "/v1/async/orders/preview", {**body, "previewOptions": options}).body["jobId"]
    shown = call("GET", f"/v1/async-jobs/{job}").body
    read = archive.read(written(call.tenant.world)).world
    assert (read.orders, read.jobs) == (call.tenant.world.orders, call.tenant.world.jobs)
    call.tenant = Tenant(read)
    assert call("GET", f"/v1/async-jobs/{job}").body["result"] == shown["result"]
    assert call("PUT", f"/v1/orders/{draft}/activate", {}).body["success"] is True


def test_what_is_no_archive_is_an_error() -> None:
    for data, said in (
        (b"", "no archive"),
        (b"\n", "no archive"),
        (b"toolkit zuora world 0\n", "another version"),
    ):
        with pytest.raises(ToolkitError, match=said):
            archive.read(data)


def test_an_archive_that_was_cut_or_changed_is_an_error(world: World) -> None:
    whole = written(world)
    rests: tuple[list[object], ...] = (
        ["", {}, {"unheard": {"rows": {}, "ids": {}, "owned": {}}}],
        ["", {"unheard": 1}, {}],
        [],
    )
    others = [whole.partition(b"\n")[0] + b"\n" + with_size(json.dumps(rest)) for rest in rests]
    for damaged in (whole[:-1], whole[: len(whole) // 2], *others):
        with pytest.raises(ToolkitError, match="The archive of a world is damaged"):
            archive.read(damaged)


def with_size(rest: str) -> bytes:
    return f"{rest}\n{len(rest):012}\n".encode()
