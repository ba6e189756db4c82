"""The benchmarks' machinery: what it prints, how it exits, and that its own load counts rightly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks._figures import Figure, in_turns
from benchmarks._traffic import rate
from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.server import running

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_unknown_name_lists_the_likely_right_one() -> None:
    ran = run("forks")
    assert (ran.returncode, ran.stderr) == (
        2,
        "benchmarks: There is no benchmark 'forks'. Did you mean 'fork'?\n",
    )


def test_help_lists_the_benchmarks() -> None:
    ran = run("--help")
    assert ran.returncode == 0
    assert {"fork", "http", "inprocess"} <= {line.split(" ")[0] for line in ran.stdout.splitlines()}


@pytest.mark.parametrize(("ratio", "said"), [(1.42, "(floor 1.00)"), (0.994, "(floor 1.00 MISSED)")])
def test_a_figure_stands_beside_its_floor(ratio: float, said: str) -> None:
    assert str(Figure("a", ratio, 1.0, "b")) == f"a ratio {ratio:.2f} {said} b"


def test_a_noisy_round_does_not_decide() -> None:
    speeds = iter([1.0, 8.0, 8.0, 800.0, 8.0, 8.0])
    sides = in_turns(lambda: next(speeds), lambda: 4.0)
    assert sides == (2.0, 8.0, 4.0)


@pytest.mark.parametrize("path", ["/usr/bin:/bin", ""], ids=["as it is", "without wrk"])
def test_the_load_counts_what_is_answered(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    def count(request: Request) -> Response:
        seen.append(request.path)
        return Response(200, (), request.body)

    monkeypatch.setenv("PATH", path)
    seen: list[str] = []
    with running(count) as url:
        rated = rate(url, [Request("GET", "/a"), Request("POST", "/b", body=b'{"c": "\\"\r\n"}')])
    assert abs(seen.count("/a") - seen.count("/b")) <= 1
    assert 0 < rated <= len(seen) * 1.1


@pytest.mark.parametrize("path", ["/usr/bin:/bin", ""], ids=["as it is", "without wrk"])
def test_figures_of_refusals_are_no_figures(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("PATH", path)
    refuse = Response(404, (), b"")
    with running(lambda _: refuse) as url, pytest.raises(ToolkitError, match=r"\d+ of \d+ requests"):
        rate(url, [Request("GET", "/")])


def test_the_page_of_speed_names_figures_that_are_measured() -> None:
    rows = re.findall(r"^\|[^|]+\| `(\w+)` \| ([^|]+) \|", (ROOT / "docs/speed.md").read_text(), re.MULTILINE)
    assert {"flat", "http", "inprocess", "memory", "peers", "restart"} == {name for name, _ in rows}
    for name, figures in rows:
        source = (ROOT / "benchmarks" / f"{name}.py").read_text()
        for figure in re.findall(r"`([\w-]+)`", figures):
            assert f'"{figure.removeprefix("flat-")}"' in source
