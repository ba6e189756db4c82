"""The toolkit's client, against a simulator that answers over HTTP."""

from decimal import Decimal

import httpx2
import pytest

from toolkit.errors import ToolkitError
from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.tenant import Tenant
from toolkit.zuora.web.server import running


def test_it_signs_in_by_itself_and_again_when_its_token_has_expired(tenant: Tenant) -> None:
    with running(tenant.handle) as url, Client(url) as client:
        assert client.now()
        client.advance("P2D")
        assert client.get("/v1/accounts/A00000001")["success"] is True
    assert tenant.served["POST", "/oauth/token"] == 2


def test_amounts_are_decimals(client: Client) -> None:
    balance = client.get("/v1/accounts/A00000001")["metrics"]["balance"]
    assert isinstance(balance, Decimal)


def test_a_refusal_without_reasons_has_a_code_where_it_is_a_number(client: Client) -> None:
    for path, code in (("/query/jobs/x", 404), ("/v1/action/nope", 0)):
        with pytest.raises(RefusedError) as caught:
            client.get(path) if code else client.post(path, {})
        assert caught.value.code == code


def test_a_refusal_has_status_code_and_message(client: Client) -> None:
    with pytest.raises(RefusedError, match="GET /v1/accounts/x was refused with HTTP 404") as caught:
        client.get("/v1/accounts/x")
    assert (caught.value.status, caught.value.code, caught.value.exit_code) == (404, 50000040, 1)


def test_a_refusal_of_an_object_is_said_in_its_words(client: Client) -> None:
    with pytest.raises(RefusedError, match="HTTP 400, code 0: invalid id for update"):
        client.put("/v1/object/account/x", {"Name": "Acme"})


def test_wrong_credentials_are_refused(tenant: Tenant) -> None:
    refused = pytest.raises(RefusedError, match="POST /oauth/token was refused with HTTP 401")
    with running(tenant.handle) as url, Client(url, client_id="short") as client, refused:
        client.get("/v1/catalog/products")


def test_nobody_there_is_said_with_the_address() -> None:
    with Client("http://127.0.0.1:9") as client, pytest.raises(ToolkitError, match="http://127.0.0.1:9"):
        client.get("/v1/catalog/products")


@pytest.mark.parametrize(("status", "body"), [(502, b"Bad gateway"), (200, b"[]"), (200, b"<html>")])
def test_an_answer_that_is_not_zuoras_is_refused(status: int, body: bytes) -> None:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, content=body))
    with Client(transport=transport) as client, pytest.raises(RefusedError, match=f"HTTP {status}, code 0"):
        client.get("/v1/catalog/products")
