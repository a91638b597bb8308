"""How far from parallel trends the conclusion still holds (Rambachan and Roth).

Belongs here: intervals under trends that are nearly straight (smoothness, by the library diff-diff)
and under trends that break no more after certification than before (relative magnitudes, here).
Not here: the test of trends before certification (pre_trends.py).
Source: Rambachan and Roth (2023), Review of Economic Studies 90, 2555-2591; the conditional and
least-favourable hybrid test is that of Andrews, Roth and Pakes (2023), Review of Economic Studies
90, 2763-2791, section 6.
"""

import warnings
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtri_exp

from assets.towns.assumptions.evidence import Evidence
from assets.towns.estimators.staggered.callaway_santanna import NAME, GroupTime
from assets.towns.estimators.staggered.event_study import EventStudy
from assets.towns.estimators.town_effect import LEVEL, TownEffect, normal_interval
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]

POINTS = 1001  # of the grid of effects; odd, so that the estimate itself is one of them
DRAWS = 20_000  # for the least-favourable critical values
FIRST_STAGE = (1 - LEVEL) / 10  # size of the least-favourable stage of the hybrid (kappa)
BREAKDOWN_STEP = 0.01
BREAKDOWN_LIMIT = 5.0
NEEDS = "The trend after certification departs from parallel no more than the bound says."


@dataclass(frozen=True, slots=True)
class SensitivityInterval:
    """An interval for an average effect that allows for a departure from parallel trends."""

    restriction: str  # relative_magnitudes or smoothness
    bound: float  # Mbar, a ratio; or M, in the unit of the outcome
    estimate: float
    low: float
    high: float
    step: float  # of the grid on which the ends lie; 0 where they are exact


def relative_magnitudes(
    study: EventStudy,
    mbar: float,
    generator: np.random.Generator,
    weight: Floats | None = None,
    points: int = POINTS,
    draws: int = DRAWS,
) -> SensitivityInterval:
    """Interval if no break of trend after certification exceeds mbar times the largest before.

    A break is what the departure from parallel trends changes by in a year; the years up to -1 are
    those before. Delta^RM of Rambachan and Roth (section 2.4.1), with the C-LF hybrid test of each
    effect on a grid. weight: (post,) of the effects after certification, None for their mean. The
    grid reaches as far as the first stage of the test can accept, so no end can lie beyond it; the
    set's outer ends are given where it has a hole.
    Raises PanelError where mbar is negative or the weights are all zero.
    """
    estimate, cones = _cones(study, mbar, generator, weight, draws)
    reach = max(cone.reach for cone in cones)
    grid = estimate + np.linspace(-reach, reach, points | 1)
    accepted = np.any([cone.accepts(grid) for cone in cones], axis=0)
    return SensitivityInterval(
        restriction="relative_magnitudes",
        bound=mbar,
        estimate=estimate,
        low=float(grid[accepted].min()),
        high=float(grid[accepted].max()),
        step=float(grid[1] - grid[0]),
    )


def breakdown(
    study: EventStudy,
    generator: np.random.Generator,
    weight: Floats | None = None,
    draws: int = DRAWS,
) -> float:
    """The smallest Mbar, to BREAKDOWN_STEP, at which an effect of zero is no longer rejected.

    Found by halving, since the intervals widen with Mbar; infinite where even BREAKDOWN_LIMIT
    rejects zero. The draws are the same for every Mbar.
    """
    seed = int(generator.integers(2**63))

    def keeps_zero(step: int) -> bool:
        mbar = step * BREAKDOWN_STEP
        _, cones = _cones(study, mbar, np.random.default_rng(seed), weight, draws)
        return any(bool(cone.accepts(np.zeros(1))[0]) for cone in cones)

    steps = range(round(BREAKDOWN_LIMIT / BREAKDOWN_STEP) + 1)
    found = bisect_left(steps, True, key=keeps_zero)
    return round(found * BREAKDOWN_STEP, 6) if found < len(steps) else float("inf")


def evidence(study: EventStudy, breakdown_mbar: float) -> Evidence:
    """Says how robust the effect is; for where it survives breaks as large as those before.

    Of an effect of zero, and breaks no larger than those before, that is said in at most 5 % of
    samples: its 95 % interval under such breaks leaves out zero.
    """
    robust = breakdown_mbar > 1
    within = f"{breakdown_mbar:.2f}" if np.isfinite(breakdown_mbar) else f"{BREAKDOWN_LIMIT:g}"
    return Evidence(
        estimator=study.estimator,
        assumption=NEEDS,
        test="relative_magnitudes_breakdown",
        cell="",
        statistic=breakdown_mbar,
        p_value=float("nan"),
        verdict="for" if robust else "cannot say",
        sentence=(
            f"The 95 % interval of the average effect leaves out zero as long as no break of trend "
            f"after certification exceeds {within} times the largest one before it"
            + (", and beyond." if not np.isfinite(breakdown_mbar) else ".")
        ),
    )


