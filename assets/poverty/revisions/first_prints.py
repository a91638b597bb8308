"""How good first prints are: bias, news or noise, and how many prints have foreseeable errors.

Belongs here: the tests, of one indicator's prints. Not here: why figures were revised
(revision_causes.py), rows of a table (print_quality.py).

A revision is news if the first print was the best guess of its day, so that nothing in it foretells
the revision; it is noise if the first print was the final figure with an error, so that the final
figure says nothing of the revision (Mankiw and Shapiro 1986, Survey of Current Business 66(5);
Mincer and Zarnowitz 1969, final = a + b first with a = 0 and b = 1 where first prints are
efficient). Editions revise many years at once, so that years are no independent evidence; editions
are. Each test therefore flips the signs of whole editions, and those of news, noise and efficiency
must reject by least squares over years as well, where editions differ in what they revise.

Error rates (`benchmarks/revision_tests.py`; 6, 8 and 12 editions, each revising one year or all,
growth independent, persistent or slowing): what is so is rejected in at most 5.3 % of samples by
every test (efficiency, with 12 editions that revise all years, in 5.4 to 6.2 % of 500 draws and in
3.7 to 4.5 % of 1,500 others). Of 8 editions a bias of 2 % each is found in 61 %, news or noise told
in 7 to 28 %, errors that can be foretold in 5 to 17 %: "cannot say" and "none found" are no
evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assets.regression.significance import two_sided_p, upper_tail_of_f

Floats = NDArray[np.float64]
Nature = Literal["news", "noise", "news and noise", "never revised", "cannot say"]

LEVEL = 0.05
# Fewer editions cannot reach 5 % by any pattern of signs: two of 2^6 are 3 %.
FEWEST_EDITIONS = 6
FEWEST_YEARS = 6  # so that a line leaves four degrees of freedom
_MOST_FLIPPED = 12  # editions of which every pattern of signs is tried


@dataclass(frozen=True, slots=True)
class Print:
    """A figure as one edition has it."""

    year: int
    edition: int
    value: float
    half_unit: float = 0.0  # of its last digit


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth rates as an early print and the latest have them, and which edition moved them."""

    early: Floats  # (years,)
    final: Floats  # (years,)
    moves: Floats  # (editions that revised any, years); their sum is final - early


@dataclass(frozen=True, slots=True)
class Line:
    """Least squares of one variable on another, each test with n - 2 degrees of freedom."""

    intercept: float
    slope: float
    p_of_slope: float  # slope = 0
    p_of_identity: float  # intercept = 0 and slope = 1


@dataclass(frozen=True, slots=True)
class Judged:
    """News or noise of one indicator. p: None where nothing was revised or too little was."""

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


def standing(prints: Sequence[Print]) -> list[Print]:
    """The prints by year and edition; one that is the print before but for rounding has its value.

    So what differs was revised, as in release.revision.
    """
    found: list[Print] = []
    before: Print | None = None
    for each in sorted(prints, key=lambda x: (x.year, x.edition)):
        value = each.value
        if before is not None and before.year == each.year:
            rounding = (before.half_unit + each.half_unit) * (1 + 1e-9)
            if abs(each.value - before.value) <= rounding:
                value = found[-1].value
        found.append(replace(each, value=value))
        before = each
    return found


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


def news_or_noise(growth: Growth) -> Judged:
    """Judge the revisions of growth rates.

    News where the revision goes with the final figure and not with the first print, noise the other
    way round; where neither test rejects there is nothing to say, which is no proof of either.
    Each p is the larger of two: of least squares, which takes years for independent, and of flipped
    editions. Either alone may err more often than 5 % where what it assumes does not hold.
    """
    n = len(growth.early)
    if not len(growth.moves):
        return Judged(n, "never revised" if n else "cannot say", None, None, None)
    p_news = _p_of_relation(growth, growth.early)
    p_noise = _p_of_relation(growth, growth.final)
    p_efficient = p_of_efficiency(growth)
    if p_news is None or p_noise is None:
        return Judged(n, "cannot say", None, None, None)
    natures: dict[tuple[bool, bool], Nature] = {
        (False, True): "news",
        (True, False): "noise",
        (True, True): "news and noise",
        (False, False): "cannot say",
    }
    return Judged(n, natures[p_news <= LEVEL, p_noise <= LEVEL], p_news, p_noise, p_efficient)


def p_of_efficiency(growth: Growth) -> float | None:
    """p of final = early but for an error that nothing foretold; None: too few years or editions.

    Both ways as in news_or_noise; by flipping, of no mean and no slope of the revision on early.
    """
    line = fitted_line(growth.final, growth.early)
    if line is None or not _enough(growth):
        return None
    drawn = _flipped(growth.moves)
    explained = drawn.mean(axis=1) ** 2 * drawn.shape[1] + _explained(drawn, growth.early)
    return max(line.p_of_identity, _p_of(explained, (drawn**2).sum(axis=1)))


