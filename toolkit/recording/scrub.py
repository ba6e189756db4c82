"""Redaction: finds what is secret or personal in requests and responses and puts something in its place.

A value is found by the name it stands under (see `toolkit.recording.fields`), by its look (e-mail address,
card number, bearer token), and by being known: what was found once is looked for in all the rest, also
URL-encoded and JSON-escaped, provided it has at least six characters.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable

from toolkit.recording import json_text
from toolkit.recording.fields import Kind, kind_of
from toolkit.recording.interactions import Interaction
from toolkit.recording.known import LONG_ENOUGH, Known
from toolkit.recording.placeholders import PLACEHOLDER, Placeholders, is_placeholder, passes_luhn
from toolkit.recording.values import rewrite_request, rewrite_response

_EMAIL = re.compile(r"(?<![\w.!#$%'*+^`{|}~-])[\w.!#$%'*+^`{|}~-]+?(?:@|%40)[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-]|\.\d)")
_WORTH_A_LOOK = re.compile(r"[@=:>{\[]|%40|(?:\d[ -]?){13}|(?i:bearer)|edacted|5ec2e7|555-0100")
_CARD_ISSUER = re.compile(r"[3-6]|2[2-7]")
_BEARER = re.compile(r"(?i:\bbearer\s+)(?P<value>(?=\S*\d)[\w.~+/=-]{8,})")
_COOKIE = re.compile(r"(?:^|;\s*)[^=;]+=(?P<value>[^;]+)")
_NEW_COOKIE = re.compile(r"^[^=;]+=(?P<value>[^;]+)")
_SCHEMES = ("basic", "bearer", "token")
_NAMED = re.compile(r"(?<![\w-])(?P<name>[A-Za-z][\w-]*+)(?:\.[A-Z]{2})?\\?[\"']?\s*(?P<sign>[=:>])\s*")
_ELEMENT = re.compile(r"(?P<bare>[^<]+)")
_QUOTED_OR_BARE = re.compile(
    r"\\?(?P<quote>[\"'])(?P<quoted>.*?)\\?(?P=quote)"
    r"|(?P<bare>(?:(?i:basic|bearer|token)\s+)?[^\s\"'&<>]*[^\s\"'&<>.,;)}\]])"
)

Substitute = Callable[[Kind, str], str]


def scrub(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """Replace every secret of a whole recording by its placeholder.

    It goes through the recording twice, so that a secret that shows its name late is found early too.
    """
    recording = tuple(interactions)
    scrubber = Scrubber(Placeholders())
    for interaction in recording:
        _scrubbed(interaction, scrubber)
    scrubber.spread_what_is_known()
    return tuple(_scrubbed(interaction, scrubber) for interaction in recording)


def _scrubbed(interaction: Interaction, scrubber: "Scrubber") -> Interaction:
    return Interaction(
        request=rewrite_request(interaction.request, scrubber.visit),
        response=rewrite_response(interaction.response, scrubber.visit),
    )


class Scrubber:
    """Finds secrets in one value after the other.

    Args:
        substitute: Gives what shall stand in the place of a secret, or of a placeholder met again.
    """

    def __init__(self, substitute: Substitute) -> None:
        self._substitute = substitute
        self._found: dict[str, Kind] = {}
        self._known = Known({})

    def visit(self, names: tuple[str, ...], value: str) -> str:
        """Return the value with its secrets replaced; see `toolkit.recording.json_text.Visit`."""
        kind = kind_of(names[-1]) if names else None
        if kind is None and any(kind_of(name) is Kind.SECRET for name in names):
            kind = Kind.SECRET
        if kind is None:
            return self._free(value)
        return self._named(kind, names[-1].lower(), value) if value else value

    def spread_what_is_known(self) -> None:
        """From now on look everywhere for every secret that was found so far."""
        self._known = Known(self._found)

    def _named(self, kind: Kind, name: str, value: str) -> str:
        if name.endswith("authorization"):
            return self._authorization(value)
        if name in ("cookie", "set-cookie"):
            cookies = _COOKIE if name == "cookie" else _NEW_COOKIE
            return self._free(cookies.sub(self._hide_value, value))
        if kind is Kind.EMAIL and _EMAIL.search(value):
            return self._free(value)
        if kind is Kind.CARD and "*" in value:
            return value
        is_token = kind is Kind.CARD and not any(map(str.isdecimal, value))
        return self._hide(Kind.SECRET if is_token else kind, value)

    def _authorization(self, value: str) -> str:
        scheme, _, credentials = value.partition(" ")
        if scheme.lower() not in _SCHEMES:
            return self._hide(Kind.SECRET, value)
        pair = _user_and_password(credentials) if scheme.lower() == "basic" else ()
        if not pair:
            return f"{scheme} {self._hide(Kind.SECRET, credentials)}"
        hidden = ":".join(self._hide(Kind.SECRET, part) for part in pair)
        return f"{scheme} {base64.b64encode(hidden.encode()).decode()}"

    def _hide(self, kind: Kind, secret: str) -> str:
        numbered = kind is not Kind.DIGITS and not is_placeholder(kind, secret)
        if numbered and len(secret) >= LONG_ENOUGH:
            self._found.setdefault(secret, kind)
        return self._substitute(kind, secret) if secret else secret

    def _hide_value(self, found: re.Match[str]) -> str:
        before = found[0].removesuffix(found["value"])
        return before + self._hide(Kind.SECRET, found["value"])

    def _free(self, text: str) -> str:
        if _WORTH_A_LOOK.search(text):
            if json_text.is_json(text):
                return json_text.rewrite(text, self.visit)
            text = self._by_its_look(self._named_in_text(text))
        return self._known.replace(text, self._substitute)

    def _by_its_look(self, text: str) -> str:
        if "@" in text or "%40" in text:
            text = _EMAIL.sub(lambda found: self._hide(Kind.EMAIL, found[0].replace("%40", "@")), text)
        text = _CARD.sub(self._card, _BEARER.sub(self._hide_value, text))
        return PLACEHOLDER.sub(lambda found: self._substitute(Kind(str(found.lastgroup)), found[0]), text)

    def _named_in_text(self, text: str) -> str:
        pieces: list[str] = []
        end = 0
        for named in _NAMED.finditer(text):
            kind = kind_of(named["name"])
            if kind is None or named.start() < end:
                continue
            value = (_ELEMENT if named["sign"] == ">" else _QUOTED_OR_BARE).match(text, named.end())
            if value is None:
                continue
            group = value.lastgroup if value.lastgroup == "bare" else "quoted"
            pieces += [text[end : value.start(group)], self._in_text(kind, named["name"], value[group])]
            end = value.end(group)
        return "".join([*pieces, text[end:]])

    def _in_text(self, kind: Kind, name: str, value: str) -> str:
        # A bare word after "token:" may be an ordinary one; to hide it everywhere would spoil the recording.
        learn = any(map(str.isdecimal, value))
        return self._named(kind, name.lower(), value) if learn else self._substitute(kind, value)

    def _card(self, found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0])
        is_card = _CARD_ISSUER.match(digits) and passes_luhn(digits)
        return self._hide(Kind.CARD, found[0]) if is_card else found[0]


def _user_and_password(credentials: str) -> tuple[str, ...]:
    try:
        user, colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ()
    return (user, password) if colon else ()
