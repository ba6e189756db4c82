"""Each recipe of CONTRIBUTING is one file that works where it is put."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from toolkit.zuora.client import Client, RefusedError

RECIPE = re.compile(r"^### An? (\w+): `(\S+)`\n(?:.*?)^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Cook = Callable[[str], "Kitchen"]


class Kitchen:
    """A copy of the project with one recipe's file in it, and the toolkit run from there."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(place),
            "TOOLKIT_STATE": str(place / "state"),
        }

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run this Python in the copy to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self._place,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[str]:
        """Run a command of the copied toolkit for as long as this lasts; yields its first line."""
        command = [sys.executable, "-m", "toolkit", *arguments]
        with subprocess.Popen(
            command, cwd=self._place, env=self._environment, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline()
            finally:
                process.terminate()


@pytest.fixture(scope="module")
def recipes(root: Path) -> dict[str, tuple[str, str]]:
    """The file and the text of each recipe, by what it makes."""
    found = RECIPE.findall((root / "CONTRIBUTING.md").read_text())
    return {kind: (file, text) for kind, file, text in found}


@pytest.fixture
def cook(root: Path, tmp_path: Path, recipes: dict[str, tuple[str, str]]) -> Cook:
    """Copy the project and put a recipe's file into it."""

    def cook(kind: str) -> Kitchen:
        leave = shutil.ignore_patterns("__pycache__")
        for folder in ("toolkit", "fixtures", "cassettes", "loadtests"):
            shutil.copytree(root / folder, tmp_path / folder, ignore=leave)
        file, text = recipes[kind]
        assert not (tmp_path / file).exists(), f"{file} exists by now: choose another example"
        (tmp_path / file).write_text(text)
        return Kitchen(tmp_path)

    return cook


def test_there_are_the_four_recipes(recipes: dict[str, tuple[str, str]]) -> None:
    assert list(recipes) == ["endpoint", "factory", "service", "profile"]


@pytest.mark.parametrize("kind", ["endpoint", "factory", "service", "profile"])
def test_a_recipe_is_written_in_the_style_of_the_house(
    root: Path, cook: Cook, kind: str, recipes: dict[str, tuple[str, str]]
) -> None:
    kitchen, settings = cook(kind), f"--config={root / 'pyproject.toml'}"
    for check in (["check"], ["format", "--diff"]):
        done = kitchen.python("-m", "ruff", *check, settings, recipes[kind][0])
        assert done.returncode == 0, done.stdout


def test_an_endpoint_answers_once_its_file_is_there(cook: Cook) -> None:
    with (
        cook("endpoint").running("serve", "zuora", "--port", "0") as first,
        Client(first.split()[1]) as client,
    ):
        account = client.post(
            "/v1/accounts",
            {
                "name": "Northern Software",
                "currency": "USD",
                "billCycleDay": 1,
                "billToContact": {"firstName": "Ada", "lastName": "Byron", "country": "United States"},
            },
        )["accountNumber"]
        client.post(
            "/v1/payments", {"type": "External", "accountNumber": account, "amount": 19, "currency": "USD"}
        )
        told = client.get(f"/gateway/accounts/{account}/paid")
        assert (told["accountNumber"], told["paid"]) == (account, 19)
        with pytest.raises(RefusedError, match="Cannot find entity"):
            client.get("/gateway/accounts/A99999999/paid")


USE_OF_THE_FACTORY = """
from toolkit.worlds.making import make
from toolkit.zuora.state.world import World

account, world = make(World(), "reseller", name="Northern Software")
assert world.accounts.find(account.number) == account
print(account.name, account.payment_term, account.batch)
"""


def test_a_factory_makes_records_once_its_file_is_there(cook: Cook) -> None:
    done = cook("factory").python("-c", USE_OF_THE_FACTORY)
    assert (done.stdout, done.stderr) == ("Northern Software Net 30 Batch20\n", "")


def test_a_service_is_part_of_the_environment_once_its_file_is_there(cook: Cook) -> None:
    with cook("service").running("up", "--json", "exports") as first:
        url = json.loads(first)["exports"]
        assert "Directory listing" in httpx2.get(url).text


def test_a_profile_is_known_once_its_file_is_there(cook: Cook) -> None:
    assert "first_of_month" in cook("profile").python("-m", "toolkit", "load", "list").stdout


@pytest.mark.load
def test_a_profile_is_run_once_its_file_is_there(cook: Cook, tmp_path: Path) -> None:
    done = cook("profile").python("-m", "toolkit", "load", "run", "first_of_month")
    assert "p95 of GET /v1/catalog/products < 500 ms" in done.stdout, done.stderr
    assert list((tmp_path / "reports/load/first_of_month").glob("*.html"))
