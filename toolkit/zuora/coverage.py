"""Coverage: which operations a tenant was asked for, and what of Zuora's own list is not served here."""

import re
from collections import Counter
from functools import cache
from typing import Any

from toolkit import content
from toolkit.zuora.calls.refusals import Refusal
from toolkit.zuora.query.objects import KINDS
from toolkit.zuora.tenant import Tenant, routes

_QUERIED = re.compile(r"/object-query/([^/]+)")


def coverage(tenant: Tenant) -> dict[str, Any]:
    """Count the requests since the tenant was opened, by endpoint, by unserved path and by operation."""
    asked = Counter[str]()
    missing = _missing()
    for what, count in tenant.unserved.items():
        asked.update({one: count for one, pattern in missing.items() if pattern.fullmatch(what)})
    served = sorted(tenant.served.items(), key=lambda item: item[0][::-1])
    return {
        "served": [{"method": method, "path": path, "count": count} for (method, path), count in served],
        "unserved": dict(tenant.unserved.most_common()),
        "operations": {
            "known": len(_operations()),
            "served": len(_operations()) - len(missing),
            "unserved": len(missing),
            "missing": [{"operation": one, "count": asked[one]} for one in missing],
        },
    }


@cache
def _operations() -> tuple[tuple[str, str], ...]:
    path = content.find("fixtures", "fidelity", "operations")
    listed: Any = content.read_yaml(path)
    return tuple((method, path) for path, methods in listed.items() for method in methods)


@cache
def _missing() -> dict[str, re.Pattern[str]]:
    """Return each operation that nothing serves, with the pattern of the requests for it."""
    return {
        f"{method} {path}": re.compile(rf"{method} {re.sub(r'{[^}]+}', '[^/]+', path)}/?")
        for method, path in _operations()
        if not _is_served(method, path)
    }


def _is_served(method: str, path: str) -> bool:
    try:
        routes().find(method, path)
    except Refusal:
        return False
    asked = _QUERIED.match(path)  # one endpoint serves all objects, and refuses those that it does not know
    return asked is None or any(kind.plural == asked[1] for kind in KINDS.values())
