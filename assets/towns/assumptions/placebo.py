"""Effects where there can be none: certification too early, and towns never certified.

Belongs here: placebo dates and placebo towns, for any estimator. Not here: placebo standard errors
of synthetic DiD (synthetic_did_inference.py), placebo cut-offs (regression_discontinuity.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, norm

from assets.regression.verdict import SIGNIFICANCE, Verdict, judge_violation
from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.staggered.imputation import NAME, NEEDS, att, average, impute_from
from assets.towns.estimators.town_effect import TownEffect
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel
from assets.warehouse.texts.counted import counted

MATERIAL_REJECTIONS = 2 * SIGNIFICANCE  # a share of false findings that matters


def placebo_dates(panel: TownPanel, years_earlier: int) -> TownEffect:
    """Mean effect in the years_earlier years before certification, as if it had begun with them.

    The years from certification on are cut off town by town, and town and year effects are those
    of the cells before the moved date. Towns not seen before that date are left out.
    Raises PanelError where no town is left, or years_earlier is below 1.
    """
    if years_earlier < 1:
        raise PanelError(f"certification is moved by {years_earlier} years, expected at least 1")
    panel = panel.take(panel.first_treated_year - years_earlier > panel.years[0])
    before = panel.years[None, :] < panel.first_treated_year[:, None] - years_earlier
    placebo = ~before & ~panel.treated
    if not placebo.any():
        raise PanelError(f"no town is seen more than {years_earlier} years before certification")
    weight = np.where(placebo, panel.weight[:, None], 0.0)
    label = ("placebo_date", f"k={years_earlier}", int(placebo.any(axis=1).sum()))
    return average(impute_from(panel, before), (label,), [weight / weight.sum()]).estimates[0]


def bias_per_placebo(panel: TownPanel, years_earlier: int) -> float:
    """How many times the effect of a placebo date a trend of certified towns adds to the effect.

    Years from certification on lie further from those that the effects of towns and years are
    fitted to than years just before it, so a trend biases the effect by more than the placebo shows
    of it. Both are computed on a panel that has the trend alone. nan where the placebo shows
    nothing of one. Raises PanelError as placebo_dates() and imputation do.
    """
    slope = panel.ever_treated[:, None] * (panel.years - panel.years[0]).astype(np.float64)
    trend = replace(panel, outcome=np.where(panel.seen, slope, np.nan))
    shown = placebo_dates(trend, years_earlier).estimate
    return att(trend).estimate / shown if shown else float("nan")


def placebo_date_evidence(estimate: TownEffect, effect: float, bias: float) -> Evidence:
    """Whether the effect of a placebo date, of placebo_dates(), is none.

    effect: the actual one; bias: of bias_per_placebo(). What the trend that gives the placebo adds
    to the effect is judged, not the placebo itself.
    """
    judged = judge_violation(bias * estimate.estimate, abs(bias) * estimate.std_error, effect)
    years = counted(int(estimate.cell.removeprefix("k=")), "year")
    return Evidence(
        estimator=NAME,
        assumption=NEEDS,
        test="placebo_date",
        cell=estimate.cell,
        statistic=estimate.estimate / estimate.std_error if estimate.std_error else float("nan"),
        p_value=judged.p_value,
        verdict=judged.verdict,
        sentence=(
            f"Dated {years} too early, and without the years since, certification has an "
            f"effect of {estimate.estimate:.3f} ({estimate.low:.3f} to {estimate.high:.3f}) on "
            f"{counted(estimate.treated_towns, 'town')}; it should have none. A trend that gives "
            f"it would move the actual effect, {effect:.3f}, by {bias * estimate.estimate:.3f}. "
            f"{judged.sentence}"
        ),
    )


@dataclass(frozen=True, slots=True)
class PlaceboTowns:
    """Effects among towns never certified, which were given certification years by lot."""

    actual: TownEffect
    estimate: NDArray[np.float64]  # (draws,)
    t_statistic: NDArray[np.float64]  # (draws,)
    p_value: float  # of the actual t statistic among the placebo ones, two-sided
    rejection_share: float  # of placebos with an interval that excludes zero; should be 5 %


def placebo_towns(
    panel: TownPanel,
    estimator: Callable[[TownPanel], TownEffect],
    generator: np.random.Generator,
    draws: int = 199,
) -> PlaceboTowns:
    """Give never-certified towns the certification years of all towns by lot, and estimate.

    Each draw takes first treated years of all towns, without replacement, so that the shares of
    cohorts and of controls are on average those of the panel. The p-value compares t statistics,
    (1 + number as large) / (1 + draws), since the placebo panel is smaller than the real one.
    Raises PanelError where fewer than 10 towns are never certified, or as the estimator does.
    """
    panel = panel.seen_untreated()
    never = panel.take(panel.first_treated_year == NEVER)
    if len(never.town) < 10:
        raise PanelError(f"{len(never.town)} towns are never certified: too few for placebos")
    actual = estimator(panel)
    by_lot = (generator.permutation(panel.first_treated_year) for _ in range(draws))
    found = [
        estimator(replace(never, first_treated_year=years[: len(never.town)])) for years in by_lot
    ]
    value = np.array([one.estimate for one in found])
    error = np.array([one.std_error for one in found])
    as_large = np.abs(value / error) >= abs(actual.estimate / actual.std_error)
    return PlaceboTowns(
        actual=actual,
        estimate=value,
        t_statistic=value / error,
        p_value=float((1 + as_large.sum()) / (1 + draws)),
        rejection_share=float(np.mean(np.abs(value / error) > norm.isf(SIGNIFICANCE / 2))),
    )


def placebo_towns_evidence(result: PlaceboTowns, assumption: str) -> Evidence:
    """Whether the estimator finds effects where there are none more often than it says it does.

    Against where so many significant placebos would come by chance in at most 5 % of cases if each
    were so with 5 %; for where so few would if each were so with MATERIAL_REJECTIONS; exactly, by
    the binomial distribution of lots given the towns.
    """
    draws, share = len(result.estimate), result.rejection_share
    found = round(share * draws)
    verdict: Verdict = "cannot say"
    if binom.sf(found - 1, draws, SIGNIFICANCE) < SIGNIFICANCE:
        verdict = "against"
    elif binom.cdf(found, draws, MATERIAL_REJECTIONS) < SIGNIFICANCE:
        verdict = "for"
    return Evidence(
        estimator=result.actual.estimator,
        assumption=assumption,
        test="placebo_towns",
        cell="",
        statistic=share,
        p_value=result.p_value,
        verdict=verdict,
        sentence=(
            f"Of {draws} lots among towns never certified {share:.1%} give a significant effect, "
            f"where 5 % should; the actual effect, {result.actual.estimate:.3f}, is as far from "
            f"zero as {result.p_value:.1%} of them. A share of {MATERIAL_REJECTIONS:.0%} would "
            "matter."
        ),
    )
