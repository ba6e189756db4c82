"""Sealing: passwords that a tenant keeps for others, so written that nobody reads them by chance."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b

_MARK = "sealed:"
_KEY = b"fulfillment-toolkit"


def seal(text: str) -> str:
    """Return the text sealed; one that is sealed already stays as it is.

    A seal keeps a password out of sight in a journal, an archive, a log and on a screen. It is no lock:
    whoever has this program opens it, as the program must after a restart, so that the files are their
    owner's alone.
    """
    return text if text.startswith(_MARK) else _MARK + urlsafe_b64encode(_turned(text.encode())).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed."""
    return _turned(urlsafe_b64decode(sealed.removeprefix(_MARK))).decode()


def _turned(data: bytes) -> bytes:
    """Return the bytes turned over, which turned once more are the same."""
    digests = (blake2b(b"%d" % place, key=_KEY).digest() for place in range(len(data) // 64 + 1))
    return bytes(byte ^ mask for byte, mask in zip(data, b"".join(digests), strict=False))
