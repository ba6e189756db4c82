"""The Zuora simulator, in a process of its own and over HTTP."""

import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import NoReturn

from toolkit.environment import lifeline, wire
from toolkit.environment.service import Plan, Service, Site

_LOOPBACK = {wire.HOST, "localhost", "::1"}


def _plan(site: Site) -> Plan:
    port = site.ports["zuora"]
    world = ("--world", site.world) if site.world else ()
    options = ("--host", wire.HOST, "--port", str(port), "--state", str(site.directory), *world, *_mail(site))
    command = (sys.executable, "-P", "-m", "toolkit", "serve", "zuora", *options)
    return Plan(urls={"zuora": f"http://{wire.HOST}:{port}"}, launch=partial(_become, *command))


def _mail(site: Site) -> tuple[str, ...]:
    """Return the option that names the mail server; one of another machine is given no mail."""
    if "mail" not in site.urls:
        return ()
    host, port = wire.host_and_port(site.urls["mail"])
    return ("--smtp", f"{host}:{port}") if host in _LOOPBACK else ()


def _become(*command: str) -> NoReturn:
    """Start without a control token that the caller may have for another simulator: nothing here sends it."""
    os.environ.pop("TOOLKIT_CONTROL_TOKEN", None)
    lifeline.become(*command)


def _answers(urls: Mapping[str, str]) -> bool:
    return wire.ask_http(urls["zuora"], "/__toolkit/clock")


SERVICE = Service("the Zuora simulator", ("zuora",), _plan, _answers, wants=("mail",))
