"""Panels in which towns lack years: what others' estimators give, or a refusal that says why."""

import csv
import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.towns.assumptions.composition import of_gaps
from assets.towns.assumptions.goodman_bacon import goodman_bacon
from assets.towns.assumptions.wild_bootstrap import wild_p_value
from assets.towns.estimators.poisson import poisson
from assets.towns.estimators.staggered.callaway_santanna import (
    by_event_time,
    cells,
    group_time,
    overall,
    pre_test,
)
from assets.towns.estimators.staggered.dcdh import dcdh
from assets.towns.estimators.staggered.etwfe import etwfe, sun_abraham
from assets.towns.estimators.staggered.imputation import average, imputation, impute, pre_trend
from assets.towns.estimators.synthetic.synthetic_did import synthetic_did
from assets.towns.estimators.twfe import event_study, twfe
from assets.towns.panel.outcome_panel import load_panel
from assets.towns.panel.town_panel import NEVER, PanelError, TownPanel, town_panel

REFERENCE = Path(__file__).resolve().parents[2] / "reference" / "towns"


def lacks(town: int, year: int) -> bool:
    """As make_gaps.py has it."""
    return (7 * town + 3 * year) % 11 == 0 or (town == 1 and year < 2017)


@pytest.fixture(scope="module")
def gaps() -> TownPanel:
    """The panel of make_gaps.py: 60 towns, of which most lack a year, one of them seven."""
    with (REFERENCE / "staggered_panel.csv").open() as file:
        rows = list(csv.DictReader(file))
    towns, years = (sorted({row[name] for row in rows}) for name in ("town", "year"))
    cell = {(row["town"], row["year"]): row for row in rows}
    number = {town: int(town[1:]) for town in towns}
    outcome = [
        [
            np.nan if lacks(number[town], int(year)) else float(cell[town, year]["outcome"])
            for year in years
        ]
        for town in towns
    ]
    first = [
        min((float(y) for y in years if cell[town, y]["treated"] == "1"), default=NEVER)
        for town in towns
    ]
    weight = [1.0 + number[town] % 4 for town in towns]
    return town_panel(towns, [int(y) for y in years], np.array(outcome), first, weight, True)


def alike(panel: TownPanel) -> TownPanel:
    return replace(panel, weight=np.ones(len(panel.town)))


def rows_of(panel: TownPanel) -> pd.DataFrame:
    """As diff-diff reads it: the cells that are there, 0 for towns never treated."""
    town, year = np.nonzero(panel.seen)
    first = np.where(panel.ever_treated, panel.first_treated_year, 0)
    return pd.DataFrame(
        {
            "unit": np.array(panel.town)[town],
            "year": panel.years[year],
            "y": panel.outcome[town, year],
            "first": first[town],
        }
    )


@pytest.mark.parametrize(
    ("name", "estimator", "target"),
    [
        ("twfe", twfe, "att"),
        ("event_study", event_study, "event_time"),
        ("etwfe", etwfe, "group_time"),
        ("sun_abraham", sun_abraham, "group_time"),
    ],
)
def test_regressions_are_those_of_pyfixest(
    gaps: TownPanel, name: str, estimator: Callable[[TownPanel], Any], target: str
) -> None:
    reference = json.loads((REFERENCE / "gaps_pyfixest.json").read_text())
    assert reference["rows"] == gaps.seen.sum()
    expected = reference[name]
    found = {one.cell: one for one in estimator(gaps).estimates if one.target == target}
    assert sorted(found) == sorted(expected["cell"])
    for cell, coefficient, std_error in zip(*expected.values(), strict=True):
        assert found[cell].estimate == pytest.approx(coefficient, abs=1e-9), cell
        assert found[cell].std_error == pytest.approx(std_error, rel=1e-7), cell


def test_an_average_is_of_the_towns_that_have_an_outcome(gaps: TownPanel) -> None:
    found = {(one.target, one.cell): one for one in etwfe(gaps).estimates}
    of_cells = {cell: one for (target, cell), one in found.items() if target == "group_time"}
    weight, total = 0.0, 0.0
    for cell, one in of_cells.items():
        cohort, year = (int(part[2:]) for part in cell.split(","))
        there = (gaps.first_treated_year == cohort) & gaps.seen[:, year - 2010]
        assert one.treated_towns == there.sum()
        weight += gaps.weight[there].sum()
        total += gaps.weight[there].sum() * one.estimate
    assert found["att", ""].estimate == pytest.approx(total / weight, abs=1e-12)


def test_imputation_is_that_of_diff_diff(gaps: TownPanel) -> None:
    from diff_diff import ImputationDiD

    panel = alike(gaps)
    theirs = ImputationDiD(aux_partition="cohort_horizon").fit(
        rows_of(panel), outcome="y", unit="unit", time="year", first_treat="first"
    )
    by_time = theirs.aggregate("event_study")
    ours = {(one.target, one.cell): one for one in imputation(panel).estimates}
    # The library iterates on the way to its fixed effects, and stops within 1e-10.
    assert ours["att", ""].estimate == pytest.approx(theirs.overall_att, abs=1e-9)
    assert ours["att", ""].std_error == pytest.approx(theirs.overall_se, abs=1e-9)
    compared = 0
    for time, effect, count in zip(by_time.event_time, by_time.att, by_time.n, strict=True):
        if time >= 0:
            one = ours["event_time", f"e={time}"]
            assert one.estimate == pytest.approx(effect, abs=1e-9)
            assert one.treated_towns == count
            compared += 1
    assert compared == 6


