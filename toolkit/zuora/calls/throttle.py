"""Throttle: how many requests a tenant of each kind may make in a minute, an hour and a day of its clock.

Source: Zuora, rate limits. That what is refused for a limit does not count is an assumption.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from toolkit.zuora.calls.call import Request, Response
from toolkit.zuora.calls.wire import write

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WORDS = {_MINUTE: "minute", _HOUR: "hour", _DAY: "day"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PRODUCTION = ((_MINUTE, 50_000), (_HOUR, 2_250_000), (_DAY, 27_000_000))
KINDS = {
    "production": _PRODUCTION,
    "central-sandbox": _PRODUCTION,
    "developer-sandbox": ((_MINUTE, 12_500), (_HOUR, 25_000), (_DAY, 50_000)),
    "api-sandbox": ((_MINUTE, 2_500), (_HOUR, 5_000), (_DAY, 10_000)),
}
"""Seconds and requests of each window, by the kind of tenant."""

SIGNING_IN = ((_MINUTE, 2_000), (_HOUR, 67_500), (_DAY, 810_000))
"""Of every kind of tenant."""

_TOKENS = "/oauth/token"


class Window(NamedTuple):
    """Where a window stands: its seconds, its limit, what remains of it, and in how many seconds it ends."""

    seconds: int
    limit: int
    remaining: int
    reset: int


class Throttle:
    """Counts the requests of one tenant.

    Args:
        kind: One of KINDS.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._counts: dict[tuple[bool, int], tuple[int, int]] = {}

    def take(self, request: Request, now: datetime) -> tuple[tuple[tuple[str, str], ...], Response | None]:
        """Count a request; return the headers that tell where the limits stand, and perhaps its refusal."""
        signing_in = request.path == _TOKENS
        limits = SIGNING_IN if signing_in else KINDS[self.kind]
        second = int((now - _EPOCH).total_seconds())
        windows = [self._stand(signing_in, seconds, limit, second) for seconds, limit in limits]
        spent = next((one for one in windows if one.remaining == 0), None)
        if spent is None:
            for seconds, _ in limits:
                index, count = self._counts[signing_in, seconds]
                self._counts[signing_in, seconds] = index, count + 1
            windows = [one._replace(remaining=one.remaining - 1) for one in windows]
        nearest = spent or min(windows, key=lambda one: one.remaining * _DAY // one.limit)
        every = ", ".join(f"{limit};w={seconds}" for seconds, limit in limits)
        headers: tuple[tuple[str, str], ...] = (
            ("ratelimit-limit", f"{nearest.limit}, {every}"),
            ("ratelimit-remaining", str(nearest.remaining)),
            ("ratelimit-reset", str(nearest.reset)),
        )
        return headers, None if spent is None else _refused(spent, headers, windows[0], signing_in=signing_in)

    def _stand(self, signing_in: bool, seconds: int, limit: int, second: int) -> Window:  # noqa: FBT001 - a key
        index, count = self._counts.get((signing_in, seconds), (0, 0))
        if index != second // seconds:
            index, count = second // seconds, 0
        self._counts[signing_in, seconds] = index, count
        return Window(seconds, limit, limit - count, seconds - second % seconds)


def _refused(
    spent: Window, headers: tuple[tuple[str, str], ...], minute: Window, *, signing_in: bool
) -> Response:
    message = f"API Rate limit exceeded for the {_WORDS[spent.seconds]}, retry after {spent.reset} seconds"
    more: tuple[tuple[str, str], ...] = (("retry-after", str(spent.reset)),)
    if signing_in:
        more += (("x-ratelimit-limit-minute", str(minute.limit)),)
        more += (("x-ratelimit-remaining-minute", str(minute.remaining)),)
    body = write({"reasons": [{"code": 70, "message": message}]})
    return Response(429, (("content-type", "application/json; charset=utf-8"), *headers, *more), body)
