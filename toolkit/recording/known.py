"""Secrets that were found by their names, looked for wherever else and however else they are written."""

import json
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from toolkit.recording.fields import Kind
from toolkit.recording.placeholders import PLACEHOLDER

LONG_ENOUGH = 6
"""Characters that a secret must have to be looked for."""

_NO_WORD = 16


class _Form(NamedTuple):
    """One way to write a secret.

    Attributes:
        is_word: Whether it could be part of an ordinary word, so that it counts only as a word of its own.
    """

    written: str
    secret: str
    is_word: bool

    def stands(self, text: str, start: int) -> bool:
        if not text.startswith(self.written, start):
            return False
        around = text[max(start - 1, 0) : start] + text[start + len(self.written) :][:1]
        return not (self.is_word and re.search(r"\w", around))


class Known:
    """Finds secrets in time that does not grow with their number.

    Args:
        secrets: Their kinds; each has at least `LONG_ENOUGH` characters.
    """

    def __init__(self, secrets: Mapping[str, Kind]) -> None:
        self._secrets = dict(secrets)
        self._by_start: dict[str, list[_Form]] = {}
        forms = (form for secret, kind in secrets.items() for form in _forms(secret, kind))
        for form in sorted(forms, key=lambda form: len(form.written), reverse=True):
            self._by_start.setdefault(form.written[:LONG_ENOUGH], []).append(form)

    def replace(self, text: str, substitute: Callable[[Kind, str], str]) -> str:
        """Put what `substitute` gives in the place of each secret, the longest first; placeholders stay."""
        last_start = len(text) - LONG_ENOUGH if self._by_start else -1
        starts = [
            start for start in range(last_start + 1) if text[start : start + LONG_ENOUGH] in self._by_start
        ]
        if not starts:
            return text
        kept = [found.span() for found in PLACEHOLDER.finditer(text)]
        pieces: list[str] = []
        end = 0
        for start in starts:
            forms = self._by_start[text[start : start + LONG_ENOUGH]]
            form = next((form for form in forms if form.stands(text, start)), None)
            if form is None or start < end or any(first <= start < last for first, last in kept):
                continue
            pieces += [text[end:start], substitute(self._secrets[form.secret], form.secret)]
            end = start + len(form.written)
        return "".join([*pieces, text[end:]])


def _forms(secret: str, kind: Kind) -> set[_Form]:
    quoted = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    lower = {re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in quoted}
    escaped = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    return {
        _Form(form, secret, kind is not Kind.SECRET or (form.isalpha() and len(form) < _NO_WORD))
        for form in {secret, *quoted, *lower, *escaped}
    }
