"""Carrying what a server makes up (ids, numbers, tokens) from its new answers into later requests.

A recording says that `POST /v1/accounts` answered `accountNumber: A00000001`, and a later request asks
for `/v1/accounts/A00000001`. Asked again, another host answers `A00000417`. The two answers are laid side
by side, name by name; where their words differ, the new word takes the place of the old one in every later
request. A word is carried only when it is the server's own: it has at least eight characters with a digit
among them, is no date, and stood in no request before. Elements of arrays are paired by their `name` where
all have one, else by position when there are as many; an element without a partner carries nothing, so
that a request about it fails at the host instead of being about something else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from toolkit.recording import json_text
from toolkit.recording.interactions import Request, Response
from toolkit.recording.values import rewrite_request

_WORD = re.compile(r"[A-Za-z0-9_-]+")
_MADE_UP = re.compile(r"(?=.*\d)(?!\d{4}-\d{2}-\d{2})[A-Za-z0-9_-]{8,}")


class Carried:
    """Words of a recording and what stands for each of them at the live host.

    Args:
        known: What is known from the start, such as credentials in the place of their placeholders.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._live = dict(known)
        self._asked: set[str] = set()

    def into(self, request: Request) -> Request:
        """Return the request as it must be made now."""
        rewrite_request(request, self._note)
        return rewrite_request(request, lambda _, value: _WORD.sub(self._word, value))

    def learn(self, recorded: Response, live: Response) -> None:
        """Pair the words of two answers to the same request."""
        for old, new in _pairs(_content(recorded), _content(live)):
            words = [(old, new)] if _WORD.fullmatch(old) else _words(old, new)
            for word, now in words:
                if _MADE_UP.fullmatch(word) and word not in self._asked:
                    self._live.setdefault(word, now)

    def _note(self, _: tuple[str, ...], value: str) -> str:
        self._asked.update(_WORD.findall(value))
        return value

    def _word(self, found: re.Match[str]) -> str:
        return self._live.get(found[0], found[0])


def _words(old: str, new: str) -> Iterator[tuple[str, str]]:
    olds, news = _WORD.findall(old), _WORD.findall(new)
    return zip(olds, news, strict=True) if len(olds) == len(news) else iter(())


def _content(response: Response) -> object:
    body = (
        json.loads(response.text, parse_float=Decimal) if json_text.is_json(response.text) else response.text
    )
    return {"headers": dict(response.headers), "body": body}


def _pairs(old: object, new: object) -> Iterator[tuple[str, str]]:
    if isinstance(old, str) and isinstance(new, str):
        yield old, new
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in filter(new.__contains__, old):
            yield from _pairs(old[name], new[name])
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        for partners in _partners(list(old), list(new)):
            yield from _pairs(*partners)


def _partners(old: list[object], new: list[object]) -> Iterator[tuple[object, object]]:
    olds, news = _by_name(old), _by_name(new)
    if olds and news:
        return ((olds[name], news[name]) for name in filter(news.__contains__, olds))
    return zip(old, new, strict=True) if len(old) == len(new) else iter(())


def _by_name(elements: list[object]) -> dict[str, object]:
    named: dict[str, object] = {
        str(element["name"]): element
        for element in elements
        if isinstance(element, dict) and "name" in element
    }
    return named if len(named) == len(elements) else {}