@pytest.mark.parametrize("pool", ["never", "not_yet"])
@pytest.mark.parametrize("base", ["varying", "universal"])
def test_callaway_santanna_is_that_of_diff_diff(gaps: TownPanel, pool: Any, base: Any) -> None:
    from diff_diff import CallawaySantAnna

    panel = alike(gaps)
    control = {"never": "never_treated", "not_yet": "not_yet_treated"}[pool]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Unbalanced panel")
        theirs = CallawaySantAnna(control_group=control, base_period=base).fit(
            rows_of(panel), outcome="y", unit="unit", time="year", first_treat="first"
        )
    ours = {
        tuple(int(part[2:]) for part in one.cell.split(",")): one
        for one in cells(group_time(panel, pool, base)).estimates
    }
    compared = 0
    for (cohort, year), cell in theirs.group_time_effects.items():
        if np.isfinite(cell["effect"]) and year != cohort - 1:
            one = ours[int(cohort), int(year)]
            assert one.estimate == pytest.approx(cell["effect"], abs=1e-10)
            assert one.std_error == pytest.approx(cell["se"], rel=1e-8)
            assert one.treated_towns == cell["n_treated"]
            compared += 1
    assert compared >= 20


def test_callaway_santanna_takes_towns_by_cell_and_skips_cells_without_one(gaps: TownPanel) -> None:
    effects = group_time(gaps, "not_yet")
    # One of 24 lacks the year before its certification, with which all others are compared.
    lacks_base = [
        not gaps.seen[town, int(gaps.first_treated_year[town]) - 1 - 2010]
        for town in np.flatnonzero(gaps.ever_treated)
    ]
    assert sum(lacks_base) == 1
    assert overall(effects).estimates[0].treated_towns == 23
    gone = np.where((gaps.first_treated_year == 2013)[:, None] & (gaps.years == 2015), np.nan, 0.0)
    without = group_time(replace(gaps, outcome=gaps.outcome + gone), "not_yet")
    pairs = set(zip(without.cohort.tolist(), without.year.tolist(), strict=True))
    assert (2013, 2015) not in pairs
    assert (2013, 2016) in pairs
    assert np.isfinite(pre_test(effects).statistic)


@pytest.mark.parametrize(
    ("estimator", "named"),
    [
        (synthetic_did, "synthetic difference-in-differences"),
        (lambda panel: dcdh(alike(panel)), "de Chaisemartin"),
        (goodman_bacon, "Goodman-Bacon"),
        (lambda panel: poisson(panel, np.zeros((60, 9, 1)), ("d",)), "Poisson"),
        (
            lambda panel: wild_p_value(
                panel, lambda drawn: pre_test(group_time(drawn)), np.random.default_rng(1), 9
            ),
            "wild cluster bootstrap",
        ),
    ],
)
def test_others_refuse_and_say_why(
    gaps: TownPanel, estimator: Callable[[TownPanel], Any], named: str
) -> None:
    with pytest.raises(PanelError, match=named) as refused:
        estimator(gaps)
    assert "towns lack a year, t00 2013 first" in str(refused.value)


def test_a_weight_where_there_is_no_outcome_is_refused(gaps: TownPanel) -> None:
    imputed = impute(gaps)
    weight = imputed.panel.treated / imputed.panel.treated.sum()
    with pytest.raises(PanelError, match="a cell without an outcome has a weight"):
        average(imputed, (("att", "", 24),), [weight])


def test_that_gaps_are_allowed_changes_nothing_where_there_are_none(
    drawn_panel: Callable[..., TownPanel],
) -> None:
    panel = drawn_panel(3)
    for estimator in (
        twfe,
        event_study,
        etwfe,
        sun_abraham,
        imputation,
        pre_trend,
        lambda each: by_event_time(group_time(each, "never", "universal")),
    ):
        allowed, found = estimator(replace(panel, has_gaps=True)), estimator(panel)
        assert np.array_equal(allowed.influence, found.influence)
        assert [one.estimate for one in allowed.estimates] == [
            one.estimate for one in found.estimates
        ]


def test_a_panel_keeps_towns_with_gaps_only_where_asked() -> None:
    rows = pd.DataFrame(
        [
            ("a", 2015, 1.0),
            ("a", 2017, 2.0),
            *(("b", year, 3.0) for year in (2015, 2016, 2017)),
            *(("c", year, 4.0) for year in (2016, 2017)),
        ],
        columns=["town_id", "year", "value"],
    ).assign(sellers=5)
    cohorts = pd.DataFrame(
        {
            "town_id": list("abcd"),
            "first_certified_year": [2017, None, 2016, None],
            "lost_year": [None] * 4,
        }
    )
    assert load_panel(rows, cohorts).panel.town == ("b",)
    kept = load_panel(rows, cohorts, gaps_stay=True)
    assert kept.panel.town == ("a", "b")
    assert kept.panel.seen.tolist() == [[True, False, True], [True, True, True]]
    assert {one.town: one.kind for one in kept.left_out} == {
        "c": "without a value before certification",
        "d": "without a value before certification",
    }
    with pytest.raises(PanelError, match="no outcome for town a in 2016"):
        replace(kept.panel, has_gaps=False)


def test_who_lacks_a_year_is_said(gaps: TownPanel) -> None:
    found = of_gaps(gaps.ever_treated, gaps.seen)
    lacking = ~gaps.seen.all(axis=1)
    assert found.sentence.startswith(
        f"{(lacking & gaps.ever_treated).sum()} of 24 towns ever certified ("
    )
    assert f"{(lacking & ~gaps.ever_treated).sum()} of 36 others" in found.sentence
    assert found.verdict == "cannot say"
    whole = of_gaps(gaps.ever_treated, np.ones((60, 9), dtype=bool))
    assert whole.verdict == "for"
