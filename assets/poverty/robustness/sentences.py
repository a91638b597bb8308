"""What an analyst may quote about each coefficient, by stated rules.

Belongs here: the rules and their words. Not here: any computing of estimates or p-values.

Rules for "a claim that it is significant at a level":
- it does not hold where the study's own model (ridge at its k, or OLS at k = 0), fitted to these
  data, gives a p above the level;
- it is supported where, besides, OLS, the permutation test and the sign-flip test give a p within
  the level, 95 % of all specifications have the study's sign, and so do OLS in levels, in first
  differences and with a trend (those that can be estimated);
- otherwise it is not supported, with the conditions that fail, so that a reader sees whether it is
  only the sign-flip test, which finds less than t does (exact_tests.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.poverty.robustness.exact_tests import EnumeratedTest, ExactTests
from assets.poverty.robustness.leave_out import LeaveOneYearOut
from assets.poverty.robustness.ridge_choice import RidgeChoice
from assets.poverty.robustness.specification_curve import SpecificationCurve
from assets.poverty.robustness.trend_baseline import LINEAR_TRENDS, OWN_TRENDS, TrendBaseline
from assets.poverty.robustness.trend_checks import TrendChecks
from assets.regression.ols import OrdinaryLeastSquares
from assets.regression.ridge import RidgeRegression

SAME_SIGN_SHARE = 0.95

SUPPORTED, NOT_SUPPORTED, DOES_NOT_HOLD = "is supported", "is not supported", "does not hold"


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
    years_turning_sign: tuple[int, ...]  # OLS without that year has the other sign

    def significant_share(self, level: float) -> float:
        """Share of OLS specifications whose p is within the level; ridge has no valid p."""
        return float((self.ols_p_by_specification <= level).mean())


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """Whether a claim of significance at the level stands, and if not, what fails."""

    level: float
    verdict: str
    failing: tuple[str, ...]


def evidence(
    ols: OrdinaryLeastSquares,
    study: RidgeRegression,
    curve: SpecificationCurve,
    exact: ExactTests,
    left_out: LeaveOneYearOut,
    checks: TrendChecks,
) -> tuple[Evidence, ...]:
    """Gather the evidence on every coefficient; left_out: of OLS."""
    return tuple(
        _evidence(j, ols, study, curve, exact, left_out, checks) for j in range(len(curve.names))
    )


def _evidence(
    j: int,
    ols: OrdinaryLeastSquares,
    study: RidgeRegression,
    curve: SpecificationCurve,
    exact: ExactTests,
    left_out: LeaveOneYearOut,
    checks: TrendChecks,
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
        years_turning_sign=tuple(
            year
            for year, slope in zip(left_out.years, left_out.slope[:, j].tolist(), strict=True)
            if (slope < 0) != (ols.coefficients[1 + j].estimate < 0)
        ),
    )


def claim_verdict(found: Evidence, level: float) -> ClaimVerdict:
    """Judge "significant at the level" by the rules above."""
    if found.study_p is None or found.study_p > level:
        return ClaimVerdict(level, DOES_NOT_HOLD, (f"its own p is {_p(found.study_p)}",))
    failing = [
        f"p is {_p(p)} by {test}"
        for test, p in (
            ("OLS", found.ols_p),
            ("permutation", found.permutation.p),
            ("sign flips", found.sign_flip.p),
        )
        if p > level
    ]
    failing += [f"the sign turns in {form} (OLS)" for form, same in found.ols_same_sign if not same]
    if found.same_sign_share < SAME_SIGN_SHARE:
        failing.append(f"the sign turns in {_pct(1 - found.same_sign_share)} of specifications")
    return ClaimVerdict(level, NOT_SUPPORTED if failing else SUPPORTED, tuple(failing))


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
        f"that it is significant at {100 * level:g} % {verdict.verdict}"
        f"{': ' if verdict.failing else ''}{'; '.join(verdict.failing)}."
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
    shares = {family.family: family.share_R2_reached for family in baseline}
    own = next(family for family in baseline if family.family == OWN_TRENDS)
    return (
        f"R² is {R2:.3f} (p of F {_p(exact.F.p)} by permutation, {_counted(exact.F)} orders), and "
        f"the calendar year alone reaches {checks.trend_alone.R2:.3f}. Unrelated series reach it "
        f"in {_pct(shares[LINEAR_TRENDS])} of cases with straight trends and in "
        f"{_pct(own.share_R2_reached)} with the trends of this sample's own series, and there F "
        f"rejects at {100 * own.level:g} % in {_pct(own.share_F_rejects)}: the fit alone is "
        f"{'no evidence' if own.share_F_rejects > 2 * own.level else 'some evidence'} of an effect."
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


def _p(p: float | None) -> str:
    if p is None:
        return "not defined"
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1g}"


def _pct(share: float) -> str:
    """Whole per cent, but 0 and 100 only where they are exact."""
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.99 < share < 1 else f"{100 * share:.0f} %"
