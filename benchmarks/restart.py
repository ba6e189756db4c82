"""Starting the simulator: from nothing, and with the checkpoint of a hundred thousand journalled requests."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2

from benchmarks import _scene
from benchmarks._budget import within
from benchmarks._figures import Benchmark, Figure
from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.state.store import Store
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.transport import InProcessTransport

_REQUESTS = 100_000
_HALF_A_SECOND = 500_000
_SECOND = 1_000_000


def _measure() -> Iterator[Figure]:
    yield within("start-to-first-answer", _HALF_A_SECOND, _serve, times=1)
    with tempfile.TemporaryDirectory() as directory:
        account = _fill(Path(directory))
        path = f"/v1/accounts/{account}"
        yield within("restart-of-100000", _SECOND, lambda: _serve("--state", directory, path=path), times=1)


def _fill(directory: Path) -> str:
    """Journal requests, half of which open accounts and half order for them; return one of the accounts."""
    with Store(directory) as store:
        name = f"{_scene.WORLD} from its first day"
        tenant = Tenant.recover(store.begin(name, lambda: worlds.load(_scene.WORLD)), store)
        with httpx2.Client(base_url="http://zuora", transport=InProcessTransport(tenant.handle)) as client:
            headers = _scene.sign_in(client)
            goods = _scene.choose_goods(client, headers)
            account = ""
            for number in range(_REQUESTS // 2):
                account = _scene.must_succeed(client, _scene.opening(number, headers))["accountNumber"]
                _scene.must_succeed(client, _scene.ordering(account, goods, headers))
    return account


def _serve(*arguments: str, path: str = "/v1/accounts/A00000001") -> None:
    """Start the simulator, ask for an account, and kill it, so that it notes nothing for its next start.

    Raises:
        ToolkitError: It does not answer.
    """
    command = [sys.executable, "-m", "toolkit", "serve", "zuora", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None:
                raise ToolkitError("The simulator has no output.")
            url = server.stdout.readline().removeprefix("ready ").strip()
            keys = {"apiaccesskeyid": "key", "apisecretaccesskey": "secret"}
            if not httpx2.get(url + path, headers=keys).json()["success"]:
                raise ToolkitError("The simulator refuses to show an account.")
        finally:
            server.send_signal(signal.SIGKILL)


BENCHMARK = Benchmark("From a process's start to its first answer, new and with much to remember.", _measure)
