"""Widths and lines of text, against Adobe's published metrics of Helvetica."""

import pytest

from toolkit.zuora.files.typeface import Face, lines, width, written


@pytest.mark.parametrize(
    ("text", "face", "thousandths"),
    [
        ("Invoice", "plain", 278 + 556 + 500 + 556 + 222 + 500 + 556),
        ("Invoice", "bold", 278 + 611 + 556 + 611 + 278 + 556 + 556),
        ("0123456789", "plain", 5560),
        ("é", "plain", 556),
        ("€", "plain", 556),
    ],
)
def test_text_is_as_wide_as_its_signs(text: str, face: Face, thousandths: int) -> None:
    assert width(text, face, 1000) == thousandths


def test_lines_break_between_words_and_within_a_long_one() -> None:
    assert lines("ab ab ab", "plain", 1000, 2600) == ["ab ab", "ab"]
    assert lines("aaaaa", "plain", 1000, 1200) == ["aa", "aa", "a"]
    assert lines("", "plain", 9, 100) == []
    assert lines("aa", "plain", 1000, 1) == ["a", "a"]


def test_text_is_written_in_signs_that_there_are() -> None:
    assert written("Café") == written("Cafe\u0301") == "Café"
    assert written("ŁódźΩ") == "Lódz?"
