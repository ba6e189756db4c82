"""Stop the environment that 'toolkit up --detach' started."""

from argparse import ArgumentParser, Namespace

from toolkit.cli.command import Command


def _configure(_parser: ArgumentParser) -> None:
    """It has no arguments."""


def _run(_chosen: Namespace) -> int:
    from toolkit.config import state_directory
    from toolkit.environment.runs import Place
    from toolkit.environment.survey import stop_kept

    stopped = stop_kept(Place(state_directory()))
    names = ", ".join(entry.name for entry in stopped.services) if stopped else ""
    print(f"Stopped {names}." if stopped else "Nothing is up that 'toolkit up --detach' started.")
    return 0


COMMAND = Command("Stop the environment that 'toolkit up --detach' started.", _configure, _run)
