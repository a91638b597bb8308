"""The tables of coefficients beside their predecessors and of tests for a break.

Belongs here: their declarations. Not here: their rows (compared_fits.py, structural_breaks.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfSample, OfVintage, RegionCode, SampleName, StudyName


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRow(
    OfVintage,
    table="model.drift",
    grain=(
        "one row per vintage, study, region, sample, estimator and term: each coefficient "
        "of this vintage or of the published vintage before it"
    ),
    key=("vintage", "study", "region", "sample", "estimator", "term"),
):
    """What a new vintage did to each coefficient: whether a result of before still stands."""

    vintage_before: Annotated[str | None, "vintage published before; NULL: none"]
    study: StudyName
    region: RegionCode
    sample: SampleName
    estimator: Annotated[str, "ols or ridge"]
    term: Annotated[str, "const or a regressor; all variables min-max normalised"]
    term_order: Annotated[int, "0 for the constant"]
    status: Annotated[str, "compared, first fit, other model or no longer fitted"]
    n_before: Annotated[int | None, "count of years before"]
    n: Annotated[int, "count of years"]
    coefficient_before: Annotated[float | None, "range shares per range of the regressor"]
    std_error_before: Annotated[float | None, "its standard error; NULL: none defined"]
    low_before: Annotated[float | None, "lower end of its 95 % interval"]
    high_before: Annotated[float | None, "upper end of its 95 % interval"]
    coefficient: Annotated[float | None, "range shares per range of the regressor"]
    std_error: Annotated[float | None, "its standard error; NULL: none defined"]
    low: Annotated[float | None, "lower end of its 95 % interval; for ridge nominal"]
    high: Annotated[float | None, "upper end of its 95 % interval; for ridge nominal"]
    moved_by_std_errors: Annotated[float | None, "the move over the standard error before"]
    rank_before: Annotated[int | None, "1: largest |standardised slope|"]
    rank: Annotated[int | None, "1: largest |standardised slope|; NULL: constant"]
    vif_before: Annotated[float | None, "variance inflation factor before"]
    vif: Annotated[float | None, "variance inflation factor"]
    is_sign_flipped: Annotated[bool, "the coefficient changed its sign"]
    is_beyond_two_std_errors: Annotated[bool, "moved by more than 2 std. errors before"]
    is_overlap_lost: Annotated[bool, "the two 95 % intervals have no point in common"]
    is_rank_changed: Annotated[bool, "its rank by standardised size changed"]
    is_collinearity_changed: Annotated[bool, "its VIF crossed 10"]
    drift: Annotated[str, "in words, what drifted; empty: the refit did not"]
    changed_years: Annotated[int | None, "years that are new or have other figures; NULL: no test"]
    changed_years_p: Annotated[float | None, "of their test against the others; NULL: no test"]
    detectable_shift: Annotated[
        float | None, "shift of changed years found with 80 % probability, range shares"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralBreakRow(
    OfSample,
    table="model.structural_break",
    grain=(
        "one row per vintage, study, region, sample, test and last year before the break; "
        "tests of OLS on the normalised variables"
    ),
    key=("vintage", "study", "region", "sample", "test", "last_year_before"),
):
    """Whether all years follow one regression, or some begin another."""

    test: Annotated[str, "one year: chosen in advance; any year: the likeliest of all"]
    last_year_before: Annotated[int, "the break is after this year; 0: none testable"]
    status: Annotated[str, "tested or not testable"]
    reason: Annotated[str | None, "why it cannot be tested"] = None
    f: Annotated[float | None, "Chow's F; infinite (NULL) where both sides fit perfectly"] = None
    df_break: Annotated[int | None, "restrictions tested"] = None
    df_residual: Annotated[int | None, "residual degrees of freedom of both sides"] = None
    p: Annotated[float | None, "one year: exact; any year: simulated on the same X"] = None
    draws: Annotated[int | None, "simulated samples behind p; NULL: none"] = None
    quality: Annotated[str, "worst quality of the sample; recovered: years are assumed"]
