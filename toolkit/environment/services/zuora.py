"""The Zuora simulator, in a process of its own and over HTTP."""

import sys
from collections.abc import Mapping
from functools import partial

from toolkit.environment import lifeline, wire
from toolkit.environment.service import Plan, Service, Site


def _plan(site: Site) -> Plan:
    port = site.ports["zuora"]
    world = ("--world", site.world) if site.world else ()
    options = ("--host", wire.HOST, "--port", str(port), "--state", str(site.directory), *world)
    command = (sys.executable, "-P", "-m", "toolkit", "serve", "zuora", *options)
    return Plan(urls={"zuora": f"http://{wire.HOST}:{port}"}, launch=partial(lifeline.become, *command))


def _answers(urls: Mapping[str, str]) -> bool:
    return wire.ask_http(urls["zuora"], "/__toolkit/clock")


SERVICE = Service("the Zuora simulator", ("zuora",), _plan, _answers)
