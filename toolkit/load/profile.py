"""What a file of the PROFILE room offers: a workload, and what must hold under it."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from toolkit.content import folders
from toolkit.errors import ToolkitError, did_you_mean
from toolkit.load.arrivals import Arrival, Pattern, schedule
from toolkit.load.journey import Journey
from toolkit.load.objectives import Objective, parse
from toolkit.rooms import furnish_folder


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A workload with objectives, named after its file.

    Attributes:
        summary: One sentence.
        journeys: Arrivals a second for each journey.
        objectives: What must hold, in the language of `toolkit.load.objectives`; one must be on errors,
            because a service that refuses everything is fast.
        seconds: How long arrivals are counted.
        warm_up: How many seconds of arrivals come before that, sent but not counted.
        pattern: How arrivals are spread.
        seed: The same seed brings the same customers at the same moments.
        in_flight: How many customers may be under way at once; one more is shed, which makes the run
            invalid. It is a guard for the machine, far above what the service needs.
        drain: How many seconds customers have to finish after the last arrival; who has not by then
            counts as failed.
    """

    summary: str
    journeys: Mapping[str, float]
    objectives: tuple[str, ...]
    seconds: float
    warm_up: float = 1.0
    pattern: Pattern = "poisson"
    seed: int = 1
    in_flight: int = 500
    drain: float = 5.0

    @property
    def rate(self) -> float:
        """Arrivals a second, of all journeys together."""
        return sum(self.journeys.values())

    def arrivals(self) -> tuple[Arrival, ...]:
        """Plan the arrivals, those of the warm-up first."""
        return schedule(self.journeys, self.warm_up + self.seconds, self.pattern, self.seed)


class Workload(msgspec.Struct, frozen=True):
    """A profile that was checked, with its name and its objectives parsed."""

    name: str
    profile: Profile
    objectives: tuple[Objective, ...]


def profiles() -> dict[str, Profile]:
    """Find all profiles; a project's own hides a shipped one of the same name."""
    found: dict[str, Profile] = {}
    for folder in reversed(folders("loadtests", "profiles")):
        found |= furnish_folder(folder, "PROFILE", Profile)
    return found


def journeys(places: Iterable[Path]) -> dict[str, Journey]:
    """Find all journeys of some folders; one in an earlier folder hides its namesakes."""
    found: dict[str, Journey] = {}
    for folder in reversed(list(places)):
        found |= furnish_folder(folder, "JOURNEY", Journey)
    return found


def workload(name: str) -> Workload:
    """Find a profile and check all of it before anything is sent.

    Raises:
        ToolkitError: There is no such profile, or something in it is wrong; the message names the place.
    """
    known = profiles()
    if name not in known:
        raise ToolkitError(f"There is no profile '{name}'.", did_you_mean(name, known))
    try:
        return check(name, known[name], journeys(folders("loadtests", "journeys")))
    except ToolkitError as error:
        raise ToolkitError(f"Profile '{name}': {error.problem}", error.remedy) from error


def check(name: str, profile: Profile, known: Collection[str]) -> Workload:
    """Check a profile against the journeys that exist.

    Raises:
        ToolkitError: Something in it is wrong.
    """
    for journey, rate in profile.journeys.items():
        if journey not in known:
            raise ToolkitError(f"There is no journey '{journey}'.", did_you_mean(journey, known))
        if rate <= 0:
            raise ToolkitError(f"The rate of {journey} is {rate:g}.", "A rate is above zero.")
    if not profile.journeys:
        raise ToolkitError("It has no journeys.", "Give each a rate: journeys={'purchase': 20}.")
    if profile.seconds <= 0:
        raise ToolkitError(f"'seconds' is {profile.seconds:g}.", "It is above zero.")
    for field, least in (("warm_up", 0), ("drain", 0), ("in_flight", 1)):
        if getattr(profile, field) < least:
            raise ToolkitError(f"'{field}' is {getattr(profile, field):g}.", f"It is at least {least}.")
    objectives = tuple(parse(text, profile.journeys) for text in profile.objectives)
    if not any(objective.metric == "errors" and not objective.of for objective in objectives):
        raise ToolkitError("No objective is on all errors.", "A dead service is fast: add 'errors < 1 %'.")
    return Workload(name, profile, objectives)
