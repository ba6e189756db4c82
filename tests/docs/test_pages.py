"""What the pages say is so: their links lead somewhere and their commands exist."""

import contextlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from toolkit.cli import parser
from toolkit.cli.command import Command
from toolkit.errors import UsageError
from toolkit.rooms import furnish

LINK = re.compile(r"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")
COMMANDS = furnish("toolkit.cli.commands", "COMMAND", Command)


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_each_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        place, _, anchor = link.partition("#")
        if place.startswith(("https://", "mailto:")):
            continue
        target = page.parent / place if place else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in _anchors(target), f"{link}: no such heading"


def test_each_toolkit_command_on_a_page_is_understood(commands: list[tuple[str, list[str]]]) -> None:
    typed = [(page, words) for page, words in commands if Path(words[0]).name == "toolkit"]
    assert typed
    for page, words in typed:
        try:
            with contextlib.suppress(SystemExit):  # --help
                parser(COMMANDS).parse_args(words[1:])
        except UsageError as error:
            pytest.fail(f"{page}: {' '.join(words)}: {error}")


def test_each_command_named_within_a_sentence_exists(page: Path) -> None:
    named = set(re.findall(r"`toolkit ([a-z]\w*)", page.read_text()))
    assert named <= set(COMMANDS)


def test_each_nox_session_on_a_page_exists(root: Path, commands: list[tuple[str, list[str]]]) -> None:
    listing = [sys.executable, "-m", "nox", "--list", "--json"]
    listed = subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True)
    known = {session[key] for session in json.loads(listed.stdout) for key in ("session", "name")}
    for page, words in commands:
        if Path(words[0]).name == "nox" and "-s" in words:
            assert words[words.index("-s") + 1] in known, f"{page}: {' '.join(words)}"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_documented(root: Path, name: str) -> None:
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]
    assert any(re.search(rf"\btoolkit {name}\b", page.read_text()) for page in pages)


def test_ci_runs_the_command_that_the_readme_gives(root: Path) -> None:
    (command,) = [line for line in (root / ".ci/run").read_text().splitlines() if line.endswith("/nox")]
    assert command in (root / "README.md").read_text().splitlines()


def test_the_changelog_has_this_version(root: Path) -> None:
    declared = re.search(r'^version = "(.+)"$', (root / "pyproject.toml").read_text(), re.MULTILINE)
    assert declared
    changelog = (root / "CHANGELOG.md").read_text()
    assert re.search(rf"^## \[{re.escape(declared[1])}\]", changelog, re.MULTILINE)
    assert re.search(r"^## \[Unreleased\]", changelog, re.MULTILINE)
