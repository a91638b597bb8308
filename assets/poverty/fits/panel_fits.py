"""Fits of panel studies.

Belongs here: one fit per panel study and sample, refusals included, and what it says in words. Not
here: the estimator (panel.py), fits of one region (sample_fits.py), rows (result_frames.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.poverty.fits.panel import PanelFit, few_clusters_sentence, fit_panel, left_out_sentences
from assets.poverty.fits.sample_fits import EstimatorFit
from assets.poverty.study_files.study import PanelModel, Study
from assets.regression.significance import told_p
from assets.vintages.failures import Failure, attempt
from assets.vintages.keys import PANEL, SampleKey

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

    def key(self, vintage: str) -> SampleKey:
        """The key of every row of this result, `panel` in place of a region."""
        return SampleKey(vintage=vintage, study=self.study.study, region=PANEL, sample=self.sample)


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
    found = attempt(lambda: _fit(study, model, inputs))
    if isinstance(found, Failure):
        return PanelResult(study, model, sample, inputs, None, found.status, found.reason)
    return PanelResult(study, model, sample, inputs, found, "fitted", None)


def _fit(study: Study, model: PanelModel, inputs: pd.DataFrame) -> PanelFit:
    wide = inputs.pivot(index=["region", "reference_year"], columns="variable", values="value")
    wide = wide.reindex(columns=list(study.variables)).sort_index()
    values = wide.to_numpy(dtype=np.float64, na_value=np.nan)
    return fit_panel(
        values[:, 0],
        values[:, 1:],
        model.regressors,
        [str(region) for region, _ in wide.index],
        [int(year) for _, year in wide.index],
    )


def panel_estimate(model: PanelModel, fit: PanelFit) -> EstimatorFit:
    """The fit as the columns of model.fit have it; the effects are no coefficients."""
    terms = " ".join(
        f"{'-' if c.estimate < 0 else '+'} {abs(c.estimate):.6g} {c.term}" for c in fit.coefficients
    )
    return EstimatorFit(
        estimator="panel",
        coefficients=fit.coefficients,
        n=fit.n,
        df_residual=fit.df,
        R=fit.R2**0.5,
        R2=fit.R2,
        adjusted_R2=fit.adjusted_R2,
        F=fit.F,
        p_of_F=fit.p_of_F,
        equation=f"{model.dependent} = region + year effects {terms}",
        verdict=_verdict(model, fit),
        vif={},
    )


def _verdict(model: PanelModel, fit: PanelFit) -> str:
    """What the fit says, and what to beware of."""
    level = max(model.significance_levels)
    found = [
        f"{c.term} ({told_p(c.p)})" for c in fit.coefficients if c.p is not None and c.p <= level
    ]
    shape = "Balanced" if fit.is_balanced else "Unbalanced"
    sentences = (
        f"{shape} panel of {len(fit.regions)} regions and {len(fit.years)} "
        f"years explains {100 * fit.R2_within:.1f} % of what region and year effects "
        f"leave. Nominal p within {100 * level:g} %: {', '.join(found) or 'none'}.",
        *left_out_sentences(fit),
        few_clusters_sentence(fit),
    )
    return " ".join(filter(None, sentences))
