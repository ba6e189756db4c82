"""What a cassette holds: requests, the responses they got, and how they were recorded."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from toolkit.recording import json_text

HostKind = Literal["simulator", "sandbox", "other"]
Headers = Mapping[str, str | tuple[str, ...]]
"""Header names in lower case; a header that was sent more than once has a tuple of values."""


class Indented(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A JSON body with line breaks put in to be read; taking them out gives the recorded characters."""

    json: str


Body = str | Indented


def shown(text: str) -> Body:
    """Return the form in which a body is kept: indented where that can be undone, as it is elsewhere."""
    indented = json_text.indent(text)
    return text if indented is None else Indented(indented)


class _Message:
    """What requests and responses have in common; each declares the fields, in the order of the file."""

    headers: Headers
    body: Body

    @property
    def text(self) -> str:
        """The body, character for character as it travelled (decompressed, and without its secrets)."""
        return json_text.restore(self.body.json) if isinstance(self.body, Indented) else self.body

    def header_lines(self) -> Iterator[tuple[str, str]]:
        """Go through the headers, one pair a line on the wire."""
        for name, value in self.headers.items():
            for line in (value,) if isinstance(value, str) else value:
                yield name, line


class Request(msgspec.Struct, _Message, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An HTTP request; the host is left out, so that a cassette plays for any.

    Attributes:
        method: In upper case.
        path: Beginning with a slash, percent-encoded.
        query: The raw query string without its question mark.
        headers: Those that say what is asked, and with which credentials.
        body: Empty when there is none.
    """

    method: str
    path: str
    query: str = ""
    headers: Headers = {}
    body: Body = ""

    @property
    def target(self) -> str:
        """The path with its query, as in a request line."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Response(msgspec.Struct, _Message, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The response that a request got."""

    status: int
    headers: Headers = {}
    body: Body = ""


class Interaction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A request and its response."""

    request: Request
    response: Response


class Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a cassette came about.

    Attributes:
        at: When, with a time zone.
        against: What kind of host answered.
        toolkit: The version of the toolkit that recorded.
        zuora_version: The Zuora-Version header of the first request that had one; None where none had.
    """

    at: datetime
    against: HostKind
    toolkit: str
    zuora_version: str | None = None


class Cassette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Interactions in the order in which they were recorded.

    Attributes:
        cassette: The version of the file format.
    """

    cassette: Literal[1]
    recorded: Recorded
    interactions: tuple[Interaction, ...]
