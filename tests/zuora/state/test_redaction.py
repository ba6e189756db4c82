"""Secrets are found by the structure of a body, however it is written."""

import msgspec
import pytest

from toolkit.zuora.state.redaction import body_without_secrets
from toolkit.zuora.state.sealing import unseal

METHODS, ORDERS, CRUD = "/v1/payment-methods", "/v1/orders", "/v1/object/payment-method"


@pytest.mark.parametrize(
    ("path", "body", "kept"),
    [
        (METHODS, b'{"cardNumber":"4111 1111-1111 1112"}', b'{"cardNumber":"0000 0000-0000 1112"}'),
        (METHODS, b'{"\\u0063ardNumber":4111111111111111}', b'{"cardNumber":"0000000000001111"}'),
        (METHODS, b'{"a":[{"securityCode":"9\\"8"},1.50]}', b'{"a":[{"securityCode":"000"},1.50]}'),
        (
            METHODS,
            b'{"IBAN":"DE62","accountNumber":"A1234567"}',
            b'{"IBAN":"DE62","accountNumber":"00004567"}',
        ),
        (f"{METHODS}/8ad0", b'{"accountNumber":"A1234567"}', b'{"accountNumber":"00004567"}'),
        (f"/{METHODS}/", b'{"accountNumber":"A1234567"}', b'{"accountNumber":"00004567"}'),
        (f"{METHODS}/8ad0/authorize", b'{"accountNumber":"A00000001"}', b'{"accountNumber":"A00000001"}'),
        (f"{METHODS}/8ad0/profiles", b'{"cardSecurityCode":"987"}', b'{"cardSecurityCode":"000"}'),
        (CRUD, b'{"CreditCardNumber":"4111111111111112"}', b'{"CreditCardNumber":"0000000000001112"}'),
        (METHODS, b'{"creditCardNumber":"4111111111111112"}', b'{"creditCardNumber":"0000000000001112"}'),
        (CRUD, b'{"AchAccountNumber":"000111111113"}', b'{"AchAccountNumber":"000000001113"}'),
        (METHODS, b'{"cardNumber": {"cardNumber": "12345"}}', b'{"cardNumber":{"cardNumber":"02345"}}'),
        (METHODS, b'{"securityCode": null}', b'{"securityCode": null}'),
        (ORDERS, b'{"accountNumber": "A00000001"}', b'{"accountNumber": "A00000001"}'),
        (ORDERS, b'{"note": "client_secret=x"}', b'{"note": "client_secret=x"}'),
        (ORDERS, b"cardNumber, but no JSON", b"cardNumber, but no JSON"),
        (ORDERS, b'"IBAN \xff"', b'"IBAN \xff"'),
        ("/oauth/token", b"client_id=i&client_secret=\xff&x=y", b"client_id=i&client_secret=redacted&x=y"),
    ],
)
def test_only_secrets_are_replaced(path: str, body: bytes, kept: bytes) -> None:
    assert body_without_secrets(path, body) == kept


def test_the_password_of_a_callout_is_sealed_so_that_it_can_be_used_after_a_restart() -> None:
    body = b'{"callout": {"calloutAuth": {"username": "zuora", "password": "hush"}}}'
    noted = body_without_secrets("/notifications/notification-definitions", body)
    sealed = msgspec.json.decode(noted)["callout"]["calloutAuth"]["password"]
    assert (b"hush" in noted, unseal(sealed)) == (False, "hush")
