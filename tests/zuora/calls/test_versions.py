"""The Zuora-Version header."""

import pytest

from toolkit.zuora.calls import versions
from toolkit.zuora.calls.refusals import Refusal


def test_versions_are_in_the_documented_order() -> None:
    read = [versions.read(text) for text in versions.SUPPORTED]
    assert read == sorted(read)
    assert read[0] == versions.DEFAULT


def test_a_whole_number_needs_no_decimal() -> None:
    assert versions.read("186") == versions.read("186.0")


@pytest.mark.parametrize("text", ["187.5", "1", "latest", "2024-05-21", "", "186.0.0"])
def test_a_version_that_zuora_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="Invalid Zuora-Version"):
        versions.read(text)
