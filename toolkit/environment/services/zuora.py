"""The Zuora simulator, in a process of its own and over HTTP."""

import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import NoReturn

from toolkit.environment import lifeline, wire
from toolkit.environment.service import Plan, Service, Site


def _plan(site: Site) -> Plan:
    port = site.ports["zuora"]
    world = ("--world", site.world) if site.world else ()
    options = ("--host", wire.HOST, "--port", str(port), "--state", str(site.directory), *world)
    command = (sys.executable, "-P", "-m", "toolkit", "serve", "zuora", *options)
    return Plan(urls={"zuora": f"http://{wire.HOST}:{port}"}, launch=partial(_become, *command))


def _become(*command: str) -> NoReturn:
    """Start without a control token that the caller may have for another simulator: nothing here sends it."""
    os.environ.pop("TOOLKIT_CONTROL_TOKEN", None)
    lifeline.become(*command)


def _answers(urls: Mapping[str, str]) -> bool:
    return wire.ask_http(urls["zuora"], "/__toolkit/clock")


SERVICE = Service("the Zuora simulator", ("zuora",), _plan, _answers)
