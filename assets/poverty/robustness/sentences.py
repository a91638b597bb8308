"""What an analyst may quote about each coefficient, by stated rules.

Belongs here: the rules and their words. Not here: any computing of estimates or p-values.

Rules for "a claim that it is significant at a level":
- it *is not supported* where the study's own model (ridge at its k, or OLS at k = 0), fitted to
  these data, gives a p above the level: then it is not what the data show, which is no evidence
  that there is no effect;
- it *is supported* where, besides, OLS has the study's sign and unrelated series of every kind
  (null_worlds.py, the sample's own trends among them) give a coefficient as clear in at most the
  level, and at most FALSE_SHARE, of draws: the largest Monte Carlo p over the kinds. Of a sample
  whose years are assumed, clear is what is clear in levels, where their order does not count;
- otherwise it *is open*, with what is in the way.
"The fit alone is some evidence" where every kind reaches its R² in at most FALSE_SHARE of draws.

With 8 years and 2 or 4 regressors, 500 samples or more each, any coefficient is called supported
and the fit some evidence in at most 4.0 % and 3.6 % of samples of these kinds, and in at most 4.4
% and 8.6 % with the worst of 61 other parameters (S-curves that take from 1.5 to 22 years from a
tenth to nine tenths, noise of 0.1 to 3 % of their height). In return little is found: true effects
of 10, 30, 100 standard deviations of the error in 4 to 34, 43 to 97, 91 to 100 % of samples where
regressors are independent from year to year, in 0 to 10, 8 to 71, 56 to 99 % where they are walks
or trends, in 0, 0 to 1, 4 to 45 % where they are S-curves. Series that step in one year, or
grow exponentially without noise, are not told from an effect: 38.2 % and 76.6 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.methods.exact_tests import EnumeratedTest, ExactTests
from assets.poverty.robustness.methods.leave_out import LeaveOneYearOut
from assets.poverty.robustness.methods.ridge_choice import RidgeChoice
from assets.poverty.robustness.trends.null_worlds import OWN_TRENDS
from assets.poverty.robustness.trends.specification_curve import SpecificationCurve
from assets.poverty.robustness.trends.trend_baseline import TrendBaseline
from assets.poverty.robustness.trends.trend_checks import TrendChecks
from assets.poverty.robustness.verdict_words import NOT_SUPPORTED, OPEN, SUPPORTED
from assets.regression.ols import OrdinaryLeastSquares
from assets.regression.ridge import RidgeRegression

# Of draws of unrelated series, so many may look as the study does: with the error of the simulation
# (trend_baseline.DRAWS) no more than one in twenty.
FALSE_SHARE = 0.04

RULE = (
    "not supported where the study's own p (ridge at its K) is above the level; supported where, "
    "besides, OLS has its sign in levels, differences and with a trend, and regressions on "
    f"unrelated series are as clear in at most {100 * FALSE_SHARE:g} % of draws; else open"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sentence about one coefficient is made from. Shares are in [0, 1]."""

    term: str
    negative: bool  # the sign in the study's own model
    specifications: int
    same_sign_share: float  # of all specifications, the study's sign
    same_sign_by_form: tuple[tuple[str, float], ...]
    ols_p_by_specification: NDArray[np.float64]  # of the specifications estimated by OLS
    study_k: float
    study_p: float | None
    ols_p: float
    permutation: EnumeratedTest
    sign_flip: EnumeratedTest
    ols_same_sign: tuple[tuple[str, bool], ...]  # levels, first differences, detrended
    as_clear: tuple[tuple[str, float], ...]  # share of draws, by kind of unrelated series
    years_assumed: bool
    years_turning_sign: tuple[int, ...]  # OLS without that year has the other sign

    def significant_share(self, level: float) -> float:
        """Share of OLS specifications whose p is within the level; ridge has no valid p."""
        return float((self.ols_p_by_specification <= level).mean())


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """Whether a claim of significance at the level stands, and why."""

    level: float
    verdict: str
    reasons: tuple[str, ...]


def evidence(
    ols: OrdinaryLeastSquares,
    study: RidgeRegression,
    curve: SpecificationCurve,
    exact: ExactTests,
    left_out: LeaveOneYearOut,
    checks: TrendChecks,
    baseline: Sequence[TrendBaseline],
    years_assumed: bool,
) -> tuple[Evidence, ...]:
    """Gather the evidence on every coefficient; left_out: of OLS."""
    return tuple(
        _evidence(j, ols, study, curve, exact, left_out, checks, baseline, years_assumed)
        for j in range(len(curve.names))
    )


