"""A simulator in a process of its own, and its clock, for clients that were written by others."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest


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


@contextmanager
def serving(world: str) -> Iterator[str]:
    """Serve a world by the interpreter that TOOLKIT_PYTHON names, or by this one; yield the address.

    In the folder TOOLKIT_DRIVEN, if it is named, a file is left that says which endpoints were driven.
    """
    python = os.environ.get("TOOLKIT_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as elsewhere:
        driven = Path(os.environ.get("TOOLKIT_DRIVEN", elsewhere), f"{world}.json")
        command = [python, str(Path(__file__).with_name("counted.py")), str(driven), world]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            first = process.stdout.readline().strip()
            try:
                assert first.startswith("ready http://"), f"{' '.join(command)} said {first!r}"
                yield first.removeprefix("ready ")
            finally:
                process.terminate()


@pytest.fixture(scope="session")
def simulator() -> Iterator[str]:
    """The address of a simulator of GitLab's world."""
    with serving("gitlab-self-managed") as url:
        yield url


@pytest.fixture(scope="session")
def wire(simulator: str) -> Wire:
    return Wire(simulator)


@pytest.fixture(scope="session")
def clock(wire: Wire) -> Clock:
    return Clock(wire)
