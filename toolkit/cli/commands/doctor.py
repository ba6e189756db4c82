"""Check this machine for all that the environment needs."""

import json
from argparse import ArgumentParser, Namespace

from toolkit.cli.command import Command


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="remove what killed runs left behind")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(chosen: Namespace) -> int:
    from toolkit.cli.table import align
    from toolkit.environment.doctor import examine

    findings = examine(fix=chosen.fix)
    if chosen.json:
        print(json.dumps({"findings": [finding._asdict() for finding in findings]}))
    else:
        print(align((f.verdict, f.name, f"{f.says} {f.remedy}") for f in findings))
    return 1 if any(finding.verdict == "missing" for finding in findings) else 0


COMMAND = Command("Check this machine for all that the environment needs.", _configure, _run)
