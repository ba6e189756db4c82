"""Servers under load: started as processes, visited by wrk or, where it is absent, by a process of ours."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request

CONNECTIONS = 16

_FIGURES = re.compile(r"^figures (\d+) requests in (\d+) us, (\d+) failed$", re.MULTILINE)

_WRK = """
local requests, turn = {{ {requests} }}, 0
request = function() turn = turn % #requests + 1; return requests[turn] end
done = function(summary)
  local e = summary.errors
  io.write(string.format("figures %d requests in %d us, %d failed\\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@contextmanager
def started(*module: str) -> Iterator[str]:
    """Run a Python module that prints `ready URL` first; give the URL, and stop it afterwards.

    Raises:
        ToolkitError: It ended without a URL.
    """
    with subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline() if server.stdout else ""
        try:
            if not line.startswith("ready http://"):
                raise ToolkitError(f"'python -m {' '.join(module)}' did not become ready.")
            yield line.removeprefix("ready ").strip()
        finally:
            server.terminate()


def load_from() -> str:
    """Say where the load comes from."""
    return "wrk" if shutil.which("wrk") else "a Python process, for want of wrk"


def rate(url: str, requests: Sequence[Request], seconds: int = 1) -> float:
    """Send these requests in turn over 16 connections and return how many a second were answered.

    Raises:
        ToolkitError: A request failed, so that the figure would say nothing.
    """
    host = url.removeprefix("http://")
    raw = [_raw(request, host) for request in requests]
    said = _wrk(url, raw, seconds) if shutil.which("wrk") else _own(host, raw, seconds)
    found = _FIGURES.search(said)
    if found is None:
        raise ToolkitError(f"The load for {url} ended without figures: {said}")
    answered, microseconds, failed = map(int, found.groups())
    if failed or not answered:
        raise ToolkitError(f"{failed} of {answered} requests to {url} failed.")
    return answered / microseconds * 1e6


def _raw(request: Request, host: str) -> bytes:
    headers = {"host": host, **request.headers, "content-length": str(len(request.body))}
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{request.method} {request.path} HTTP/1.1\r\n{fields}\r\n".encode() + request.body


def _wrk(url: str, raw: Sequence[bytes], seconds: int) -> str:
    quoted = ", ".join('"' + "".join(f"\\{byte:03}" for byte in one) + '"' for one in raw)
    with tempfile.TemporaryDirectory() as place:
        script = Path(place, "requests.lua")
        script.write_text(_WRK.format(requests=quoted))
        return _output(
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=30s", "-s", str(script), url
        )


def _own(host: str, raw: Sequence[bytes], seconds: int) -> str:
    given = "\n".join(one.hex() for one in raw)
    command = (sys.executable, "-m", "benchmarks._visitors", host, str(CONNECTIONS), str(seconds))
    return _output(*command, given=given)


def _output(*command: str, given: str = "") -> str:
    ran = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr
