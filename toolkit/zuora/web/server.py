"""The simulator as a server: an asyncio loop on uvloop that accepts connections until it is told to stop."""

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import uvloop

from toolkit.errors import ToolkitError, UsageError
from toolkit.zuora.calls.call import Handler
from toolkit.zuora.cycles import seldom
from toolkit.zuora.web.connection import PATIENCE, Connection
from toolkit.zuora.web.turns import Answers, Turns, each

_BACKLOG = 1024
_LAST_PORT = 65535
_STOPPING = (signal.SIGTERM, signal.SIGINT)


def serve(answers: Answers, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Answer requests one at a time, in the order of their arrival, until SIGTERM or SIGINT.

    Args:
        answers: Answers the requests that have come; see `toolkit.zuora.web.turns`.
        host: A name or address of this machine.
        port: 0 picks a free one.
        ready: Called with the URL as soon as connections are accepted.

    Raises:
        ToolkitError: The port is taken or may not be opened.
    """
    listener = _listen(host, port)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        for signum in _STOPPING:
            loop.add_signal_handler(signum, stop.set)
        async with _accepting(Turns(answers), listener):
            ready(_url(listener))
            await stop.wait()
            for signum in _STOPPING:  # a second signal ends the process at once
                loop.remove_signal_handler(signum)

    before = [(signum, signal.getsignal(signum)) for signum in _STOPPING]
    try:
        with seldom():
            _run(main())
    finally:
        for signum, handled in before:
            signal.signal(signum, handled)


@contextmanager
def running(handler: Handler, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve from a thread of this process while a `with` block runs, which receives the URL."""
    listener = _listen(host, port)
    up: Future[Callable[[], object]] = Future()

    async def main() -> None:
        stop = asyncio.Event()
        async with _accepting(Turns(each(handler)), listener):
            up.set_result(partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set))
            await stop.wait()

    thread = threading.Thread(target=lambda: _run(main()), name="zuora-server")
    thread.start()
    halt = up.result()
    try:
        yield _url(listener)
    finally:
        halt()
        thread.join()


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= _LAST_PORT:
        raise UsageError(f"There is no port {port}.", f"Ports go from 0 to {_LAST_PORT}.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ToolkitError(
                f"Port {port} on {host} is taken.", "Stop what uses it, or ask for port 0, which picks one."
            ) from error
        reason = str(error.strerror).partition(" (")[0]
        raise ToolkitError(
            f"Port {port} on {host} cannot be opened: {reason}.", "Choose another port or host."
        ) from error


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _run(main: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)


@asynccontextmanager
async def _accepting(turns: Turns, listener: socket.socket) -> AsyncIterator[None]:
    connections: set[Connection] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(turns, connections), sock=listener
    )
    yield
    server.close()
    for connection in connections:
        connection.transport.close()
    if connections:
        await asyncio.wait([connection.gone for connection in connections], timeout=PATIENCE)
    for connection in connections:
        connection.transport.abort()
