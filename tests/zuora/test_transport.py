"""The same handler through a socket and without one."""

import asyncio
import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
import vcr  # type: ignore[import-untyped]  # vcrpy ships no types

from tests.zuora.conftest import KEYS
from tests.zuora.mirror import Mirror
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.transport import InProcessTransport
from toolkit.zuora.web.server import running

if TYPE_CHECKING:
    from toolkit.zuora.tenant import Tenant


@pytest.mark.parametrize("path", ["/none", "/v1/a%20b%C3%A4?x=1%202&y=%2F", "/", "/x?"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_a_client_cannot_tell_it_from_a_socket(method: str, path: str) -> None:
    direct, served = Mirror(), Mirror()
    content = b'{"a":1.10}' if method in {"POST", "PUT"} else None
    with (
        running(served) as url,
        httpx2.Client(base_url=url) as far,
        httpx2.Client(base_url=url, transport=InProcessTransport(direct)) as near,
    ):
        headers = {"Zuora-Version": "2025-08-12"}
        theirs = far.request(method, path, content=content, headers=headers)
        ours = near.request(method, path, content=content, headers=headers)
    assert direct.seen == served.seen
    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content)
    assert ours.headers.get_list("set-cookie") == theirs.headers.get_list("set-cookie")


def test_a_body_that_comes_in_parts_arrives_whole() -> None:
    mirror = Mirror()
    with httpx2.Client(transport=InProcessTransport(mirror), base_url="http://zuora") as client:
        client.post("/", content=iter([b"ab", b"c"]))
    assert mirror.seen[0].body == b"abc"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_links_of_an_answer_speak_as_the_client_does(tenant: "Tenant", scheme: str) -> None:
    url = f"{scheme}://rest.zuora.com"
    with httpx2.Client(transport=InProcessTransport(tenant.handle), base_url=url, headers=KEYS) as client:
        assert client.get("/v1/orders?pageSize=1").json()["nextPage"].startswith(f"{url}/v1/orders?")


def test_an_asynchronous_client_is_answered_too() -> None:
    async def ask() -> str:
        async with httpx2.AsyncClient(transport=InProcessTransport(Mirror())) as client:
            return (await client.post("http://zuora/", content=b"ab")).text

    assert asyncio.run(ask()) == "abab"


def test_a_compressed_answer_is_unpacked() -> None:
    def zipped(_: Request) -> Response:
        return Response(200, (("content-encoding", "gzip"),), gzip.compress(b"abc"))

    with httpx2.Client(transport=InProcessTransport(zipped)) as client:
        assert client.get("http://zuora/").content == b"abc"


def test_a_cassette_records_what_passes_through(tmp_path: Path) -> None:
    mirror = Mirror()
    with httpx2.Client(transport=InProcessTransport(mirror), base_url="http://zuora") as client:
        for _ in ("recorded", "replayed"):
            with vcr.use_cassette(str(tmp_path / "passing.yaml")):
                assert client.put("/v1/a?b=c", content=b"ab").text == "abab"
    assert len(mirror.seen) == 1
