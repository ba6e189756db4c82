"""Airbyte's source checks its sign-in, discovers the tables of data queries, and reads all of them.

It was written for Python 3.7 and an airbyte-cdk that no longer installs. Two things that it took from there
are given back: where the kit looks for the kind of grant, and the `astimezone` of a subclass of datetime.
"""

import logging
from collections import Counter
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

TENANT = "US Central Sandbox"
LOG = logging.getLogger("airbyte")
RECORDS = {
    "account": 4,
    "contact": 4,
    "subscription": 3,
    "rateplan": 4,
    "orders": 3,
    "invoice": 3,
    "invoiceitem": 4,
}


class Airbyte(NamedTuple):
    """The source, what its user types, and the kit's models."""

    source: Any
    config: dict[str, Any]
    models: Any


@pytest.fixture
def airbyte(simulator: str, monkeypatch: pytest.MonkeyPatch) -> Airbyte:
    """The source, which knows its hosts by heart."""
    source: Any = pytest.importorskip("source_zuora.source", reason="it does not install here")
    places: Any = pytest.importorskip("source_zuora.zuora_endpoint")
    sign_in: Any = pytest.importorskip("source_zuora.zuora_auth").OAuth
    dates: Any = pytest.importorskip("pendulum")
    monkeypatch.setitem(places.ZUORA_TENANT_ENDPOINT_MAP, TENANT, simulator)
    monkeypatch.delattr(sign_in, "get_refresh_request_body")
    monkeypatch.setattr(sign_in, "get_grant_type", lambda _: "client_credentials")
    monkeypatch.setattr(
        dates.DateTime,
        "astimezone",
        lambda moment, zone=UTC: dates.instance(datetime.fromtimestamp(moment.timestamp(), zone)),
    )
    config = {
        "start_date": "2020-01-01",
        "window_in_days": "4000",
        "tenant_endpoint": TENANT,
        "data_query": "Live",
        "client_id": "00000000-0000-4000-8000-000000000001",
        "client_secret": "a-secret",
    }
    return Airbyte(source.SourceZuora(), config, pytest.importorskip("airbyte_cdk.models"))


def test_the_sign_in_is_checked(airbyte: Airbyte) -> None:
    assert airbyte.source.check(LOG, dict(airbyte.config)).status.value == "SUCCEEDED"


def test_every_table_is_discovered_and_those_with_dates_are_read(airbyte: Airbyte) -> None:
    """Those without fail in the source: it looks for what it found missing before."""
    found = airbyte.source.discover(LOG, dict(airbyte.config)).streams
    assert {stream.name for stream in found} >= RECORDS.keys()
    assert all("id" in stream.json_schema["properties"] for stream in found)
    wanted = {
        "streams": [
            {"stream": stream.dict(), "sync_mode": "full_refresh", "destination_sync_mode": "overwrite"}
            for stream in found
            if {"createddate", "updateddate"} & stream.json_schema["properties"].keys()
        ]
    }
    catalog = airbyte.models.ConfiguredAirbyteCatalog.parse_obj(wanted)
    messages = airbyte.source.read(LOG, dict(airbyte.config), catalog, None)
    records = Counter(one.record.stream for one in messages if one.record)
    assert {name: records[name] for name in RECORDS} == RECORDS
