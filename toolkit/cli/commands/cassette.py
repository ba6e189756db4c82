"""`toolkit cassette`: lists recordings, plays them back and records them anew."""

import os
from argparse import ArgumentParser, Namespace

from toolkit.cli.command import Command

_CREDENTIALS = {"ZUORA_CLIENT_ID": "client_id", "ZUORA_CLIENT_SECRET": "client_secret"}


def _configure(parser: ArgumentParser) -> None:
    below = parser.add_subparsers(metavar="action", dest="action", required=True)
    below.add_parser("list", help="List the cassettes there are.").set_defaults(act=_list)
    play = below.add_parser("play", help="Make a cassette's requests and have the cassette answer them.")
    play.add_argument("name", help="area/name")
    play.set_defaults(act=_play)
    record = below.add_parser("record", help="Send a cassette's requests to a live host and record it anew.")
    record.add_argument("name", help="area/name")
    record.add_argument("--host", required=True, metavar="URL", help="simulator or sandbox to record against")
    record.add_argument("--any-status", action="store_true", help="also record a status that has changed")
    record.set_defaults(act=_record)


def _list(_: Namespace) -> int:
    from toolkit.recording import files

    for name in files.names():
        cassette = files.read(files.path_to_read(name))
        how = f"{cassette.recorded.at:%Y-%m-%d} against a {cassette.recorded.against}"
        print(f"{name}  {len(cassette.interactions)} interactions, recorded {how}")
    return 0


def _play(arguments: Namespace) -> int:
    from toolkit.recording.playback import play

    result = play(arguments.name, print)
    print(f"{len(result.steps)} interactions played from {result.name}; nothing was sent.")
    return 0


def _record(arguments: Namespace) -> int:
    from toolkit.recording import files
    from toolkit.recording.rerecord import rerecord

    given = {
        field: os.environ[variable] for variable, field in _CREDENTIALS.items() if variable in os.environ
    }
    rerecord(
        arguments.name, arguments.host, credentials=given, any_status=arguments.any_status, progress=print
    )
    print(f"Recorded {files.path_to_write(arguments.name)}.")
    return 0


def _run(arguments: Namespace) -> int:
    code: int = arguments.act(arguments)
    return code


COMMAND = Command("List, play and record cassettes: recorded HTTP requests and responses.", _configure, _run)
