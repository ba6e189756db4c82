"""A handler that answers what it is asked, to compare ways of asking."""

from toolkit.zuora.calls.call import Request, Response


class Mirror:
    """A handler that remembers what it was asked and answers with two cookies and the body."""

    def __init__(self) -> None:
        self.seen: list[Request] = []

    def __call__(self, request: Request) -> Response:
        """Remember a request, and answer it."""
        self.seen.append(request)
        headers = (("content-type", "text/plain"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))
        return Response(404 if request.path == "/none" else 200, headers, request.body * 2)
