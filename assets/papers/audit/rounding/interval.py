"""Closed intervals: what a rounded number may have been, and what follows from several of them.

Belongs here: arithmetic that never loses a value the rounding allows. It may keep too many, where
one number enters an expression twice, so that an audit built on it errs towards silence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt

# Share of an interval's magnitude that floating-point work may cost; far below a printed digit.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high, ends included; an end may be infinite."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: "Interval") -> "Interval":
        return _hull([_times(a, b) for a in self.ends for b in other.ends])

    def __truediv__(self, other: "Interval") -> "Interval":
        if other.low < 0 < other.high or other.low == other.high == 0:
            return Interval(-inf, inf)
        high = inf if other.low == 0 else 1 / other.low
        low = -inf if other.high == 0 else 1 / other.high
        return self * Interval(low, high)

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.high

    def scaled(self, factor: float) -> "Interval":
        return self * Interval(factor, factor)

    def clipped(self, low: float, high: float) -> "Interval":
        """The part between low and high; the nearest end where there is none."""
        return Interval(min(max(self.low, low), high), max(min(self.high, high), low))

    def magnitude(self) -> "Interval":
        """Absolute values."""
        low, high = sorted((abs(self.low), abs(self.high)))
        return Interval(0.0 if self.low <= 0 <= self.high else low, high)

    def squared(self) -> "Interval":
        """Squares; tighter than the product with itself, whose factors could differ."""
        size = self.magnitude()
        return Interval(size.low**2, size.high**2)

    def root(self) -> "Interval":
        """Square roots of the part that is not negative."""
        part = self.clipped(0.0, inf)
        return Interval(sqrt(part.low), sqrt(part.high))

    def mapped(self, monotone: Callable[[float], float]) -> "Interval":
        """The image under a function that only rises or only falls."""
        return _hull([monotone(end) for end in self.ends])

    def meets(self, other: "Interval") -> bool:
        """Whether the two share a number, but for floating-point error."""
        sizes = [abs(end) for end in (*self.ends, *other.ends) if isfinite(end)]
        slack = _SLACK * max(sizes, default=0.0)
        return self.low <= other.high + slack and other.low <= self.high + slack

    def within(self, other: "Interval") -> "Interval | None":
        """The numbers in both, or None."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low, high) if low <= high else None


def exactly(value: float) -> Interval:
    """The interval of one number."""
    return Interval(value, value)


def total(parts: Sequence[Interval]) -> Interval:
    """The sum of intervals."""
    return Interval(sum(p.low for p in parts), sum(p.high for p in parts))


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b


def _hull(values: Sequence[float]) -> Interval:
    return Interval(min(values), max(values))
