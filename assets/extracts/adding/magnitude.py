"""What the numbers of a line say, held against what its source printed before.

Belongs here: agreement of values, and slips by a power of ten. Not here: labels and units as
printed.

A unit that changed unnoticed moves every number of a line by the same power of ten, which revision
and growth do not. Where both editions print the same years, their ratios tell. Where they share no
year, the nearest years are compared, and growth between them leaves more doubt.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assets.extracts.adding.previous import Known
from assets.extracts.adding.probe import Line

_NEAR = 3  # years between figures that may be compared without a shared year
_SHARED_TOLERANCE = 0.15  # in log10: revisions up to 40 %
_GROWTH_TOLERANCE = 0.35  # in log10: a factor of 2.2 in up to three years
_TENFOLD_TOLERANCE = 0.1  # growth can be tenfold in three years, seldom just tenfold
_AGREES = 0.1  # relative difference of a revision that leaves no doubt of what is meant


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a line's values go with those known.

    slip: the power of ten between new and old, 0 for none; shared: how many years both print;
    agreeing: how many of them differ by at most 10 % once the slip is taken out; outliers: shared
    years that slipped by another power of ten than the rest; years: the two years compared where
    none is shared; likelihood: that both are the same series, in [0, 1].
    """

    slip: int
    shared: int
    agreeing: int
    outliers: tuple[int, ...]
    years: tuple[int, int] | None
    likelihood: float

    @property
    def compared(self) -> bool:
        """Whether there were years to compare at all."""
        return self.shared > 0 or self.years is not None

    @property
    def text(self) -> str:
        """The evidence in words."""
        slip = "" if self.slip == 0 else f", once 10^{self.slip} is taken out"
        if self.shared:
            return f"{self.agreeing} of {self.shared} shared years agree within 10 %{slip}"
        if self.years is None:
            return "no year near enough to compare values"
        new, old = self.years
        if self.slip:
            return f"{new} is about 10^{self.slip} times {old} (no year is in both)"
        near = "near" if self.likelihood >= 0.5 else "far from"
        return f"no year is in both; {new} is {near} {old}"


def agreement(line: Line, known: Known) -> Agreement:
    """Hold a line's values against the known ones of the same region and indicator."""
    new = {year: float(v.value) for year, v in line.values.items() if v.value}
    old = {
        year: float(known[line.region, line.indicator, year].value)
        for region, indicator, year in known
        if (region, indicator) == (line.region, line.indicator)
        and known[region, indicator, year].value
    }
    logs = {y: math.log10(abs(new[y] / old[y])) for y in sorted(new.keys() & old.keys())}
    if logs:
        return _shared(logs)
    return _nearest(new, old)


def _shared(logs: dict[int, float]) -> Agreement:
    powers = [_power(value, _SHARED_TOLERANCE) for value in logs.values()]
    slip = max(sorted(set(powers), key=abs), key=powers.count)
    outliers = [
        year for (year, _), power in zip(logs.items(), powers, strict=True) if power != slip
    ]
    agreeing = sum(abs(10 ** (value - slip) - 1) <= _AGREES for value in logs.values())
    return Agreement(slip, len(logs), agreeing, tuple(outliers), None, _certainty(agreeing, logs))


def _certainty(agreeing: int, logs: Sequence[int] | dict[int, float]) -> float:
    share = agreeing / len(logs)
    if share == 1:
        return 0.85 if len(logs) == 1 else 0.96
    return 0.6 if share >= 0.5 else 0.2


def _nearest(new: dict[int, float], old: dict[int, float]) -> Agreement:
    pairs = [(a, b) for a in new for b in old if abs(a - b) <= _NEAR]
    if not pairs:
        return Agreement(0, 0, 0, (), None, 0.3)
    # The closest years; of several, the latest of the new edition, then the earliest of the old.
    a, b = min(pairs, key=lambda pair: (abs(pair[0] - pair[1]), -pair[0], pair[1]))
    value = math.log10(abs(new[a] / old[b]))
    slip = _power(value, _GROWTH_TOLERANCE)
    if abs(slip) == 1 and abs(value - slip) > _TENFOLD_TOLERANCE:
        slip = 0
    near = abs(value - slip) <= _GROWTH_TOLERANCE
    return Agreement(slip, 0, 0, (), (a, b), 0.5 if near else 0.1)


def _power(value: float, tolerance: float) -> int:
    """The power of ten a ratio stands for, 0 where it is near none."""
    power = round(value)
    return power if abs(value - power) <= tolerance else 0
