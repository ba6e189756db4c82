"""A message is kept with the headers that tell something, and its body as the text it is."""

import gzip
import zlib

import pytest

from toolkit.errors import ToolkitError
from toolkit.recording.interactions import Request
from toolkit.recording.wire import request_from_wire, response_from_wire, response_to_wire

ASKED = Request("GET", "/v1/files/1")


def test_a_request_keeps_what_is_asked_and_drops_who_asks() -> None:
    headers = [
        *(("Host", "h"), ("User-Agent", "x"), ("Accept-Encoding", "gzip"), ("Content-Length", "2")),
        *(("Authorization", "Bearer x"), ("Zuora-Version", "341.0"), ("X-Gitlab-Token", "y")),
    ]
    request = request_from_wire("post", "http://h:1/v1/a%20b?c=d%2F#e", headers, b"{}")
    assert (request.method, request.target) == ("POST", "/v1/a%20b?c=d%2F")
    assert request.headers == {"authorization": "Bearer x", "zuora-version": "341.0", "x-gitlab-token": "y"}
    assert request.text == "{}"


def test_an_address_without_a_path_asks_for_the_root() -> None:
    assert request_from_wire("GET", "http://h", [], b"").path == "/"


def test_a_response_keeps_repeated_headers_apart_and_drops_what_changes_each_time() -> None:
    headers = [
        ("Date", "x"),
        ("Set-Cookie", "a=1"),
        ("Content-Length", "5"),
        ("set-cookie", "b=2"),
        ("ETag", "x"),
    ]
    response = response_from_wire(ASKED, 200, headers, b"plain")
    assert response.headers == {"set-cookie": ("a=1", "b=2"), "etag": "x"}
    assert list(response.header_lines()) == [("set-cookie", "a=1"), ("set-cookie", "b=2"), ("etag", "x")]


def test_a_compressed_body_is_kept_readable_and_travels_plain() -> None:
    response = response_from_wire(ASKED, 200, [("Content-Encoding", "gzip")], gzip.compress(b'{"a":1.00}'))
    assert response.text == '{"a":1.00}'
    assert response_to_wire(response) == ([("content-length", "10")], b'{"a":1.00}')


def test_an_empty_body_is_compressed_by_nothing() -> None:
    assert response_from_wire(ASKED, 304, [("Content-Encoding", "gzip")], b"").text == ""


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF\xff",
        zlib.compress(b"x"),
        gzip.compress(b"cut", mtime=0)[:-3],
        gzip.compress(b"\xff", mtime=0),
        gzip.compress(b"spoilt" * 9, mtime=0)[:12] + b"\xff" * 30,
        b"\x1f\x8bno gzip",
    ],
)
def test_what_cannot_be_searched_for_secrets_is_refused(body: bytes) -> None:
    with pytest.raises(ToolkitError, match="The body of the response to GET /v1/files/1 is no text"):
        response_from_wire(ASKED, 200, [], body)


def test_a_request_that_cannot_be_searched_is_named() -> None:
    with pytest.raises(ToolkitError, match="The body of the request POST /v1/usage is no text"):
        request_from_wire("POST", "http://h/v1/usage", [], b"\xff")
