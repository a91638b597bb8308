"""First prints against numbers made by hand and statsmodels; causes by pattern."""

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.poverty.revisions.first_prints import (
    Growth,
    Print,
    bias,
    first_efficient_horizon,
    fitted_line,
    growth_of,
    news_or_noise,
    p_of_efficiency,
    revisions_at,
    standing,
)
from assets.poverty.revisions.revision_causes import revising


def prints(*rows: tuple[int, dict[int, float]]) -> list[Print]:
    """Editions, each with its figures by year."""
    return [Print(year, edition, value) for edition, own in rows for year, value in own.items()]


@given(st.integers(0, 2**32 - 1), st.integers(4, 15))
@settings(max_examples=30, deadline=None)
def test_the_line_is_that_of_statsmodels(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(5, 2, n)
    y = 0.5 + 0.9 * x + rng.normal(0, 1, n)
    found, reference = fitted_line(y, x), sm.OLS(y, sm.add_constant(x)).fit()
    assert found is not None
    # Two ways through the same sums: a double keeps far more digits than these.
    assert (found.intercept, found.slope) == pytest.approx(tuple(reference.params), rel=1e-8)
    assert found.p_of_slope == pytest.approx(reference.pvalues[1], rel=1e-6, abs=1e-12)
    joint = reference.f_test((np.eye(2), np.array([0.0, 1.0])))
    assert found.p_of_identity == pytest.approx(float(joint.pvalue), rel=1e-6, abs=1e-12)


def test_bias_by_hand() -> None:
    """Seven editions, each of which adds 1 to the figure of the year before: 1 % each."""
    rows = [(e, {e: 100.0} | ({e - 1: 101.0} if e else {})) for e in range(8)]
    found = bias(prints(*rows))
    assert found is not None
    assert (found.mean_pct, found.editions) == (pytest.approx(1.0), 7)
    assert found.p == pytest.approx(2 / 2**7)  # of 128 patterns only all plus and all minus
    short = bias(prints(*rows[:6]))
    assert short is not None
    assert (short.editions, short.p) == (5, None)
    assert bias(prints(rows[0])) is None


def test_one_edition_that_revises_thirty_years_is_one_event() -> None:
    years = range(1990, 2020)
    found = bias(prints((2020, dict.fromkeys(years, 100.0)), (2021, dict.fromkeys(years, 102.0))))
    assert found is not None
    assert (found.mean_pct, found.editions, found.p) == (pytest.approx(2.0), 1, None)


def test_revisions_that_cancel_have_no_bias() -> None:
    rows = [(e, {e: 100.0} | ({e - 1: 100.0 + (-1) ** e} if e else {})) for e in range(9)]
    found = bias(prints(*rows))
    assert found is not None
    assert (found.mean_pct, found.p) == (pytest.approx(0.0), pytest.approx(1.0))


def test_growth_is_by_what_an_edition_knew() -> None:
    rows = ((2001, {2000: 100.0, 2001: 110.0}), (2002, {2000: 200.0, 2001: 210.0, 2002: 231.0}))
    growth = growth_of(prints(*rows), is_rate=False)
    assert growth.early == pytest.approx([10.0])  # 110/100, as of 2001
    assert growth.final == pytest.approx([5.0])  # 210/200, as of 2002
    rate = growth_of(prints(*rows), is_rate=True)
    assert (rate.early.tolist(), rate.final.tolist()) == ([100.0, 110.0], [200.0, 210.0])
    assert rate.moves.tolist() == [[100.0, 100.0]]  # both in the edition of 2002


def test_an_edition_that_revises_only_the_year_before_moves_growth() -> None:
    """110/100 becomes 110/99 in an edition that does not print the year itself."""
    rows = ((1, {0: 100.0, 1: 110.0}), (2, {0: 99.0}), (3, {1: 110.0}))
    growth = growth_of(prints(*rows), is_rate=False)
    assert growth.moves == pytest.approx(np.array([[100 * (110 / 99 - 1.1)]]))


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=50, deadline=None)
def test_what_editions_moved_is_the_revision(seed: int, is_rate: bool) -> None:
    """Any years in any editions."""
    rng = np.random.default_rng(seed)
    every = [
        Print(year, edition, float(100 + rng.integers(0, 4)))
        for year, edition in product(range(6), range(5))
        if rng.random() < 0.6
    ]
    growth = growth_of(every, is_rate)
    moved = growth.moves.sum(axis=0) if len(growth.moves) else np.zeros(len(growth.early))
    assert moved == pytest.approx(growth.final - growth.early, abs=1e-9)


@pytest.mark.parametrize("world", ["news", "noise"])
def test_news_and_noise_are_told_apart(world: str) -> None:
    """Forty years, each revised by the edition of the year after."""
    rng = np.random.default_rng(3)
    base, error = rng.normal(8, 2, 40), rng.normal(0, 2, 40)
    early, final = (base, base + error) if world == "news" else (base + error, base)
    assert news_or_noise(Growth(early, final, np.diag(final - early))).nature == world


def test_one_census_says_neither_news_nor_noise() -> None:
    """Growth slows down, one edition lowers the later years more: |t| > 20, and one event."""
    growth = np.linspace(12.0, 6.0, 10)
    rows = [(2020, dict(enumerate(growth))), (2023, dict(enumerate(growth * 0.9 + 0.8)))]
    found = growth_of(prints(*rows), is_rate=True)
    line = fitted_line(found.final - found.early, found.early)
    assert line is not None
    assert line.p_of_slope < 1e-6
    judged = news_or_noise(found)
    assert (judged.n, judged.nature, judged.p_news) == (10, "cannot say", None)


