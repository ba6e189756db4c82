"""RSA signatures that anybody can check with the public key."""

import subprocess
from base64 import b64decode
from pathlib import Path
from shutil import which

import pytest

from toolkit.zuora.client import Client, RefusedError
from toolkit.zuora.payments.rsa import key_of, public, reveal, sign

PAGE = {"uri": "https://apisandbox.zuora.com/apps/PublicHostedPageLite.do", "method": "POST"}


def test_a_page_is_signed_with_what_zuora_documents(client: Client) -> None:
    made = client.post("/v1/rsa-signatures", {**PAGE, "pageId": "ff80808145b3bf9d0145b3c6812b0008"})
    asked = {"method": "POST", "publicKey": made["key"], "signature": made["signature"]}
    shown = client.post("/v1/rsa-signatures/decrypt", asked)["decryptedSignature"]
    moment = "1767254400000"  # 1 January 2026 at midnight in California
    page = "ff80808145b3bf9d0145b3c6812b0008"
    assert shown.split("#") == [PAGE["uri"], made["tenantId"], made["token"], moment, page]


def test_a_text_that_is_too_long_has_a_token_and_no_signature(client: Client) -> None:
    made = client.post("/v1/rsa-signatures", {**PAGE, "pageId": "x" * 200})
    assert (made["signature"], bool(made["token"])) == (None, True)


def test_a_signature_of_another_is_refused(client: Client) -> None:
    stranger = sign("text", key_of("another")) or ""
    for signature, key in (
        (stranger, public(key_of("toolkit"))),
        ("AAAA", public(key_of("toolkit"))),
        (stranger, "AAAA"),
        ("?", public(key_of("another"))),
    ):
        with pytest.raises(RefusedError, match="was not made by the owner of 'publicKey'"):
            client.post(
                "/v1/rsa-signatures/decrypt", {"method": "POST", "publicKey": key, "signature": signature}
            )
    assert reveal(stranger, public(key_of("another"))) == "text"


@pytest.mark.skipif(which("openssl") is None, reason="openssl is not installed here")
def test_openssl_reads_the_key_and_the_signature(tmp_path: Path) -> None:
    key = key_of("toolkit")
    (tmp_path / "key.der").write_bytes(b64decode(public(key)))
    (tmp_path / "signature").write_bytes(b64decode(sign("a#b#c", key) or ""))
    command = ["openssl", "pkeyutl", "-verifyrecover", "-pubin", "-keyform", "DER"]
    command += ["-inkey", str(tmp_path / "key.der"), "-in", str(tmp_path / "signature")]
    command += ["-pkeyopt", "rsa_padding_mode:pkcs1"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == b"a#b#c"
