"""A whole cassette is played through a real client."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from toolkit.errors import ToolkitError
from toolkit.recording import files
from toolkit.recording.playback import play
from toolkit.recording.recorder import cassette
from toolkit.recording.sending import Step

if TYPE_CHECKING:
    from tests.recording.conftest import Client, Serve

BODY = (
    b'{"success":true,"orderNumber":"O-00000001","invoiceNumbers":["INV1"],"number":5,"accountNumber":"A1"}'
)


def test_every_recorded_request_is_made_and_answered(
    clients: "dict[str, Client]", serve: "Serve", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    server = serve(200, {"Content-Type": "application/json"}, BODY)
    with cassette(files.path_to_write("zuora/order"), "record"):
        clients["httpx2"]("POST", f"{server.url}/v1/orders", body=b"{}")
        clients["requests"]("GET", f"{server.url}/v1/x%20y?a=%2B")
        clients["urllib"]("GET", f"{server.url}/v1/list")
    told: list[Step] = []
    result = play("zuora/order", told.append)
    assert result.name == "zuora/order"
    assert result.recorded.against == "simulator"
    assert result.steps == tuple(told)
    assert told[0] == Step("POST", "/v1/orders", 200, ("O-00000001", "A1"))
    assert [str(step) for step in told] == [
        "POST /v1/orders 200 O-00000001 A1",
        "GET  /v1/x%20y 200 O-00000001 A1",
        "GET  /v1/list 200 O-00000001 A1",
    ]
    assert len(server.shop.asked) == 3


def test_an_unknown_cassette_is_refused() -> None:
    with pytest.raises(ToolkitError, match="There is no 'zuora/nothing' in cassettes"):
        play("zuora/nothing")
