"""Objectives: the small language in which a profile says what must hold.

    p95 < 200 ms                      95 % of all requests are answered within 200 ms
    p99.9 of purchase < 1.5 s         a journey, from the customer's intended start to the last answer
    p95 of GET /v1/accounts/{key} < 90 ms     one kind of request
    mean < 50 ms,  max < 2 s
    errors < 0.5 %,  errors of purchase < 1 %
    rate >= 99 %                      journeys that came to a good end, of all that were planned

In words: METRIC [of NAME] SIGN NUMBER UNIT, where SIGN is < or <= for times and errors, > or >= for the
rate, and UNIT is ms, s or %. Times count from the intended start.
"""

import math
import re
from collections.abc import Collection
from statistics import NormalDist

import msgspec

from toolkit.errors import ToolkitError, did_you_mean

_METRICS = ("p50", "p90", "p95", "p99", "p99.9", "mean", "max", "errors", "rate")
_TIMES = {"ms": 1.0, "s": 1000.0}
_CONFIDENCE = 0.95
_PRECISION = 0.10  # a measured time is worth judging when it is known to within 10 %
_SPREAD = 0.5  # of the logarithm of response times; what quiet services show


class Objective(msgspec.Struct, frozen=True):
    """One parsed objective.

    Attributes:
        text: As it was written, with single spaces.
        metric: `percentile`, `mean`, `max`, `errors` or `rate`.
        percent: Which percentile, above 0 and below 100; 0 for the other metrics.
        of: A journey or a kind of request; empty means all requests (for the rate: all journeys).
        sign: `<`, `<=`, `>` or `>=`.
        limit: In milliseconds for times, in per cent for errors and rate.
    """

    text: str
    metric: str
    percent: float
    of: str
    sign: str
    limit: float

    def holds(self, measured: float) -> bool:
        """Say whether a measured value keeps the limit."""
        below = {"<": measured < self.limit, "<=": measured <= self.limit}
        return {**below, ">": measured > self.limit, ">=": measured >= self.limit}[self.sign]

    @property
    def is_time(self) -> bool:
        """Whether it is about durations."""
        return self.metric in ("percentile", "mean", "max")

    @property
    def allowed(self) -> float | None:
        """The share (0 to 1) of samples that may be bad, where the metric is about one."""
        shares = {"percentile": 1 - self.percent / 100, "errors": self.limit / 100}
        return shares.get(self.metric)

    @property
    def needed(self) -> int:
        """How many samples are needed to judge by.

        Percentile: known to within 10 % with 95 % confidence for independent log-normal times whose
        logarithm has a standard deviation of 0.5, so p50 151, p95 429, p99 1,339. Errors: as many as
        show, all without an error, that the ratio keeps the limit at 95 % confidence; 0.1 % needs 2,995.
        """
        if self.metric == "percentile":
            return _percentile_samples(self.percent / 100)
        if self.metric == "mean":
            return math.ceil((_sigmas() / _PRECISION) ** 2 * math.expm1(_SPREAD**2))
        if self.metric == "errors" and 0 < self.limit < 100:  # noqa: PLR2004 - per cent
            return math.ceil(math.log(1 - _CONFIDENCE) / math.log1p(-self.limit / 100))
        return 1


def _sigmas() -> float:
    return NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)


def _percentile_samples(share: float) -> int:
    density = NormalDist().pdf(NormalDist().inv_cdf(share))
    return math.ceil((_sigmas() / _PRECISION * _SPREAD / density) ** 2 * share * (1 - share))


def parse(text: str, journeys: Collection[str]) -> Objective:
    """Read one objective.

    Args:
        text: For example `p95 of purchase < 200 ms`.
        journeys: What may stand after `of`, beside kinds of request such as `GET /v1/accounts/{key}`.

    Raises:
        ToolkitError: It cannot be read; the message has the column and the likely right word.
    """
    scan = _Scanner(text)
    metric, percent = _metric(scan)
    of = scan.take(r"[^<>=]*[^<>=\s]", "a journey or a request") if scan.take(r"(of\b)?", "") else ""
    if of and of not in journeys and ("/" not in of or metric == "rate"):
        raise scan.error(f"there is no journey '{of}'.", did_you_mean(of, journeys))
    sign = scan.take(r"[<>=]+", "< or >", (">", ">=") if metric == "rate" else ("<", "<="))
    limit = float(scan.take(r"\d+(?:\.\d+)?", "a number"))
    unit = scan.take(r"\S+", "a unit", ("%",) if metric in ("errors", "rate") else tuple(_TIMES))
    scan.take("$", "nothing more")
    return Objective(" ".join(text.split()), metric, percent, of, sign, limit * _TIMES.get(unit, 1.0))


def _metric(scan: "_Scanner") -> tuple[str, float]:
    word = scan.take(r"[\w.]+", "a metric")
    percentile = re.fullmatch(r"p(\d+(?:\.\d+)?)", word)
    if percentile and 0 < float(percentile[1]) < 100:  # noqa: PLR2004 - per cent
        return "percentile", float(percentile[1])
    if word not in _METRICS or percentile:
        raise scan.error(f"there is no metric '{word}'.", did_you_mean(word, _METRICS))
    return word, 0.0


def _written(allowed: Collection[str]) -> str:
    return f"Write {' or '.join(allowed)}." if allowed else ""


class _Scanner:
    """Reads one word after the other and knows the column of the one that is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._start = self._end = 0

    def take(self, pattern: str, expected: str, allowed: Collection[str] = ()) -> str:
        """Read what matches `pattern` and is one of `allowed`, if any are."""
        while self._text[self._end : self._end + 1].isspace():
            self._end += 1
        self._start = self._end
        match = re.compile(pattern).match(self._text, self._start)
        if match is None:
            rest = self._text[self._start :]
            found = f"'{rest}'" if rest else "its end"
            raise self.error(f"expected {expected}, found {found}.", _written(allowed))
        self._end = match.end()
        if allowed and match[0] not in allowed:
            raise self.error(f"'{match[0]}' is not allowed here.", _written(allowed))
        return match[0]

    def error(self, problem: str, remedy: str = "") -> ToolkitError:
        """Say what is wrong with the word that was read last."""
        return ToolkitError(
            f"The objective '{self._text}' is wrong at column {self._start + 1}: {problem}", remedy
        )
