"""The simulator in process: an httpx2 client calls a handler as a function, without a socket."""

import httpx2

from toolkit.zuora.call import Handler, Request


class InProcessTransport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Let a client, synchronous or not, talk to a handler in its own thread.

    Any host will do, as in `httpx2.Client(transport=InProcessTransport(handler), base_url="http://zuora")`.

    Args:
        handler: Answers a request; what it raises reaches the client's caller.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer a synchronous client."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer an asynchronous client."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx2.Request, body: bytes) -> httpx2.Response:
        url = request.url
        response = self._handler(
            Request(request.method, url.path, url.query.decode("ascii"), dict(request.headers), body)
        )
        content = b"" if request.method == "HEAD" else response.body
        return httpx2.Response(response.status, headers=response.headers, content=content)
