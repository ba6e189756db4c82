"""Which services a request means: those named and those they need, checked for names and circles."""

from collections.abc import Iterable, Mapping

from toolkit.environment.service import Service
from toolkit.errors import UsageError, did_you_mean


def choose(room: Mapping[str, Service], wanted: Iterable[str]) -> dict[str, Service]:
    """Collect the wanted services and all that they need, each after what it needs.

    It also comes after what it wants, where that is among them.

    Args:
        room: Every service there is.
        wanted: Names; none means all.

    Raises:
        UsageError: A name is unknown, or services need one another in a circle.
    """
    chosen = _closure(room, wanted or room)
    needs = {
        name: (*service.needs, *(one for one in service.wants if one in chosen))
        for name, service in chosen.items()
    }
    ordered = _closure({name: room[name]._replace(needs=needs[name]) for name in chosen}, chosen)
    return {name: room[name] for name in ordered}


def _closure(room: Mapping[str, Service], wanted: Iterable[str]) -> dict[str, Service]:
    chosen: dict[str, Service] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise UsageError(f"Services need one another in a circle: {' -> '.join((*path, name))}.")
        if name not in room:
            raise UsageError(f"There is no service '{name}'.", did_you_mean(name, room))
        if name not in chosen:
            for need in room[name].needs:
                visit(need, (*path, name))
            chosen[name] = room[name]

    for name in wanted:
        visit(name, ())
    return chosen


def check_ports(services: Mapping[str, Service], ports: Iterable[str]) -> None:
    """Refuse a port that is wished for something that is no endpoint of these services.

    Raises:
        UsageError: No such endpoint; the message names the likely right one.
    """
    known = [endpoint for service in services.values() for endpoint in service.endpoints]
    for endpoint in ports:
        if endpoint not in known:
            raise UsageError(
                f"There is no endpoint '{endpoint}' to give a port to.", did_you_mean(endpoint, known)
            )
