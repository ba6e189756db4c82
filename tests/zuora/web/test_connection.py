"""What goes over one connection, byte for byte, against a server on a real socket."""

import gzip
import http.client
import json
import logging
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import sleep

import httpx2
import pytest

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.web.connection import BODY_LIMIT, GZIP_ABOVE, HEAD_LIMIT
from toolkit.zuora.web.server import running

JSON = ("content-type", "application/json")
GET = b"GET /%b HTTP/1.1\r\nHost: here\r\n\r\n"


class Mirror:
    """A handler that answers with what it was asked, and remembers it."""

    def __init__(self) -> None:
        self.seen: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.seen.append(request)
        match request.path.strip("/").split("/"):
            case ["bytes", count]:
                return Response(200, (), b"x" * int(count))
            case ["status", code]:
                return Response(int(code), (), b"")
            case ["header", value]:
                return Response(200, (("x-value", value),), b"")
            case ["zipped"]:
                return Response(200, (("Content-Encoding", "gzip"),), gzip.compress(bytes(range(256)) * 99))
        answer = {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": request.body.decode(),
        }
        return Response(200, (JSON,), json.dumps(answer).encode())


@pytest.fixture
def mirror() -> Mirror:
    return Mirror()


@pytest.fixture
def address(mirror: Mirror) -> Iterator[tuple[str, int]]:
    with running(mirror) as url:
        host, port = url.removeprefix("http://").split(":")
        yield host, int(port)


@pytest.fixture
def client(address: tuple[str, int]) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection(*address, timeout=10)) as connection:
        yield connection


@pytest.fixture
def wire(address: tuple[str, int]) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=10) as connection:
        yield connection


def ask(
    client: http.client.HTTPConnection, method: str, path: str, **options: object
) -> tuple[http.client.HTTPResponse, bytes]:
    client.request(method, path, **options)  # type: ignore[arg-type]  # options are handed on as they are
    response = client.getresponse()
    return response, response.read()


def read_to_end(wire: socket.socket) -> bytes:
    return b"".join(iter(lambda: wire.recv(65536), b""))


