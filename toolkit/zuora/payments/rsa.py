"""RSA as hosted payment pages use it: text that a private key hides, and that the public key shows again."""

from base64 import b64decode, b64encode
from functools import lru_cache
from hashlib import shake_256
from math import gcd
from typing import NamedTuple

_BYTES = 256
_EXPONENT = 65537
_FEWEST_PADDED = 11
_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")
"""What stands before every RSA public key: rsaEncryption without parameters. Source: RFC 8017, appendix C."""

_SMALL = tuple(n for n in range(3, 2000, 2) if all(n % d or n == d for d in range(3, 45, 2)))


class Key(NamedTuple):
    """A key pair: its modulus, of 2048 bits, and its secret exponent."""

    modulus: int
    secret: int


@lru_cache(maxsize=8)
def key_of(seed: str) -> Key:
    """Return the key pair of a tenant; the same seed gives the same one. It protects nothing."""
    one, other = (_prime(f"{seed}:{name}") for name in ("p", "q"))
    return Key(one * other, pow(_EXPONENT, -1, (one - 1) * (other - 1)))


def _prime(seed: str) -> int:
    """Return the first prime of 1024 bits after a number that follows from the seed."""
    start = int.from_bytes(shake_256(seed.encode()).digest(_BYTES // 2))
    candidate = start | 3 << (_BYTES * 4 - 2) | 1
    while not _is_prime(candidate) or gcd(candidate - 1, _EXPONENT) != 1:
        candidate += 2
    return candidate


def _is_prime(number: int) -> bool:
    """Tell by trial division and by Fermat's test for four bases whether a large odd number is prime."""
    return all(number % small for small in _SMALL) and all(
        pow(base, number - 1, number) == 1 for base in (2, 3, 5, 7)
    )


def sign(text: str, key: Key) -> str | None:
    """Return text hidden by the private key, in base64, or None when it is too long for the key.

    Source: RFC 8017, EMSA-PKCS1-v1_5 padding without a digest; Zuora, generate an RSA signature, on null.
    """
    data = text.encode()
    if len(data) > _BYTES - _FEWEST_PADDED:
        return None
    block = b"\x00\x01" + b"\xff" * (_BYTES - 3 - len(data)) + b"\x00" + data
    signed = pow(int.from_bytes(block), key.secret, key.modulus)
    return b64encode(signed.to_bytes(_BYTES)).decode()


def public(key: Key) -> str:
    """Return the public key as X.509 SubjectPublicKeyInfo in base64."""
    numbers = _sequence(_integer(key.modulus) + _integer(_EXPONENT))
    return b64encode(_sequence(_ALGORITHM + _tagged(3, b"\x00" + numbers))).decode()


def _integer(number: int) -> bytes:
    return _tagged(2, number.to_bytes(number.bit_length() // 8 + 1))


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


def _tagged(tag: int, content: bytes) -> bytes:
    size = len(content)
    short = 0x80
    length = bytes([size]) if size < short else bytes([short + 2]) + size.to_bytes(2)
    return bytes([tag]) + length + content


def reveal(signature: str, public_key: str) -> str:
    """Return the text that a signature hides.

    Raises:
        ValueError: The signature, or the key, is none, or they do not belong together.
    """
    numbers = b64decode(public_key, validate=True)[-(_BYTES + 5) :]
    modulus = int.from_bytes(numbers[:_BYTES])
    signed = int.from_bytes(b64decode(signature, validate=True))
    if len(numbers) != _BYTES + 5 or modulus <= signed:
        raise ValueError("key and signature do not belong together")
    block = pow(signed, _EXPONENT, modulus).to_bytes(_BYTES)
    padding, _, data = block[2:].partition(b"\x00")
    if block[:2] != b"\x00\x01" or set(padding) != {0xFF}:
        raise ValueError("key and signature do not belong together")
    return data.decode()
