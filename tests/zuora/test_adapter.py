"""A session of requests cannot tell the adapter from a socket."""

import gzip
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import requests

from tests.zuora.mirror import Mirror
from toolkit.zuora.adapter import InProcessAdapter
from toolkit.zuora.calls.call import Response
from toolkit.zuora.web.server import running

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant


@pytest.mark.parametrize("path", ["/none", "/v1/a%20b%C3%A4?x=1%202&y=%2F", "/", "/x?"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_a_session_cannot_tell_it_from_a_socket(method: str, path: str) -> None:
    direct, served = Mirror(), Mirror()
    content = b'{"a":1.10}' if method in {"POST", "PUT"} else None
    with running(served) as url, requests.Session() as far, requests.Session() as near:
        near.mount(url, InProcessAdapter(direct))
        theirs, ours = (
            one.request(method, url + path, data=content, headers={"Zuora-Version": b"2025-08-12"})
            for one in (far, near)
        )
        assert near.cookies.get_dict() == far.cookies.get_dict() == {"a": "1", "b": "2"}
    assert direct.seen == served.seen
    assert (ours.status_code, ours.content, ours.reason) == (
        theirs.status_code,
        theirs.content,
        theirs.reason,
    )
    assert ours.headers["set-cookie"] == theirs.headers["set-cookie"]


@pytest.mark.parametrize("body", ["abc", b"abc", BytesIO(b"abc"), iter([b"ab", b"c"])], ids=type)
def test_a_body_arrives_whole_in_whatever_form(body: object) -> None:
    mirror = Mirror()
    with requests.Session() as session:
        session.mount("http://zuora", InProcessAdapter(mirror))
        session.post("http://zuora/", data=body)  # type: ignore[arg-type]  # one of those that requests takes
    assert mirror.seen[0].body == b"abc"


def test_a_compressed_answer_is_unpacked() -> None:
    with requests.Session() as session:
        zipped = Response(200, (("content-encoding", "gzip"),), gzip.compress(b"abc"))
        session.mount("http://zuora", InProcessAdapter(lambda _: zipped))
        assert session.get("http://zuora/").content == b"abc"


def test_a_tenant_is_called_as_over_http(tenant: "Tenant") -> None:
    with requests.Session() as session:
        session.mount("https://rest.zuora.com", InProcessAdapter(tenant.handle))
        form = {"client_id": "00000000-0000-4000-8000-000000000000", "client_secret": "s"}
        form["grant_type"] = "client_credentials"
        token = session.post("https://rest.zuora.com/oauth/token", data=form).json()["access_token"]
        session.headers["authorization"] = f"Bearer {token}"
        shown = session.get("https://rest.zuora.com/v1/accounts/A00000001").json()
        listed = session.get("https://rest.zuora.com/v1/orders?pageSize=1").json()
        assert session.get(listed["nextPage"]).json()["orders"] != listed["orders"]
    assert shown["basicInfo"]["accountNumber"] == "A00000001"