@dataclass(frozen=True, slots=True)
class _Cone:
    """One choice of the largest break before certification, its year and its sign.

    Given it, the trend obeys linear inequalities, and an effect theta is rejected where the largest
    of a few statistics is too large. Statistic v is (loading beta - slope theta)[v]; they are the
    vertices of the dual of the linear program in Andrews, Roth and Pakes, equation 12. With first
    differences of the effects as nuisance parameters the vertices have a closed form: for each year
    after certification the sum of its two inequalities, and the two sums over years with the signs
    of what the year counts in theta.
    """

    value: Floats  # (vertices,): loading beta
    slope: Floats  # (vertices,)
    covariance: Floats  # (vertices, vertices)
    critical: float  # least-favourable critical value

    @property
    def reach(self) -> float:
        """How far from the estimate an effect can lie and still pass the first stage."""
        level, slope = self.value[-2:], np.abs(self.slope[-2:])
        return float(np.max((self.critical - level) / slope) * (1 + 1e-9))

    def accepts(self, effect: Floats) -> NDArray[np.bool_]:
        """Whether the hybrid test keeps each effect, (effects,)."""
        statistic = self.value - effect[:, None] * self.slope
        largest = np.argmax(statistic, axis=1)
        eta = statistic[np.arange(len(effect)), largest]
        sd = np.sqrt(np.diag(self.covariance))[largest]
        known = sd > 1e-10 * np.sqrt(np.max(np.diag(self.covariance)))
        safe = np.where(known, sd, 1.0)
        low, high = self._truncation(statistic, largest, eta, safe)
        size = (1 - LEVEL - FIRST_STAGE) / (1 - FIRST_STAGE)
        critical = _truncated_quantile(size, low / safe, np.minimum(high, self.critical) / safe)
        kept = np.where(known, eta / safe <= np.maximum(critical, 0), eta <= 0)
        return np.asarray(kept & (eta <= self.critical))

    def _truncation(
        self, statistic: Floats, largest: NDArray[np.intp], eta: Floats, sd: Floats
    ) -> tuple[Floats, Floats]:
        """Between which values the largest statistic stays the largest, all else given."""
        pull = self.covariance[largest] / sd[:, None] ** 2
        rest = statistic - pull * eta[:, None]
        room = 1 - pull
        with np.errstate(divide="ignore", invalid="ignore"):
            bound = rest / room
        low = np.where(room > 1e-9, bound, -np.inf).max(axis=1)
        high = np.where(room < -1e-9, bound, np.inf).min(axis=1)
        return low, high


def _cones(
    study: EventStudy,
    mbar: float,
    generator: np.random.Generator,
    weight: Floats | None,
    draws: int,
) -> tuple[float, list[_Cone]]:
    """The average effect, and the tests for every year and sign of the largest break before."""
    if mbar < 0:
        raise PanelError(f"Mbar is {mbar:g}, expected at least 0")
    wanted = study.post_weight(weight)
    if not np.any(wanted):
        raise PanelError("the weights of the effects after certification are all zero")
    pre, post = _breaks(study)
    # A break in year t moves every effect from t on.
    counts = np.cumsum(wanted[::-1])[::-1]
    normal = generator.standard_normal((draws, len(counts) + 2))
    cones = [
        _cone(study, counts, post, mbar * largest, normal) for row in pre for largest in (row, -row)
    ]
    return float(wanted @ study.beta[study.after]), cones


def _breaks(study: EventStudy) -> tuple[Floats, Floats]:
    """Rows that turn coefficients into yearly changes, up to the reference and from it on."""
    before = int(study.before.sum())
    change = np.diff(np.insert(np.eye(len(study.time)), before, 0, axis=0), axis=0)
    return change[:before], change[before:]


