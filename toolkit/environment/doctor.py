"""Looks at the machine for all that an environment needs, and says what to do about what is missing."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from toolkit.config import state_directory
from toolkit.environment import given, privilege, runs, wire
from toolkit.environment.privilege import Stance
from toolkit.environment.running import ROOM
from toolkit.environment.service import Service, Site
from toolkit.errors import ToolkitError
from toolkit.rooms import furnish

_ZONE = "America/Los_Angeles"
_DOCKER = "unix:///var/run/docker.sock"


class Finding(NamedTuple):
    """What was looked at and found.

    Attributes:
        name: What was looked at.
        verdict: `ok`; `note` for what works less well or is optional; `missing` for what is needed.
        says: What was found, a sentence or a few words.
        remedy: What to do about it; empty where there is nothing to do.
    """

    name: str
    verdict: Literal["ok", "note", "missing"]
    says: str
    remedy: str = ""


def examine(*, fix: bool = False) -> list[Finding]:
    """Look at everything.

    Args:
        fix: Remove what killed runs left behind.
    """
    findings = [_python(), *_state(fix=fix), *_services(), _user(), _time_zones(), _ports(), _memory()]
    return [*findings, _docker()]


def _python() -> Finding:
    return Finding("python", "ok", f"{platform.python_version()} on {platform.platform(terse=True)}.")


def _state(*, fix: bool) -> Iterator[Finding]:
    try:
        place = runs.Place(state_directory())
        left = runs.collect(place) if fix else runs.leftovers(place)
    except ToolkitError as error:
        yield Finding("state directory", "missing", error.problem, error.remedy)
        return
    yield Finding("state directory", "ok", f"{place.state} can be written.")
    if left and not fix:
        remedy = "Run: toolkit doctor --fix. The next start removes them, too."
        yield Finding("leftovers", "note", f"Killed runs left {len(left)} behind.", remedy)
    else:
        yield Finding("leftovers", "ok", f"Removed {len(left)}." if left else "None.")


def _services() -> Iterator[Finding]:
    room = furnish(ROOM, "SERVICE", Service)
    nowhere = Path("nowhere")
    urls = {endpoint: f"http://{wire.HOST}:1" for service in room.values() for endpoint in service.endpoints}
    for name, service in room.items():
        site = Site(nowhere, nowhere, nowhere, dict.fromkeys(service.endpoints, 1), urls)
        try:
            source = "given" if given.take(name, service) else service.plan(site)[0]
            yield Finding(name, "ok", f"{service.summary}, {source}.")
        except ToolkitError as error:
            yield Finding(name, "missing", error.problem, error.remedy)


def _user() -> Finding:
    user = os.geteuid()
    named = "" if privilege.has_name(user) else ", who has no passwd entry"
    try:
        stance = privilege.choose_stance()
    except ToolkitError as error:
        return Finding("user", "missing", error.problem, error.remedy)
    says = f"User {user}{named}; Postgres runs {stance.value}."
    if stance is Stance.NAMESPACE:
        return Finding("user", "ok", says)
    return Finding("user", "note", says, "User namespaces, which are refused here, would clean up better.")


def _time_zones() -> Finding:
    try:
        ZoneInfo(_ZONE)
    except ZoneInfoNotFoundError:
        return Finding("time zones", "missing", f"{_ZONE} is unknown.", "Run: pip install tzdata.")
    return Finding("time zones", "ok", f"{_ZONE} is known.")


def _ports() -> Finding:
    try:
        wire.hold("any").close()
    except ToolkitError as error:
        return Finding("ports", "missing", error.problem, "Free some ports, or allow loopback.")
    return Finding("ports", "ok", f"There are free ones on {wire.HOST}.")


def _memory() -> Finding:
    chosen = runs.scratch_root()
    if str(chosen) == runs.MEMORY:
        return Finding("memory for data", "ok", f"{chosen} has {_megabytes(chosen)} MB free.")
    remedy = f"Give {runs.MEMORY} {runs.ROOMY // 2**20} MB and let it execute files."
    return Finding("memory for data", "note", f"Data goes to {chosen}, which may be slow.", remedy)


def _megabytes(directory: Path) -> int:
    disk = os.statvfs(directory)
    return disk.f_bavail * disk.f_frsize // 2**20


def _docker() -> Finding:
    host = os.environ.get("DOCKER_HOST") or _DOCKER
    if wire.ask(host, b"GET /_ping HTTP/1.0\r\n\r\n", b"OK").endswith(b"OK"):
        return Finding("docker", "ok", f"A daemon answers at {host}.")
    return Finding("docker", "note", f"No daemon answers at {host}.", "Nothing to do: it is optional.")
