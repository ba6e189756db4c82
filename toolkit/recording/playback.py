"""Playing a whole cassette through a real HTTP client, from which nothing reaches the network."""

from collections.abc import Callable
from typing import NamedTuple

from toolkit.recording import files
from toolkit.recording.interactions import Recorded
from toolkit.recording.recorder import cassette
from toolkit.recording.sending import Step, http_client, send

_NOWHERE = "http://cassette.invalid"


class PlayResult(NamedTuple):
    """What was played."""

    name: str
    recorded: Recorded
    steps: tuple[Step, ...]


def play(name: str, progress: Callable[[Step], None] = lambda _: None) -> PlayResult:
    """Make each request of a cassette, in order, and have the cassette answer it.

    Args:
        name: `area/name`.
        progress: Is told of each request once it has its response.

    Raises:
        ToolkitError: There is no such cassette, or it does not answer its own requests.
    """
    recording = files.read(files.path_to_read(name))
    steps: list[Step] = []
    with cassette(name), http_client() as client:
        for interaction in recording.interactions:
            live = send(client, _NOWHERE, interaction.request)
            steps.append(Step.of(interaction.request, live))
            progress(steps[-1])
    return PlayResult(name, recording.recorded, tuple(steps))
