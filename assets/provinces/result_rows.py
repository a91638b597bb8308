"""The tables of results of the two studies of provinces (`model.province_*`), by vintage.

Belongs here: declarations, with grain, meaning and unit of each column. Not here: making the rows
(study_results.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfVintage, StudyName
from assets.warehouse.tables.row import Before


@dataclass(frozen=True, slots=True, kw_only=True)
class OfProvinceStudy(OfVintage):
    """Results on one specification of the study."""

    study: StudyName
    specification: Annotated[
        str, "outcome and regressors; IM is enterprises' e-commerce, another concept than He's"
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceEstimateRow(
    OfProvinceStudy,
    table="model.province_estimate",
    grain="one row per vintage, specification, estimator, inference, provinces used and term",
    key=("vintage", "study", "specification", "estimator", "inference", "sample", "term"),
):
    """Every slope, by every estimator, with its interval and what it needs to be an effect."""

    estimator: Annotated[str, "he_ridge, pooled, two_way, fractional_logit, discrete_hazard, ..."]
    inference: Annotated[
        str,
        "error by: iid, clustered, driscoll_kraay, score_bootstrap, ...",
    ]
    sample: Annotated[str, "all provinces, all but some (without CN-BJ), or one alone (CN-GS)"]
    term: Annotated[str, "regressor, const, or mean of a regressor"]
    outcome: Annotated[str, "dependent variable, column of a table of provinces"]
    n: Annotated[int, "count of rows"]
    provinces: Annotated[int, "count of provinces"]
    first_year: Annotated[int, "first year of the outcome"]
    last_year: Annotated[int, "last year of the outcome"]
    estimate: Annotated[
        float,
        "outcome (counts: log odds or log hazard) per unit; he_*: ranges",
    ]
    std_error: Annotated[float | None, "its standard error; NULL: the inference gives none"]
    p: Annotated[float | None, "two-sided p of zero; he_ridge: not a valid test"]
    low: Annotated[float | None, "lower end of its 95 % interval"]
    high: Annotated[float | None, "upper end of its 95 % interval"]
    needs: Annotated[str, "under what the slope is an effect of the regressor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceDiagnosticRow(
    OfProvinceStudy,
    table="model.province_diagnostic",
    grain="one row per vintage, specification, kind, variable, other variable and statistic",
    key=(
        "vintage",
        "study",
        "specification",
        "kind",
        "variable",
        "other_variable",
        "statistic",
    ),
):
    """What He's Tables 2 to 6 hold beside coefficients, on all rows in one heap."""

    kind: Annotated[str, "descriptive, correlation, ols or ridge"]
    variable: Annotated[str, "variable; empty: of the fit"]
    other_variable: Annotated[str, "second variable of a correlation, else empty"]
    statistic: Annotated[str, "min, max, mean, sd, r, p, vif, r2, adjusted_r2, f, f_p"]
    value: Annotated[float, "value, in the variable's own unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceEvidenceRow(
    OfProvinceStudy,
    table="model.province_evidence",
    grain="one row per vintage, specification, term and test",
    key=("vintage", "study", "specification", "term", "test"),
):
    """What speaks for or against reading a slope within provinces as an effect."""

    term: Annotated[str, "the regressor whose slope is meant"]
    test: Annotated[str, "lead, outcome_goes_before, between_and_within, headquarters, ..."]
    statistic: Annotated[float, "its statistic, as the sentence says"]
    p_value: Annotated[float | None, "its p-value; NULL: none defined"]
    verdict: Annotated[str, "for, against or cannot say"]
    sentence: Annotated[str, "what it means, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceFindingRow(
    OfVintage,
    table="model.province_finding",
    grain="one row per vintage, claim of He's paper and what it is put to",
    key=("vintage", "study", "claim", "part"),
):
    """Claims of He's paper on poverty, put to rural income or to counts of poor counties."""

    study: StudyName
    claim: Annotated[str, "number of the claim; the paper is about poverty, not about income"]
    part: Annotated[str, "what it is put to: income, gap, ..."]
    text: Annotated[str, "the claim in words"]
    specification: Annotated[str, "specification whose slope by two_way answers it"]
    term: Annotated[str, "regressor"]
    n: Annotated[int, "count of rows"]
    estimate: Annotated[float, "slope within provinces"]
    low: Annotated[float, "lower end of its 95 % interval"]
    high: Annotated[float, "upper end of its 95 % interval"]
    detectable: Annotated[float | None, "slope that would have been found with 80 % probability"]
    verdict: Annotated[str, "agrees, disagrees or cannot say"]
    sentence: Annotated[str, "the verdict in words, with what it is conditional on"]
    scale: Annotated[str, "what the slope is in, such as elasticity", Before("'elasticity'")]
    label: Annotated[
        str,
        "official (from printed figures), or derived (counted by the project from a list)",
        Before("'official'"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceKnownRow(
    OfProvinceStudy,
    table="model.province_known_estimate",
    grain="one row per vintage, specification, edition, estimator and term",
    key=("vintage", "study", "specification", "known_by", "estimator", "term"),
):
    """The slopes as they would have come out when an edition of regional accounts had come out."""

    known_by: Annotated[int, "edition up to which prints are taken"]
    estimator: Annotated[str, "pooled, two_way, first_difference or long_difference"]
    inference: Annotated[str, "error by: clustered"]
    term: Annotated[str, "regressor"]
    n: Annotated[int, "count of rows"]
    first_year: Annotated[int, "first year"]
    last_year: Annotated[int, "last year of which all provinces had been printed"]
    estimate: Annotated[float, "slope with the figures known then"]
    std_error: Annotated[float | None, "its standard error"]
    p: Annotated[float | None, "two-sided p of zero"]
    low: Annotated[float | None, "lower end of its 95 % interval"]
    high: Annotated[float | None, "upper end of its 95 % interval"]
    estimate_now: Annotated[float, "slope on the same years with the figures of the last edition"]
    low_now: Annotated[float | None, "lower end of its 95 % interval"]
    high_now: Annotated[float | None, "upper end of its 95 % interval"]
    later_prints: Annotated[int, "figures of the panel of these years not yet printed by then"]


PROVINCE_ROWS: tuple[type[OfVintage], ...] = (
    ProvinceEstimateRow,
    ProvinceDiagnosticRow,
    ProvinceEvidenceRow,
    ProvinceFindingRow,
    ProvinceKnownRow,
)
PROVINCE_TABLES = tuple(row.table for row in PROVINCE_ROWS)
