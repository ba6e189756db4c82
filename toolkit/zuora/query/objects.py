"""Objects: all kinds by name."""

from collections.abc import Mapping
from types import MappingProxyType

from toolkit.zuora.query import (
    catalogs,
    contracts,
    customers,
    documents,
    memos,
    ordering,
    settlements,
    splits,
    transactions,
    usage,
)
from toolkit.zuora.query.kinds import Kind

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for room in (
            *(customers, catalogs, contracts, ordering, documents, memos, settlements, transactions),
            *(splits, usage),
        )
        for kind in vars(room).values()
        if isinstance(kind, Kind)
    }
)
"""By name as ZOQL spells it."""

_FOLDED = {name.lower(): kind for name, kind in KINDS.items()}


def kind_named(name: str) -> Kind | None:
    """Return the kind of this name, whatever its case and whether words are hyphenated; None without one."""
    return _FOLDED.get(name.lower().replace("-", ""))
