"""The study of poor counties from its rows to its results: estimates, tests, findings.

Belongs here: which estimator runs on which counts. Not here: estimators and lists
(poor_counties.py, poor_county_specification.py), tests (poor_county_evidence.py), rules of verdict.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assets.provinces.counties.poor_counties import (
    ESTIMATORS,
    SlopesWithin,
    between,
    bootstrapped,
    count_panel,
    within,
)
from assets.provinces.counties.poor_county_evidence import poor_county_evidence
from assets.provinces.counties.poor_county_specification import (
    CLAIMS,
    DRAWS,
    LABEL,
    MODELS,
    STUDY,
    CountModel,
)
from assets.provinces.estimators import two_way, two_way_by_wild_bootstrap
from assets.provinces.making_rows import (
    ProvinceResults,
    estimate_rows,
    evidence_row,
    finding_row,
)
from assets.provinces.result_rows import ProvinceEstimateRow
from assets.provinces.specification import SEED
from assets.vintages.failures import Failures


def poor_county_results(frame: pd.DataFrame, failures: Failures) -> ProvinceResults:
    """All results; none where no document has the counts.

    frame: rows of provinces.poor_county.
    """
    results, vintage = ProvinceResults(), failures.vintage
    made: dict[str, SlopesWithin] = {}

    def asked_of(model: CountModel) -> SlopesWithin:
        name = model.specification.name
        if name not in made:
            made[name] = SlopesWithin(count_panel(frame, model), SEED, DRAWS)
        return made[name]

    for model in () if frame.empty else MODELS:
        with failures.entry(STUDY, model.specification.name):
            results.estimates.extend(_estimates(vintage, model, asked_of(model), failures))
    for claim, model in () if frame.empty else CLAIMS.items():
        with failures.entry(STUDY, f"{claim.claim} {claim.part}"):
            asked = asked_of(model)
            own = [
                evidence_row(vintage, STUDY, claim, found) for found in poor_county_evidence(asked)
            ]
            results.findings.append(
                finding_row(vintage, STUDY, claim, asked.slopes, own, model.scale, LABEL)
            )
            results.tests.extend(own)
    return results


def _estimates(
    vintage: str, model: CountModel, asked: SlopesWithin, failures: Failures
) -> Iterator[ProvinceEstimateRow]:
    specification, panel = model.specification, asked.panel
    for estimator, needs in ESTIMATORS.items():
        with failures.entry(STUDY, f"{specification.name}, {estimator.__name__}"):
            yield from estimate_rows(vintage, STUDY, specification, estimator(panel), needs)
    for drawn, needs in (
        (bootstrapped(between, panel, SEED, DRAWS), ESTIMATORS[between]),
        (asked.by_scores, ESTIMATORS[within]),
    ):
        yield from estimate_rows(vintage, STUDY, specification, drawn, needs)
    with failures.entry(STUDY, f"{specification.name}, provinces with each year"):
        needs = "provinces came to their e-commerce by chance"
        yield from estimate_rows(vintage, STUDY, specification, asked.dealt, needs)
        shares = panel.of_shares()
        needs = f"{ESTIMATORS[within]}; shares, each province as heavy as another"
        for slopes in (
            two_way(shares),
            two_way_by_wild_bootstrap(shares, np.random.default_rng(SEED), DRAWS),
        ):
            yield from estimate_rows(vintage, STUDY, specification, slopes, needs)
    for region, slopes in asked.left_out.items():
        yield from estimate_rows(
            vintage, STUDY, specification, slopes, ESTIMATORS[within], f"without {region}"
        )
