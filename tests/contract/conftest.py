"""A simulator in a process of its own, and its clock, for clients that were written by others."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

WORLD = "gitlab-self-managed"


class Wire:
    """JSON over HTTP, for what no client library covers."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request (text as it is, anything else as JSON) and return the parsed answer of a 200."""
        connection = http.client.HTTPConnection(self._host, timeout=60)
        try:
            content = body if isinstance(body, str | None) else json.dumps(body)
            connection.request(method, path, content, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        assert answer.status == 200, f"{method} {path} was answered with {answer.status}: {text}"
        return json.loads(text)


class Clock:
    """The simulator's clock, moved through its control route."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def today(self) -> date:
        """Read the simulated day."""
        return datetime.fromisoformat(self._wire("GET", "/__toolkit/clock")["now"]).date()

    def to(self, day: date) -> None:
        """Move on to the beginning of a day in the tenant's time zone."""
        self._wire("POST", "/__toolkit/clock", {"to": day.isoformat()})


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """The address of a simulator, run by the interpreter that TOOLKIT_PYTHON names, or by this one."""
    python = os.environ.get("TOOLKIT_PYTHON", sys.executable)
    command = [python, "-m", "toolkit", "serve", "zuora", "--port", "0", "--world", WORLD]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        try:
            assert first.startswith("ready http://"), f"{' '.join(command)} said {first!r}"
            yield first.removeprefix("ready ")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def wire(simulator: str) -> Wire:
    return Wire(simulator)


@pytest.fixture(scope="session")
def clock(wire: Wire) -> Clock:
    return Clock(wire)
