"""The table of robustness results.

Belongs here: its declaration. Not here: its rows (rows.py).
"""

from dataclasses import dataclass
from typing import Annotated

from assets.vintages.keys import OfSample


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessRow(
    OfSample,
    table="model.robustness",
    grain="one row per vintage, study, region, sample, method, term, statistic and setting",
    key=(
        "vintage",
        "study",
        "region",
        "sample",
        "method",
        "term",
        "statistic",
        "setting",
    ),
):
    """One row per vintage, study, region, sample, method, term, statistic and setting."""

    method: Annotated[str, "method, such as ridge_trace, permutation or specification"]
    term: Annotated[str, "regressor or const; empty where it is about the regression"]
    statistic: Annotated[str, "coefficient, low, high, p, vif, r2, share_..., sentence"]
    setting: Annotated[str, "choice it holds for: k=0.148, without 2015; else empty"]
    value: Annotated[float | None, "value; coefficients per unit of normalised variables"]
    text: Annotated[str | None, "words: a sentence, a reason, how p was counted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationRow(
    OfSample,
    table="latest.specification",
    grain="one row per study, region, sample, term and specification, of this vintage only",
    key=(
        "vintage",
        "study",
        "region",
        "sample",
        "term",
        "setting",
    ),
):
    """One row per study, region, sample, term and specification, of this vintage only."""

    term: Annotated[str, "regressor"]
    setting: Annotated[str, "the specification: regressors, form, K, year left out"]
    place: Annotated[int, "place on the curve of its term, by rising coefficient, from 1"]
    coefficient: Annotated[float, "per unit of normalised variables"]
    low: Annotated[float | None, "lower end of its 95 % interval; NULL: none defined"]
    high: Annotated[float | None, "upper end of its 95 % interval; NULL: none defined"]
    p: Annotated[float | None, "two-sided p; for ridge not a valid test; NULL: none defined"]
