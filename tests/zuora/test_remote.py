"""What a running simulator is asked by its URL, and what is said when it does not answer."""

import socket

import httpx2
import msgspec
import pytest

from toolkit import worlds
from toolkit.errors import ToolkitError
from toolkit.zuora.remote import Remote
from toolkit.zuora.simulator import Simulator
from toolkit.zuora.tenants import Tenants
from toolkit.zuora.transport import InProcessTransport


def test_a_tenant_and_a_token_go_along() -> None:
    with Tenants("empty", lambda: worlds.load("empty")) as tenants:
        tenants.add("b", lambda: worlds.load("empty"))
        transport = InProcessTransport(Simulator(tenants, worlds.load, "geheim").handle)
        remote = Remote("http://zuora/", "b", "geheim", transport)
        remote.ask("POST", "clock", {"advance": "P1D"})
        assert tenants["b"].timeline.history.count == 1
        assert msgspec.json.decode(remote.ask("GET", "journal", size=1, after=None))["count"] == 1
        for asked, said in (
            (Remote("http://zuora", None, None, transport), "need the token of this simulator"),
            (Remote("http://zuora", "c", "geheim", transport), "There is no tenant 'c'"),
        ):
            with pytest.raises(ToolkitError, match=said):
                asked.ask("GET", "clock")
        with pytest.raises(ToolkitError, match="'2 days' is not an ISO 8601 duration"):
            remote.ask("POST", "clock", {"advance": "2 days"})


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b'{"reasons":[]}'])
def test_another_server_is_recognized(body: bytes) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(404, content=body))
    with pytest.raises(
        ToolkitError, match="http://zuora/__toolkit/clock answers HTTP 404 and is no simulator"
    ):
        Remote("http://zuora", transport=transport).ask("GET", "clock")


def test_where_nothing_answers_it_is_said_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    for unreachable in (url, "http://[x"):
        with pytest.raises(ToolkitError, match="does not answer: .* Start it with `toolkit serve zuora`"):
            Remote(unreachable).ask("GET", "clock")
