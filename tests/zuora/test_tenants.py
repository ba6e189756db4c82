"""A tenant is made and removed whole or not at all, whenever the simulator is killed in between."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from toolkit.errors import ToolkitError
from toolkit.zuora.state.world import empty
from toolkit.zuora.tenants import Tenants

Tree = dict[str, bytes | None]
"""The files below a directory with what they hold, and the directories with None."""


def opened(directory: Path) -> Tenants:
    return Tenants("empty", empty, directory)


def tree(directory: Path) -> Tree:
    found = sorted(directory.rglob("*"))
    return {str(one.relative_to(directory)): None if one.is_dir() else one.read_bytes() for one in found}


def written(directory: Path, left: Tree) -> Path:
    directory.mkdir()
    for name, content in left.items():
        if content is None:
            (directory / name).mkdir()
        else:
            (directory / name).write_bytes(content)
    return directory


def moments(directory: Path, act: Callable[[], object]) -> list[Tree]:
    """Do something, and return every state in which a kill could leave the directory before it is done."""
    passed = [tree(directory)]
    looking = False

    def look(_: FrameType, event: str, __: object) -> None:
        nonlocal looking
        if event == "c_return" and not looking:
            looking = True
            if (now := tree(directory)) != passed[-1]:
                passed.append(now)
            looking = False

    sys.setprofile(look)
    try:
        act()
    finally:
        sys.setprofile(None)
    return passed


@pytest.mark.parametrize("doing", ["add", "remove"])
def test_a_tenant_is_made_and_removed_whole_or_not_at_all(tmp_path: Path, doing: str) -> None:
    live = tmp_path / "live"
    with opened(live) as tenants:
        if doing == "add":
            passed = moments(live, lambda: tenants.add("eu", empty, ["client"]))
        else:
            tenants.add("eu", empty, ["client"])
            passed = moments(live, lambda: tenants.remove("eu"))
    assert len(passed) > 4
    for number, left in enumerate(passed):
        with opened(written(tmp_path / str(number), left)) as tenants:
            there = "eu" in tenants
            assert there == (left.get("tenants/eu/clients") is not None)
            if there:
                assert "client" in tenants["eu"].clients
            else:
                tenants.add("eu", empty)
        with opened(tmp_path / str(number)) as tenants:
            assert set(tenants) == {"default", "eu"}


def test_a_tenant_that_cannot_be_written_is_an_error_and_is_not_there(tmp_path: Path) -> None:
    with opened(tmp_path) as tenants:
        (tmp_path / "tenants").write_text("")
        with pytest.raises(ToolkitError, match=r"tenants/eu cannot be written: Not a directory\."):
            tenants.add("eu", empty)
        assert list(tenants) == ["default"]


def test_a_tenant_is_known_by_what_it_began_with_as_long_as_that_is_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as tenants:
        tenants.add("eu", empty, began="empty")
        tenants.add("us", empty)
    with opened(tmp_path) as again:
        assert (again.began("eu"), again.began("us")) == ("empty", "us")
    with Tenants("empty", empty) as forgetful:
        forgetful.add("eu", empty, began="empty")
        assert forgetful.began("eu") == ""
