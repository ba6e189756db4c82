"""Rooms take in any file that offers what was agreed, and name the one that does not."""

import sys
from pathlib import Path

import pytest

from toolkit.errors import ToolkitError
from toolkit.rooms import furnish, furnish_folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A package of this test's own, empty so far."""
    place = tmp_path / f"room_{request.node.name}"
    place.mkdir()
    (place / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return place


def test_a_package_is_furnished_in_the_order_of_its_modules(package: Path) -> None:
    (package / "second.py").write_text("SIZE = 2")
    (package / "first.py").write_text("SIZE = 1")
    assert list(furnish(package.name, "SIZE", int).items()) == [("first", 1), ("second", 2)]


def test_a_package_within_a_room_is_a_module_too(package: Path) -> None:
    (package / "large").mkdir()
    (package / "large/__init__.py").write_text("SIZE = 9")
    assert furnish(package.name, "SIZE", int) == {"large": 9}


def test_private_modules_are_not_asked(package: Path) -> None:
    (package / "_shared.py").write_text("raise RuntimeError")
    assert furnish(package.name, "SIZE", int) == {}


def test_a_module_that_offers_nothing_is_named(package: Path) -> None:
    (package / "empty.py").touch()
    with pytest.raises(ToolkitError) as caught:
        furnish(package.name, "SIZE", int)
    assert caught.value.problem == f"{package.name}.empty offers nothing under the name SIZE."
    assert caught.value.remedy == "Every module of its room defines SIZE: int."


def test_a_module_that_offers_another_thing_is_named(package: Path) -> None:
    (package / "wrong.py").write_text("SIZE = 'large'")
    with pytest.raises(ToolkitError, match=r"\.wrong offers a str under the name SIZE"):
        furnish(package.name, "SIZE", int)


def test_a_module_that_fails_is_named_with_its_fault(package: Path) -> None:
    (package / "broken.py").write_text("SIZE = unknown")
    with pytest.raises(
        ToolkitError, match=r"\.broken cannot be loaded: NameError: name 'unknown' is not defined"
    ):
        furnish(package.name, "SIZE", int)


def test_a_folder_is_furnished_without_being_a_package(tmp_path: Path) -> None:
    (tmp_path / "smoke.py").write_text("SIZE = 1")
    (tmp_path / "a-long-one.py").write_text("SIZE = 2")
    (tmp_path / "_shared.py").write_text("SIZE = 3")
    (tmp_path / "notes.txt").write_text("nothing")
    assert furnish_folder(tmp_path, "SIZE", int) == {"a-long-one": 2, "smoke": 1}


def test_two_folders_may_hold_files_of_one_name(tmp_path: Path) -> None:
    for size, name in enumerate(("ours", "theirs")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "smoke.py").write_text(f"SIZE = {size}")
    assert furnish_folder(tmp_path / "ours", "SIZE", int) == {"smoke": 0}
    assert furnish_folder(tmp_path / "theirs", "SIZE", int) == {"smoke": 1}
    assert "smoke" not in sys.modules


def test_a_missing_folder_is_an_empty_room(tmp_path: Path) -> None:
    assert furnish_folder(tmp_path / "nowhere", "SIZE", int) == {}


def test_a_file_with_a_slip_of_the_pen_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "smoke.py").write_text("SIZE =\n")
    with pytest.raises(ToolkitError, match=r"smoke\.py cannot be loaded: SyntaxError: .*line 1\)") as caught:
        furnish_folder(tmp_path, "SIZE", int)
    assert str(tmp_path) in caught.value.problem
