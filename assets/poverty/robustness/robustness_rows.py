"""Robustness results as rows of `model.robustness` and `latest.specification`.

Belongs here: which number is named what. Not here: the numbers (study_robustness.py), the table
(table.py).
"""

from collections.abc import Iterator
from math import isfinite

import numpy as np

from assets.poverty.robustness.exact_tests import EnumeratedTest
from assets.poverty.robustness.leave_out import LeaveOneYearOut
from assets.poverty.robustness.study_robustness import Robustness
from assets.poverty.robustness.subset_selection import Selection
from assets.regression.coefficient import Coefficient
from assets.regression.ols import OrdinaryLeastSquares

Row = tuple[object, ...]
# method, term, statistic, setting, value, text
Entry = tuple[str, str, str, str, float | None, str | None]


def robustness_rows(study: str, region: str, sample: str, result: Robustness) -> list[Row]:
    """Rows of RobustnessRow.table, in the order of its columns, the vintage left to the caller.

    A p of a perfect fit is 0 and its t infinite; what is not finite is stored as null with a word.
    """
    makers = (
        *(_sentences, _ridge_choice, _ridge_trace, _selections, _principal_components, _lasso),
        *(_left_out, _exact, _checks, _condition, _baseline, _not_estimable),
    )
    return [(study, region, sample, *_finite(entry)) for make in makers for entry in make(result)]


def _finite(entry: Entry) -> Entry:
    *place, value, text = entry
    if value is None or isfinite(value):
        return entry
    method, term, statistic, setting = place
    return method, term, statistic, setting, None, text or "infinite: the fit is perfect"


def _sentences(r: Robustness) -> Iterator[Entry]:
    yield "sentence", "", "sentence", "", None, r.summary
    for term, words in zip(r.names, r.sentences, strict=True):
        yield "sentence", term, "sentence", "", None, words
    for found, verdicts in zip(r.evidence, r.verdicts, strict=True):
        for verdict in verdicts:
            words = "; ".join((verdict.verdict, *verdict.failing))
            level = f"at {100 * verdict.level:g} %"
            yield "claim", found.term, "verdict", level, None, words
            share = found.significant_share(verdict.level)
            yield "specification_summary", found.term, "share_significant", level, share, "OLS"
        same = found.same_sign_share
        negative = same if found.negative else 1 - same
        yield "specification_summary", found.term, "share_negative", "", negative, None
        for form, share in found.same_sign_by_form:
            negative = share if found.negative else 1 - share
            yield "specification_summary", found.term, "share_negative", form, negative, None
        count = float(found.specifications)
        yield "specification_summary", found.term, "specifications", "", count, None


def _ridge_choice(r: Robustness) -> Iterator[Entry]:
    for choice in r.choices:
        yield "ridge_choice", "", "k", choice.rule, choice.k, None
        yield "ridge_choice", "", "effective_df", choice.rule, choice.effective_df, None
        ratio, why = choice.given_over_k, None if choice.k > 0 else "the rule chooses 0"
        yield "ridge_choice", "", "study_k_over_k", choice.rule, ratio, why
    yield "ridge_choice", "", "k", "study", r.study.k, None
    yield "ridge_choice", "", "effective_df", "study", r.study_effective_df, None
    below = sum(choice.k < r.study.k for choice in r.choices)
    yield "ridge_choice", "", "rules_below", "study", float(below), f"of {len(r.choices)} rules"


def _ridge_trace(r: Robustness) -> Iterator[Entry]:
    trace = r.trace
    for i, k in enumerate(trace.k.tolist()):
        setting = f"k={k:g}"
        yield "ridge_trace", "", "r2", setting, float(trace.R2[i]), None
        yield "ridge_trace", "", "effective_df", setting, float(trace.effective_df[i]), None
        for j, term in enumerate(trace.names):
            for statistic, values in (
                ("coefficient", trace.slope),
                ("low", trace.low),
                ("high", trace.high),
                ("p", trace.p),
                ("vif", trace.vif),
            ):
                yield "ridge_trace", term, statistic, setting, float(values[i, j]), None


def _selections(r: Robustness) -> Iterator[Entry]:
    for method, selection in (("stepwise", r.stepwise), ("best_subset", r.best_subset)):
        yield from _selection(method, selection)


def _selection(method: str, selection: Selection) -> Iterator[Entry]:
    yield method, "", "r2", "", selection.R2, " + ".join(selection.kept) or "the constant alone"
    for number, step in enumerate(selection.steps, start=1):
        yield method, step.term, step.action, f"step {number}", step.p, "p that decided"
    for j, term in enumerate(selection.names):
        left_out = None if term in selection.kept else "left out"
        slope = None if left_out else float(selection.slope[j])
        yield method, term, "coefficient", "", slope, left_out
        yield method, term, "p", "", selection.p[j], left_out


def _principal_components(r: Robustness) -> Iterator[Entry]:
    pcr, method = r.principal_components, "principal_components"
    for m in range(len(pcr.names)):
        setting = f"components={m + 1}"
        chosen = "chosen by leave-one-out" if m + 1 == pcr.chosen else None
        yield (
            method,
            "",
            "explained_share",
            setting,
            float(pcr.explained_share[: m + 1].sum()),
            None,
        )
        yield method, "", "r2", setting, float(pcr.R2[m]), None
        rmse = float(pcr.leave_one_out_rmse[m])
        yield method, "", "leave_one_out_rmse", setting, rmse, chosen
        for j, term in enumerate(pcr.names):
            yield method, term, "coefficient", setting, float(pcr.slope[m, j]), chosen
            yield method, term, "std_error", setting, float(pcr.std_error[m, j]), chosen
            yield method, term, "p", setting, float(pcr.p[m, j]), chosen


