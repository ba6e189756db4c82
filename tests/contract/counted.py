"""Serves a world, and notes which endpoints gave what they were asked for: `python counted.py FILE WORLD`."""

import json
import sys
from pathlib import Path

from toolkit import worlds
from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.tenant import Tenant, routes
from toolkit.zuora.web.server import serve
from toolkit.zuora.web.turns import each

_MANY = "/object-query/{object}"  # an endpoint that is many operations of the official SDK
_REFUSED = (b'{"success":false', b'{"Success":false')


def main(file: str, world: str) -> None:
    """Serve until SIGTERM; what has no User-Agent is no client, but a test that helps itself."""
    tenant = Tenant(worlds.load(world))
    driven: set[str] = set()

    def handle(request: Request) -> Response:
        response = tenant.handle(request)
        good = response.status < 300 and not response.body.startswith(_REFUSED)
        if good and "user-agent" in request.headers:
            endpoint, values = routes().find(request.method, request.path.removeprefix("/rest"))
            driven.add(f"{endpoint.method} {endpoint.path}")
            if endpoint.path.startswith(_MANY):
                driven.add(f"{endpoint.method} {endpoint.path.replace('{object}', values['object'])}")
        return response

    def announce(url: str) -> None:
        sys.stdout.write(f"ready {url}\n")
        sys.stdout.flush()

    serve(each(handle), "127.0.0.1", 0, announce)
    Path(file).write_text(json.dumps(sorted(driven), indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