def bias(prints: Sequence[Print]) -> Bias | None:
    """The mean of (latest - first)/first over all years printed twice; None where there is none.

    prints: as they stand. Under no bias the revisions that one edition makes may as well have the
    other sign, all of them: p is the share of patterns of signs whose mean is as far from zero,
    exact for any correlation between years.
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
    totals = np.array([[by_edition[edition]] for edition in sorted(by_edition)])
    mean = float(totals.sum()) / years
    if len(totals) < FEWEST_EDITIONS:
        return Bias(mean, len(totals), None)
    return Bias(mean, len(totals), _p_of(np.abs(_flipped(totals)[:, 0])))


def growth_of(prints: Sequence[Print], is_rate: bool, horizon: int = 0) -> Growth:
    """Growth in per cent as the print after `horizon` editions had it, and how editions moved it.

    prints: as they stand. Each growth by what was known in its edition; a rate (per cent) is taken
    as it is. Only years whose figure a later edition than that print could have revised.
    """
    years = _by_year(prints)
    editions = sorted({each.edition for each in prints})
    early, final, moves = [], [], []
    for year, own in years.items():
        if len(own) <= horizon + 1:
            continue
        told = [
            _growth(years, year, edition, is_rate)
            for edition in editions
            if own[horizon].edition <= edition <= own[-1].edition
        ]
        known = [each for each in told if each is not None]
        if len(known) == len(told):  # the year before was known, too
            early.append(known[0])
            final.append(known[-1])
            start = editions.index(own[horizon].edition) + 1
            moved = np.zeros(len(editions))
            moved[start : start + len(known) - 1] = np.diff(known)
            moves.append(moved)
    by_edition = np.array(moves).T if moves else np.zeros((0, 0))
    return Growth(np.array(early), np.array(final), by_edition[by_edition.any(axis=1)])


def first_efficient_horizon(prints: Sequence[Print], is_rate: bool) -> int | None:
    """How many prints have errors that could be foretold; None: cannot say.

    Up to the first print of which a test of final = a + b print finds no such error, or which was
    never revised. Where no print has one nothing is said: that nothing was found proves nothing,
    also of the print after the last that is counted.
    """
    found_before = False
    longest = max((len(own) for own in _by_year(prints).values()), default=0)
    for horizon in range(longest):
        growth = growth_of(prints, is_rate, horizon)
        if len(growth.early) < FEWEST_YEARS:
            return None
        if not len(growth.moves):
            return horizon
        p = p_of_efficiency(growth)
        if p is None or p > LEVEL:
            return horizon if found_before and p is not None else None
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


def _enough(growth: Growth) -> bool:
    return len(growth.early) >= FEWEST_YEARS and len(growth.moves) >= FEWEST_EDITIONS


def _p_of_relation(growth: Growth, x: Floats) -> float | None:
    """p of no slope of the revision on x, the larger of both ways; None: too little to say."""
    line = fitted_line(growth.final - growth.early, x)
    if line is None or not _enough(growth):
        return None
    drawn = _flipped(growth.moves)
    total = ((drawn - drawn.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    return max(line.p_of_slope, _p_of(_explained(drawn, x), total))


def _explained(drawn: Floats, x: Floats) -> Floats:
    """(patterns,) sum of squares that a slope on (years,) x explains of (patterns, years)."""
    centred = x - x.mean()
    return np.asarray((drawn @ centred) ** 2 / (centred @ centred))


def _flipped(moves: Floats) -> Floats:
    """(patterns, years): sums of (editions, years) under patterns of signs, the data's own first.

    All patterns of up to 12 editions, as many drawn ones of more.
    """
    count = len(moves)
    if count <= _MOST_FLIPPED:
        signs = np.array(list(product((1.0, -1.0), repeat=count)))
    else:
        rng = np.random.default_rng(count)
        drawn = rng.choice((-1.0, 1.0), size=(2**_MOST_FLIPPED - 1, count))
        signs = np.vstack([np.ones(count), drawn])
    return np.asarray(signs @ moves)


def _p_of(explained: Floats, total: Floats | float = 1.0) -> float:
    """The share of patterns of signs, of which the data's is the first, that explain as much.

    explained: (patterns,), of total; where nothing is to be explained, nothing is.
    """
    share = explained / np.where(np.asarray(total) > 0, total, 1.0)
    return float(np.mean(share >= share[0] * (1 - 1e-9)))


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
