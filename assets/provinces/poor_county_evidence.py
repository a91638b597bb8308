"""What the data say for or against reading slopes of poor counties as effects of e-commerce.

Belongs here: the tests of the first term of a count model. Not here: the rules of verdicts
(`assets/regression/verdict.py`), estimators (poor_counties.py), rows.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from assets.provinces.estimators import Slopes
from assets.provinces.evidence import Evidence, side_of_zero
from assets.provinces.poor_counties import (
    CountPanel,
    bootstrapped,
    dealt_at_random,
    share_of_years,
    within,
)
from assets.provinces.poor_county_specification import LATER
from assets.regression.estimable import NotEstimable
from assets.regression.significance import told_p
from assets.regression.verdict import SIGNIFICANCE, judge_stability, judge_without_size


def poor_county_evidence(panel: CountPanel, seed: int, draws: int) -> Iterator[Evidence]:
    """Every test of the first term within provinces."""
    yield _common_path(panel)
    yield _later_ecommerce(panel)
    yield _between_and_within(panel)
    yield _single_provinces(panel)
    yield _few_clusters(panel, seed, draws)
    yield _dealt(panel, seed, draws)


def leave_out_slopes(panel: CountPanel) -> Mapping[str, Slopes]:
    """The slopes within, without each province."""
    return {region: within(panel.without((region,))) for region in panel.regions}


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


def _between_and_within(panel: CountPanel) -> Evidence:
    term = panel.terms[0]
    found = within(panel).of(f"mean of {term}")
    assert found.p is not None
    return Evidence(
        "between_and_within",
        found.estimate,
        found.p,
        judge_without_size(found.p),
        f"Between provinces the slope of {term} is {found.estimate:+.3f} apart from that within "
        f"({told_p(found.p)}): comparing provinces says something else where it is not zero.",
    )


def _single_provinces(panel: CountPanel) -> Evidence:
    term, slopes = panel.terms[0], within(panel)
    found = leave_out_slopes(panel)
    full = slopes.of(term).estimate
    moved = {region: each.of(term).estimate - full for region, each in found.items()}
    most = max(moved, key=lambda region: abs(moved[region]))
    sides = {side_of_zero(each, term) for each in (slopes, *found.values())}
    values = [each.of(term).estimate for each in found.values()]
    return Evidence(
        "single_provinces",
        moved[most],
        None,
        judge_stability(len(sides) == 1),
        f"Without one province the slope of {term} lies between {min(values):+.3f} and "
        f"{max(values):+.3f}; {most} moves it most. Its interval "
        f"{'stands to zero as it does with all' if len(sides) == 1 else 'changes sides of zero'}.",
    )


def _few_clusters(panel: CountPanel, seed: int, draws: int) -> Evidence:
    term = panel.terms[0]
    by_t, by_scores = within(panel).of(term).p, bootstrapped(within, panel, seed, draws).of(term).p
    assert by_t is not None
    assert by_scores is not None
    alike = (by_t < SIGNIFICANCE) == (by_scores < SIGNIFICANCE)
    return Evidence(
        "few_clusters",
        by_scores,
        by_scores,
        judge_stability(alike),
        f"{len(panel.regions)} clusters: {told_p(by_t)} of {term} within provinces by Student's t, "
        f"{told_p(by_scores)} by the bootstrap of scores of {draws} draws.",
    )


def _dealt(panel: CountPanel, seed: int, draws: int) -> Evidence:
    term = panel.terms[0]
    p = dealt_at_random(panel, seed, draws).of(term).p
    assert p is not None
    return Evidence(
        "dealt_at_random",
        p,
        p,
        "cannot say",
        f"Were the provinces' paths of {term} dealt out at random, {told_p(p)} for a link with "
        "these counts as close as theirs, nothing else held fixed.",
    )
