"""The simulator in process: an httpx2 client calls a handler as a function, without a socket."""

import httpx2

from toolkit.zuora.calls.call import Handler, Request, secure


class InProcessTransport(httpx2.MockTransport):
    """Let a client, synchronous or not, talk to a handler in the client's own thread.

    Any host will do: `httpx2.Client(transport=InProcessTransport(handler), base_url="http://zuora")`. What
    records or replays the traffic of httpx2's own transports, such as vcrpy, sees this one, too.

    Args:
        handler: Answers a request; what it raises reaches the client's caller.
    """

    def __init__(self, handler: Handler) -> None:
        def answer(request: httpx2.Request) -> httpx2.Response:
            url = request.url
            response = handler(
                Request(
                    method=request.method,
                    path=url.path,
                    query=url.query.decode("ascii"),
                    headers={**secure(url.scheme), **request.headers},
                    body=request.content,
                )
            )
            content = b"" if request.method == "HEAD" else response.body
            return httpx2.Response(response.status, headers=response.headers, content=content)

        super().__init__(answer)
