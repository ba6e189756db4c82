"""Opening a cassette around any HTTP client of this process: the one module that knows vcrpy."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, Protocol, TypedDict, get_args
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from toolkit.clock import Clock
from toolkit.errors import ToolkitError, did_you_mean
from toolkit.recording import files
from toolkit.recording.interactions import Request, Response
from toolkit.recording.tape import Player, Recorder
from toolkit.recording.wire import request_from_wire, response_from_wire, response_to_wire

Mode = Literal["none", "record"]

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def cassette(
    name: str | Path, mode: Mode = "none", *, allow_unplayed: bool = False, clock: Clock | None = None
) -> Iterator[Player | Recorder]:
    """Put a cassette between every HTTP client of this process and the network, for the length of a block.

    Args:
        name: `area/name` among the cassettes of this project and the shipped ones, or a path.
        mode: "none" answers from the cassette and sends nothing. "record" sends everything, and writes the
            cassette anew when the block ends well; a block that raises leaves the old one.
        allow_unplayed: Whether part of the cassette may be left unplayed when the block ends.
        clock: Tells the time of the recording; the wall's by default.

    Yields:
        The tape. `tape.unplayed` are the recorded requests that were not made yet.

    Raises:
        ToolkitError: There is no such cassette, another one is open, or a request cannot be recorded.
        UnrecordedRequestError: A request was made that is not in the cassette; raised to its maker.
        UnplayedError: The block ended well and part of the cassette was not played.
    """
    if mode not in get_args(Mode):
        raise ToolkitError(
            f"Cassette '{name}' cannot be opened with mode '{mode}'.", did_you_mean(mode, get_args(Mode))
        )
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise ToolkitError(
            f"Cassette '{name}' cannot be opened while another one is.",
            "Close that one first; processes may each have one, threads and tasks of one process share it.",
        )
    try:
        tape = (
            Recorder((clock or Clock.from_wall()).now)
            if mode == "record"
            else Player(str(name), files.read(files.path_to_read(name)))
        )
        with _patched_clients(_Deck(tape)):
            yield tape
        if isinstance(tape, Recorder):
            files.write(files.path_to_write(name), tape.cassette())
        elif not allow_unplayed:
            tape.check_all_played()
    finally:
        _ONE_AT_A_TIME.release()


@contextmanager
def _patched_clients(deck: "_Deck") -> Iterator[None]:
    from vcr.patch import CassettePatcherBuilder  # type: ignore[import-untyped]  # vcrpy has no types  # noqa: PLC0415 - importing vcr takes 300 ms

    with ExitStack() as patches:
        for patch in CassettePatcherBuilder(deck).build():
            patches.enter_context(patch)
        yield


class _Asked(Protocol):
    """A request as vcrpy hands it over."""

    method: str
    uri: str
    headers: Mapping[str, str | bytes]
    body_bytes: bytes | None


class _Status(TypedDict):
    code: int
    message: str


class _Answered(TypedDict):
    """A response as vcrpy hands it over and takes it; the body under `string` is bytes."""

    status: _Status
    headers: dict[str, list[str]]
    body: dict[str, bytes]


class _Deck:
    """What vcrpy's stand-ins for connections ask of a cassette: may I send this, what is the answer."""

    skip_patchers: tuple[str, ...] = ()
    custom_patches: tuple[object, ...] = ()

    def __init__(self, tape: Player | Recorder) -> None:
        self._tape = tape
        self._path = ""  # vcrpy makes it part of a class name
        self._answers: WeakKeyDictionary[_Asked, Response] = WeakKeyDictionary()

    @property
    def write_protected(self) -> bool:
        return isinstance(self._tape, Player)

    def can_play_response_for(self, asked: _Asked) -> bool:
        if isinstance(self._tape, Recorder):
            self._tape.admit(urlsplit(asked.uri).hostname or "")
        elif asked not in self._answers:  # vcrpy may ask more than once for one request
            self._answers[asked] = self._tape.answer(_request(asked))
        return asked in self._answers

    def play_response(self, asked: _Asked) -> _Answered:
        response = self._answers[asked]
        lines, body = response_to_wire(response)
        headers: dict[str, list[str]] = {}
        for name, value in lines:
            headers.setdefault(name, []).append(value)
        status = _Status(code=response.status, message=http.client.responses.get(response.status, ""))
        return _Answered(status=status, headers=headers, body={"string": body})

    def append(self, asked: _Asked, answered: _Answered) -> None:
        if isinstance(self._tape, Recorder):
            request = _request(asked)
            lines = ((name, value) for name, values in answered["headers"].items() for value in values)
            self._tape.keep(
                request,
                response_from_wire(request, answered["status"]["code"], lines, answered["body"]["string"]),
            )


def _request(asked: _Asked) -> Request:
    headers = (
        (name, value.decode() if isinstance(value, bytes) else str(value))
        for name, value in asked.headers.items()
    )
    return request_from_wire(asked.method, asked.uri, headers, asked.body_bytes or b"")
