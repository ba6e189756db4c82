"""Two emulators of Stripe as yardsticks: emulate, the fastest with a state, and localstripe, which bills.

Each is installed into a directory of its own when it is asked for, and visited as a process.
"""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import httpx2

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.call import Request

EMULATE, LOCALSTRIPE = "emulate 0.12.2", "localstripe 1.15.10"

_PATIENCE = 20.0
_TOKENS = 200
"""emulate answers 5,000 requests an hour to each token; there is no other limit."""


@contextmanager
def emulate() -> Iterator[str]:
    """Serve `emulate` on this machine and give its URL.

    Raises:
        ToolkitError: It cannot be installed or does not start.
    """
    if shutil.which("npm") is None:
        raise ToolkitError("emulate needs npm.", "Install Node.js.")
    with TemporaryDirectory() as directory:
        place = Path(directory)
        _run("npm", "install", "--silent", "--prefix", directory, EMULATE.replace(" ", "@"), "node@24")
        node, script = place / "node_modules/.bin/node", place / "node_modules/emulate/dist/index.js"
        port = _free_port()
        with _serving(place, port, node, script, "start", "--service", "stripe", "--port", port) as url:
            yield url


@contextmanager
def localstripe() -> Iterator[str]:
    """Serve `localstripe` on this machine and give its URL.

    Raises:
        ToolkitError: It cannot be installed or does not start.
    """
    with TemporaryDirectory() as directory:
        place = Path(directory)
        _run(sys.executable, "-m", "venv", directory)
        _run(place / "bin/pip", "install", "-q", LOCALSTRIPE.replace(" ", "=="))
        port = _free_port()
        with _serving(place, port, place / "bin/localstripe", "--port", port, "--from-scratch") as url:
            yield url


def customers() -> list[Request]:
    """Return the requests that create a customer of emulate."""
    form = {"name": "Ada Byron", "email": "ada@example.com"}
    return [_posting("/v1/customers", form, f"sk_test_{number}") for number in range(_TOKENS)]


def subscriptions(url: str) -> list[Request]:
    """Open customers of localstripe, and return the requests that subscribe each of them to a plan."""
    with httpx2.Client(base_url=url) as client:

        def made(path: str, form: Mapping[str, object]) -> str:
            said = _posting(path, form)
            response = client.post(said.path, headers=said.headers, content=said.body).raise_for_status()
            identity: str = response.json()["id"]
            return identity

        seat = {"id": "seat", "name": "Seat", "amount": 1000, "currency": "usd", "interval": "month"}
        bought = {"items[0][plan]": made("/v1/plans", seat), "items[0][quantity]": 25}
        number = {"card[number]": "4242424242424242", "card[cvc]": "123"}
        card = {**number, "card[exp_month]": 12, "card[exp_year]": 2099}
        cards = [made("/v1/tokens", card) for _ in range(10)]
        buyers = [made("/v1/customers", {"source": one}) for one in cards]
    return [_posting("/v1/subscriptions", {"customer": buyer, **bought}) for buyer in buyers]


def _posting(path: str, form: Mapping[str, object], key: str = "sk_test_12345") -> Request:
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-www-form-urlencoded"}
    return Request("POST", path, headers=headers, body=urlencode(form).encode())


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _run(*command: object) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolkitError(f"'{' '.join(map(str, command[:3]))}' failed: {done.stderr.strip()[-200:]}")


@contextmanager
def _serving(place: Path, port: int, *command: object) -> Iterator[str]:
    with subprocess.Popen(
        [*map(str, command)], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _await(server, port, command)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _await(server: subprocess.Popen[bytes], port: int, command: Sequence[object]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ToolkitError(f"'{command[0]}' does not listen on port {port}.")
