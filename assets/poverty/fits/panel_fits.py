"""Fits of panel studies, and their results as rows.

Belongs here: one fit per panel study and sample, refusals included, and what it says in words. Not
here: the estimator (panel.py), fits of one region (results.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.poverty.fits.panel import PanelFit, few_clusters_sentence, fit_panel, left_out_sentences
from assets.poverty.study_files.study import PanelModel, Study
from assets.regression.estimable import NotEstimable
from assets.regression.significance import stars
from assets.vintages.keys import PANEL

Row = tuple[object, ...]
CONVENTION = "fixed effects of region and year; CRV1 by region, G/(G-1) (n-1)/(n-k)"


@dataclass(frozen=True, slots=True)
class PanelResult:
    """One sample of one panel study: its fit, or the sentence that says why there is none."""

    study: Study
    model: PanelModel
    sample: str
    inputs: pd.DataFrame  # rows of indices.model_input, of every region
    fit: PanelFit | None
    status: str  # fitted, refused or failed
    reason: str | None

    @property
    def place(self) -> tuple[str, str, str]:
        """Study, `panel` in place of a region, and sample."""
        return self.study.study, PANEL, self.sample


def fit_panels(studies: Sequence[Study], model_input: pd.DataFrame) -> tuple[PanelResult, ...]:
    """Fit every sample of every panel study; what cannot be estimated is refused.

    model_input: rows of indices.model_input: years of a region that have every variable.
    """
    return tuple(
        _fit_sample(study, study.model, sample.name, model_input)
        for study in studies
        if isinstance(study.model, PanelModel)
        for sample in study.samples
    )


def _fit_sample(
    study: Study, model: PanelModel, sample: str, model_input: pd.DataFrame
) -> PanelResult:
    own = (model_input["study"] == study.study) & (model_input["sample"] == sample)
    inputs = model_input[own]
    wide = inputs.pivot(index=["region", "reference_year"], columns="variable", values="value")
    wide = wide.reindex(columns=list(study.variables)).sort_index()
    values = wide.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        fit = fit_panel(
            values[:, 0],
            values[:, 1:],
            model.regressors,
            [str(region) for region, _ in wide.index],
            [int(year) for _, year in wide.index],
        )
    except NotEstimable as error:
        return PanelResult(study, model, sample, inputs, None, "refused", str(error))
    except (ArithmeticError, ValueError) as error:  # of this fit alone; the others go on
        reason = f"{type(error).__name__}: {error}"
        return PanelResult(study, model, sample, inputs, None, "failed", reason)
    return PanelResult(study, model, sample, inputs, fit, "fitted", None)


def verdict(result: PanelResult) -> str:
    """What the fit says, and what to beware of."""
    fit = result.fit
    if fit is None:
        return "not estimated"
    level = max(result.model.significance_levels)
    found = [
        f"{c.term} (p = {c.p:.3f})" for c in fit.coefficients if c.p is not None and c.p <= level
    ]
    shape = "balanced" if fit.is_balanced else "unbalanced"
    return " ".join(
        filter(
            None,
            (
                f"{shape.capitalize()} panel of {len(fit.regions)} regions and {len(fit.years)} "
                f"years explains {100 * fit.R2_within:.1f} % of what region and year effects "
                f"leave. Significant at {100 * level:g} %: {', '.join(found) or 'none'}.",
                *left_out_sentences(fit),
                few_clusters_sentence(fit),
            ),
        )
    )


def summary_cells(result: PanelResult) -> Row:
    """df of t, R, R², adjusted R², F, p, equation and verdict; empty where nothing was fitted."""
    fit = result.fit
    if fit is None:
        return (*[None] * 7, verdict(result))
    terms = " ".join(
        f"{'-' if c.estimate < 0 else '+'} {abs(c.estimate):.6g} {c.term}" for c in fit.coefficients
    )
    equation = f"{result.model.dependent} = region + year effects {terms}"
    return (
        fit.df,
        fit.R2**0.5,
        fit.R2,
        fit.adjusted_R2,
        fit.F,
        fit.p_of_F,
        equation,
        verdict(result),
    )


def coefficient_rows(result: PanelResult) -> Iterator[Row]:
    """Rows of model.coefficient without the vintage; effects are no rows."""
    if result.fit is None:
        return
    for order, c in enumerate(result.fit.coefficients, start=1):
        marks = "" if c.p is None else stars(c.p, result.model.significance_levels)
        yield (
            *result.place,
            "panel",
            c.term,
            order,
            c.estimate,
            c.std_error,
            c.t,
            c.p,
            marks,
            None,
        )


def diagnostic_rows(result: PanelResult) -> Iterator[Row]:
    """Rows of model.diagnostic without the vintage: the panel's shape, and what was left out."""
    fit = result.fit
    if fit is None:
        return
    for statistic, value in (
        ("clusters", len(fit.regions)),
        ("years", len(fit.years)),
        ("is_balanced", fit.is_balanced),
        ("few_clusters", fit.few_clusters),
        ("r2_within", fit.R2_within),
        ("small_sample_factor", fit.small_sample.factor),
    ):
        yield *result.place, "panel", "", "", statistic, float(value), ""
    for kind, names in (
        ("absorbed_by_effects", fit.absorbed),
        ("collinear", fit.collinear),
        ("singleton", fit.singletons),
    ):
        for name in names:
            yield *result.place, "panel", name, "", kind, 1.0, ""
