"""Uploads: the file in a request of the media type multipart/form-data."""

from email import message_from_bytes
from typing import NamedTuple

from toolkit.zuora.calls.refusals import Category, Refusal

_MEDIA = "multipart/form-data"


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    content: bytes


def read(media: str, body: bytes) -> Upload:
    """Return the part of a form that has the name `file`.

    Args:
        media: The Content-Type of the request, with its boundary.
        body: The request's body.

    Raises:
        Refusal: It is no such form, or has no file.
    """
    if not media.lower().startswith(_MEDIA):
        raise Refusal(Category.UNSUPPORTED, f"Content type '{media}' not supported", status=415)
    form = message_from_bytes(b"Content-Type: " + media.encode() + b"\r\n\r\n" + body)
    for part in form.walk():
        if part.get_param("name", header="content-disposition") == "file" and part.get_filename():
            content = part.get_payload(decode=True)
            return Upload(str(part.get_filename()), content if isinstance(content, bytes) else b"")
    raise Refusal(Category.MISSING_FIELD, "'file' may not be null")