def test_flipped_editions_by_hand() -> None:
    """Two editions a year, three years each: of 64 patterns the p that counting them gives."""
    rng = np.random.default_rng(8)
    moves = rng.normal(0, 1, (6, 18)) * np.kron(np.eye(6), np.ones(3))
    early = rng.normal(8, 2, 18)
    growth = Growth(early, early + moves.sum(axis=0), moves)
    relations, fits = [], []
    for signs in product((1.0, -1.0), repeat=6):
        revision = np.array(signs) @ moves
        fitted = sm.OLS(revision, sm.add_constant(early)).fit()
        relations.append(abs(fitted.tvalues[1]))
        fits.append(fitted.f_test(np.eye(2)).fvalue)
    line = fitted_line(growth.final, early)
    slope = fitted_line(growth.final - early, early)
    assert line is not None and slope is not None  # noqa: PT018
    by_hand = np.mean(np.array(relations) >= relations[0] * (1 - 1e-9))
    assert news_or_noise(growth).p_news == pytest.approx(max(slope.p_of_slope, by_hand))
    by_hand = np.mean(np.array(fits) >= fits[0] * (1 - 1e-9))
    assert p_of_efficiency(growth) == pytest.approx(max(line.p_of_identity, by_hand))


def test_few_editions_cannot_say() -> None:
    rng = np.random.default_rng(1)
    early = rng.normal(8, 2, 5)
    found = news_or_noise(Growth(early, 2 * early, np.diag(early)))
    assert (found.nature, found.p_news, found.p_noise) == ("cannot say", None, None)
    assert news_or_noise(Growth(early, early, np.zeros((0, 5)))).nature == "never revised"
    rows = [(e, {e: 100.0 + e} | ({e - 1: 101.0 + e} if e else {})) for e in range(6)]
    assert first_efficient_horizon(prints(*rows), is_rate=True) is None


def test_the_first_efficient_edition() -> None:
    """First prints shrink growth by half, the second print is final but for a small error."""
    rng = np.random.default_rng(5)
    final = rng.normal(8, 3, 16)
    rows = []
    for e in range(18):
        own = {e: 4 + 0.5 * final[e]} if e < 16 else {}
        own |= {e - 1: final[e - 1] + rng.normal(0, 0.05)} if 0 < e < 17 else {}
        own |= {e - 2: final[e - 2]} if e > 1 else {}
        rows.append((e, own))
    assert first_efficient_horizon(prints(*rows), is_rate=True) == 1


def test_that_nothing_was_found_proves_nothing() -> None:
    """Twenty years, revised once each by what nobody could foresee."""
    rng = np.random.default_rng(2)
    final = rng.normal(8, 3, 21)
    rows = [
        (e, ({e: final[e]} if e < 20 else {}) | ({e - 1: final[e - 1] + rng.normal()} if e else {}))
        for e in range(21)
    ]
    assert first_efficient_horizon(prints(*rows), is_rate=True) is None
    stands = [(e, {e: final[e]} | ({e - 1: final[e - 1]} if e else {})) for e in range(21)]
    assert first_efficient_horizon(prints(*stands), is_rate=True) == 0


def test_moves_by_horizon() -> None:
    rows = ((1, {1: 100.0}), (2, {1: 101.0, 2: 50.0}), (3, {1: 99.0, 2: 51.0}))
    assert revisions_at(prints(*rows), 1) == pytest.approx([1.0, 2.0])
    assert revisions_at(prints(*rows), 2) == pytest.approx([-1.0])


OLD = {year: 100.0 + year - 2010 for year in range(2010, 2020)}


@pytest.mark.parametrize(
    ("new", "cause"),
    [
        ({y: v * (1 - 0.003 * (y - 2009)) for y, v in OLD.items()}, "benchmark"),
        ({y: v * (1.002 if y == 2010 else 0.98) for y, v in OLD.items()}, "benchmark"),
        ({y: v * 1.1 for y, v in OLD.items()}, "definition"),
        (OLD | {2014: 140.0}, "correction"),
        (OLD | {2019: 112.0}, "provisional"),
        (OLD | {2018: 110.0, 2019: 112.0}, "provisional"),
        (OLD | {2012: 90.0, 2015: 120.0}, "cannot say"),
        ({y: v for y, v in OLD.items() if y != 2014}, "deleted"),
    ],
)
def test_causes(new: dict[int, float], cause: str) -> None:
    own = prints((2020, OLD), (2021, new))
    [found] = revising(own)
    assert (found.edition, found.cause) == (2021, cause)


def test_rounding_is_no_revision() -> None:
    """One print after the other: 100.0, 100.09 and 100.18, each by 0.1; then 100.5."""
    values = {2020: 100.0, 2021: 100.09, 2022: 100.18, 2023: 100.5}
    own = standing([Print(2015, edition, value, 0.05) for edition, value in values.items()])
    assert [x.value for x in own] == [100.0, 100.0, 100.0, 100.5]
    assert [x.edition for x in revising(own)] == [2023]
    found = bias(own)
    assert found is not None
    assert (found.editions, found.mean_pct) == (1, pytest.approx(0.5))
