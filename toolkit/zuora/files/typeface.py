"""Typefaces: how wide text is in the two faces of Helvetica that every reader of PDF has."""

from decimal import Decimal
from typing import Literal
from unicodedata import normalize

Face = Literal["plain", "bold"]

_FIRST, _OTHERS = 32, 556
_WIDTHS: dict[Face, bytes] = {
    "plain": b"""
        278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556
        556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778
        722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222
        500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584""",
    "bold": b"""
        278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556
        556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778
        722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278
        556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584""",
}
"""Thousandths of the size for each sign from the space on. Source: Adobe's metrics of its core fonts."""

_STROKES = {"Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h"}

_TABLE = {face: tuple(map(int, widths.split())) for face, widths in _WIDTHS.items()}


def written(text: str) -> str:
    """Return text in the signs that these faces have, those of Windows-1252.

    A letter whose accent they lack stands without it; of any other sign a question mark remains.
    """
    return "".join(map(_sign, normalize("NFC", text)))


def _sign(sign: str) -> str:
    if sign.encode("cp1252", "ignore"):
        return sign
    bare = normalize("NFKD", sign).encode("cp1252", "ignore").decode("cp1252")
    return bare or _STROKES.get(sign, "?")


def width(text: str, face: Face, size: int) -> Decimal:
    """Return how wide text is, in the points that `size` is given in.

    A letter with an accent is as wide as without; of rare signs the width of a digit is taken.
    """
    widths = _TABLE[face]
    places = (ord(sign if sign.isascii() else normalize("NFD", sign)[0]) - _FIRST for sign in text)
    thousandths = sum(widths[place] if 0 <= place < len(widths) else _OTHERS for place in places)
    return Decimal(thousandths * size).scaleb(-3)


def lines(text: str, face: Face, size: int, room: int) -> list[str]:
    """Break text into lines that are at most `room` points wide: between words, or within one too long."""
    made: list[str] = []
    for word in written(text).split():
        if made and width(f"{made[-1]} {word}", face, size) <= room:
            made[-1] += f" {word}"
        else:
            made.extend(_cut(word, face, size, room))
    return made


def _cut(word: str, face: Face, size: int, room: int) -> list[str]:
    for place in range(1, len(word)):
        if width(word[: place + 1], face, size) > room:
            return [word[:place], *_cut(word[place:], face, size, room)]
    return [word]
