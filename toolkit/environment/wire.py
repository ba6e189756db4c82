"""Loopback addresses: ports held free until their service listens, and questions asked by wire."""

import errno
import socket
import sys
from urllib.parse import urlsplit

from toolkit.errors import ToolkitError

HOST = "127.0.0.1"
PATIENCE = 0.5
"""Seconds to wait for each piece of an answer."""


def hold(endpoint: str, wish: int | None = None) -> socket.socket:
    """Bind a port without listening, so that nobody else is given it before the service listens.

    On Linux the service can bind it all the same, because both allow the address to be reused.

    Args:
        endpoint: What the port is for, to be named in an error.
        wish: The port asked for; none means any free one.

    Raises:
        ToolkitError: The port is taken or may not be used.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((HOST, wish or 0))
    except (OSError, OverflowError) as error:
        holder.close()
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be used ({error})"
        raise ToolkitError(
            f"Port {wish} on {HOST} {why}.",
            f"Stop what uses it, or choose another port: --port {endpoint}=N.",
        ) from error
    return holder


def release(holder: socket.socket) -> int:
    """Return the held port, given up at once where a service could not bind it otherwise."""
    port: int = holder.getsockname()[1]
    if sys.platform != "linux":
        holder.close()
    return port


def ask(url: str, question: bytes, until: bytes) -> bytes:
    """Send bytes to the URL's host and port and return the answer up to `until`; empty if none comes."""
    answer = b""
    try:
        with connect(url) as connection:
            connection.sendall(question)
            while until not in answer and (piece := connection.recv(4096)):
                answer += piece
    except OSError:
        return b""
    return answer


def ask_http(url: str, path: str) -> bool:
    """Tell whether a GET of `path` below the URL is answered with 200."""
    question = f"GET {path} HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nConnection: close\r\n\r\n"
    return b" 200 " in ask(url, question.encode(), b"\r\n").partition(b"\r\n")[0]


def listens(url: str) -> bool:
    """Tell whether anything accepts connections at the URL's host and port."""
    try:
        connect(url).close()
    except OSError:
        return False
    return True


def connect(url: str) -> socket.socket:
    """Open a connection to the URL's host and port, or to the path of a `unix://` URL."""
    if not url.startswith("unix://"):
        return socket.create_connection(host_and_port(url), PATIENCE)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(url.removeprefix("unix://"))
    except OSError:
        connection.close()
        raise
    return connection


_DEFAULT_PORTS = {
    "postgresql": 5432,
    "postgres": 5432,
    "redis": 6379,
    "rediss": 6379,
    "smtp": 25,
    "https": 443,
}


def host_and_port(url: str) -> tuple[str, int]:
    """Return where the URL leads to; the port defaults to its scheme's."""
    parts = urlsplit(url)
    return parts.hostname or HOST, parts.port or _DEFAULT_PORTS.get(parts.scheme, 80)