def _cone(study: EventStudy, counts: Floats, post: Floats, bound: Floats, normal: Floats) -> _Cone:
    """The vertices for one bound: (times,) loadings of Mbar times the largest break before."""
    sigma = study.covariance
    rise, fall = post - bound, -post - bound  # both at most zero in expectation
    sd_rise, sd_fall = (np.sqrt(np.einsum("ij,jk,ik->i", r, sigma, r)) for r in (rise, fall))
    up = np.where(counts >= 0, 1.0, 0.0)[:, None]
    size = np.abs(counts)
    above = size @ (up * rise + (1 - up) * fall)
    below = size @ (up * fall + (1 - up) * rise)
    sd_above = size @ (up[:, 0] * sd_rise + (1 - up[:, 0]) * sd_fall)
    sd_below = size @ (up[:, 0] * sd_fall + (1 - up[:, 0]) * sd_rise)
    each_year = (rise + fall) / (sd_rise + sd_fall)[:, None]
    loading = np.vstack([each_year, above / sd_above, below / sd_below])
    covariance = loading @ sigma @ loading.T
    return _Cone(
        value=loading @ study.beta,
        slope=np.concatenate([np.zeros(len(counts)), [1 / sd_above, -1 / sd_below]]),
        covariance=covariance,
        critical=_least_favourable(covariance, normal),
    )


def _least_favourable(covariance: Floats, normal: Floats) -> float:
    """The critical value of the largest statistic where every inequality just holds."""
    scale, direction = np.linalg.eigh(covariance)
    root = direction * np.sqrt(np.maximum(scale, 0))
    return float(np.quantile((normal @ root.T).max(axis=1), 1 - FIRST_STAGE))


def _truncated_quantile(size: float, low: Floats, high: Floats) -> Floats:
    """The 1 - size quantile of a standard normal between low and high, exact in both tails."""
    above = np.logaddexp(np.log1p(-size) + log_ndtr(-high), np.log(size) + log_ndtr(-low))
    return np.asarray(-ndtri_exp(above))


def smoothness(
    study: EventStudy, bounds: tuple[float, ...], weight: Floats | None = None
) -> tuple[SensitivityInterval, ...]:
    """Intervals if the slope of the trend changes by at most each bound from year to year.

    Delta^SD of Rambachan and Roth with the optimal fixed-length interval (section 4.1), by the
    library diff-diff. bounds: M, unit of the outcome a year; weight as in relative_magnitudes().
    """
    wanted = study.post_weight(weight)
    estimate = float(wanted @ study.beta[study.after])
    return tuple(
        SensitivityInterval("smoothness", bound, estimate, low, high, 0.0)
        for bound, (low, high) in zip(bounds, _flci(study, bounds, wanted), strict=True)
    )


def _flci(
    study: EventStudy, bounds: tuple[float, ...], weight: Floats
) -> Iterator[tuple[float, float]]:
    from diff_diff import HonestDiD

    results = _for_diff_diff(study)
    for bound in bounds:
        with warnings.catch_warnings():
            # Coefficients that bend more than the bound are what the interval is for.
            warnings.simplefilter("ignore", UserWarning)
            fit = HonestDiD(method="smoothness", M=bound, alpha=1 - LEVEL, l_vec=weight).fit(
                results
            )
        yield float(fit.ci_lb), float(fit.ci_ub)


def _for_diff_diff(study: EventStudy) -> object:
    """The event study as the library's own result; it reads coefficients and covariance only."""
    from diff_diff.results import MultiPeriodDiDResults, PeriodEffect

    nan, times = float("nan"), study.time.tolist()
    errors = np.sqrt(np.diag(study.covariance)).tolist()
    effects = {
        time: PeriodEffect(time, beta, error, nan, nan, normal_interval(beta, error))
        for time, beta, error in zip(times, study.beta.tolist(), errors, strict=True)
    }
    return MultiPeriodDiDResults(
        period_effects=effects,
        avg_att=nan,
        avg_se=nan,
        avg_t_stat=nan,
        avg_p_value=nan,
        avg_conf_int=(nan, nan),
        n_obs=0,
        n_treated=0,
        n_control=0,
        pre_periods=study.time[study.before].tolist(),
        post_periods=study.time[study.after].tolist(),
        vcov=study.covariance,
        interaction_indices={time: place for place, time in enumerate(times)},
    )


def as_effect(one: SensitivityInterval, cell: str, effects: GroupTime) -> TownEffect:
    """The interval as a row of results; effects: those that the event study came from."""
    treated = int(effects.panel.ever_treated.sum())
    return TownEffect(
        estimator=NAME,
        target=f"att_{one.restriction}",
        cell=cell,
        estimate=one.estimate,
        std_error=float("nan"),
        low=one.low,
        high=one.high,
        inference="Rambachan-Roth",
        towns=len(effects.panel.town),
        treated_towns=treated,
    )
