"""Identities of the parts of a subscription: rate plans and segments of charges."""

from collections.abc import Iterator

from toolkit.billing.subscriptions import Subscription

_PLACES = 0x10000


def part_id(owner: str, place: int) -> str:
    """Return the id of a part: the last digits are those of what it belongs to, the first four count on.

    So whoever has the id of a part finds what it belongs to without having noted it.

    Args:
        owner: 32 hexadecimal digits.
        place: From 1.
    """
    return f"{(int(owner[:4], 16) + place) % _PLACES:04x}{owner[4:]}"


def part_ids(version: Subscription) -> Iterator[str]:
    """Yield the ids of the rate plans of a version, and of the segments of their charges."""
    for plan in version.rate_plans:
        yield plan.id
        yield from (charge.id for charge in plan.charges)


def unused(version: Subscription) -> Iterator[str]:
    """Yield ids for new parts of a version, none of which begins like that of another part."""
    first = int(version.id[:4], 16)
    place = max(((int(one[:4], 16) - first) % _PLACES for one in part_ids(version)), default=0)
    while True:
        place += 1
        yield part_id(version.id, place)


def seen_in(version: str, part: str) -> str:
    """Return the id under which a version of a subscription shows a part.

    Each version has rate plans and charges of its own, with new ids; a part keeps the place of which its
    first four digits tell.
    Source: Zuora, remove a product, `ratePlanId`: that of the latest or any former version; rate plan,
    `OriginalRatePlanId`: that in version 1; recorded charges, whose ids differ from their `originalChargeId`.
    """
    return part[:4] + version[4:]
