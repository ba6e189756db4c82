"""A request behind repeated headers is read as the parser reads it, byte for byte."""

import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.heads import Head
from toolkit.zuora.web.server import running

HEADERS = b"\r\nHost: here\r\nX-Name: a\r\nX-Name: b\r\n\r\n"
WITH_BODY = b"\r\nContent-Length: 2\r\n\r\n"
ODD = [
    *(b"GET  /a HTTP/1.1", b"GET /a HTTP/1.0", b"GET /a HTTP/2.0", b"get /a HTTP/1.1", b"HEAD /a HTTP/1.1"),
    *(
        b"GET /a",
        b"GET a HTTP/1.1",
        b"GET http://here/a HTTP/1.1",
        b"GET /a#b HTTP/1.1",
        b"GET /\x01 HTTP/1.1",
    ),
    *(
        b"GET /\xc3\xa4 HTTP/1.1",
        b"GET /a?b=%20&c HTTP/1.1",
        b"PUT /%C3%A4%zz HTTP/1.1",
        b"",
        b"\r\nGET / HTTP/1.1",
    ),
    *(
        b"GET /a HTTP/1.1 ",
        b"GET /a\tb HTTP/1.1",
        b"GET /a\n HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"GET // HTTP/1.1",
    ),
]


def told(request: Request) -> Response:
    said = (request.method, request.path, request.query, dict(request.headers), request.body)
    return Response(200, (), repr(said).encode())


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    with running(told) as url:
        host, port = url.removeprefix("http://").split(":")
        yield host, int(port)


def answer(address: tuple[str, int], request: bytes, before: bytes = b"") -> bytes:
    """Return all that is answered to a request, on a connection that has had one before."""
    with socket.create_connection(address, timeout=10) as wire:
        if before:
            wire.sendall(before)
            while not wire.recv(65536).endswith(b")"):
                pass
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        return re.sub(rb"date: [^\r]+", b"", b"".join(iter(lambda: wire.recv(65536), b"")))


@pytest.mark.parametrize("line", ODD)
@pytest.mark.parametrize("rest", [HEADERS, WITH_BODY + b"{}"])
def test_an_odd_request_line_is_read_as_on_a_new_connection(
    address: tuple[str, int], line: bytes, rest: bytes
) -> None:
    assert answer(address, line + rest, b"POST /first HTTP/1.1" + rest) == answer(address, line + rest)


@given(target=st.binary(max_size=20), more=st.sampled_from([b"", b"x", b"GET / HTTP/1.1\r\n\r\n"]))
def test_any_target_is_read_as_on_a_new_connection(
    address: tuple[str, int], target: bytes, more: bytes
) -> None:
    request = b"GET /" + target + b" HTTP/1.1" + HEADERS + more
    assert answer(address, request, b"GET /first HTTP/1.1" + HEADERS) == answer(address, request)


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"{}}", b"{}GET /c HTTP/1.1\r\n\r\n"])
def test_a_body_of_any_length_is_read_as_on_a_new_connection(address: tuple[str, int], body: bytes) -> None:
    request = b"POST /b HTTP/1.1" + WITH_BODY + body
    assert answer(address, request, b"POST /a HTTP/1.1" + WITH_BODY + b"[]") == answer(address, request)


@pytest.mark.parametrize(
    "field", [b"Content-Length: %b", b"content-length:%b\r\nHost: here", b"A: 1\r\nCONTENT-LENGTH: %b"]
)
@pytest.mark.parametrize(
    "length", [b"0", b"1", b"3", b"003", b"12", b"-3", b"3 ", b"", b"0x3", b"9" * 5000, b"3, 3"]
)
def test_a_stated_length_is_read_as_on_a_new_connection(
    address: tuple[str, int], field: bytes, length: bytes
) -> None:
    def request(length: bytes, body: bytes) -> bytes:
        return b"POST /b HTTP/1.1\r\n" + field % length + b"\r\n\r\n" + body

    again = request(length, b"{ }")
    assert answer(address, again, request(b"2", b"[]")) == answer(address, again)


def test_a_body_of_another_length_is_told_in_its_headers() -> None:
    first = Request("POST", "/a", "", {"content-length": "2", "host": "here"}, b"{}")
    head = Head.of(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\nHost: here\r\n\r\n{}", first)
    assert head is not None
    again = head.request(b"PUT /a HTTP/1.1\r\nContent-Length: 10\r\nHost: here\r\n\r\n{'a': 'b'}")
    assert again == Request("PUT", "/a", "", {"content-length": "10", "host": "here"}, b"{'a': 'b'}")


@pytest.mark.parametrize("field", [b"Content-Length : 2", b"Content-Length:  2", b"Content-Length: 2 "])
def test_a_length_stated_in_another_way_is_left_to_the_parser(field: bytes) -> None:
    request = Request("POST", "/a", "", {"content-length": "2"}, b"{}")
    assert Head.of(b"POST /a HTTP/1.1\r\n" + field + b"\r\n\r\n{}", request) is None


def test_headers_that_come_again_are_not_read_again() -> None:
    first = Request("GET", "/a", "", {"host": "here"})
    head = Head.of(b"GET /a HTTP/1.1\r\nHost: here\r\n\r\n", first)
    assert head is not None
    again = head.request(b"GET /b%20c?d HTTP/1.1\r\nHost: here\r\n\r\n")
    assert again == Request("GET", "/b c", "d", {"host": "here"})
    assert again.headers is first.headers
    assert head.request(b"GET /b HTTP/1.1\r\nHost: there\r\n\r\n") is None


@pytest.mark.parametrize(
    "headers",
    [
        b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Expect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
    ],
)
def test_unusual_headers_are_read_each_time(address: tuple[str, int], headers: bytes) -> None:
    request = b"POST /a HTTP/1.1\r\n" + headers
    assert answer(address, request, request) == answer(address, request)
