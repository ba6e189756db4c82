"""JSON as text: indented and restored, and rewritten value by value, with every other character kept."""

import json
import re
from collections.abc import Callable

Visit = Callable[[tuple[str, ...], str], str]
"""Given the names that lead to a value, outermost first, and the value; returns what shall stand there."""

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+|\s+')
_INSERTED = re.compile(r"\n(?:  )*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")


def is_json(text: str) -> bool:
    """Tell whether the text is a JSON object or array."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def indent(text: str) -> str | None:
    """Put line breaks and pairs of spaces into a JSON text, so that a change of one value is one line.

    Returns:
        None when the text is no JSON object or array, or when `restore` would not give it back.
    """
    if "\n" in text or not is_json(text):
        return None
    pieces: list[str] = []
    depth = 0
    before = ""
    for piece in _PIECE.findall(text):
        opens_or_follows = before in ("{", "[", ",") and piece not in ("}", "]")
        closes = piece in ("}", "]") and before not in ("{", "[")
        depth += (piece in ("{", "[")) - (piece in ("}", "]"))
        if opens_or_follows or closes:
            pieces.append("\n" + "  " * (depth - (piece in ("{", "["))))
        pieces.append(piece)
        before = piece
    indented = "".join(pieces)
    return indented if restore(indented) == text else None


def restore(indented: str) -> str:
    """Take out what `indent` put in; a string of JSON never holds a bare line break itself."""
    return _INSERTED.sub("", indented)


def rewrite(text: str, visit: Visit) -> str:
    """Pass every string and number of a JSON text, and every name in it, through `visit`.

    A name is passed without names that lead to it. An element of an array has the names of the array.
    What `visit` returns unchanged keeps its characters, escapes and digits included.
    """
    pieces: list[str] = []
    above: list[tuple[bool, tuple[str, ...]]] = []
    names: tuple[str, ...] = ()
    name_is_next = False
    for given in _PIECE.findall(text):
        piece = given
        if piece in ("{", "["):
            name_is_next = piece == "{"
            above.append((name_is_next, names))
        elif piece in ("}", "]"):
            above.pop()
        elif piece == ",":
            name_is_next, names = above[-1]
        elif piece == ":":
            name_is_next = False
        elif name_is_next and piece[0] == '"':
            names = (*above[-1][1], _decoded(piece))
            piece = _rewritten(piece, (), visit)
        elif piece[0] == '"' or _NUMBER.fullmatch(piece):
            piece = _rewritten(piece, names, visit)
        pieces.append(piece)
    return "".join(pieces)


def _decoded(piece: str) -> str:
    return str(json.loads(piece)) if "\\" in piece else piece[1:-1]


def _rewritten(piece: str, names: tuple[str, ...], visit: Visit) -> str:
    is_string = piece[0] == '"'
    value = _decoded(piece) if is_string else piece
    new = visit(names, value)
    if new == value:
        return piece
    return new if not is_string and _NUMBER.fullmatch(new) else json.dumps(new, ensure_ascii=False)
