"""What a file of the JOURNEY room offers."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, NamedTuple

from toolkit.load.client import Client

State = Any
"""What a journey prepares for itself; only its own `run` looks into it."""


class Journey(NamedTuple):
    """What one customer does, named after its file.

    Attributes:
        summary: One sentence.
        prepare: Runs once before the first customer comes, with the current date, and is not measured.
        run: One customer, from beginning to end; gets what `prepare` returned and a random generator of
            its own, seeded, so that the same run brings the same customers. Raises when it came to no
            good end.
    """

    summary: str
    prepare: Callable[[Client, date], State]
    run: Callable[[Client, State, Random], None]
