"""Robustness results as rows of `model.robustness` and `model.specification`.

Belongs here: the two tables, and which number is named what in them. Not here: the numbers
(study_robustness.py), going through the samples (scrutiny.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Annotated

from assets.poverty.robustness.verdict_words import SUPPORTED
from assets.vintages.keys import OfSample, SampleKey

if TYPE_CHECKING:
    from assets.poverty.robustness.methods.exact_tests import EnumeratedTest
    from assets.poverty.robustness.study_robustness import Robustness
    from assets.regression.ols import OrdinaryLeastSquares


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessRow(
    OfSample,
    table="model.robustness",
    grain="one row per vintage, study, region, sample, method, term, statistic and setting",
    key=("vintage", "study", "region", "sample", "method", "term", "statistic", "setting"),
):
    """What survives of each fit when it is tested by methods that a handful of years allows."""

    method: Annotated[str, "method, such as ridge_trace, permutation or specification"]
    term: Annotated[str, "regressor or const; empty where it is about the regression"] = ""
    statistic: Annotated[str, "coefficient, low, high, p, vif, r2, share_..., sentence"]
    setting: Annotated[str, "choice it holds for: k=0.148, without 2015; else empty"] = ""
    value: Annotated[float | None, "value; coefficients per unit of normalised variables"] = None
    text: Annotated[str | None, "words: a sentence, a reason, how p was counted"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationRow(
    OfSample,
    table="model.specification",
    formerly="latest.specification",
    grain="one row per study, region, sample, term and specification, of this vintage only",
    key=("vintage", "study", "region", "sample", "term", "setting"),
):
    """Each coefficient under every combination of defensible choices: its specification curve."""

    term: Annotated[str, "regressor"]
    setting: Annotated[str, "the specification: regressors, form, K, year left out"]
    place: Annotated[int, "place on the curve of its term, by rising coefficient, from 1"]
    coefficient: Annotated[float, "per unit of normalised variables"]
    low: Annotated[float | None, "lower end of its 95 % interval; NULL: none defined"]
    high: Annotated[float | None, "upper end of its 95 % interval; NULL: none defined"]
    p: Annotated[float | None, "two-sided p; for ridge not a valid test; NULL: none defined"]


def robustness_rows(key: SampleKey, result: "Robustness") -> Iterator[RobustnessRow]:
    """Rows of model.robustness, one part of the result after the other."""
    yield from _sentences(key, result)
    yield from _ridge(key, result)
    yield from _selections(key, result)
    yield from _left_out(key, result)
    yield from _tests(key, result)
    yield from _condition_and_baseline(key, result)
    count = float(result.curve.not_estimable)
    yield _row(key, "specification_summary", "designs_not_estimable", count)


def _row(
    key: SampleKey,
    method: str,
    statistic: str,
    value: float | None,
    *,
    term: str = "",
    setting: str = "",
    text: str | None = None,
) -> RobustnessRow:
    """A p of a perfect fit is 0 and its t infinite; that is stored as null with a word."""
    if value is not None and not isfinite(value):
        value, text = None, text or "infinite: the fit is perfect"
    return RobustnessRow(
        **key,
        method=method,
        term=term,
        statistic=statistic,
        setting=setting,
        value=value,
        text=text,
    )


def _sentences(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    yield _row(key, "sentence", "sentence", None, text=r.summary)
    for term, words in zip(r.names, r.sentences, strict=True):
        yield _row(key, "sentence", "sentence", None, term=term, text=words)
    for found, verdicts in zip(r.evidence, r.verdicts, strict=True):
        row = partial(_row, key, "specification_summary", term=found.term)
        for verdict in verdicts:
            against = () if verdict.verdict == SUPPORTED else verdict.reasons
            words = "; ".join((verdict.verdict, *against))
            level = f"at {100 * verdict.level:g} %"
            yield _row(key, "claim", "verdict", None, term=found.term, setting=level, text=words)
            share = found.significant_share(verdict.level)
            yield row("share_significant", share, setting=level, text="OLS")
        for form, same in (("", found.same_sign_share), *found.same_sign_by_form):
            yield row("share_negative", same if found.negative else 1 - same, setting=form)
        yield row("specifications", float(found.specifications))


def _ridge(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    """What k the rules choose, and every coefficient over k."""
    row = partial(_row, key, "ridge_choice")
    for choice in r.choices:
        yield row("k", choice.k, setting=choice.rule)
        yield row("effective_df", choice.effective_df, setting=choice.rule)
        why = None if choice.k > 0 else "the rule chooses 0"
        yield row("study_k_over_k", choice.given_over_k, setting=choice.rule, text=why)
    yield row("k", r.study.k, setting="study")
    yield row("effective_df", r.study_effective_df, setting="study")
    below = float(sum(choice.k < r.study.k for choice in r.choices))
    yield row("rules_below", below, setting="study", text=f"of {len(r.choices)} rules")
    trace = r.trace
    for i, k in enumerate(trace.k.tolist()):
        row = partial(_row, key, "ridge_trace", setting=f"k={k:g}")
        yield row("r2", float(trace.R2[i]))
        yield row("effective_df", float(trace.effective_df[i]))
        for j, term in enumerate(trace.names):
            yield row("coefficient", float(trace.slope[i, j]), term=term)
            yield row("low", float(trace.low[i, j]), term=term)
            yield row("high", float(trace.high[i, j]), term=term)
            yield row("p", float(trace.p[i, j]), term=term)
            yield row("vif", float(trace.vif[i, j]), term=term)


def _selections(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    """What is left when regressors are chosen, or directions of them."""
    for method, selection in (("stepwise", r.stepwise), ("best_subset", r.best_subset)):
        row = partial(_row, key, method)
        yield row("r2", selection.R2, text=" + ".join(selection.kept) or "the constant alone")
        for number, step in enumerate(selection.steps, start=1):
            setting = f"step {number}"
            yield row(step.action, step.p, term=step.term, setting=setting, text="p that decided")
        for j, term in enumerate(selection.names):
            left_out = None if term in selection.kept else "left out"
            slope = None if left_out else float(selection.slope[j])
            yield row("coefficient", slope, term=term, text=left_out)
            yield row("p", selection.p[j], term=term, text=left_out)

    pcr = r.principal_components
    for m in range(len(pcr.names)):
        row = partial(_row, key, "principal_components", setting=f"components={m + 1}")
        chosen = "chosen by leave-one-out" if m + 1 == pcr.chosen else None
        yield row("explained_share", float(pcr.explained_share[: m + 1].sum()))
        yield row("r2", float(pcr.R2[m]))
        yield row("leave_one_out_rmse", float(pcr.leave_one_out_rmse[m]), text=chosen)
        for j, term in enumerate(pcr.names):
            yield row("coefficient", float(pcr.slope[m, j]), term=term, text=chosen)
            yield row("std_error", float(pcr.std_error[m, j]), term=term, text=chosen)
            yield row("p", float(pcr.p[m, j]), term=term, text=chosen)

    lasso, row = r.lasso, partial(_row, key, "lasso")
    kept = " + ".join(lasso.kept) or "the constant alone"
    yield row("penalty", lasso.penalty, text=f"chosen by leave-one-out; keeps {kept}")
    yield row("leave_one_out_rmse", lasso.leave_one_out_rmse)
    for j, term in enumerate(lasso.names):
        left_out = None if term in lasso.kept else "left out"
        slope = None if left_out else float(lasso.slope[j])
        yield row("coefficient", slope, term=term, text=left_out)
    for place, term in enumerate(lasso.entry_order, start=1):
        yield row("entry_order", float(place), term=term)


def _left_out(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    """Every fit without each year, and the jackknife made of them."""
    for fits in r.left_out:
        k = f"k={fits.k:g}"
        for i, year in enumerate(fits.years):
            row = partial(_row, key, "leave_one_year_out", setting=f"{k}, without {year}")
            yield row("r2", float(fits.R2[i]))
            for j, term in enumerate(fits.names):
                yield row("coefficient", float(fits.slope[i, j]), term=term)
                yield row("std_error", float(fits.std_error[i, j]), term=term)
                yield row("p", float(fits.p[i, j]), term=term)
        row = partial(_row, key, "jackknife", setting=k)
        for j, term in enumerate(fits.names):
            yield row("bias", float(fits.jackknife_bias[j]), term=term)
            yield row("std_error", float(fits.jackknife_std_error[j]), term=term)


def _tests(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    """Tests by counting, and the regression against time."""
    F, permuted, flipped = r.exact.F, r.exact.permutation, r.exact.sign_flip
    yield _row(key, "permutation", "p_of_f", F.p, text=_counting(F, "orders"))
    for term, by_order, by_sign in zip(r.names, permuted, flipped, strict=True):
        words = _counting(by_order, "orders")
        yield _row(key, "permutation", "p", by_order.p, term=term, text=words)
        words = _counting(by_sign, "sign patterns")
        yield _row(key, "sign_flip", "p", by_sign.p, term=term, text=words)
    checks = r.checks
    yield from _fit(key, "ols", r.ols, None)
    yield from _fit(key, "trend_alone", checks.trend_alone, None)
    differences, reason = checks.first_differences, checks.reason_no_differences
    yield from _fit(key, "first_differences", differences, reason)
    yield from _fit(key, "detrended", checks.detrended, checks.reason_not_detrended)
    yield _row(key, "durbin_watson", "durbin_watson", checks.durbin_watson.statistic)
    p = checks.durbin_watson.p_positive
    why = None if p is not None else "one residual degree of freedom has no distribution"
    yield _row(key, "durbin_watson", "p_positive", p, text=why)


def _counting(test: "EnumeratedTest", noun: str) -> str:
    return f"{'all' if test.enumerated else 'drawn:'} {test.arrangements:,} {noun}"


def _fit(
    key: SampleKey, method: str, fit: "OrdinaryLeastSquares | None", reason: str | None
) -> Iterator[RobustnessRow]:
    row = partial(_row, key, method)
    if fit is None:
        yield row("not_estimated", None, text=reason)
        return
    yield row("r2", fit.R2)
    yield row("f", fit.F)
    yield row("p_of_f", fit.p_of_F)
    yield row("df_residual", float(fit.df_residual))
    for c in fit.coefficients:
        yield row("coefficient", c.estimate, term=c.term)
        yield row("std_error", c.std_error, term=c.term)
        yield row("p", c.p, term=c.term)


def _condition_and_baseline(key: SampleKey, r: "Robustness") -> Iterator[RobustnessRow]:
    """Where collinearity lies, and what series that have nothing to do with each other give."""
    for i, index in enumerate(r.condition.index.tolist()):
        row = partial(_row, key, "condition_index", setting=f"dependency {i + 1}")
        yield row("index", index)
        for j, term in enumerate(r.condition.terms):
            yield row("variance_share", float(r.condition.proportion[i, j]), term=term)
    for b in r.baseline:
        row = partial(_row, key, "trend_baseline", setting=b.family)
        yield row("draws", float(b.draws))
        yield row("mean_r2", b.mean_R2)
        yield row("r2_exceeded_by_5_pct", b.R2_95)
        yield row("share_r2_reached", b.share_R2_reached)
        yield row("share_f_rejects", b.share_F_rejects)
        yield row("median_max_vif", b.median_max_vif)
        yield row("share_vif_reached", b.share_vif_reached)
        yield row("share_both_reached", b.share_both_reached)
        for term, share in zip(r.names, b.share_as_clear, strict=True):
            yield row("share_as_clear", share, term=term)


def specification_rows(key: SampleKey, result: "Robustness") -> Iterator[SpecificationRow]:
    """Rows of model.specification: each coefficient's curve."""
    curve = result.curve
    for term, name in enumerate(curve.names):
        for place, entry in enumerate(curve.rising(term), start=1):
            yield SpecificationRow(
                **key,
                term=name,
                setting=curve.setting(entry),
                place=place,
                coefficient=float(curve.slope[entry]),
                low=_or_none(curve.low[entry]),
                high=_or_none(curve.high[entry]),
                p=_or_none(curve.p[entry]),
            )


def _or_none(value: float) -> float | None:
    return float(value) if isfinite(value) else None
