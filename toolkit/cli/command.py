"""What a file of the COMMAND room offers."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import NamedTuple


class Command(NamedTuple):
    """One command of the command line, named after its file.

    Attributes:
        help: One sentence, shown in the list of commands.
        configure: Adds the command's arguments to its parser.
        run: Does the work and returns the exit code; raises ToolkitError for what a person can fix.
    """

    help: str
    configure: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
