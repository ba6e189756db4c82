"""A generator's measurement reaches its parent, however the generator ends."""

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from toolkit.load.feed import Plan
from toolkit.load.generator import generate
from toolkit.load.measurement import Measurement
from toolkit.load.profile import Profile

BEGIN = """
import os, signal, sys, time
import msgspec
from toolkit.load.feed import VARIABLE, Feed, Plan
from toolkit.load.measurement import Measurement, Second
plan = msgspec.json.decode(os.environ[VARIABLE], type=Plan)
feed = Feed(os.fdopen(plan.feed, "wb"))
feed.write(Measurement(shed=1))
"""
PLAN = Plan(
    profile=Profile(summary="A test.", journeys={"ping": 1}, objectives=(), seconds=1),
    journeys=("here",),
    today="2026-01-01",
    feed=-1,
    parent=os.getpid(),
)


def _generate(script: str, tmp_path: Path, **patience: float) -> list[Measurement]:
    command = (sys.executable, "-c", BEGIN + script)
    return list(generate(command, PLAN, tmp_path / "generator.log", **patience))


def test_parts_arrive_as_they_were_written_with_the_time_and_cpu_they_took(tmp_path: Path) -> None:
    script = "sum(range(10**6)); feed.write(Measurement(shed=2, ended='done'))"
    first, last = _generate(script, tmp_path)
    assert (first.shed, last.shed, last.ended) == (1, 2, "done")
    assert last.cpu > 0
    assert last.elapsed > 0


def test_a_generator_is_told_its_plan(tmp_path: Path) -> None:
    script = "feed.write(Measurement(ended=f'{plan.today} {plan.journeys} {plan.profile.seconds}'))"
    assert _generate(script, tmp_path)[-1].ended == "2026-01-01 ('here',) 1.0"


@pytest.mark.parametrize(
    ("script", "ended"),
    [
        ("sys.exit(7)", "stopped with exit code 7, see"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL, see"),
        ("os.write(plan.feed, b'{\"shed\":'); sys.exit(0)", "stopped with exit code 0, see"),
    ],
)
def test_an_early_end_is_said_and_what_was_measured_is_kept(tmp_path: Path, script: str, ended: str) -> None:
    first, last = _generate(script, tmp_path)
    assert first.shed == 1
    assert last.ended == f"{ended} {tmp_path}/generator.log"


def test_what_a_generator_says_is_in_its_log_and_locusts_settings_stay_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCUST_RUN_TIME", "1s")
    _generate("print('LOCUST_RUN_TIME' in os.environ, os.getcwd())", tmp_path)
    assert (tmp_path / "generator.log").read_text() == f"False {tmp_path}\n"


def test_nobody_listening_any_more_ends_the_generator(tmp_path: Path) -> None:
    script = "feed.write(Measurement(shed=os.getpid())); time.sleep(3600)"
    with closing(generate((sys.executable, "-c", BEGIN + script), PLAN, tmp_path / "log")) as parts:
        _, second = next(parts), next(parts)
    with pytest.raises(ProcessLookupError):
        os.kill(second.shed, 0)


def test_a_generator_that_lingers_after_its_last_word_is_ended(tmp_path: Path) -> None:
    script = "feed.write(Measurement(ended='done')); os.close(plan.feed); time.sleep(3600)"
    assert _generate(script, tmp_path, farewell=0.1)[-1].ended == "done"


def test_a_generator_that_says_nothing_is_ended_after_its_time(tmp_path: Path) -> None:
    profile_takes = 1 + 1 + 5
    *_, last = _generate("time.sleep(3600)", tmp_path, start_up=0.5 - profile_takes)
    assert last.ended.startswith("was ended by SIGKILL")
