"""A mail server that delivers nothing: what it was sent is read over HTTP."""

import signal
import sys
from collections.abc import Mapping
from functools import partial

from toolkit.environment import lifeline, wheels, wire
from toolkit.environment.service import Plan, Service, Site


def _plan(site: Site) -> Plan:
    wheels.folder("aiosmtpd")
    smtp, http = (site.ports[endpoint] for endpoint in SERVICE.endpoints)
    command = (sys.executable, "-P", "-m", "toolkit.environment.mailcatcher", str(smtp), str(http))
    return Plan(
        urls={"mail": f"smtp://{wire.HOST}:{smtp}", "mail-inbox": f"http://{wire.HOST}:{http}"},
        launch=partial(lifeline.become, *command),
        stop=signal.SIGTERM,
    )


def _answers(urls: Mapping[str, str]) -> bool:
    return wire.ask(urls["mail"], b"", until=b"\n").startswith(b"220") and wire.ask_http(
        urls["mail-inbox"], "/messages"
    )


SERVICE = Service("a catcher of mail, read at mail-inbox", ("mail", "mail-inbox"), _plan, _answers)
