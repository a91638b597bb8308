"""What the data say for or against reading slopes of poor counties as effects of e-commerce.

Belongs here: the tests of the first term of a count model. Not here: the rules of verdicts
(`assets/regression/verdict.py`), estimators (poor_counties.py), rows.
"""

from collections.abc import Iterator

import numpy as np

from assets.provinces.counties.poor_counties import CountPanel, SlopesWithin, share_of_years, within
from assets.provinces.counties.poor_county_specification import LATER
from assets.provinces.evidence import Evidence, between_and_within, single_provinces
from assets.regression.estimable import NotEstimable
from assets.regression.significance import told_p
from assets.regression.verdict import SIGNIFICANCE, judge_stability, judge_without_size

_DECIMALS = 3  # of a slope


def poor_county_evidence(asked: SlopesWithin) -> Iterator[Evidence]:
    """Every test of the first term within provinces."""
    panel, term = asked.panel, asked.panel.terms[0]
    yield _common_path(panel)
    yield _later_ecommerce(panel)
    yield between_and_within(asked.slopes, term, _DECIMALS)
    yield single_provinces(asked.slopes, asked.left_out, term, _DECIMALS)
    yield _few_clusters(asked)
    yield _dealt(asked)


def _common_path(panel: CountPanel) -> Evidence:
    share = share_of_years(panel)
    return Evidence(
        "common_path",
        share,
        None,
        "cannot say",
        f"What a year brings to all provinces explains {100 * share:.0f} % of how these counts "
        "depart from one share: exit was decreed for the end of 2020. Regressors have the rest to "
        "explain, the order of exits between provinces.",
    )


def _later_ecommerce(panel: CountPanel) -> Evidence:
    """E-commerce of five years later beside that of the year: it can have moved no exit."""
    term = panel.terms[0]
    later = panel.apart[LATER]
    if not np.isfinite(later).all():
        raise NotEstimable(f"{LATER} is not printed for every row of {panel.model.successes}.")
    found = within(panel.beside([LATER], later)).of(LATER)
    assert found.p is not None
    return Evidence(
        "later_ecommerce",
        found.estimate,
        found.p,
        judge_without_size(found.p),
        f"Beside that of the year, the {term} of five years later has a slope of "
        f"{found.estimate:+.3f} ({told_p(found.p)}). It can have moved no exit: where it is not "
        "zero, both follow something else.",
    )


def _few_clusters(asked: SlopesWithin) -> Evidence:
    term = asked.panel.terms[0]
    by_t, by_scores = asked.slopes.of(term).p, asked.by_scores.of(term).p
    assert by_t is not None
    assert by_scores is not None
    alike = (by_t < SIGNIFICANCE) == (by_scores < SIGNIFICANCE)
    return Evidence(
        "few_clusters",
        by_scores,
        by_scores,
        judge_stability(alike),
        f"{len(asked.panel.regions)} clusters: {told_p(by_t)} of {term} within provinces by "
        f"Student's t, {told_p(by_scores)} by the bootstrap of scores of {asked.draws} draws.",
    )


def _dealt(asked: SlopesWithin) -> Evidence:
    term = asked.panel.terms[0]
    p = asked.dealt.of(term).p
    assert p is not None
    return Evidence(
        "dealt_at_random",
        p,
        p,
        "cannot say",
        f"Were the provinces' paths of {term} dealt out at random, {told_p(p)} for a link with "
        "these counts as close as theirs, nothing else held fixed.",
    )
