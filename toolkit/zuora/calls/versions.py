"""Minor versions of the Zuora API: what the header may say and what switches at which."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from toolkit.zuora.calls.refusals import Category, Refusal

SUPPORTED = (
    *("186.0", "187.0", "188.0", "189.0", "196.0", "206.0", "207.0", "211.0", "214.0", "215.0", "216.0"),
    *("223.0", "224.0", "230.0", "239.0", "256.0", "257.0", "309.0", "314.0", "315.0", "329.0", "330.0"),
    *("336.0", "337.0", "338.0", "341.0", "2024-05-20", "2025-08-12"),
)


class Version(NamedTuple):
    """A minor version; dated ones are later than numbered ones."""

    dated: int
    order: int


@lru_cache(maxsize=64)
def read(text: str) -> Version:
    """Read the Zuora-Version header; 186 and 186.0 are the same.

    Raises:
        Refusal: Zuora has no such version.
    """
    if text in SUPPORTED and "-" in text:
        return Version(1, date.fromisoformat(text).toordinal())
    whole = text.removesuffix(".0")
    if f"{whole}.0" in SUPPORTED:
        return Version(0, int(whole))
    raise Refusal(Category.INVALID_VALUE, f"Invalid Zuora-Version: {text}. Known: {', '.join(SUPPORTED)}.")


DEFAULT = read("186.0")
"""Without a header, for a tenant that was never upgraded. Source: Zuora, API versions."""

SEPARATE_COLLECTION = read("196.0")
"""From here calls on a subscription take `invoice` and `collect`, before it `invoiceCollect`."""

RUN_BILLING = read("211.0")
"""From here calls on a subscription take `runBilling`, before it `invoice`. Source: Zuora, API upgrades."""

PREVIEW_IN_INVOICE = read("207.0")
"""From here a subscription's preview has its fields in `invoice`, before it beside one another."""

NEW_SUBSCRIPTION_LIST = read("223.0")
"""From here an order answers `subscriptions` with number and status, before it `subscriptionNumbers`."""

RATE_PLANS_BY_URL = read("230.0")
"""From here the catalog answers a URL in place of a product's rate plans."""

TAXATION_ITEMS = read("239.0")
"""From here a memo's item has `taxationItems`, before it `creditTaxItems`. Source: the official SDK."""

PREVIEWED_TAXATION_ITEMS = read("309.0")
"""From here items of an order's preview have `taxationItems`. Source: the official SDK."""

SEVERAL_BATCHES = read("314.0")
"""From here a billing preview run takes `batches`, before it `batch`. Source: the official SDK."""

HTTP_ERRORS = read("2024-05-20")
"""From here an error has a 4xx or 5xx status, before it HTTP 200. Source: Zuora, API upgrades."""

VERSIONED = ("/v1/", "/object-query/")
"""Where the minor version matters; elsewhere errors always had their status. Source: Zuora, API versions."""

MEMO_DESCRIPTIONS = read("257.0")
"""From here an item of a memo has a `description`, before it a `comment`. Source: Zuora, API upgrades."""

BARE_OBJECT_QUERY_ERRORS = read("2025-08-12")
"""From here an error of an object query has reasons and a request id only. Source: Zuora, API upgrades."""

LINKED_PAYMENTS = read("337.0")
"""From here a payment schedule item has several payments, before it one. Source: the official SDK."""
