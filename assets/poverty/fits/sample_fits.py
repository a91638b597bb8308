"""Fits of all studies of one region at a time.

Belongs here: one fit per study, region and sample with a model of time series, refusals included.
Not here: the methods (`assets/regression`), panels (panel_fits.py), rows (result_frames.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.poverty.study_files.study import Model, Study
from assets.regression.coefficient import Coefficient
from assets.regression.collinear_fit import StudyFit, fit_study
from assets.vintages.failures import Failure, attempt
from assets.vintages.keys import SampleKey

ESTIMATORS = ("ols", "ridge")


@dataclass(frozen=True, slots=True)
class SampleResult:
    """One sample of one region of a study: its fit, or the sentence that says why there is none."""

    study: Study
    model: Model
    region: str  # ISO code
    sample: str
    inputs: pd.DataFrame  # rows of indices.model_input
    fit: StudyFit | None
    status: str  # fitted, refused or failed
    reason: str | None

    @property
    def name(self) -> str:
        """What a reader calls it."""
        return f"{self.study.study}, {self.region}, {self.sample}"

    @property
    def quality(self) -> str:
        """Worst quality among the inputs; "none" where there are none."""
        return worst_quality(self.inputs)

    def key(self, vintage: str) -> SampleKey:
        """The key of every row of this result."""
        return SampleKey(
            vintage=vintage, study=self.study.study, region=self.region, sample=self.sample
        )

    def normalised(self) -> pd.DataFrame:
        """Columns year, the dependent and the regressors, min-max normalised; one row a year."""
        return wide(self.inputs, "normalised", self.study.variables)


def worst_quality(inputs: pd.DataFrame) -> str:
    """Worst quality among rows of indices.model_input; "none" where there are none."""
    order = ("recovered", "derived", "published")
    return next((q for q in order if q in set(inputs["quality"])), "none")


def fit_samples(
    studies: Sequence[Study], model_input: pd.DataFrame, estimation_year: pd.DataFrame
) -> tuple[SampleResult, ...]:
    """Fit every sample of every region of every study with a model of time series.

    What cannot be estimated is refused; any other error fails that sample alone.

    model_input: rows of indices.model_input; estimation_year: rows of indices.estimation_year,
    whose `missing` column says which cells each year lacks.
    """
    return tuple(
        _fit_sample(study, study.model, region, sample.name, model_input, estimation_year)
        for study in studies
        if isinstance(study.model, Model)
        for region in study.places
        for sample in study.samples
    )


def _fit_sample(
    study: Study,
    model: Model,
    region: str,
    sample: str,
    model_input: pd.DataFrame,
    years: pd.DataFrame,
) -> SampleResult:
    inputs = _of(model_input, study, region, sample)
    found = attempt(
        lambda: fit_model(
            model, *(wide(inputs, kind, study.variables) for kind in ("value", "normalised"))
        )
    )
    if not isinstance(found, Failure):
        return SampleResult(study, model, region, sample, inputs, found, "fitted", None)
    reason = found.reason
    if found.status == "refused":
        own = _of(years, study, region, sample)
        lacking = own[own["missing"].notna()].sort_values("reference_year")
        missing = (f"{row.reference_year} lacks {row.missing}." for row in lacking.itertuples())
        reason = " ".join((reason, *missing))
    return SampleResult(study, model, region, sample, inputs, None, found.status, reason)


def _of(frame: pd.DataFrame, study: Study, region: str, sample: str) -> pd.DataFrame:
    of_study = frame["study"] == study.study
    own = frame[of_study & (frame["region"] == region) & (frame["sample"] == sample)]
    return own.reset_index(drop=True)  # of it alone: how many rows stand before it is of others


def fit_model(model: Model, raw: pd.DataFrame, normalised: pd.DataFrame) -> StudyFit:
    """Fit a study's model: columns year, the dependent and the regressors, one row a year.

    Raises NotEstimable, with the reason.
    """
    return fit_study(
        raw,
        normalised,
        model.dependent,
        model.regressors,
        model.ridge.k,
        model.ridge.convention,
        model.significance_levels,
    )


def wide(inputs: pd.DataFrame, values: str, variables: Sequence[str]) -> pd.DataFrame:
    """One row a year, one column a variable; a variable without any value is a column of NaN."""
    wide = inputs.pivot(index="reference_year", columns="variable", values=values)
    return wide.reindex(columns=list(variables)).rename_axis(index="year").reset_index()


@dataclass(frozen=True, slots=True)
class EstimatorFit:
    """What every estimator of a fit says of it: the columns of `model.fit`, and the coefficients.

    None where the convention of the estimator defines no such number.
    """

    estimator: str  # ols, ridge or panel
    coefficients: tuple[Coefficient, ...]  # the constant first, where there is one
    n: int
    df_residual: float | None
    R: float  # multiple correlation
    R2: float
    adjusted_R2: float | None
    F: float | None
    p_of_F: float | None
    equation: str
    verdict: str
    vif: Mapping[str, float]  # by regressor; empty where it is not computed


def estimates(fit: StudyFit) -> tuple[EstimatorFit, EstimatorFit]:
    """OLS and ridge of one fit, in the order of ESTIMATORS."""
    ols, ridge, verdicts = fit.ols, fit.ridge, fit.verdicts
    return (
        EstimatorFit(
            estimator="ols",
            coefficients=ols.coefficients,
            n=len(fit.years),
            df_residual=ols.df_residual,
            R=ols.R,
            R2=ols.R2,
            adjusted_R2=ols.adjusted_R2,
            F=ols.F,
            p_of_F=ols.p_of_F,
            equation=fit.ols_equation,
            verdict=f"{verdicts.collinearity} {verdicts.ols}",
            vif=dict(zip(fit.regressors, fit.vif.vif.tolist(), strict=True)),
        ),
        EstimatorFit(
            estimator="ridge",
            coefficients=ridge.coefficients,
            n=len(fit.years),
            df_residual=ridge.df_residual,
            R=ridge.R2**0.5,
            R2=ridge.R2,
            adjusted_R2=ridge.adjusted_R2,
            F=ridge.F,
            p_of_F=ridge.p_of_F,
            equation=fit.ridge_equation,
            verdict=f"{verdicts.ridge} {verdicts.caution}",
            vif=dict(zip(fit.regressors, ridge.vif.tolist(), strict=True)),
        ),
    )
