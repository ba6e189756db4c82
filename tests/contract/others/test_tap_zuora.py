"""Singer's tap discovers every stream and synchronises them, by exports and by AQuA."""

import contextlib
import io
import json
import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

CLIENT_ID = "00000000-0000-4000-8000-000000000001"
CONFIG = {"username": CLIENT_ID, "password": "a-secret", "auth_type": "OAUTH", "partner_id": "salesforce"}
STREAMS = {"Account", "Contact", "Subscription", "RatePlan", "RatePlanCharge", "Invoice", "InvoiceItem"}


@pytest.fixture
def tap(simulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The tap, which knows its hosts by heart; it is quiet."""
    tap: Any = pytest.importorskip("tap_zuora", reason="tap-zuora is not installed here")
    client: Any = pytest.importorskip("tap_zuora.client")
    for place in client.URLS:
        monkeypatch.setitem(client.URLS, place, [f"{simulator}/"])
    logging.disable(logging.INFO)
    yield tap
    logging.disable(logging.NOTSET)


def printed(work: Any, *arguments: Any) -> str:
    """What the tap writes."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        work(*arguments)
    return output.getvalue()


def selected(catalog: dict[str, Any], streams: set[str]) -> dict[str, Any]:
    """Select streams with all of their fields."""
    for stream in catalog["streams"]:
        for place in stream["metadata"]:
            usable = place["metadata"].get("inclusion") != "unsupported"
            place["metadata"]["selected"] = usable and stream["tap_stream_id"] in streams
    return catalog


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("kind", ["REST", "AQUA"])
def test_streams_are_discovered_and_synchronised(tap: Any, kind: str) -> None:
    """By REST it asks month by month, so it is given less to do."""
    catalogs: Any = pytest.importorskip("singer")
    config = {**CONFIG, "api_type": kind, "start_date": "2025-02-01T00:00:00Z"}
    client = tap.client.Client.from_config(config)
    found = json.loads(printed(tap.do_discover, client))
    names = {stream["tap_stream_id"] for stream in found["streams"]}
    assert names >= STREAMS
    wanted = names if kind == "AQUA" else STREAMS
    catalog = catalogs.Catalog.from_dict(selected(found, wanted))
    state = tap.validate_state(config, catalog, {})
    messages = [json.loads(line) for line in printed(tap.do_sync, client, catalog, state).splitlines()]
    assert {one["stream"] for one in messages if one["type"] == "SCHEMA"} == wanted
    records = Counter(one["stream"] for one in messages if one["type"] == "RECORD")
    assert set(records) >= STREAMS
    assert records["Account"] == 4
