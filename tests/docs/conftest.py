"""The pages that people read, and the commands that they are told to type."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELLS = {"sh", "bash", "shell", "console"}


class Line(NamedTuple):
    """A command of a page, split into words."""

    page: str
    words: list[str]


def pages() -> list[Path]:
    """List every page of the project."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def commands_of(page: Path) -> list[Line]:
    """List the commands in the shell blocks of a page, without prompts, comments and printed answers."""
    text = page.read_text()
    blocks = [(kind, block.replace("\\\n", " ")) for kind, block in FENCE.findall(text) if kind in SHELLS]
    lines = [
        line.removeprefix("$ ")
        for kind, block in blocks
        for line in block.splitlines()
        if kind != "console" or line.startswith("$ ")
    ]
    split = (shlex.split(line, comments=True) for line in lines)
    return [Line(page.name, part) for words in split for part in _parts(words)]


def _parts(words: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word in {"&&", "||", "|", ";", "&"}:
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's directory."""
    return ROOT


@pytest.fixture(scope="session")
def commands() -> list[Line]:
    """Every command on every page."""
    return [line for page in pages() for line in commands_of(page)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes a page once for each."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
