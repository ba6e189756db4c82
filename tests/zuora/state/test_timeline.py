"""A tenant goes back to named states and to any numbered one, in memory and on disk, across restarts too."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.state import archive, replay
from toolkit.zuora.state.history import Entry, Memory
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.timeline import Timeline
from toolkit.zuora.state.world import World
from toolkit.zuora.tenant import Tenant

KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
NAME = "gitlab-self-managed"
ACCOUNT = "/v1/accounts/A00000001"
Open = Callable[[], Timeline]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Open]:
    """Opens a timeline in a directory; each time is a restart."""
    with ExitStack() as stack:

        def opened() -> Timeline:
            stack.close()
            store = stack.enter_context(Store(tmp_path))
            world = store.begin(NAME, lambda: worlds.load(NAME))
            return Timeline(Tenant.recover(world, store), store)

        yield opened


def remembered() -> Timeline:
    world = worlds.load(NAME)
    memory = Memory(world, 8)
    return Timeline(Tenant(world, memory), memory)


@pytest.fixture(params=["in memory", "on disk"])
def timeline(request: pytest.FixtureRequest, kept: Open) -> Timeline:
    return kept() if request.param == "on disk" else remembered()


def note(timeline: Timeline, *said: str) -> None:
    for one in said:
        body = b'{"notes": "%s"}' % one.encode()
        assert timeline.tenant.handle(Request("PUT", ACCOUNT, "", KEYS, body)).status == 200


def notes(timeline: Timeline) -> str:
    return str(timeline.tenant.world.accounts.find("A00000001").notes)


def told(world: World) -> list[bytes]:
    return sorted(b"".join(archive.write(world)).splitlines()[1:-2])


def test_a_snapshot_is_restored_as_often_as_one_likes(timeline: Timeline) -> None:
    note(timeline, "a")
    assert timeline.snapshot("first") == 1
    for _ in range(2):
        note(timeline, "b", "c")
        timeline.restore("first")
        assert notes(timeline) == "a"
    assert timeline.history.snapshots == {"first": 1}
    timeline.history.forget("first")
    with pytest.raises(ToolkitError, match=r"There is no snapshot 'first'\."):
        timeline.restore("first")


def test_a_name_is_given_to_another_state(timeline: Timeline) -> None:
    timeline.snapshot("here")
    note(timeline, "a")
    timeline.snapshot("here")
    note(timeline, "b")
    timeline.restore("here")
    assert notes(timeline) == "a"


def test_one_rewinds_to_any_request_and_forward_again(timeline: Timeline) -> None:
    note(timeline, "a", "b", "c")
    for number, said in ((1, "a"), (3, "c"), (2, "b"), (4, "a")):
        timeline.rewind(number)
        assert notes(timeline) == said
    rewound = [Entry(number, "POST", "/__toolkit/rewind", 200) for number in (4, 5, 6, 7)]
    assert timeline.history.listed(3, 10) == rewound
    assert timeline.history.listed(0, 1) == [Entry(1, "PUT", ACCOUNT, 200)]


@pytest.mark.parametrize("number", [-1, 2])
def test_a_number_that_no_request_has_is_refused(timeline: Timeline, number: int) -> None:
    note(timeline, "a")
    with pytest.raises(ToolkitError, match=f"no state after request {number}. What .* goes from 0 to 1"):
        timeline.rewind(number)


def test_memory_has_nothing_to_answer_again() -> None:
    world = worlds.load(NAME)
    assert Tenant.recover(world, Memory(world)).world is world


def test_memory_goes_back_as_far_as_it_says() -> None:
    timeline = remembered()
    note(timeline, *"abcdefghij")
    assert (timeline.history.earliest, timeline.history.count) == (2, 10)
    timeline.rewind(3)
    assert notes(timeline) == "c"
    with pytest.raises(ToolkitError, match="goes from 3 to 11"):
        timeline.rewind(2)


def test_clients_stay_signed_in(timeline: Timeline) -> None:
    timeline.snapshot("before")
    form = b"client_id=00000000-0000-4000-8000-000000000000&client_secret=s&grant_type=client_credentials"
    timeline.tenant.handle(Request("POST", "/oauth/token", body=form))
    (token,) = timeline.tenant.world.tokens
    timeline.restore("before")
    signed = Request("GET", ACCOUNT, headers={"authorization": f"Bearer {token}"})
    assert timeline.tenant.handle(signed).status == 200


def test_a_restart_forgets_nothing(kept: Open) -> None:
    timeline = kept()
    note(timeline, "a", "b")
    timeline.snapshot("second")
    note(timeline, "c")
    timeline.rewind(1)
    timeline.restore("second")
    note(timeline, "d", "e")
    timeline.rewind(6)
    before = timeline.tenant.world
    timeline = kept()
    assert told(timeline.tenant.world) == told(before)
    assert notes(timeline) == "d"
    timeline.restore("second")
    assert notes(timeline) == "b"
    timeline.rewind(3)
    assert notes(timeline) == "c"


def test_a_killed_simulator_finds_its_way_without_a_checkpoint(kept: Open, tmp_path: Path) -> None:
    timeline = kept()
    note(timeline, "a")
    kept()  # closes, and so leaves a checkpoint after the first
    timeline = kept()
    note(timeline, "b")
    timeline.rewind(0)
    note(timeline, "c")
    checkpoint = (tmp_path / "zuora.checkpoint").read_bytes()
    before = told(kept().tenant.world)
    (tmp_path / "zuora.checkpoint").write_bytes(checkpoint)
    assert told(kept().tenant.world) == before


def test_a_snapshot_of_what_power_loss_took_is_gone(kept: Open, tmp_path: Path) -> None:
    timeline = kept()
    note(timeline, "a")
    timeline.snapshot("here")
    note(timeline, "b")
    timeline.snapshot("lost")
    kept()
    journal = tmp_path / "zuora.journal"
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    (tmp_path / "zuora.checkpoint").unlink()
    assert kept().history.snapshots == {"here": 1}


def test_names_that_cannot_be_read_or_written_are_errors(kept: Open, tmp_path: Path) -> None:
    timeline = kept()
    (tmp_path / "zuora.snapshots.new").mkdir()
    with pytest.raises(ToolkitError, match=r"zuora.snapshots cannot be written: Is a directory"):
        timeline.snapshot("here")
    assert timeline.history.snapshots == {}
    (tmp_path / "zuora.snapshots").write_text("[")
    with pytest.raises(ToolkitError, match="cannot be read: .* Remove the file"):
        kept()


@pytest.mark.parametrize("name", ["", "a b", "../x", "now", "12", ".hidden", "x" * 65])
def test_a_snapshot_has_a_name_that_can_stand_in_a_path(timeline: Timeline, name: str) -> None:
    with pytest.raises(ToolkitError, match="A snapshot cannot be called"):
        timeline.snapshot(name)


def test_an_exported_state_is_imported_elsewhere_without_tokens(timeline: Timeline) -> None:
    other = remembered()
    note(other, "theirs")
    form = b"client_id=00000000-0000-4000-8000-000000000000&client_secret=s&grant_type=client_credentials"
    other.tenant.handle(Request("POST", "/oauth/token", body=form))
    timeline.adopt(replay.exported(other.tenant.world))
    assert notes(timeline) == "theirs"
    assert not timeline.tenant.world.tokens
    assert told(timeline.tenant.world) == told(other.tenant.world)


def test_an_import_survives_a_restart(kept: Open) -> None:
    other = remembered()
    note(other, "theirs")
    timeline = kept()
    timeline.adopt(replay.exported(other.tenant.world))
    note(timeline, "ours")
    timeline = kept()
    assert notes(timeline) == "ours"
    timeline.rewind(1)
    assert notes(timeline) == "theirs"
    assert not timeline.diff("1").tables
    timeline.snapshot("theirs")
    timeline.rewind(2)
    assert list(timeline.diff("theirs", "now").tables) == ["accounts"]


def test_a_damaged_file_is_refused_and_changes_nothing(timeline: Timeline) -> None:
    before = timeline.tenant.world
    damaged = replay.exported(before).replace(b'"currency":"USD"', b'"currency":12345', 1)
    for data, said in ((damaged, "A record of the archive is damaged"), (b"x", "This is no archive")):
        with pytest.raises(ToolkitError, match=said):
            timeline.adopt(data)
    assert timeline.tenant.world is before
    assert timeline.history.count == 0


def test_settings_and_declarations_are_rewound_and_survive_a_restart(kept: Open) -> None:
    timeline = kept()

    def put(path: str, body: bytes) -> None:
        assert timeline.tenant.handle(Request("PUT", path, "", KEYS, body)).status == 200

    put("/settings/billing-rules", b'{"oneTimeCreditBack": true}')
    fields = b'{"properties": {"Team__c": {"type": "string"}}}'
    put("/settings/custom-fields/zuora/Account", fields)
    timeline = kept()
    world = timeline.tenant.world
    assert (world.rules.credit_one_time, list(world.custom_fields["Account"])) == (True, ["Team__c"])
    timeline.rewind(1)
    world = timeline.tenant.world
    assert (world.rules.credit_one_time, world.custom_fields) == (True, {})
    timeline.rewind(0)
    assert not timeline.tenant.world.rules.credit_one_time
