"""TWFE, its decomposition, the saturated regressions, and the library's dCDH."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.towns.assumptions.goodman_bacon import ALWAYS, goodman_bacon
from assets.towns.estimators.staggered.callaway_santanna import by_event_time, cells, group_time
from assets.towns.estimators.staggered.dcdh import dcdh
from assets.towns.estimators.staggered.etwfe import etwfe, sun_abraham
from assets.towns.estimators.twfe import event_study, twfe
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel

seeds = st.integers(0, 10**6)
KINDS = {
    "treated_vs_never": "Treated vs Untreated",
    "earlier_vs_later": "Earlier vs Later Treated",
    "later_vs_earlier": "Later vs Earlier Treated",
}


def by_cell(result: Any) -> dict[tuple[str, str], Any]:
    return {(cell.target, cell.cell): cell for cell in result.estimates}


def test_regressions_on_mpdta_are_those_of_fixest(mpdta: TownPanel, did_reference: Any) -> None:
    # fixest 0.14.2 stops at 1e-6 on the way to fixed effects: points good to 1e-9 at worst.
    tests = {
        "TWFE fixest cluster countyreal": (twfe(mpdta), lambda _: ("att", "")),
        "TWFE event study fixest cluster": (
            event_study(mpdta),
            lambda term: ("event_time", f"e={term.split('::')[1]}"),
        ),
        "Sun-Abraham fixest sunab dynamic": (
            sun_abraham(mpdta),
            lambda term: ("event_time", f"e={term.split('::')[1]}"),
        ),
        "Sun-Abraham fixest sunab att": (sun_abraham(mpdta), lambda _: ("att", "")),
        "Sun-Abraham fixest sunab cohort": (
            sun_abraham(mpdta),
            lambda term: ("cohort", f"g={term.split('::')[1]}"),
        ),
        "ETWFE (no covariate) unit FE cohort x year": (
            etwfe(mpdta),
            lambda term: ("group_time", f"g={term.split(':')[2]},t={term.split(':')[5]}"),
        ),
    }
    compared = 0
    for row in did_reference.rows("r_other_mpdta.csv"):
        if row["estimator"] in tests:
            result, place = tests[row["estimator"]]
            cell = by_cell(result)[place(row["term"])]
            assert cell.estimate == pytest.approx(float(row["estimate"]), abs=1e-9), row
            assert cell.std_error == pytest.approx(float(row["se"]), abs=1e-9), row
            compared += 1
    assert compared == 26


def test_twfe_on_mpdta_is_exact(mpdta: TownPanel, did_reference: Any) -> None:
    exact = did_reference.json("mpdta_exact.json")["exact_twfe"]
    found = twfe(mpdta).estimates[0]
    assert found.estimate == pytest.approx(exact, abs=1e-12)
    assert found.std_error == pytest.approx(0.0132651554293387, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_sun_abraham_has_the_points_of_callaway_santanna(
    drawn_panel: Callable[..., TownPanel], seed: int
) -> None:
    panel = drawn_panel(seed)
    expected = group_time(panel, "never", "universal")
    found = by_cell(sun_abraham(panel))
    for one in (*cells(expected).estimates, *by_event_time(expected).estimates[1:]):
        if not np.isnan(one.std_error):
            assert found[one.target, one.cell].estimate == pytest.approx(one.estimate, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=seeds, effect=st.floats(-3, 3))
def test_an_effect_that_is_the_same_everywhere_is_found_by_all(
    drawn_panel: Callable[..., TownPanel], seed: int, effect: float
) -> None:
    panel = drawn_panel(seed, effect=effect, noise=0.0)
    for result in (twfe(panel), etwfe(panel), sun_abraham(panel), event_study(panel)):
        for one in result.estimates:
            if one.target in ("att", "cohort", "calendar_year"):
                assert one.estimate == pytest.approx(effect, abs=1e-10)
            elif one.target == "event_time":
                expected = 0.0 if "e=-" in one.cell else effect
                assert one.estimate == pytest.approx(expected, abs=1e-10)
    for comparison in goodman_bacon(panel):
        assert comparison.estimate == pytest.approx(effect, abs=1e-10)


def test_twfe_misses_effects_that_grow(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(1, noise=0.0)
    elapsed = panel.years[None, :] - panel.first_treated_year[:, None]
    growing = np.where(panel.treated, 1.0 + np.where(np.isfinite(elapsed), elapsed, 0), 0.0)
    panel = replace(panel, outcome=panel.outcome + growing)
    share = panel.treated * panel.weight[:, None]
    truth = np.sum(growing * share) / share.sum()
    assert etwfe(panel).estimates[0].estimate == pytest.approx(truth, abs=1e-10)
    assert twfe(panel).estimates[0].estimate < 0.9 * truth


def test_decomposition_of_mpdta_is_that_of_r_bacondecomp(
    mpdta: TownPanel, did_reference: Any
) -> None:
    expected = {
        (row["type"], int(row["treated"]), row["untreated"]): (
            float(row["estimate"]),
            float(row["weight"]),
        )
        for row in did_reference.rows("r_bacon_mpdta.csv")
    }
    found = {
        (
            KINDS[one.kind],
            one.treated,
            "99999" if one.control == NEVER else str(int(one.control)),
        ): (one.estimate, one.weight)
        for one in goodman_bacon(mpdta)
    }
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values, abs=1e-10), key


@settings(max_examples=25, deadline=None)
@given(seed=seeds, first_year=st.integers(2012, 2015), never=st.booleans())
def test_comparisons_add_up_to_twfe(
    drawn_panel: Callable[..., TownPanel], seed: int, first_year: int, never: bool
) -> None:
    # From 2014 on some towns are always treated, and without the never treated only timing counts.
    panel = drawn_panel(seed).between(first_year, 2018)
    panel = panel if never else panel.take(panel.ever_treated)
    comparisons = goodman_bacon(panel)
    total = sum(one.estimate * one.weight for one in comparisons)
    assert all(one.weight > 0 for one in comparisons)
    assert sum(one.weight for one in comparisons) == pytest.approx(1, abs=1e-12)
    assert total == pytest.approx(twfe(panel).estimates[0].estimate, abs=1e-9)
    assert (ALWAYS in {one.control for one in comparisons}) == (first_year >= 2014)


def test_decomposition_is_that_of_diff_diff(
    drawn_panel: Callable[..., TownPanel], for_diff_diff: Callable[[TownPanel], Any]
) -> None:
    from diff_diff import BaconDecomposition

    panel = drawn_panel(21, weighted=False)
    theirs = BaconDecomposition(weights="exact").fit(
        for_diff_diff(panel), outcome="y", unit="unit", time="year", first_treat="first"
    )
    expected = sorted((one.estimate, one.weight) for one in theirs.comparisons)
    found = sorted((one.estimate, one.weight) for one in goodman_bacon(panel))
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_dcdh_on_mpdta_has_the_points_of_its_authors(mpdta: TownPanel) -> None:
    # did_multiplegt_dyn (Python 0.1.9), printed to six decimals. Their errors differ from the
    # library's by up to 0.0008 (.012068 .017040 .036226 .035100), which the tolerance says.
    found = {one.cell: one for one in dcdh(mpdta)}
    for cell, estimate, error in [
        ("e=0", -0.018922, 0.012068),
        ("e=1", -0.053589, 0.017040),
        ("e=2", -0.136274, 0.036226),
        ("e=3", -0.100811, 0.035100),
        ("e=-2", 0.024269, 0.014487),
        ("e=-3", -0.003769, 0.031703),
    ]:
        assert found[cell].estimate == pytest.approx(estimate, abs=5e-7)
        assert found[cell].std_error == pytest.approx(error, abs=0.0009)
    assert len(found) == 6


def test_dcdh_after_certification_is_callaway_santanna_on_the_not_yet_treated(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(5, weighted=False)
    expected = {
        one.cell: one.estimate for one in by_event_time(group_time(panel, "not_yet")).estimates
    }
    after = [one for one in dcdh(panel) if not one.cell.startswith("e=-")]
    assert len(after) == 5
    for one in after:
        assert one.estimate == pytest.approx(expected[one.cell], abs=1e-10)


def test_what_cannot_be_estimated_is_said(drawn_panel: Callable[..., TownPanel]) -> None:
    panel = drawn_panel(1)
    never, ever = panel.take(~panel.ever_treated), panel.take(panel.ever_treated)
    with pytest.raises(PanelError, match="leave nothing of it to estimate"):
        twfe(never)
    with pytest.raises(PanelError, match=r"event_time e=\d+: town and year effects leave nothing"):
        event_study(ever)
    for estimator in (etwfe, sun_abraham):
        for part in (never, ever):
            with pytest.raises(PanelError, match="both needed"):
                estimator(part)
    with pytest.raises(PanelError, match="fewer than two groups"):
        goodman_bacon(never)
    with pytest.raises(PanelError, match="counts every town the same"):
        dcdh(panel)
    with pytest.raises(PanelError, match="no town has both"):
        dcdh(replace(never, weight=np.ones(len(never.town))))
