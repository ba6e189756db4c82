"""A connection to a server, on which several requests are on their way at once."""

import socket
from http.client import parse_headers
from typing import Self

from toolkit.zuora.calls.call import Request


class Wire:
    """Sends requests together and reads what they are answered, one by one.

    Args:
        url: The server's.

    Raises:
        OSError: From every method, when the server is gone.
    """

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=30)
        self._answers = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._answers.close()
        self._socket.close()

    def send(self, *requests: Request) -> None:
        """Send requests, all before the first of them is answered."""
        self._socket.sendall(b"".join(map(_sent, requests)))

    def answer(self) -> bytes:
        """Return what the next request is answered, which is a success."""
        line = self._answers.readline()
        headers = parse_headers(self._answers)
        length = int(headers.get("content-length", "0"))
        body = self._answers.read(length)
        if not line.endswith(b"\n") or len(body) < length:
            raise ConnectionResetError
        assert line.split()[1][:1] == b"2", (line, body)
        return body


def _sent(request: Request) -> bytes:
    length = {"content-length": str(len(request.body))}
    lines = [f"{name}: {value}\r\n" for name, value in {**request.headers, **length}.items()]
    return f"{request.method} {request.path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + request.body
