"""A run from the check before to the reports after, with a stand-in for the generator process."""

import json
import stat
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from toolkit.cli import main
from toolkit.errors import ToolkitError
from toolkit.load.run import Progress, locust_command, run_profile
from toolkit.load.verdict import Outcome

HOST = "http://127.0.0.1:9"
STAND_IN = """
import os, sys
import msgspec
from toolkit.load.feed import VARIABLE, Feed, Plan
from toolkit.load.recorder import Recorder
plan = msgspec.json.decode(os.environ[VARIABLE], type=Plan)
feed, recorder = Feed(os.fdopen(plan.feed, "wb")), Recorder(plan.profile.warm_up)
for number, arrival in enumerate(plan.profile.arrivals()):
    times = (arrival.at, arrival.at, arrival.at + 0.01)
    recorder.came(arrival.at, arrival.at)
    recorder.answered("GET /ping", arrival.at, times, "")
    recorder.left(arrival.journey, times, "")
    if number % 50 == 49:
        feed.write(recorder.take())
last = recorder.take()
last.ended = "done"
feed.write(last)
print(plan.today, plan.journeys)
"""

WriteProfile = Callable[..., None]


def _stand_in(script: str = STAND_IN) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


def test_a_run_leaves_its_verdict_and_its_reports(write_profile: WriteProfile, project: Path) -> None:
    write_profile(seconds=3, objectives=("errors < 1 %", "p50 < 20 ms"))
    out = project / "reports" / "short"
    result = run_profile("short", HOST, out, today=date(2026, 3, 1), command=_stand_in())
    assert result.measured.requests["GET /ping"].response.count == 300
    findings = (*result.verdict.objectives, *result.verdict.generator)
    held = {finding.outcome for finding in findings if "CPU" not in finding.rule}  # that is the machine's
    assert held == {Outcome.PASS}
    assert {path.name for path in out.iterdir()} == {
        *("verdict.json", "report.html", "junit.xml", "metrics.txt", "generator.log")
    }
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert result.page.is_file()
    assert (out / "generator.log").read_text().startswith(f"2026-03-01 ('{project}/loadtests/journeys', '")


def test_progress_is_told_as_it_is_made(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile(seconds=1)
    told: list[Progress] = []
    run_profile("short", HOST, tmp_path / "out", told.append, command=_stand_in())
    assert [(progress.arrivals, progress.completed, progress.failed) for progress in told] == [
        *[(50, 50, 0), (100, 100, 0), (100, 100, 0)]
    ]
    assert {progress.total for progress in told} == {1.0}
    assert told[-1].p95 == pytest.approx(10, rel=0.01)


def test_ctrl_c_keeps_what_was_measured(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile()

    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_profile("short", HOST, tmp_path / "out", interrupt, command=_stand_in())
    record = json.loads((tmp_path / "out" / "verdict.json").read_text())
    assert record["verdict"]["outcome"] == "INVALID"
    assert "it was interrupted" in record["verdict"]["sentence"]
    assert record["measured"]["requests"]["GET /ping"]["response"]["count"] == 50


def test_a_killed_generator_makes_the_run_invalid(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile()
    suicide = STAND_IN.replace(
        "last = recorder.take()", "import signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    result = run_profile("short", HOST, tmp_path / "out", command=_stand_in(suicide))
    assert result.verdict.outcome is Outcome.INVALID
    assert "was ended by SIGKILL" in result.verdict.sentence
    assert result.measured.requests["GET /ping"].response.count == 100


def test_no_request_at_all_is_no_data(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile(journeys={"ping": 0.01}, pattern="poisson")
    result = run_profile("short", HOST, tmp_path / "out", command=_stand_in())
    assert result.verdict.outcome is Outcome.NO_DATA


def test_an_earlier_runs_reports_are_gone_before_anything_is_sent(
    write_profile: WriteProfile, tmp_path: Path
) -> None:
    write_profile()
    run_profile("short", HOST, tmp_path / "out", command=_stand_in())
    seen: list[bool] = []
    run_profile(
        "short",
        HOST,
        tmp_path / "out",
        lambda _: seen.append((tmp_path / "out" / "verdict.json").exists()),
        command=_stand_in(),
    )
    assert set(seen) == {False}


def test_nothing_starts_for_a_host_elsewhere(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile()
    with pytest.raises(ToolkitError, match="Load goes to this machine only"):
        run_profile("short", "https://rest.zuora.com", tmp_path / "out", command=_stand_in())
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_said(write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile()
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ToolkitError, match="file/out cannot be written: Not a directory. Choose another --out."
    ):
        run_profile("short", HOST, tmp_path / "file" / "out", command=_stand_in())


def test_without_locust_the_extra_is_named(
    write_profile: WriteProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_profile()
    monkeypatch.setitem(sys.modules, "locust", None)  # Python's own way to say that it is absent
    with pytest.raises(ToolkitError, match=r"pip install 'fulfillment-toolkit\[load\]'"):
        locust_command(HOST)
    assert main(["load", "run", "short", "--host", HOST]) == 1


def test_profiles_are_listed_with_what_they_are_for(
    write_profile: WriteProfile, capsys: pytest.CaptureFixture[str]
) -> None:
    write_profile()
    assert main(["load", "list"]) == 0
    assert "short  A test.\n" in capsys.readouterr().out


def test_a_misspelt_profile_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", "run", "smok"]) == 1
    assert capsys.readouterr().err == "toolkit: There is no profile 'smok'. Did you mean 'smoke'?\n"
