"""A tape in use: one that plays a cassette's interactions, each once, or one that takes new ones up."""

import difflib
import threading
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from typing import NoReturn

from toolkit.errors import ToolkitError
from toolkit.recording.hosts import kind_of_host
from toolkit.recording.interactions import Cassette, HostKind, Interaction, Recorded, Request, Response
from toolkit.recording.matching import Key, differences, key
from toolkit.recording.scrub import scrub

_SHOWN = 3


class UnrecordedRequestError(ToolkitError):
    """A request was made that the cassette cannot answer; it did not leave the machine."""


class UnplayedError(ToolkitError):
    """The cassette holds requests that were not made."""


class Player:
    """Answers from a cassette: every interaction once, equal requests in the order of the recording.

    Args:
        name: What to call the cassette in messages.
        cassette: What to play.
    """

    def __init__(self, name: str, cassette: Cassette) -> None:
        self.name = name
        self.cassette = cassette
        self._keys = tuple(key(interaction.request) for interaction in cassette.interactions)
        self._waiting: dict[Key, list[int]] = {}
        for index in reversed(range(len(self._keys))):
            self._waiting.setdefault(self._keys[index], []).append(index)
        self._played: set[int] = set()
        self._lock = threading.Lock()

    @property
    def unplayed(self) -> tuple[Request, ...]:
        """The recorded requests that nobody has made yet, in the order of the recording."""
        return tuple(self.cassette.interactions[index].request for index in self._rest())

    def answer(self, request: Request) -> Response:
        """Return the response of the first unplayed interaction whose request is this one.

        Raises:
            UnrecordedRequestError: There is none; names the closest recorded request and what differs.
        """
        sent = key(request)
        with self._lock:
            index = self._find(sent)
            self._waiting[self._keys[index]].remove(index)
            self._played.add(index)
        return self.cassette.interactions[index].response

    def check_all_played(self) -> None:
        """Check that the whole cassette was played.

        Raises:
            UnplayedError: Some of it was not; names the first requests.
        """
        rest = self.unplayed
        if rest:
            first = ", ".join(f"{request.method} {request.target}" for request in rest[:_SHOWN])
            more = f" and {len(rest) - _SHOWN} more" if len(rest) > _SHOWN else ""
            raise UnplayedError(
                f"{len(rest)} of the {len(self._keys)} requests in cassette '{self.name}' "
                f"were not made: {first}{more}.",
                "Make them, record anew, or open the cassette with allow_unplayed=True.",
            )

    def _rest(self) -> Iterable[int]:
        return (index for index in range(len(self._keys)) if index not in self._played)

    def _find(self, sent: Key) -> int:
        if exact := self._waiting.get(sent):
            return exact[-1]
        loose = (index for index in self._rest() if self._keys[index].is_loose)
        fitting = next((index for index in loose if not differences(sent, self._keys[index])), None)
        return self._refuse(sent) if fitting is None else fitting

    def _refuse(self, sent: Key) -> NoReturn:
        raise UnrecordedRequestError(
            f"{sent.method} {sent.path} is not in cassette '{self.name}'{self._closest(sent)}.",
            "Nothing was sent. Make the recorded request, or record anew: open the cassette with "
            f"mode='record', or run 'toolkit cassette record {self.name} --host URL'.",
        )

    def _closest(self, sent: Key) -> str:
        def distance(recorded: Key) -> tuple[int, float]:
            alike = difflib.SequenceMatcher(None, str(sent.path), str(recorded.path)).ratio()
            return len(differences(sent, recorded)), -alike

        rest = tuple(self._keys[index] for index in self._rest())
        if not rest:
            return ", all of which has been played"
        closest = min(rest, key=distance)
        played = " any more: each of its recordings has been played once" if sent in self._waiting else ""
        what = "; ".join(differences(sent, closest))
        return f"{played}; the closest that is left, {closest.method} {closest.path}, differs: {what}"


class Recorder:
    """Takes up what live hosts answer.

    Args:
        at: The time of the recording.
    """

    unplayed: tuple[Request, ...] = ()

    def __init__(self, at: datetime) -> None:
        self._at = at.replace(microsecond=0)
        self._against: HostKind | None = None
        self._interactions: list[Interaction] = []

    def admit(self, host: str) -> None:
        """Let a request pass to this host.

        Raises:
            ToolkitError: It is a production host.
        """
        kind = kind_of_host(host)
        self._against = self._against or kind

    def keep(self, request: Request, response: Response) -> None:
        """Take up an interaction, as it is; the secrets go when the cassette is made."""
        self._interactions.append(Interaction(request, response))

    def cassette(self) -> Cassette:
        """Return what was recorded, without its secrets.

        Raises:
            ToolkitError: Nothing was.
        """
        if self._against is None or not self._interactions:
            raise ToolkitError("Nothing was recorded, because no request was made.", "The file is as it was.")
        versions = (interaction.request.headers.get("zuora-version") for interaction in self._interactions)
        recorded = Recorded(
            at=self._at,
            against=self._against,
            toolkit=version("fulfillment-toolkit"),
            zuora_version=next((str(given) for given in versions if given), None),
        )
        return Cassette(1, recorded, scrub(self._interactions))
