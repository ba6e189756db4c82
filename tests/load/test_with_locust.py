"""Real runs of Locust against a real service that stalls, and generators that are killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from statistics import quantiles

import pytest

from toolkit.cli import main
from toolkit.load.artefacts import read_record
from toolkit.load.run import Progress, run_profile
from toolkit.load.verdict import Outcome

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(find_spec("locust") is None, reason="locust is not installed: 'nox -s load' has it"),
]

WriteProfile = Callable[..., None]
STALL = (1.0, 2.0)
"""From when to when after the first request the service answers nothing, in seconds."""
RUN_IN_PROCESS = """
import sys
from pathlib import Path
from toolkit.load.run import run_profile
run_profile("short", sys.argv[1], Path("out"), lambda progress: print(progress.arrivals, flush=True))
"""


class Service(ThreadingHTTPServer):
    """Answers at once, except during the stall, whose end every request then waits for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self.server_port}"
        self.asked = threading.Event()
        self._first = 0.0

    def wait(self) -> None:
        """Wait as long as a request has to that comes now."""
        now = time.monotonic()
        if not self.asked.is_set():
            self._first = now
            self.asked.set()
        if STALL[0] <= now - self._first < STALL[1]:
            time.sleep(self._first + STALL[1] - now)


class Handler(BaseHTTPRequestHandler):
    """Answers every GET alike."""

    server: Service
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.wait()
        body = b'{"success":true}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library calls it so
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """Run the service."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class ClosedLoop(threading.Thread):
    """One customer after the other, each a hundredth of a second after the one before was answered."""

    def __init__(self, service: Service, seconds: float) -> None:
        super().__init__()
        self._service = service
        self._seconds = seconds
        self.milliseconds: list[float] = []

    def run(self) -> None:
        self._service.asked.wait(timeout=60)
        connection = HTTPConnection("127.0.0.1", self._service.server_port)
        end = time.monotonic() + self._seconds
        while (began := time.monotonic()) < end:
            connection.request("GET", "/ping")
            connection.getresponse().read()
            self.milliseconds.append((time.monotonic() - began) * 1000)
            time.sleep(0.01)
        connection.close()


def test_the_95th_percentile_sees_a_stall_that_a_closed_loop_overlooks(
    service: Service, write_profile: WriteProfile, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who comes in one second of three waits for up to a second: by arithmetic p95 is 850 ms."""
    write_profile(seconds=3, objectives=("errors < 2 %", "p95 < 200 ms", "p50 < 500 ms"))
    closed_loop = ClosedLoop(service, seconds=2.8)
    closed_loop.start()
    assert main(["load", "run", "short", "--host", service.host]) == 4
    closed_loop.join()
    said = capsys.readouterr()
    assert said.err.startswith("toolkit: FAIL: Objectives missed: 1 of 3. p95 < 200 ms: ")
    assert "report: reports/load/short/report.html" in said.out
    record = read_record(project / "reports" / "load" / "short" / "verdict.json")
    open_loop = record.measured.requests["GET /ping"].response
    assert open_loop.count == 300
    assert open_loop.percentile(95) == pytest.approx(850, rel=0.15)
    assert max(closed_loop.milliseconds) > 500  # it was there
    assert quantiles(closed_loop.milliseconds, n=20)[-1] < 200


def test_a_generator_killed_on_its_way_makes_the_run_invalid(
    service: Service, write_profile: WriteProfile, tmp_path: Path
) -> None:
    write_profile(seconds=5)

    def kill(progress: Progress) -> None:
        if progress.arrivals:
            for child in _children(os.getpid()):
                if b"locust" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGKILL)

    result = run_profile("short", service.host, tmp_path / "out", kill)
    assert result.verdict.outcome is Outcome.INVALID
    assert "was ended by SIGKILL" in result.verdict.sentence
    assert result.measured.all_requests().response.count > 50


def test_no_customer_at_all_is_no_data(service: Service, write_profile: WriteProfile, tmp_path: Path) -> None:
    write_profile(journeys={"ping": 0.01}, pattern="poisson", seconds=0.2)
    assert run_profile("short", service.host, tmp_path / "out").verdict.outcome is Outcome.NO_DATA


def test_a_service_that_does_not_answer_is_said(
    write_profile: WriteProfile, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_profile(seconds=0.2)
    prepare = "lambda client, today: client.sign_in()"
    journey = project / "loadtests" / "journeys" / "ping.py"
    journey.write_text(journey.read_text().replace("lambda client, today: None", prepare))
    assert main(["load", "run", "short", "--host", "http://127.0.0.1:9"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("toolkit: INVALID: The run says nothing about the service.")
    assert "it could not begin: POST /oauth/token: " in complaint
    assert complaint.count("\n") == 1


def test_a_generator_does_not_outlive_its_parent(
    service: Service, write_profile: WriteProfile, project: Path
) -> None:
    write_profile(seconds=60)
    command = [sys.executable, "-c", RUN_IN_PROCESS, service.host]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline()
        (generator,) = _children(parent.pid)
        parent.kill()
    while _is_alive(generator):
        time.sleep(0.01)


def test_ctrl_c_ends_it_with_130_and_keeps_what_was_measured(
    service: Service, write_profile: WriteProfile, project: Path
) -> None:
    write_profile(seconds=60)
    command = [
        sys.executable,
        "-m",
        "toolkit",
        "load",
        "run",
        "short",
        "--host",
        service.host,
        "--out",
        "kept",
    ]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        service.asked.wait(timeout=60)
        time.sleep(1.5)  # let a second of it be reported
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (130, b"toolkit: interrupted.\n")
    record = read_record(project / "kept" / "verdict.json")
    assert record.verdict.outcome is Outcome.INVALID
    assert record.measured.all_requests().response.count > 50


def test_without_a_host_a_simulator_is_started_and_it_holds(
    project: Path,
    write_profile: WriteProfile,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOOLKIT_STATE", str(project / "state"))
    write_profile(
        journeys={"purchase": 30, "browse": 10, "sign_in": 1}, objectives=("errors < 5 %", "rate >= 99 %")
    )
    assert main(["load", "run", "short"]) == 0
    assert capsys.readouterr().out.endswith("PASS: Every objective holds: 2 of 2.\n")


def _children(of: int) -> list[int]:
    tasks = Path(f"/proc/{of}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _is_alive(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
