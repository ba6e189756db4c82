"""Routes: from a method and a path to the endpoint that answers."""

from collections.abc import Iterable
from typing import Any

from toolkit.errors import ToolkitError
from toolkit.zuora.calls.endpoint import Endpoint
from toolkit.zuora.calls.refusals import Category, Refusal, no_endpoint

_ANY, _HERE = "/{}", "/"  # no segment has a slash


class Routes:
    """A tree of path segments; a fixed segment wins over a placeholder.

    Args:
        endpoints: What to serve.

    Raises:
        ToolkitError: Two endpoints claim the same method and path.
    """

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._root: dict[str, Any] = {}
        for endpoint in endpoints:
            node = self._root
            for segment in endpoint.path.strip("/").split("/"):
                node = node.setdefault(_ANY if segment.startswith("{") else segment, {})
            served = node.setdefault(_HERE, {})
            if endpoint.method in served:
                raise ToolkitError(
                    f"Two endpoints answer {endpoint.method} {endpoint.path}.", "Remove one of them."
                )
            names = [part[1:-1] for part in endpoint.path.strip("/").split("/") if part.startswith("{")]
            served[endpoint.method] = endpoint, names

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]]:
        """Return the endpoint and the values of its placeholders.

        Raises:
            Refusal: Nothing answers this path, or not to this method.
        """
        values: list[str] = []
        node = self._root
        for segment in path.removeprefix("/").rstrip("/").split("/"):  # two slashes first are no path
            following = node.get(segment)
            if following is None:
                following = node.get(_ANY)
                if not segment and following is None and _HERE in node:
                    continue  # clients put a slash behind what is served with a slash at its end
                if not segment or following is None:
                    raise no_endpoint(path)
                values.append(segment)
            node = following
        served = node.get(_HERE)
        if served is None:
            raise no_endpoint(path)
        if method not in served:
            raise Refusal(Category.UNSUPPORTED, f"Request method '{method}' not supported", status=405)
        endpoint, names = served[method]
        return endpoint, dict(zip(names, values, strict=True))
