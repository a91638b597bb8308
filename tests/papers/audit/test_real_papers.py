"""Published tables: what contradicts what in them, each finding checked by hand."""

import numpy as np
import pytest

from assets.papers.audit.audit import audit
from assets.papers.audit.audit_rows import Finding
from benchmarks.real_papers import real_papers

# Place and verdict of what is not consistent; the reckoning by hand stands beside each.
EXPECTED = {
    "demonstration_counties": {
        # s1 + s2 with rounding: .016, .012, .112; printed .079, .08, .152.
        ("se_of_difference", "non_ethnic", "inconsistent"),
        ("se_of_difference", "western", "inconsistent"),
        ("se_of_difference", "higher_structure", "inconsistent"),
        # *** at t = .112/.08 = 1.40 and .135/.152 = .89, none at .078/.009 = 8.7, .322/.031 = 10.4.
        ("stars_from_p", "western", "inconsistent"),
        ("stars_from_p", "higher_structure", "inconsistent"),
        ("stars_from_p", "non_three_regions", "inconsistent"),
        ("stars_from_p", "three_regions", "inconsistent"),
    },
    "land_coupons": {
        # √Σs² / 11 = .0114, Σs / 11 = .0367; one county each was first treated in three years.
        ("se_of_average", "dynamic", "conditional"),
        ("one_treated_cluster", "cohort", "conditional"),
    },
    # t 2.576 with **: p .0100 by the normal, .0102 with 676 degrees of freedom.
    "city_heterogeneity": set(),
    "provinces_spatial_did": set(),
    # ** at .399/.147 = 2.71 and * at .284/.140 = 2.03 need 15 to 30 clusters, which may be so.
    "emission_trading": set(),
    "characteristic_towns": set(),
    "digital_finance_of_farmers": set(),
    "nuclear_plants": set(),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_findings_in_real_papers(name: str) -> None:
    paper = real_papers()[name]
    found = audit(paper, [], np.random.default_rng(0))
    columns = {x.cell: x.estimator for x in paper.numbers}
    wrong = {
        (x.rule, columns[x.cell], x.verdict)
        for x in found
        if x.verdict in ("inconsistent", "conditional")
    }
    assert wrong == EXPECTED[name]


def test_every_typed_paper_is_expected() -> None:
    assert set(real_papers()) == EXPECTED.keys()


def test_the_average_over_event_times() -> None:
    found: list[Finding] = [
        x
        for x in audit(real_papers()["land_coupons"], [], np.random.default_rng(0))
        if x.rule in ("se_of_average", "average_of_estimates")
    ]
    by_rule = {x.rule: x for x in found}
    error = by_rule["se_of_average"]
    assert error.expected == "0.011"  # √Σs² / 11 = .01142
    assert error.high == pytest.approx(0.4032 / 11, abs=1e-4)  # all errors alike: Σs / 11
    assert error.consequence.startswith("Consistent if the errors of e0 to e10 were independent")
    # The mean of the eleven is -.2093.
    assert by_rule["average_of_estimates"].verdict == "consistent"


def test_cohorts_of_one_county_are_named() -> None:
    found = audit(real_papers()["land_coupons"], [], np.random.default_rng(0))
    assert {x.term for x in found if x.rule == "one_treated_cluster"} == {"g2012", "g2014", "g2017"}


def test_unsaid_clusters_are_a_condition() -> None:
    from dataclasses import replace

    paper = real_papers()["emission_trading"]
    unsaid = paper.stated.model_copy(update={"errors": None})
    found = audit(
        replace(paper, stated=unsaid).under(replace(paper.conventions, errors="classical")),
        [],
        np.random.default_rng(0),
    )
    wrong = [x for x in found if x.verdict != "consistent"]
    # .399/.147 and .284/.140 would earn one star more by the normal distribution.
    assert {(x.term, x.verdict) for x in wrong} == {
        ("trading", "conditional"),
        ("trading_rate", "conditional"),
    }
    assert all("robust or clustered errors were used" in x.consequence for x in wrong)