def _lasso(r: Robustness) -> Iterator[Entry]:
    lasso = r.lasso
    kept = " + ".join(lasso.kept) or "the constant alone"
    yield "lasso", "", "penalty", "", lasso.penalty, f"chosen by leave-one-out; keeps {kept}"
    yield "lasso", "", "leave_one_out_rmse", "", lasso.leave_one_out_rmse, None
    for j, term in enumerate(lasso.names):
        left_out = None if term in lasso.kept else "left out"
        slope = None if left_out else float(lasso.slope[j])
        yield "lasso", term, "coefficient", "", slope, left_out
    for place, term in enumerate(lasso.entry_order, start=1):
        yield "lasso", term, "entry_order", "", float(place), None


def _left_out(r: Robustness) -> Iterator[Entry]:
    for fits in r.left_out:
        yield from _left_out_at(fits)


def _left_out_at(fits: LeaveOneYearOut) -> Iterator[Entry]:
    k = f"k={fits.k:g}"
    for i, year in enumerate(fits.years):
        setting = f"{k}, without {year}"
        yield "leave_one_year_out", "", "r2", setting, float(fits.R2[i]), None
        for j, term in enumerate(fits.names):
            for statistic, values in (
                ("coefficient", fits.slope),
                ("std_error", fits.std_error),
                ("p", fits.p),
            ):
                yield "leave_one_year_out", term, statistic, setting, float(values[i, j]), None
    for j, term in enumerate(fits.names):
        yield "jackknife", term, "bias", k, float(fits.jackknife_bias[j]), None
        yield "jackknife", term, "std_error", k, float(fits.jackknife_std_error[j]), None


def _exact(r: Robustness) -> Iterator[Entry]:
    yield "permutation", "", "p_of_f", "", r.exact.F.p, _counting(r.exact.F, "orders")
    for term, permuted, flipped in zip(
        r.names, r.exact.permutation, r.exact.sign_flip, strict=True
    ):
        yield "permutation", term, "p", "", permuted.p, _counting(permuted, "orders")
        yield "sign_flip", term, "p", "", flipped.p, _counting(flipped, "sign patterns")


def _counting(test: EnumeratedTest, noun: str) -> str:
    return f"{'all' if test.enumerated else 'drawn:'} {test.arrangements:,} {noun}"


def _checks(r: Robustness) -> Iterator[Entry]:
    checks = r.checks
    yield from _fit("ols", r.ols, None)
    yield from _fit("trend_alone", checks.trend_alone, None)
    yield from _fit("first_differences", checks.first_differences, checks.reason_no_differences)
    yield from _fit("detrended", checks.detrended, checks.reason_not_detrended)
    yield "durbin_watson", "", "durbin_watson", "", checks.durbin_watson.statistic, None
    p = checks.durbin_watson.p_positive
    why = None if p is not None else "one residual degree of freedom has no distribution"
    yield "durbin_watson", "", "p_positive", "", p, why


def _fit(method: str, fit: OrdinaryLeastSquares | None, reason: str | None) -> Iterator[Entry]:
    if fit is None:
        yield method, "", "not_estimated", "", None, reason
        return
    yield method, "", "r2", "", fit.R2, None
    yield method, "", "f", "", fit.F, None
    yield method, "", "p_of_f", "", fit.p_of_F, None
    yield method, "", "df_residual", "", float(fit.df_residual), None
    for coefficient in fit.coefficients:
        yield from _coefficient(method, coefficient)


def _coefficient(method: str, c: Coefficient) -> Iterator[Entry]:
    yield method, c.term, "coefficient", "", c.estimate, None
    yield method, c.term, "std_error", "", c.std_error, None
    yield method, c.term, "p", "", c.p, None


def _condition(r: Robustness) -> Iterator[Entry]:
    for i, index in enumerate(r.condition.index.tolist()):
        setting = f"dependency {i + 1}"
        yield "condition_index", "", "index", setting, index, None
        for j, term in enumerate(r.condition.terms):
            share = float(r.condition.proportion[i, j])
            yield "condition_index", term, "variance_share", setting, share, None


def _baseline(r: Robustness) -> Iterator[Entry]:
    for b in r.baseline:
        for statistic, value in (
            ("draws", float(b.draws)),
            ("mean_r2", b.mean_R2),
            ("r2_exceeded_by_5_pct", b.R2_95),
            ("share_r2_reached", b.share_R2_reached),
            ("share_f_rejects", b.share_F_rejects),
            ("median_max_vif", b.median_max_vif),
            ("share_vif_reached", b.share_vif_reached),
            ("share_both_reached", b.share_both_reached),
        ):
            yield "trend_baseline", "", statistic, b.family, value, None


def specification_rows(study: str, region: str, sample: str, result: Robustness) -> list[Row]:
    """Rows of SpecificationRow.table, the vintage left to the caller: each coefficient's curve."""
    curve = result.curve
    rows: list[Row] = []
    for term, name in enumerate(curve.names):
        entries = np.flatnonzero(curve.of(term))
        rising = entries[np.argsort(curve.slope[entries], kind="stable")]
        rows += [
            (
                *(
                    study,
                    region,
                    sample,
                    name,
                    curve.setting(entry),
                    place,
                    float(curve.slope[entry]),
                ),
                *(_or_none(values[entry]) for values in (curve.low, curve.high, curve.p)),
            )
            for place, entry in enumerate(rising.tolist(), start=1)
        ]
    return rows


def _or_none(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _not_estimable(r: Robustness) -> Iterator[Entry]:
    count = float(r.curve.not_estimable)
    yield "specification_summary", "", "designs_not_estimable", "", count, None
