"""`toolkit zuora grade DIR`: measure the simulator against recorded billing previews."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from toolkit.cli.command import Command
from toolkit.errors import ToolkitError


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="action", dest="action", required=True)
    grade = actions.add_parser(
        "grade", help="play recorded billing previews against a fresh tenant and count what agrees"
    )
    grade.add_argument("directory", type=Path, help="directory of recorded previews, one JSON file each")


def _run(arguments: Namespace) -> int:
    from toolkit.zuora.grading import explanations, grade
    from toolkit.zuora.recorded import read

    paths = sorted(arguments.directory.glob("*.json"))
    if not paths:
        raise ToolkitError(f"There is no recording in {arguments.directory}.", "Name a directory of *.json.")
    known = explanations()
    grades = [grade(read(path), known) for path in paths]
    for one in grades:
        for source, charge, start, found, reason in one.differences:
            print(f"{source} {charge} {start}: {found}. {reason or 'UNEXPLAINED'}", file=sys.stderr)
    items, dates, amounts = (
        sum(getattr(one, name) for one in grades) for name in ("items", "dates", "amounts")
    )
    unexplained = sum(one.unexplained for one in grades)
    print(f"items {items} dates {dates} amounts {amounts} unexplained {unexplained}")
    return 1 if unexplained else 0


COMMAND = Command("Work with the simulator: grade it against recordings.", _configure, _run)
