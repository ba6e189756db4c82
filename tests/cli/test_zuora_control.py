"""`toolkit zuora ACTION`: a running simulator is controlled from the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from toolkit import worlds
from toolkit.cli import main
from toolkit.cli.token import VARIABLE
from toolkit.zuora.simulator import Simulator
from toolkit.zuora.tenants import Tenants
from toolkit.zuora.web.server import running

Run = Callable[..., Any]
PAGE = Path(__file__).parents[1] / "zuora" / "recordings" / "catalog" / "page.json"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run an action against a simulator with a control token, and return what it says."""
    with (
        Tenants("empty", lambda: worlds.load("empty")) as tenants,
        running(Simulator(tenants, worlds.load, "geheim").handle) as url,
    ):
        monkeypatch.setenv(VARIABLE, "geheim")

        def run(*words: str) -> Any:  # noqa: ANN401 - JSON
            code = main(["zuora", *words, "--url", url])
            said = capsys.readouterr()
            assert "geheim" not in said.out + said.err
            return json.loads(said.out or "null") if code == 0 else f"{code}: {said.err.rstrip()}"

        yield run


def test_time_goes_forward_and_back(run: Run) -> None:
    assert run("snapshot", "here")["number"] == 0
    assert run("clock", "--advance", "P1D")["now"][:10] == "2026-01-02"
    assert run("clock", "--to", "2026-02-01")["now"][:10] == "2026-02-01"
    assert list(run("diff", "here")["tenant"]) == ["now"]
    assert run("diff", "here", "0") == {"tenant": {}, "tables": {}}
    assert run("rewind", "1")["now"][:10] == "2026-01-02"
    run("restore", "here")
    assert run("clock")["now"][:10] == "2026-01-01"
    assert run("snapshot") == {"snapshots": [{"name": "here", "number": 0}]}
    assert run("snapshot", "here", "--delete") == {"snapshots": []}
    assert [row["number"] for row in run("journal", "--after", "1", "--size", "2")["requests"]] == [2, 3]


def test_tenants_come_and_go_and_are_carried(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "tenant.world")
    run("tenants", "--add", "b", "--world", "empty")
    run("seed", str(PAGE), "--tenant", "b")
    assert run("export", file, "--tenant", "b") is None
    run("tenants", "--add", "c", "--fork", "default")
    assert run("import", file, "--tenant", "c")["number"] == 1
    assert "products" in run("diff", "0", "--tenant", "c")["tables"]
    run("tenants", "--remove", "b")
    assert [one["name"] for one in run("tenants")["tenants"]] == ["default", "c"]
    assert run("coverage")["operations"]["known"] == 667


def test_limits_and_faults_are_planned(run: Run) -> None:
    (planned,) = run("faults", "error", "--category", "50", "--path", "/v1/orders*", "--times", "3")["faults"]
    assert (planned["left"], planned["fault"]["path"]) == (3, "/v1/orders*")
    assert run("faults") == {"faults": [planned]}
    assert run("faults", "--clear") == {"faults": []}
    assert run("limits", "developer-sandbox") == run("limits") == {"kind": "developer-sandbox"}
    assert run("limits", "off") == {"kind": None}
    assert "Did you mean 'production'" in run("limits", "prodution")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("faults", "eror"), "2: toolkit: There is no kind 'eror'. Did you mean 'error'?"),
        (("faults", "--category", "50"), "2: toolkit: A fault has a kind. Begin with one of: error,"),
        (("faults", "error", "--clear"), "2: toolkit: --clear takes every fault away"),
        (("snapshot", "--delete"), "2: toolkit: --delete takes the name of a snapshot away. Say which."),
        (("snapshot", "a/b?c", "--delete"), "1: toolkit: There is no snapshot 'a/b?c'."),
        (
            ("tenants", "--world", "empty"),
            "2: toolkit: --world and --fork say what a new tenant begins with.",
        ),
        (
            ("tenants", "--add", "a", "--world", "empty", "--remove", "b"),
            "2: toolkit: --add and --remove are",
        ),
        (("tenants", "--remove", "b?c"), "1: toolkit: There is no tenant 'b?c'."),
        (("clock", "--to", "2026-02-01", "--advance", "P1D"), "1: toolkit: 'advance' and 'to' both say"),
        (("clock", "--to", "tomorrow"), "1: toolkit: The clock cannot move by or to 'tomorrow'."),
    ],
)
def test_what_would_be_passed_over_is_refused(run: Run, words: tuple[str, ...], said: str) -> None:
    assert run(*words).startswith(said)


def test_an_export_that_fails_leaves_the_former_one(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tenant.world"
    file.write_text("former")
    (tmp_path / "tenant.world.part").mkdir()
    assert "cannot be written" in run("export", str(file))
    assert file.read_text() == "former"


def test_what_goes_wrong_is_one_sentence(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("restore", "x").startswith("1: toolkit: There is no snapshot 'x'.")
    assert "cannot be written: Is a directory" in run("export", str(tmp_path))
    assert "cannot be written: No such file" in run("export", str(tmp_path / "none" / "tenant.world"))
    assert "cannot be read: No such file" in run("import", str(tmp_path / "none"))
    (tmp_path / "token").write_text("wrong\n")
    assert "need the token" in run("clock", "--control-token", str(tmp_path / "token"))
    assert "cannot be read" in run("clock", "--control-token", str(tmp_path / "none"))
    monkeypatch.setenv(VARIABLE, " ")
    assert f"The control token in {VARIABLE} is no line of printable ASCII" in run("clock")
    monkeypatch.delenv(VARIABLE)
    assert "need the token" in run("clock")