def read_until(wire: socket.socket, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        part = wire.recv(65536)
        assert part, f"the server closed after {received!r}"
        received += part
    return received


# Requests


def test_a_request_reaches_the_handler_whole(client: http.client.HTTPConnection, mirror: Mirror) -> None:
    ask(client, "POST", "/v1/a%20b%C3%A4?x=1%202&y", body=b'{"a":1}', headers={"X-Mixed-Case": "Ab"})
    (request,) = mirror.seen
    assert (request.method, request.path, request.query) == ("POST", "/v1/a bä", "x=1%202&y")
    assert request.headers["x-mixed-case"] == "Ab"
    assert request.body == b'{"a":1}'


def test_the_answer_carries_its_headers_its_length_and_a_date(client: http.client.HTTPConnection) -> None:
    response, body = ask(client, "GET", "/v1/accounts/A1")
    assert response.status == 200
    assert response.getheader("content-type") == "application/json"
    assert response.getheader("content-length") == str(len(body))
    assert str(response.getheader("date")).endswith(" GMT")
    assert json.loads(body)["path"] == "/v1/accounts/A1"


def test_a_header_sent_twice_arrives_joined(wire: socket.socket, mirror: Mirror) -> None:
    wire.sendall(b"GET / HTTP/1.1\r\nA: 1\r\na: 2\r\nConnection: close\r\n\r\n")
    read_to_end(wire)
    assert mirror.seen[0].headers["a"] == "1, 2"


def test_a_chunked_body_arrives_whole_and_its_trailer_is_no_header(
    wire: socket.socket, mirror: Mirror
) -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    wire.sendall(head + b"3\r\nabc\r\n4;note=1\r\ndefg\r\n0\r\nX-Trailer: late\r\n\r\n")
    read_to_end(wire)
    assert mirror.seen[0].body == b"abcdefg"
    assert "x-trailer" not in mirror.seen[0].headers


def test_a_request_that_comes_byte_by_byte_is_one_request(wire: socket.socket, mirror: Mirror) -> None:
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in b"POST /abc?d=e HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nxyz":
        wire.sendall(bytes([byte]))
    read_to_end(wire)
    (request,) = mirror.seen
    assert (request.path, request.query, request.body) == ("/abc", "d=e", b"xyz")


def test_a_target_with_scheme_and_host_counts_by_its_path(wire: socket.socket, mirror: Mirror) -> None:
    wire.sendall(b"GET http://zuora:80/v1/a?b=c HTTP/1.1\r\nConnection: close\r\n\r\n")
    read_to_end(wire)
    assert (mirror.seen[0].path, mirror.seen[0].query) == ("/v1/a", "b=c")


def test_a_client_that_shuts_its_sending_side_still_gets_its_answer(wire: socket.socket) -> None:
    wire.sendall(GET % b"status/201")
    wire.shutdown(socket.SHUT_WR)
    assert read_to_end(wire).startswith(b"HTTP/1.1 201 Created\r\n")


def test_half_a_request_is_none(address: tuple[str, int], mirror: Mirror) -> None:
    with socket.create_connection(address) as gone:
        gone.sendall(b"POST /half HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")
    with socket.create_connection(address, timeout=10) as wire:
        wire.sendall(GET % b"whole")
        read_until(wire, b"}")
    assert [request.path for request in mirror.seen] == ["/whole"]


# Connections


def test_a_connection_serves_many_requests(client: http.client.HTTPConnection, mirror: Mirror) -> None:
    ask(client, "GET", "/1")
    kept = client.sock
    ask(client, "POST", "/2", body=b"x")
    ask(client, "GET", "/3")
    assert client.sock is kept
    assert [request.path for request in mirror.seen] == ["/1", "/2", "/3"]


def test_pipelined_requests_are_answered_in_their_order(wire: socket.socket) -> None:
    post = b"POST /second HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
    last = b"GET /third HTTP/1.1\r\nConnection: close\r\n\r\n"
    wire.sendall(GET % b"first" + post + last + b"what follows the last is not looked at")
    received = read_to_end(wire)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.index(b"/first") < received.index(b"/second") < received.index(b"/third")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n"])
def test_the_server_closes_when_the_client_wants_or_expects_it(wire: socket.socket, head: bytes) -> None:
    wire.sendall(head)
    assert b"connection: close\r\n" in read_to_end(wire)


def test_a_client_that_reads_nothing_waits_and_keeps_nobody_else_waiting(
    address: tuple[str, int], mirror: Mirror
) -> None:
    count, size = 40, 500_000
    with socket.create_connection(address, timeout=10) as slow, slow.makefile("rb") as answers:
        slow.sendall(GET % b"bytes/%d" % size * count)
        with socket.create_connection(address, timeout=10) as wire:
            wire.sendall(GET % b"quick")
            read_until(wire, b"}")
        paths = [request.path for request in mirror.seen]
        assert "/quick" in paths
        assert len(paths) < count
        for _ in range(count):
            assert b"".join(iter(answers.readline, b"\r\n")).startswith(b"HTTP/1.1 200 OK")
            assert answers.read(size) == b"x" * size
    assert len(mirror.seen) == count + 1


def test_a_client_that_sends_no_more_still_gets_its_answers(wire: socket.socket) -> None:
    wire.sendall(GET % b"bytes/1" + GET % b"bytes/2")
    wire.shutdown(socket.SHUT_WR)
    assert read_to_end(wire).count(b"HTTP/1.1 200 OK") == 2


def test_a_last_answer_is_sent_whole_to_a_client_that_reads_late(wire: socket.socket) -> None:
    size = 8_000_000
    wire.sendall(b"GET /bytes/%d HTTP/1.1\r\nConnection: close\r\n\r\n" % size)
    sleep(0.1)
    assert read_to_end(wire).endswith(b"\r\n\r\n" + size * b"x")


def test_requests_of_many_clients_are_handled_one_at_a_time() -> None:
    inside = threading.Lock()

    def handle(_: Request) -> Response:
        alone = inside.acquire(blocking=False)
        threading.Event().wait(0.001)
        inside.release()
        return Response(200 if alone else 500, (), b"")

    def visit(_: int) -> int:
        return httpx2.get(url).status_code

    with running(handle) as url, ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(visit, range(32))) == {200}


