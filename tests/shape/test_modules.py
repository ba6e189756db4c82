"""The habits that every module of the project keeps."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("toolkit", "tests", "benchmarks", "loadtests")
    for path in (ROOT / folder).rglob("*.py")
)
MOST_LINES = 400
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_in_its_first_line_what_it_holds(module: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / module).read_text()))
    assert said, "it has no docstring"
    assert said.splitlines()[0].endswith(".")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_short(module: str) -> None:
    assert len((ROOT / module).read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_named_after_what_it_holds(module: str) -> None:
    assert not SAYS_NOTHING.intersection(Path(module).with_suffix("").parts)


def test_no_module_is_named_after_two_things() -> None:
    assert [module for module in MODULES if module.startswith("toolkit/") and "_and_" in module] == []
