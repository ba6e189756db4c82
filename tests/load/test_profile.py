"""A profile is checked as a whole before anything is sent."""

from collections.abc import Callable
from pathlib import Path

import pytest

from toolkit.errors import ToolkitError
from toolkit.load.profile import Profile, journeys, profiles, workload


def test_a_workload_is_a_profile_with_its_objectives_read(write_profile: Callable[..., None]) -> None:
    write_profile(objectives=("errors < 1 %", "p95 of ping < 1 s"))
    chosen = workload("short")
    assert (chosen.name, [objective.of for objective in chosen.objectives]) == ("short", ["", "ping"])


def test_the_shipped_profiles_are_found_beside_ones_own(write_profile: Callable[..., None]) -> None:
    write_profile()
    assert {"short", "smoke"} <= profiles().keys()


def test_ones_own_profile_hides_the_shipped_one(project: Path, write_profile: Callable[..., None]) -> None:
    write_profile()
    folder = project / "loadtests" / "profiles"
    (folder / "short.py").rename(folder / "smoke.py")
    assert profiles()["smoke"].summary == "A test."


def test_ones_own_journey_hides_the_shipped_one(project: Path) -> None:
    own = project / "loadtests" / "journeys"
    other = project / "other"
    other.mkdir()
    (other / "ping.py").write_text((own / "ping.py").read_text().replace("Ask once.", "Ask elsewhere."))
    assert journeys([own, other])["ping"].summary == "Ask once."
    assert journeys([other, own])["ping"].summary == "Ask elsewhere."


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"journeys": {"pign": 1}}, "Profile 'short': There is no journey 'pign'. Did you mean 'ping'?"),
        ({"journeys": {"ping": 0}}, "Profile 'short': The rate of ping is 0. A rate is above zero."),
        ({"journeys": {}}, "Profile 'short': It has no journeys."),
        ({"seconds": 0}, "Profile 'short': 'seconds' is 0. It is above zero."),
        ({"warm_up": -1}, "Profile 'short': 'warm_up' is -1. It is at least 0."),
        ({"in_flight": 0}, "Profile 'short': 'in_flight' is 0. It is at least 1."),
        (
            {"objectives": ("p95 < 1 s",)},
            "Profile 'short': No objective is on all errors. A dead service is fast",
        ),
        (
            {"objectives": ("errors < 1 %", "p95 of pnig < 1 s")},
            (
                "Profile 'short': The objective 'p95 of pnig < 1 s' is wrong at column 8: "
                "there is no journey 'pnig'. Did you mean 'ping'?"
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    write_profile: Callable[..., None], words: dict[str, object], complaint: str
) -> None:
    write_profile(**words)
    with pytest.raises(ToolkitError) as caught:
        workload("short")
    assert str(caught.value).startswith(complaint)


def test_a_misspelt_profile_is_answered_with_the_likely_one() -> None:
    with pytest.raises(ToolkitError, match="There is no profile 'smok'. Did you mean 'smoke'?"):
        workload("smok")


def test_the_warm_up_comes_before_what_is_counted() -> None:
    profile = Profile(
        summary="A test.", journeys={"a": 10}, objectives=(), seconds=2, warm_up=1, pattern="uniform"
    )
    assert len(profile.arrivals()) == 30
    assert profile.rate == 10
