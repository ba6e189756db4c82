"""Known secrets are found wherever they stand, and words that only look alike are left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.recording.fields import Kind
from toolkit.recording.known import Known

KNOWN = Known(
    {"hunter-2": Kind.SECRET, "hunter-2-long": Kind.SECRET, "secret": Kind.SECRET, "Lovelace": Kind.NAME}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xhunter-2x", "x<hunter-2>x"),
        ("hunter-2-longhunter-2", "<hunter-2-long><hunter-2>"),
        ("secret, client_secret, secretary", "<secret>, client_secret, secretary"),
        ("Lovelace's Lovelaces", "<Lovelace>'s Lovelaces"),
        ("redacted-secret-1 secret", "redacted-secret-1 <secret>"),
        ("", ""),
        ("short", "short"),
    ],
)
def test_secrets_are_replaced_the_longest_first_and_placeholders_stay(text: str, expected: str) -> None:
    assert KNOWN.replace(text, lambda _, secret: f"<{secret}>") == expected


@given(st.lists(st.text("ab-", min_size=6, max_size=9), max_size=4), st.text("ab-", max_size=40))
def test_nothing_known_is_left(secrets: list[str], text: str) -> None:
    known = Known({f"{secret}-": Kind.SECRET for secret in secrets})
    left = known.replace(text, lambda *_: "#")
    assert [secret for secret in secrets if f"{secret}-" in left] == []


def test_the_kind_is_told_to_who_substitutes() -> None:
    assert KNOWN.replace("Lovelace", lambda kind, _: kind) == "name"
