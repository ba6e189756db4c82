"""A store brings a tenant back: from its checkpoint, from its journal, or from both."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns
from time import sleep
from typing import TYPE_CHECKING

import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request
from toolkit.zuora.client import Client
from toolkit.zuora.state import archive, store
from toolkit.zuora.state.store import Store
from toolkit.zuora.state.world import World, empty
from toolkit.zuora.tenant import Tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

ADA = {"firstName": "Ada", "lastName": "Tanaka"}
KEYS = {"apiaccesskeyid": "key", "apisecretaccesskey": "x", "content-type": "application/json"}
NAME = "gitlab-self-managed"


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a checkpoint after every tenth request, whether or not others follow."""
    monkeypatch.setattr(store, "_FEWEST", 10)
    monkeypatch.setattr(store, "_MOST", 10)


def load() -> World:
    return worlds.load(NAME)


def unasked() -> World:
    raise AssertionError("The world is loaded again.")


def opened(opening: Store) -> Tenant:
    return Tenant.recover(opening.begin(NAME, load), opening)


def note(tenant: Tenant, times: int) -> None:
    for number in range(times):
        body = b'{"notes": "%d"}' % number
        assert tenant.handle(Request("PUT", "/v1/accounts/A00000001", "", KEYS, body)).status == 200


def told(world: World) -> list[bytes]:
    return sorted(b"".join(archive.write(world)).splitlines()[1:-2])


def test_a_store_that_was_closed_answers_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(tmp_path) as first:
        tenant = opened(first)
        note(tenant, 3)
    monkeypatch.delattr(Tenant, "handle")
    with Store(tmp_path) as second:
        world = second.begin(NAME, unasked)
        assert told(world) == told(tenant.world)
        assert second.count == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("damage", [None, b"", b"{}", b'{"length": 9, "count": 1}\nno archive\n'])
def test_a_store_that_was_killed_brings_everything_back(tmp_path: Path, damage: bytes | None) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    with Store(before) as first:
        tenant = opened(first)
        note(tenant, 25)
        while not (before / "zuora.checkpoint").exists():
            sleep(0.01)
        copytree(before, after, ignore=ignore_patterns("*.new"))  # what a killed process would leave
    if damage is not None:
        (after / "zuora.checkpoint").write_bytes(damage)
    with Store(after) as second:
        recovered = opened(second)
        assert told(recovered.world) == told(tenant.world)
        note(recovered, 1)
    with Store(after) as third:
        assert opened(third).world.accounts.find("A00000001").notes == "0"


@pytest.mark.usefixtures("often")
def test_a_checkpoint_in_the_making_does_not_begin_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    original = archive.write

    def slowly(world: World, remark: str) -> "Iterator[bytes]":
        made.append(1)
        yield from original(world, remark)

    with Store(tmp_path) as first:
        tenant = opened(first)
        monkeypatch.setattr(archive, "write", slowly)
        note(tenant, 300)
    assert 2 <= len(made) <= 30


def test_a_checkpoint_is_written_when_no_more_requests_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_FEWEST", 10)
    with Store(tmp_path) as first:
        note(opened(first), 25)
        while not (tmp_path / "zuora.checkpoint").exists():
            sleep(0.01)
        assert b'"count\\":25}' in (tmp_path / "zuora.checkpoint").read_bytes()


def test_a_checkpoint_waits_while_requests_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_FEWEST", 10)
    monkeypatch.setattr(store, "_QUIET", 3_600_000)
    with Store(tmp_path) as first:
        note(opened(first), 25)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["zuora.journal", "zuora.origin"]
    assert (tmp_path / "zuora.checkpoint").exists()


def test_a_full_disk_costs_a_checkpoint_and_nothing_else(tmp_path: Path) -> None:
    with Store(tmp_path) as first:
        tenant = opened(first)
        note(tenant, 3)
        (tmp_path / "zuora.checkpoint.new").mkdir()  # so that it cannot be written
    assert not (tmp_path / "zuora.checkpoint").exists()
    with Store(tmp_path) as second:
        assert told(opened(second).world) == told(tenant.world)
        (tmp_path / "zuora.checkpoint.new").rmdir()


def test_a_store_keeps_to_the_world_in_which_it_began(tmp_path: Path) -> None:
    with Store(tmp_path) as first:
        first.begin(NAME, load)
    said = r"began with gitlab-self-managed, not with empty\. Ask for that, or name another directory"
    with Store(tmp_path) as second, pytest.raises(ToolkitError, match=said):
        second.begin("empty", empty)


def test_a_journal_shorter_than_its_checkpoint_is_an_error(tmp_path: Path) -> None:
    with Store(tmp_path) as first:
        note(opened(first), 3)
    (tmp_path / "zuora.journal").write_bytes(b"")
    with pytest.raises(ToolkitError, match=r"ends before what its checkpoint has read"):
        Store(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x", None])
def test_a_damaged_beginning_is_named(tmp_path: Path, content: bytes | None) -> None:
    with Store(tmp_path) as first:
        opened(first)
    path = tmp_path / "zuora.origin"
    path.unlink()
    path.mkdir() if content is None else path.write_bytes(content)
    with Store(tmp_path) as second:
        with pytest.raises(ToolkitError, match=r"zuora\.origin, with which everything began, cannot be read"):
            opened(second)
        with pytest.raises(ToolkitError, match="cannot be read"):
            _ = second.began


def test_a_directory_of_another_version_says_so(tmp_path: Path) -> None:
    (tmp_path / "zuora.origin").write_bytes(b"toolkit zuora world 1\n")
    with Store(tmp_path) as store, pytest.raises(ToolkitError, match="written by another version"):
        opened(store)


def test_a_beginning_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "zuora.origin.new").mkdir()
    with (
        Store(tmp_path) as store,
        pytest.raises(ToolkitError, match=r"zuora\.origin cannot be written: Is a dir"),
    ):
        opened(store)


def test_a_directory_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ToolkitError, match="cannot be made: Not a directory"):
        Store(tmp_path / "file" / "state")


def test_a_stopped_simulator_begins_with_its_checkpoint(tmp_path: Path) -> None:
    made = {}
    for ending in (signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
        command = [sys.executable, "-m", "toolkit", "serve", "zuora", "--port", "0", "--state", str(tmp_path)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            url = server.stdout.readline().removeprefix("ready ").strip()
            with Client(url) as client:
                made = client.post("/v1/accounts", {"name": "A", "currency": "USD", "billToContact": ADA})
        finally:
            os.kill(server.pid, ending)
            server.communicate()
    with Store(tmp_path) as kept:
        world = kept.begin("gitlab-self-managed from its first day", unasked)
        assert world.accounts.find(made["accountNumber"]).name == "A"
