"""Hosted payment pages over the API: configured and listed."""

import pytest

from toolkit.zuora.client import Client, RefusedError

PAGE = {
    "type": "hp_creditcard",
    "pageName": "Pay",
    "domain": "https://example.com",
    "gateway": "Test Gateway",
}


def test_a_page_is_configured_and_listed(client: Client) -> None:
    made = client.post("/v1/hostedpages", {**PAGE, "callbackPath": "/done", "css": "body {}"})
    assert (made["pageType"], made["pageVersion"], made["callbackPath"]) == ("Credit Card", 2, "/done")
    client.post("/v1/hostedpages", {**PAGE, "type": "hp_sepa", "pageName": "Another"})
    listed = client.get("/v1/hostedpages")["hostedpages"]
    assert [(one["pageName"], one["pageType"]) for one in listed] == [
        ("Another", "Bank Transfer"),
        ("Pay", "Credit Card"),
    ]
    assert listed[1] == {
        "pageId": made["id"],
        "pageName": "Pay",
        "pageType": "Credit Card",
        "pageVersion": "2",
    }


@pytest.mark.parametrize(("query", "size"), [("?version=2", 1), ("?versionNumber=2", 1), ("?version=1", 0)])
def test_pages_are_of_version_2(client: Client, query: str, size: int) -> None:
    client.post("/v1/hostedpages", PAGE)
    assert len(client.get(f"/v1/hostedpages{query}")["hostedpages"]) == size


@pytest.mark.parametrize(
    ("change", "message"),
    [({"gateway": "None"}, "'gateway' should be"), ({"type": "hp_x"}, "one of: hp_ach")],
)
def test_a_page_for_nothing_is_refused(client: Client, change: dict[str, str], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        client.post("/v1/hostedpages", {**PAGE, **change})
