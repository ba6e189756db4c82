"""The caller's end of the two pipes to a supervisor."""

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from toolkit.environment.messages import PATIENCE, RELEASE, Request, Timing, revive
from toolkit.environment.runs import Place, collect
from toolkit.errors import ToolkitError


class Conversation:
    """Lines to and from one supervisor, which ends when its caller hangs up.

    Args:
        state: The directory for everything that is kept.
        supervisor: Its process.
        saying: What it reads.
        hearing: What it writes.
    """

    def __init__(
        self, state: Path, supervisor: "subprocess.Popen[bytes]", saying: IO[bytes], hearing: IO[bytes]
    ) -> None:
        self._state = state
        self._supervisor = supervisor
        self._saying = saying
        self._hearing = hearing

    def follow(self, told: Callable[[Timing], None]) -> tuple[dict[str, Any], tuple[Timing, ...]]:
        """Listen until everything answers.

        Returns:
            The last message, with `urls` and `directory`, and all timings.

        Raises:
            ToolkitError: Something could not be started.
        """
        timings: list[Timing] = []
        while "urls" not in (message := self.hear()):
            if "problem" in message:
                raise revive(message)
            timings.append(Timing(**message))
            told(timings[-1])
        return message, tuple(timings)

    def hear(self) -> dict[str, Any]:
        """Wait for the next message.

        Raises:
            ToolkitError: The supervisor is gone.
            RuntimeError: It met a bug; the text is its traceback.
        """
        line = self._hearing.readline()
        if not line:
            raise ToolkitError(
                "The environment's supervisor ended, and everything it had started with it.",
                "Start again; what it left on disk is removed then.",
            )
        message: dict[str, Any] = json.loads(line)
        if "bug" in message:
            raise RuntimeError(message["bug"])
        return message

    def say(self, line: bytes) -> None:
        """Say something; why it was not heard is told by what is heard."""
        with contextlib.suppress(BrokenPipeError):
            self._saying.write(line)
            self._saying.flush()

    def release(self) -> None:
        """Let the supervisor live on alone."""
        self.say(RELEASE)
        self._stop_saying()
        self._hearing.close()
        self._supervisor.returncode = 0  # it is no longer ours to wait for

    def end(self) -> None:
        """Hang up and wait until nothing is left; does nothing the second time, or once released."""
        if self._hearing.closed:
            return
        self._stop_saying()
        if not self._falls_silent():
            self._supervisor.kill()
        self._hearing.close()
        if self._supervisor.wait() < 0:
            collect(Place(self._state))

    def _stop_saying(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._saying.close()

    def _falls_silent(self) -> bool:
        # Popen.wait() with a time limit would look only every 50 ms.
        deadline = time.monotonic() + PATIENCE
        while select.select([self._hearing], [], [], max(0.0, deadline - time.monotonic()))[0]:
            if not os.read(self._hearing.fileno(), 65536):
                return True
        return False


def converse(request: Request) -> Conversation:
    """Start a supervisor in a session of its own and hand it a request."""
    supervisor = subprocess.Popen(
        [sys.executable, "-P", "-m", "toolkit.environment.supervisor"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    if supervisor.stdin is None or supervisor.stdout is None:
        raise RuntimeError("A process that was given pipes has none.")
    conversation = Conversation(Path(request.state), supervisor, supervisor.stdin, supervisor.stdout)
    conversation.say(request.encode())
    return conversation
