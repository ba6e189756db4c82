"""Seals: what they hide, and that they open."""

import pytest

from toolkit.zuora.state.sealing import seal, unseal


@pytest.mark.parametrize("text", ["", "secret", "Pässwörter", 'a "quoted" one', "x" * 64, "x" * 300])
def test_what_is_sealed_comes_out_as_it_was(text: str) -> None:
    assert unseal(seal(text)) == text


def test_a_seal_shows_nothing_of_a_password() -> None:
    sealed = seal("correct horse battery staple")
    assert sealed.startswith("sealed:")
    assert not {"correct", "horse", "battery", "staple"} & set(sealed.split())


def test_a_seal_is_not_sealed_again() -> None:
    assert seal(seal("secret")) == seal("secret")
