"""How good first prints are: bias, news or noise, and from which edition on a figure stands.

Belongs here: the tests, of one indicator's prints. Not here: why figures were revised
(revision_causes.py), rows of a table (print_quality.py).

A revision is news if the first print was the best guess of its day, so that nothing in it foretells
the revision; it is noise if the first print was the final figure with an error, so that the final
figure says nothing of the revision (Mankiw and Shapiro 1986, Survey of Current Business 66(5);
Mincer and Zarnowitz 1969, final = a + b first with a = 0 and b = 1 where first prints are
efficient). Editions revise many years at once, so that years are no independent evidence of bias;
editions are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.regression.significance import two_sided_p, upper_tail_of_f

Floats = NDArray[np.float64]
Nature = Literal["news", "noise", "news and noise", "never revised", "cannot say"]

LEVEL = 0.05
# Fewer years are not judged: at 8 each test errs in 5 % of cases, and tells revisions of two thirds
# the spread of growth in one of three (benchmarks/revision_tests.py).
FEWEST_YEARS = 8
# Fewer editions cannot reach 5 % by any pattern of signs: two of 2^6 are 3 %.
FEWEST_EDITIONS = 6
_MOST_FLIPPED = 12  # editions of which every pattern of signs is tried


@dataclass(frozen=True, slots=True)
class Print:
    """A figure as one edition has it."""

    year: int
    edition: int
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """Least squares of one variable on another, each test with n - 2 degrees of freedom."""

    intercept: float
    slope: float
    p_of_slope: float  # slope = 0
    p_of_identity: float  # intercept = 0 and slope = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """News or noise of one indicator. p: None where nothing was revised or too few years are."""

    n: int
    nature: Nature
    p_news: float | None  # of no relation between revision and first print
    p_noise: float | None  # of no relation between revision and final figure
    p_efficient: float | None  # of final = first, but for an error that is unforeseeable


@dataclass(frozen=True, slots=True)
class Bias:
    """Mean revision in per cent of the first print, and its p by flipping the signs of editions."""

    mean_pct: float
    editions: int  # that revised anything
    p: float | None  # None: too few editions to say


def fitted_line(y: Floats, x: Floats) -> Line | None:
    """Regress (n,) y on (n,) x; None where x does not vary or n < 3; a perfect fit has p 0 or 1."""
    n, centred = len(x), x - x.mean()
    spread = float(centred @ centred)
    if n < 3 or spread <= 1e-24 * max(float(x @ x), 1e-300):
        return None
    slope = float(centred @ y) / spread
    intercept = float(y.mean() - slope * x.mean())
    residual = y - intercept - slope * x
    variance = float(residual @ residual) / (n - 2)
    if variance <= 1e-24 * max(float(y @ y), 1e-300):
        same = float(np.abs(y - x).max()) <= 1e-9 * float(np.abs(y).max())
        flat = abs(slope) * spread**0.5 <= 1e-9 * float(np.abs(y).max())
        return Line(intercept, slope, float(flat), float(same))
    t = slope / (variance / spread) ** 0.5
    gap = y - x
    F = (float(gap @ gap) - variance * (n - 2)) / 2 / variance
    return Line(
        intercept,
        slope,
        float(two_sided_p(np.array([t]), n - 2)[0]),
        upper_tail_of_f(max(F, 0.0), 2, n - 2),
    )


def news_or_noise(first: Floats, final: Floats) -> Judged:
    """Judge revisions of (n,) growth rates, first printed and final.

    News where the revision goes with the final figure and not with the first print, noise the other
    way round; where neither test rejects there is nothing to say, which is no proof of either.
    """
    n, revision = len(first), final - first
    if not np.any(np.abs(revision) > 1e-12):
        return Judged(n, "never revised", None, None, None)
    on_first = fitted_line(revision, first)
    on_final = fitted_line(revision, final)
    identity = fitted_line(final, first)
    if n < FEWEST_YEARS or on_first is None or on_final is None or identity is None:
        return Judged(n, "cannot say", None, None, None)
    natures: dict[tuple[bool, bool], Nature] = {
        (False, True): "news",
        (True, False): "noise",
        (True, True): "news and noise",
        (False, False): "cannot say",
    }
    refuted = on_first.p_of_slope <= LEVEL, on_final.p_of_slope <= LEVEL
    return Judged(
        n, natures[refuted], on_first.p_of_slope, on_final.p_of_slope, identity.p_of_identity
    )


def bias(prints: Sequence[Print]) -> Bias | None:
    """The mean of (latest - first)/first over all years printed twice; None where there is none.

    Under no bias the revisions that one edition makes may as well have the other sign, all of them:
    p is the share of patterns of signs whose mean is as far from zero, exact for any correlation
    between years.
    """
    by_edition: dict[int, float] = {}
    years = 0
    for own in _by_year(prints).values():
        years += len(own) > 1
        for before, now in pairwise(own):
            if now.value != before.value and own[0].value:
                change = 100 * (now.value - before.value) / abs(own[0].value)
                by_edition[now.edition] = by_edition.get(now.edition, 0.0) + change
    if not years:
        return None
    totals = np.array([by_edition[edition] for edition in sorted(by_edition)])
    mean = float(totals.sum()) / years
    if len(totals) < FEWEST_EDITIONS:
        return Bias(mean, len(totals), None)
    if len(totals) <= _MOST_FLIPPED:
        signs = np.array(list(product((-1.0, 1.0), repeat=len(totals))))
    else:
        rng = np.random.default_rng(len(totals))
        signs = rng.choice((-1.0, 1.0), size=(2**_MOST_FLIPPED, len(totals)))
    flipped = np.abs(signs @ totals)
    p = float(np.mean(flipped >= abs(totals.sum()) * (1 - 1e-9)))
    return Bias(mean, len(totals), p)


def growth_pairs(prints: Sequence[Print], is_rate: bool, horizon: int = 0) -> tuple[Floats, Floats]:
    """Growth in per cent as the print after `horizon` editions had it, and as it is now.

    Each by what was known in its edition; a rate (per cent) is taken as it is. Only years whose
    figure a later edition than that print could have revised.
    """
    years = _by_year(prints)
    early, final = [], []
    for year, own in years.items():
        if len(own) > horizon + 1:
            then = _growth(years, year, own[horizon].edition, is_rate)
            now = _growth(years, year, own[-1].edition, is_rate)
            if then is not None and now is not None:
                early.append(then)
                final.append(now)
    return np.array(early), np.array(final)


def first_efficient_horizon(prints: Sequence[Print], is_rate: bool) -> int | None:
    """After how many editions the figure is no longer predictably wrong; None: cannot say.

    The first print whose error no test of final = a + b print finds, where that of the print before
    was found, or which was never revised: that nothing was found proves nothing by itself.
    """
    found_before = False
    longest = max((len(own) for own in _by_year(prints).values()), default=0)
    for horizon in range(longest):
        early, final = growth_pairs(prints, is_rate, horizon)
        if len(early) < FEWEST_YEARS:
            return None
        line = fitted_line(final, early)
        if line is None:
            return None
        if line.p_of_identity > LEVEL:
            return horizon if found_before or np.allclose(final, early, 1e-9, 0) else None
        found_before = True
    return None


def revisions_at(prints: Sequence[Print], horizon: int) -> Floats:
    """Change in per cent of the first print that the horizon-th later edition brings, by year."""
    return np.array(
        [
            100 * (own[horizon].value - own[0].value) / abs(own[0].value)
            for own in _by_year(prints).values()
            if len(own) > horizon and own[0].value
        ]
    )


def _growth(years: dict[int, list[Print]], year: int, edition: int, is_rate: bool) -> float | None:
    value = _known(years, year, edition)
    if is_rate or value is None:
        return value
    before = _known(years, year - 1, edition)
    return None if not before else 100 * (value / before - 1)


def _known(years: dict[int, list[Print]], year: int, edition: int) -> float | None:
    told = [each.value for each in years.get(year, ()) if each.edition <= edition]
    return told[-1] if told else None


def _by_year(prints: Sequence[Print]) -> dict[int, list[Print]]:
    """Prints by year, the earlier editions first."""
    found: dict[int, list[Print]] = {}
    for each in sorted(prints, key=lambda x: (x.year, x.edition)):
        found.setdefault(each.year, []).append(each)
    return found
