"""Runs a load generator as a process of its own and hands on what it measures."""

import os
import signal
import subprocess
from collections.abc import Generator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer

import msgspec

from toolkit.load.feed import VARIABLE, Plan, read_parts
from toolkit.load.measurement import Measurement


def generate(
    command: Sequence[str], plan: Plan, log: Path, *, start_up: float = 30.0, farewell: float = 5.0
) -> Generator[Measurement, None, None]:
    """Run a generator to its end, yielding parts of the measurement as they come.

    The last part's `ended` says how it ended. Closing the iterator ends the generator. The generator gets
    a process group of its own, so that Ctrl-C reaches only us and what was measured is kept, and no
    settings of Locust from the environment.

    Args:
        command: The generator's command line.
        plan: What it is told; its `feed` is filled in here.
        log: Where its output goes.
        start_up: Seconds that it may take beside those of the profile.
        farewell: Seconds that it may take to end after its last word.
    """
    reading, writing = os.pipe()
    told = msgspec.json.encode(msgspec.structs.replace(plan, feed=writing)).decode()
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    with os.fdopen(reading, "rb") as feed, log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - our own words
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            env={**surroundings, VARIABLE: told},
            pass_fds=(writing,),
            start_new_session=True,
        )
        os.close(writing)
        profile = plan.profile
        guard = Timer(start_up + profile.warm_up + profile.seconds + profile.drain, child.kill)
        guard.start()
        ended = ""
        try:
            for part in read_parts(feed):
                ended = part.ended
                yield part
            with suppress(subprocess.TimeoutExpired):
                child.wait(farewell)
        finally:
            guard.cancel()
            child.kill()
            child.wait()
        if not ended:
            yield Measurement(ended=f"{_last_words(child.returncode)}, see {log}")


def _last_words(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"
