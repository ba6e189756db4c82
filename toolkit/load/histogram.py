"""A histogram of durations with a relative error of one per cent, mergeable across slices and processes."""

import math

import msgspec

_GROWTH = 1.02
_LOG_GROWTH = math.log(_GROWTH)
_FLOOR = 0.001
_NEVER = 1e12  # longer than any duration; JSON has no infinity
ERROR = (_GROWTH - 1) / (_GROWTH + 1)
"""The largest relative error of a percentile at or above a microsecond: 0.99 %."""


class Histogram(msgspec.Struct):
    """Durations in milliseconds, counted in buckets each two per cent wider than the one before.

    The middle of a bucket is chosen so that both its edges are equally far away in relative terms, as
    DDSketch does it (Masson, Rim, Lee, VLDB 2019).

    Attributes:
        counts: Bucket number to how many durations fell into it.
        count: How many durations there are in all.
        total: Their exact sum.
        smallest: The exact smallest one; about 30 years while there is none.
        largest: The exact largest one; zero while there is none.
    """

    counts: dict[int, int] = {}
    count: int = 0
    total: float = 0.0
    smallest: float = _NEVER
    largest: float = 0.0

    def record(self, milliseconds: float) -> None:
        """Count one duration; a negative one counts as zero."""
        value = max(milliseconds, 0.0)
        bucket = math.ceil(math.log(max(value, _FLOOR) / _FLOOR) / _LOG_GROWTH)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1
        self.count += 1
        self.total += value
        self.smallest, self.largest = min(self.smallest, value), max(self.largest, value)

    def add(self, other: "Histogram") -> None:
        """Count all durations of another histogram too."""
        for bucket, count in other.counts.items():
            self.counts[bucket] = self.counts.get(bucket, 0) + count
        self.count += other.count
        self.total += other.total
        self.smallest = min(self.smallest, other.smallest)
        self.largest = max(self.largest, other.largest)

    @property
    def mean(self) -> float:
        """The exact mean; zero without durations."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, percent: float) -> float:
        """Return the duration that `percent` (above 0, up to 100) of all durations do not exceed.

        It is the nearest rank, never interpolated; zero without durations.
        """
        rank, seen = math.ceil(round(percent * self.count / 100, 6)), 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= rank:
                return min(max(_middle(bucket), self.smallest), self.largest)
        return self.largest

    def above(self, milliseconds: float) -> int:
        """Count the durations longer than this, as far as the buckets tell them apart."""
        return sum(count for bucket, count in self.counts.items() if _middle(bucket) > milliseconds)


def _middle(bucket: int) -> float:
    upper = _FLOOR * _GROWTH**bucket
    return 2 * upper / (1 + _GROWTH)
