"""Poverty incidence by province that is known by class: rows, estimators, tests, results.

Belongs here: which rows of provinces.poverty_class are taken, interval regression on them, and
what the slopes need. Not here: the method (`assets/regression/interval_regression.py`), the lists
(poverty_class_specification.py), rules of verdict.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.provinces.estimators import Slopes
from assets.provinces.evidence import Evidence, between_and_within, single_provinces
from assets.provinces.making_rows import (
    ProvinceResults,
    estimate_rows,
    evidence_row,
    finding_row,
)
from assets.provinces.panel_data import Floats
from assets.provinces.poverty_class_specification import (
    CLAIM,
    INCIDENCE,
    SCALE,
    SPECIFICATIONS,
    STUDY,
)
from assets.provinces.row_panel import RowPanel
from assets.provinces.specification import Specification
from assets.regression.estimable import NotEstimable
from assets.regression.interval_regression import Intervals, interval_regression
from assets.regression.significance import tested
from assets.vintages.failures import Failures

_DECIMALS = 3  # of a slope


@dataclass(frozen=True, slots=True)
class ClassPanel(RowPanel):
    """Rows of provinces and years with the interval in which the outcome lies."""

    low: Floats  # (rows,), -inf for an open end
    high: Floats  # (rows,), inf for an open end

    def own_kept(self, rows: NDArray[np.bool_]) -> dict[str, Any]:
        """The ends."""
        return {"low": self.low[rows], "high": self.high[rows]}


@dataclass(frozen=True, slots=True)
class ClassSlopes:
    """One fit with three kinds of errors.

    Two rows of a province in few classes leave errors clustered by it too small, and those of the
    information take rows for independent. The larger of both is what the claim is judged by: its
    intervals held the truth in 94 to 99 % of 1000 draws on these regressors, clustered ones in 89
    to 93 %.
    """

    clustered: Slopes
    information: Slopes
    judged: Slopes

    @property
    def each(self) -> tuple[Slopes, ...]:
        """All three."""
        return self.clustered, self.information, self.judged


def class_panel(frame: pd.DataFrame, specification: Specification) -> ClassPanel:
    """The rows of a specification.

    frame: rows of provinces.poverty_class. Raises NotEstimable where fewer than two provinces are
    left.
    """
    terms = specification.regressors
    rows = frame.dropna(subset=[*terms]).sort_values(["region", "reference_year"])
    if rows["region"].nunique() < 2:
        raise NotEstimable(
            f"{len(rows)} rows with a class and {', '.join(terms)}: expected those of two "
            "provinces or more."
        )
    low, high = (
        rows[f"{specification.outcome}_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high")
    )
    return ClassPanel(
        terms=terms,
        region=tuple(rows["region"].tolist()),
        year=tuple(map(int, rows["reference_year"].tolist())),
        regressors=rows[list(terms)].to_numpy(dtype=np.float64),
        low=np.where(np.isnan(low), -np.inf, low),
        high=np.where(np.isnan(high), np.inf, high),
    )


def between(panel: ClassPanel) -> ClassSlopes:
    """Provinces compared in each year."""
    return _fitted("interval_regression", panel)


def within(panel: ClassPanel) -> ClassSlopes:
    """The same with each regressor's mean of the province beside it: what moves within provinces.

    Source: Mundlak (1978), Econometrica 46, 69-85.
    """
    return _fitted("interval_regression_within", panel.with_means())


ESTIMATORS: Mapping[Callable[[ClassPanel], ClassSlopes], str] = {
    between: "errors of the logarithm are normal; provinces with more e-commerce differ in nothing "
    "else that goes with poverty",
    within: "errors of the logarithm are normal; within a province e-commerce moves for no reason "
    "that moves poverty too",
}


def poverty_class_results(frame: pd.DataFrame, failures: Failures) -> ProvinceResults:
    """All results; none where no document prints classes.

    frame: rows of provinces.poverty_class.
    """
    results, vintage = ProvinceResults(), failures.vintage
    for specification in () if frame.empty else SPECIFICATIONS:
        for estimator, needs in ESTIMATORS.items():
            with failures.entry(STUDY, f"{specification.name}, {estimator.__name__}"):
                for slopes in estimator(class_panel(frame, specification)).each:
                    results.estimates.extend(
                        estimate_rows(vintage, STUDY, specification, slopes, needs)
                    )
    if frame.empty:
        return results
    with failures.entry(STUDY, f"{CLAIM.claim} {CLAIM.part}"):
        panel = class_panel(frame, INCIDENCE)
        slopes = within(panel).judged
        left_out = {region: within(panel.without((region,))).judged for region in panel.regions}
        for region, own in left_out.items():
            results.estimates.extend(
                estimate_rows(
                    vintage, STUDY, INCIDENCE, own, ESTIMATORS[within], f"without {region}"
                )
            )
        tests = [
            evidence_row(vintage, STUDY, CLAIM, found)
            for found in _evidence(panel, slopes, left_out)
        ]
        results.tests.extend(tests)
        results.findings.append(finding_row(vintage, STUDY, CLAIM, slopes, tests, SCALE))
    return results


def _evidence(
    panel: ClassPanel, slopes: Slopes, left_out: Mapping[str, Slopes]
) -> Iterator[Evidence]:
    """Every test of e-commerce within provinces."""
    yield _open_changes(panel)
    yield between_and_within(slopes, panel.terms[0], _DECIMALS)
    yield single_provinces(slopes, left_out, panel.terms[0], _DECIMALS)


def _open_changes(panel: ClassPanel) -> Evidence:
    """In how many provinces the classes leave open whether the outcome fell at all."""
    fell = {
        region
        for region in panel.regions
        if len(own := np.flatnonzero(np.asarray(panel.region) == region)) > 1
        and panel.high[own[-1]] < panel.low[own[0]]
    }
    still_open = len(panel.regions) - len(fell)
    return Evidence(
        "open_changes",
        float(still_open),
        None,
        "cannot say",
        f"In {still_open} of {len(panel.regions)} provinces the classes of {panel.years[0]} and "
        f"{panel.years[-1]} leave open whether incidence fell: a slope within provinces rests on "
        f"the other {len(fell)}, and on the assumed errors.",
    )


def _fitted(estimator: str, panel: ClassPanel) -> ClassSlopes:
    design = np.column_stack([panel.regressors, panel.year_effects])
    found = interval_regression(Intervals(panel.low, panel.high, panel.cluster), design)
    k, df = len(panel.terms), len(panel.regions) - 1
    informed = np.sqrt(np.diag(found.covariance))[:k]
    errors = {
        "clustered": found.std_error[:k],
        "information": informed,
        "larger_of_both": np.maximum(found.std_error[:k], informed),
    }
    return ClassSlopes(
        *(
            Slopes(
                estimator,
                inference,
                tested(panel.terms, found.coefficient[:k], error, df),
                df,
                panel,
            )
            for inference, error in errors.items()
        )
    )
