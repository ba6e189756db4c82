"""Every value in a request or response, one by one: path, query, headers, and JSON, form or text body."""

from urllib.parse import quote, quote_plus, unquote, unquote_plus

import msgspec

from toolkit.recording import json_text
from toolkit.recording.interactions import Headers, Request, Response, shown
from toolkit.recording.json_text import Visit

_FORM = "application/x-www-form-urlencoded"


def rewrite_request(request: Request, visit: Visit) -> Request:
    """Pass every value of a request through `visit`; what it returns unchanged stays as it was."""
    return msgspec.structs.replace(
        request,
        path=_rewrite_path(request.path, visit),
        query=_rewrite_pairs(request.query, visit),
        headers=_rewrite_headers(request.headers, visit),
        body=shown(_rewrite_body(request.headers, request.text, visit)),
    )


def rewrite_response(response: Response, visit: Visit) -> Response:
    """Pass every value of a response through `visit`; what it returns unchanged stays as it was."""
    return msgspec.structs.replace(
        response,
        headers=_rewrite_headers(response.headers, visit),
        body=shown(_rewrite_body(response.headers, response.text, visit)),
    )


def is_form(headers: Headers) -> bool:
    """Tell whether the body is a web form, as an OAuth token request is."""
    return str(headers.get("content-type", "")).startswith(_FORM)


def pairs(encoded: str) -> list[tuple[str, str]]:
    """Read a query string or a form, blank values included."""
    split = (pair.partition("=") for pair in encoded.split("&") if pair)
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in split]


def _rewrite_path(path: str, visit: Visit) -> str:
    def segment(encoded: str) -> str:
        value = unquote(encoded)
        new = visit((), value)
        return encoded if new == value else quote(new, safe="")

    return "/".join(map(segment, path.split("/")))


def _rewrite_pairs(encoded: str, visit: Visit) -> str:
    def piece(given: str, names: tuple[str, ...]) -> str:
        value = unquote_plus(given)
        new = visit(names, value)
        return given if new == value else quote_plus(new)

    def pair(given: str) -> str:
        name, equals, value = given.partition("=")
        return piece(name, ()) + equals + piece(value, (unquote_plus(name),))

    return "&".join(map(pair, encoded.split("&"))) if encoded else encoded


def _rewrite_headers(headers: Headers, visit: Visit) -> Headers:
    return {
        name: visit((name,), lines)
        if isinstance(lines, str)
        else tuple(visit((name,), line) for line in lines)
        for name, lines in headers.items()
    }


def _rewrite_body(headers: Headers, text: str, visit: Visit) -> str:
    if is_form(headers):
        return _rewrite_pairs(text, visit)
    if json_text.is_json(text):
        return json_text.rewrite(text, visit)
    return visit((), text)