def _evidence(
    j: int,
    ols: OrdinaryLeastSquares,
    study: RidgeRegression,
    curve: SpecificationCurve,
    exact: ExactTests,
    left_out: LeaveOneYearOut,
    checks: TrendChecks,
    baseline: Sequence[TrendBaseline],
    years_assumed: bool,
) -> Evidence:
    own = study.coefficients[1 + j]
    negative = own.estimate < 0
    mine = curve.of(j)
    same = (curve.slope < 0) == negative
    by_form = tuple(
        (form, float(same[mine & (curve.form == i)].mean()))
        for i, form in enumerate(curve.forms)
        if (mine & (curve.form == i)).any()
    )
    fits = (
        ("levels", ols),
        ("first differences", checks.first_differences),
        ("a model with a trend", checks.detrended),
    )
    ols_p = ols.coefficients[1 + j].p
    assert ols_p is not None  # OLS always has one; the row type is shared with ridge
    return Evidence(
        term=curve.names[j],
        negative=negative,
        specifications=int(mine.sum()),
        same_sign_share=float(same[mine].mean()),
        same_sign_by_form=by_form,
        ols_p_by_specification=curve.p[mine & (curve.k_position == 0)],
        study_k=study.k,
        study_p=own.p,
        ols_p=ols_p,
        permutation=exact.permutation[j],
        sign_flip=exact.sign_flip[j],
        ols_same_sign=tuple(
            (form, (fit.coefficients[1 + j].estimate < 0) == negative)
            for form, fit in fits
            if fit is not None
        ),
        as_clear=tuple((kind.family, kind.share_as_clear[j]) for kind in baseline),
        years_assumed=years_assumed,
        years_turning_sign=tuple(
            year
            for year, slope in zip(left_out.years, left_out.slope[:, j].tolist(), strict=True)
            if (slope < 0) != (ols.coefficients[1 + j].estimate < 0)
        ),
    )


def claim_verdict(found: Evidence, level: float) -> ClaimVerdict:
    """Judge "significant at the level" by the rules above."""
    if found.study_p is None or found.study_p > level:
        return ClaimVerdict(level, NOT_SUPPORTED, (f"its own p is {_p(found.study_p)}",))
    kind, share = max(found.as_clear, key=itemgetter(1))
    counted = found.ols_same_sign[:1] if found.years_assumed else found.ols_same_sign
    turned = [f"the sign turns in {form} (OLS)" for form, same in counted if not same]
    looked_at = " in levels, the years being assumed," if found.years_assumed else ""
    seen = (
        f"a coefficient as clear{looked_at} is found in {_precisely(share)} of regressions on "
        f"unrelated series ({_in_words(kind)})"
    )
    if turned or share > min(level, FALSE_SHARE):
        return ClaimVerdict(level, OPEN, (*turned, seen))
    return ClaimVerdict(level, SUPPORTED, (seen.replace("is found in", "is found in at most"),))


def sentence(found: Evidence, level: float) -> str:
    """One sentence on one coefficient, judged at the level that is claimed for it."""
    sign = "negative" if found.negative else "positive"
    forms = ", ".join(f"{form} {_pct(share)}" for form, share in found.same_sign_by_form)
    is_ridge = found.study_k > 0
    model = f"the study's ridge at k = {found.study_k:g}" if is_ridge else "the study's OLS"
    ols = f"{_p(found.ols_p)} by OLS, " if is_ridge else ""
    turning = ", ".join(map(str, found.years_turning_sign))
    without = f"; without {turning} the OLS sign turns" if turning else ""
    verdict = claim_verdict(found, level)
    return (
        f"{found.term}: {sign} in {_pct(found.same_sign_share)} of {found.specifications} "
        f"specifications ({forms}) and significant at {100 * level:g} % in "
        f"{_pct(found.significant_share(level))} of the {len(found.ols_p_by_specification)} "
        f"estimated by OLS; p is {_p(found.study_p)} in {model}, "
        f"{ols}{_p(found.permutation.p)} by permutation ({_counted(found.permutation)} orders) and "
        f"{_p(found.sign_flip.p)} by sign flips ({_counted(found.sign_flip)}){without}; a claim "
        f"that it is significant at {100 * level:g} % {verdict.verdict}: "
        f"{'; '.join(verdict.reasons)}."
    )


def summary(
    R2: float,
    checks: TrendChecks,
    exact: ExactTests,
    baseline: Sequence[TrendBaseline],
    choices: Sequence[RidgeChoice],
    study_k: float,
) -> str:
    """Two or three sentences on the regression as a whole; R2: of OLS in levels."""
    shares = {kind.family: kind.share_R2_reached for kind in baseline}
    worst = max(shares, key=lambda kind: shares[kind])
    return (
        f"R² is {R2:.3f} (p of F {_p(exact.F.p)} by permutation, {_counted(exact.F)} orders), and "
        f"the calendar year alone reaches {checks.trend_alone.R2:.3f}. Regressions on unrelated "
        f"series reach it in up to {_precisely(shares[worst])} of draws ({_in_words(worst)}; with "
        f"the trends of this sample's own series in {_precisely(shares[OWN_TRENDS])}): the fit "
        f"alone is {'some' if shares[worst] <= FALSE_SHARE else 'no'} evidence of an effect."
        f"{_standing(choices, study_k)}"
    )


def _standing(choices: Sequence[RidgeChoice], study_k: float) -> str:
    """Where the study's k stands among the rules; nothing where it is 0 and so no ridge."""
    if study_k == 0:
        return ""
    low, high = min(c.k for c in choices), max(c.k for c in choices)
    below = sum(choice.k < study_k for choice in choices)
    return (
        f" The ridge constant {study_k:g} exceeds that of {below} of {len(choices)} rules, which "
        f"choose {low:.2g} to {high:.2g}."
    )


def _counted(test: EnumeratedTest) -> str:
    return f"{'all' if test.enumerated else 'drawn'} {test.arrangements:,}"


def _in_words(kind: str) -> str:
    return kind.replace("_", " ").replace("s curves", "S-curves")


def _precisely(share: float) -> str:
    """A share beside which a limit stands, so that one just beyond it does not read as equal."""
    return f"{100 * share:.3g} %"


def _p(p: float | None) -> str:
    if p is None:
        return "not defined"
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1g}"


def _pct(share: float) -> str:
    """Whole per cent, but 0 and 100 only where they are exact."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"