# Answers


def test_head_gets_the_length_and_no_body(client: http.client.HTTPConnection) -> None:
    response, body = ask(client, "HEAD", "/bytes/500")
    assert (response.getheader("content-length"), body) == ("500", b"")
    assert ask(client, "GET", "/bytes/500")[1] == b"x" * 500


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_has_no_length(client: http.client.HTTPConnection, status: int) -> None:
    response, _ = ask(client, "GET", f"/status/{status}")
    assert (response.status, response.getheader("content-length")) == (status, None)


def test_a_status_that_http_does_not_name_is_sent_as_it_is(client: http.client.HTTPConnection) -> None:
    assert ask(client, "GET", "/status/599")[0].status == 599


def test_a_header_may_hold_any_letter(wire: socket.socket) -> None:
    wire.sendall(GET % b"header/%E2%82%AC" + GET.replace(b"Host: here", b"Connection: close") % b"end")
    assert "x-value: €\r\n".encode() in read_to_end(wire)


@pytest.mark.parametrize("value", [b"a%0Ab", b"a%0Db", b"a%0D%0ASet-Cookie:%20b=c"])
def test_a_header_cannot_hold_a_line_break(
    wire: socket.socket, caplog: pytest.LogCaptureFixture, value: bytes
) -> None:
    with caplog.at_level(logging.CRITICAL, "asyncio"):
        wire.sendall(GET % (b"header/" + value))
        assert read_to_end(wire) == b""


@pytest.mark.parametrize("accepted", ["gzip", "deflate, gzip;q=0.5", "br;q=0, gzip"])
def test_a_large_answer_is_compressed_for_who_accepts_it(
    client: http.client.HTTPConnection, accepted: str
) -> None:
    response, body = ask(client, "GET", f"/bytes/{GZIP_ABOVE + 1}", headers={"Accept-Encoding": accepted})
    assert response.getheader("content-encoding") == "gzip"
    assert gzip.decompress(body) == b"x" * (GZIP_ABOVE + 1)


@pytest.mark.parametrize("accepted", ["identity", "", "gzip;q=0", "gzip; q=0.0, br", "xgzipx"])
def test_a_large_answer_is_left_alone_for_who_does_not(
    client: http.client.HTTPConnection, accepted: str
) -> None:
    response, body = ask(client, "GET", f"/bytes/{GZIP_ABOVE + 1}", headers={"Accept-Encoding": accepted})
    assert response.getheader("content-encoding") is None
    assert body == b"x" * (GZIP_ABOVE + 1)


def test_a_small_answer_is_not_compressed(client: http.client.HTTPConnection) -> None:
    response, _ = ask(client, "GET", f"/bytes/{GZIP_ABOVE}", headers={"Accept-Encoding": "gzip"})
    assert response.getheader("content-encoding") is None


def test_what_is_compressed_already_is_not_compressed_again(client: http.client.HTTPConnection) -> None:
    _, body = ask(client, "GET", "/zipped", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(body) == bytes(range(256)) * 99


# Leave to go on, and offers


def test_a_client_that_waits_for_leave_gets_it_before_its_body(wire: socket.socket, mirror: Mirror) -> None:
    wire.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n")
    assert read_until(wire, b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    wire.sendall(b"hi")
    assert read_until(wire, b"}").startswith(b"HTTP/1.1 200 OK")
    assert mirror.seen[0].body == b"hi"


def test_no_leave_is_given_once_the_body_is_there(wire: socket.socket) -> None:
    wire.sendall(b"POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi")
    assert read_until(wire, b"}").startswith(b"HTTP/1.1 200 OK")


def test_an_offer_of_http_2_is_declined_and_the_body_kept(wire: socket.socket, mirror: Mirror) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
    post = b"POST /v1/a?b=c HTTP/1.1\r\nX-Kept: yes\r\n%bContent-Length: 3\r\n\r\nabc" % offer
    wire.sendall(post + b"GET /next HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert read_to_end(wire).count(b"HTTP/1.1 200 OK") == 2
    first, second = mirror.seen
    assert (first.method, first.path, first.query, first.body) == ("POST", "/v1/a", "b=c", b"abc")
    assert first.headers["x-kept"] == "yes"
    assert second.path == "/next"


# Refusals


def refusal(wire: socket.socket, sent: bytes) -> tuple[int, str]:
    wire.sendall(sent)
    head, _, body = read_to_end(wire).rpartition(b"\r\n\r\n")
    assert b"connection: close" in head
    return int(head.split(b"HTTP/1.1 ")[-1][:3]), body.decode()


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"GARBAGE\r\n\r\n", "Invalid method"),
        (b"GET / HTTP/1.1\r\nNo colon\r\n\r\n", "Invalid header"),
        (b"GET / HTTP/1.1\r\nA: b\x00\r\n\r\n", "Invalid header value"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "can't be present"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk size"),
        (b"CONNECT zuora:443 HTTP/1.1\r\n\r\n", "'zuora:443' is no path."),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", "'*' is no path."),
    ],
)
def test_what_is_no_http_is_refused_with_the_reason(
    wire: socket.socket, mirror: Mirror, sent: bytes, reason: str
) -> None:
    status, said = refusal(wire, sent)
    assert status == 400
    assert reason in said
    assert mirror.seen == []


def test_what_came_before_nonsense_is_answered_first(wire: socket.socket, mirror: Mirror) -> None:
    wire.sendall(GET % b"status/201" + b"nonsense\r\n\r\n")
    received = read_to_end(wire)
    assert received.startswith(b"HTTP/1.1 201 ")
    assert received.index(b"HTTP/1.1 400 ") > 0
    assert len(mirror.seen) == 1


@pytest.mark.parametrize("rest", [b"nonsense", GET % b"more", b""])
def test_what_comes_after_the_last_request_is_not_looked_at(
    wire: socket.socket, mirror: Mirror, rest: bytes
) -> None:
    wire.sendall(b"GET /status/201 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + rest)
    assert read_to_end(wire).count(b"HTTP/1.1 ") == 1
    assert len(mirror.seen) == 1


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(wire: socket.socket) -> None:
    head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (BODY_LIMIT + 1)
    assert refusal(wire, head) == (413, f"A body takes at most {BODY_LIMIT} bytes.\n")


def test_a_refused_client_may_send_the_rest_and_still_reads_the_answer(
    client: http.client.HTTPConnection,
) -> None:
    response, _ = ask(client, "POST", "/", body=b"x" * (BODY_LIMIT + 1))
    assert response.status == 413


def test_a_body_of_unannounced_length_is_refused_once_it_is_too_large(
    client: http.client.HTTPConnection,
) -> None:
    chunks = (b"x" * 0x100000 for _ in range(BODY_LIMIT // 0x100000 + 2))
    assert ask(client, "POST", "/", body=chunks, encode_chunked=True)[0].status == 413


def test_the_largest_body_is_served(client: http.client.HTTPConnection, mirror: Mirror) -> None:
    ask(client, "POST", "/status/200", body=b"x" * BODY_LIMIT)
    assert len(mirror.seen[0].body) == BODY_LIMIT


def test_headers_without_end_are_refused(wire: socket.socket) -> None:
    status, said = refusal(wire, b"GET / HTTP/1.1\r\nA: " + b"x" * (HEAD_LIMIT + 1))
    assert (status, said) == (431, f"Headers take at most {HEAD_LIMIT} bytes.\n")
