"""Findings: the rules of verdict, which estimate answers, and what stands beside simulated data."""

from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from pydantic import ValidationError

from assets.regression.verdict import Judged
from assets.towns.estimators.town_effect import TownEffect, normal_interval
from assets.towns.panel.effective_clusters import EffectiveClusters
from assets.towns.questions.inequality import lorenz
from assets.towns.study.findings import (
    CLAIMS_FILE,
    SIMULATED,
    Claim,
    claims,
    finding_rows,
    judged_claim,
)
from assets.towns.study.method import MethodResult
from assets.towns.study.pictures import pictures
from assets.towns.study.planted import TRUTHS, planted
from assets.towns.study.plots import event_study_figure, findings_figure, lorenz_figure
from assets.towns.study.result_rows import (
    OfTownResult,
    TownEstimateRow,
    TownFindingRow,
    TownInequalityRow,
)
from assets.towns.study.specification import Estimation
from assets.towns.study.town_estimates import estimate_row
from assets.vintages.failures import Failures
from assets.vintages.pieces import Pieces
from assets.warehouse.tables.row import as_frame

SHIPPED = Path(__file__).parents[3] / "landing" / "towns" / "simulated_2026" / "truth.yaml"


@pytest.fixture(scope="module")
def truth() -> Any:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def estimate(
    value: float, std_error: float, estimator: str = "synthetic_did", cell: str = ""
) -> TownEffect:
    low, high = normal_interval(value, std_error)
    return TownEffect(estimator, "att", cell, value, std_error, low, high, "jackknife", 500, 229)


def rows(*estimates: TownEffect, sample: str = "all towns", scale: Any = "log points") -> Any:
    what = Estimation("synthetic_did", "mean_log_sales", sample, "never")
    clusters = EffectiveClusters(100.0, 200.0)
    result, of = (
        MethodResult("none", scale=scale),
        OfTownResult(vintage="v", dataset="d", simulated=True),
    )
    return as_frame(
        TownEstimateRow, [estimate_row(each, clusters, result, what, of, 9) for each in estimates]
    )


NONE = Failures("v", "t")


def findings(estimates: pd.DataFrame, *others: Any) -> pd.DataFrame:
    return as_frame(TownFindingRow, finding_rows(estimates, evidence_rows(), *others))


def claim(rule: str, **others: Any) -> Claim:
    answer = {
        "estimator": "e", "sample": "s", "control_pool": "", "outcome": "o", "target": "t",
        "cell": "",
    }  # fmt: skip
    entry = {"claim": "B1", "part": "p", "claimed": "c", "rule": rule, "planted": "sales"}
    return Claim.model_validate(entry | {"answers": [answer]} | others)


def test_what_nothing_answers_cannot_be_said() -> None:
    unanswerable = claim("above_zero", answers=[], why_not="there are no data")
    assert judged_claim(unanswerable, None) == Judged(
        "cannot say", "Cannot say: there are no data."
    )


def evidence_rows(*named: tuple[str, str], verdict: str = "against") -> pd.DataFrame:
    """Rows of model.town_evidence: test and sample of each."""
    return pd.DataFrame(
        [
            {"vintage": "v", "dataset": "d", "test": test, "cell": "", "sample": sample}
            | {"verdict": verdict, "statistic": 0.4}
            for test, sample in named
        ],
        columns=["vintage", "dataset", "test", "cell", "sample", "verdict", "statistic"],
    )


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (evidence_rows(), "agrees"),
        (evidence_rows(("pre_trend", "all towns")), "cannot say"),
        (evidence_rows(("near_towns_as_controls", "all towns")), "cannot say"),
        (evidence_rows(("placebo_date", "all towns"), verdict="cannot say"), "agrees"),
        (evidence_rows(("pre_trend", "controls outside the rings")), "agrees"),  # other towns
        (evidence_rows(("density", "all towns")), "agrees"),  # of another estimator
    ],
)
def test_a_refuted_assumption_takes_the_verdict_away(
    truth: Any, evidence: pd.DataFrame, verdict: str
) -> None:
    made = finding_rows(rows(estimate(0.27, 0.01)), evidence, truth, NONE, "d", True)[0]
    assert made.verdict == verdict
    if verdict == "agrees":
        assert made.against is None
    else:
        assert made.against is not None
        assert f"the data speak against what the estimate needs ({made.against})" in made.sentence


def test_the_interval_under_broken_trends_stands_beside_the_headline(truth: Any) -> None:
    robust = replace(
        estimate(0.27, float("nan"), "callaway_santanna", "Mbar=1"),
        target="att_relative_magnitudes", low=-0.1, high=0.6,
    )  # fmt: skip
    both = rows(estimate(0.27, 0.01), robust)
    evidence = evidence_rows(("relative_magnitudes_breakdown", "all towns"), verdict="cannot say")
    made = finding_rows(both, evidence, truth, NONE, "d", True)[0]
    assert (made.robust_low, made.robust_high, made.breakdown) == (-0.1, 0.6, 0.4)
    assert "between -0.100 and +0.600, which holds zero" in made.sentence
    assert "up to 0.40 times the largest break before" in made.sentence


def test_all_eight_claims_are_there_and_answers_have_a_planted_truth(truth: Any) -> None:
    listed = claims()
    assert {entry.claim for entry in listed} == {f"B{number}" for number in range(1, 9)}
    assert len({(entry.claim, entry.part) for entry in listed}) == len(listed)
    assert {entry.planted for entry in listed if entry.planted} == set(TRUTHS)
    assert all(np.isfinite(planted(truth, name)) for name in TRUTHS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"published_percent": None}, "needs published_percent"),
        ({"answers": []}, "give answers, or why_not"),
        ({"planted": "nothing"}, "planted: one of sales"),
        ({"claim": "B9"}, "claim"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_claim_that_is_wrong_is_refused(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    first = yaml.safe_load(CLAIMS_FILE.read_text(encoding="utf-8"))[0]
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump([first | change]), encoding="utf-8")
    with pytest.raises(ValidationError, match=message):
        claims(path)


def test_planted_truths_by_hand() -> None:
    """A truth of two cohorts and two years, small enough to see."""
    cell = dict
    small = {
        "parameters": {"covid_year": 2015},
        "by_cohort_in_its_first_year": {
            2014: cell(towns=3, log_sales=0.1), 2015: cell(towns=1, log_sales=0.3)
        },
        "by_event_time": {
            2: cell(town_years=5, log_sales=9.0),
            3: cell(town_years=3, log_sales=0.2),
            4: cell(town_years=1, log_sales=0.6),
        },
        "by_calendar_year": {
            2014: cell(town_years=3, log_sales=0.1), 2015: cell(town_years=4, log_sales=0.4)
        },
        "entry": {
            "male_older": cell(new_sellers=10, untreated_new_sellers=10),
            "male_young": cell(new_sellers=10, untreated_new_sellers=5),
            "female_older": cell(new_sellers=10, untreated_new_sellers=10),
            "female_young": cell(new_sellers=30, untreated_new_sellers=5),
        },
    }  # fmt: skip
    expected = {
        "later_cohorts": 0.2,
        "long_run": 0.3,
        "covid_contrast": 0.3,
        "new_sellers": log(60 / 30),
        "new_sellers_female_contrast": log(40 / 15) - log(2),
        "new_sellers_young_contrast": log(40 / 10) - log(2),
    }
    for name, value in expected.items():
        assert planted(small, name) == pytest.approx(value, rel=1e-12), name


def test_the_first_answer_with_an_interval_counts(truth: Any) -> None:
    clean = rows(estimate(0.28, float("nan")), sample="controls outside the rings")
    table = findings(pd.concat([clean, rows(estimate(0.27, 0.01))]), truth, NONE, "d", True)
    sales = table.iloc[0]
    assert (sales["answered_by"], sales["estimate"]) == (
        "synthetic_did, all towns, never, mean_log_sales, att",
        0.27,
    )
    assert sales["truth"] == pytest.approx(log(1.321), abs=1e-9)
    assert sales["truth_is_inside"]
    elsewhere = findings(rows(estimate(0.27, 0.01)), truth, NONE, "another", True)
    assert elsewhere["estimate"].isna().all()


def test_simulated_data_say_so_and_real_data_have_no_truth(truth: Any) -> None:
    made = findings(rows(estimate(0.27, 0.01)), truth, NONE, "d", True)
    assert made["sentence"].str.endswith(SIMULATED).all()
    real = findings(rows(estimate(0.27, 0.01)), None, NONE, "d", False)
    assert real["truth"].isna().all()
    assert not real["sentence"].str.contains("simulated|planted").any()
    far = findings(rows(estimate(0.5, 0.01)), truth, NONE, "d", True).iloc[0]
    assert not far["truth_is_inside"]
    assert "lies outside the interval" in far["sentence"]


def test_per_cent_are_those_of_log_points_only() -> None:
    in_logs = rows(estimate(log(1.321), 0.01)).iloc[0]
    assert in_logs["percent"] == pytest.approx(32.1, rel=1e-12)
    assert in_logs["percent_low"] < 32.1 < in_logs["percent_high"]
    share = rows(estimate(0.1, 0.01), scale="share").iloc[0]
    assert share[["percent", "percent_low", "percent_high"]].isna().all()
    assert in_logs[["band_low", "percent_band_low"]].isna().all()  # no event time, no band
    whole = replace(estimate(0.1, 0.01), inference="as drawn", band_low=0.0, band_high=log(1.321))
    banded = rows(whole).iloc[0]
    assert banded["percent_band_low"] == 0.0
    assert banded["percent_band_high"] == pytest.approx(32.1, rel=1e-12)
    no_error = rows(estimate(0.1, float("nan"))).iloc[0]
    assert no_error[["std_error", "low", "percent_low"]].isna().all()


@pytest.mark.parametrize("simulated", [True, False])
def test_every_picture_says_that_its_data_are_simulated(truth: Any, simulated: bool) -> None:
    effects = [estimate(0.1 * e, 0.05, "e", f"e={e}") for e in (1, 0, -1)]
    effects = [replace(each, band_low=each.low - 0.1, band_high=each.high) for each in effects]
    curve = lorenz(np.array([1.0, 2.0]))
    table = findings(rows(estimate(0.27, 0.01)), truth if simulated else None, NONE, "d", simulated)
    figures = (
        event_study_figure(effects, "Effect", simulated),
        lorenz_figure(curve, curve, "Sales", simulated),
        findings_figure(table, "Findings"),
    )
    for figure in figures:
        titles = [figure.get_suptitle(), *(axes.get_title(loc="left") for axes in figure.axes)]
        assert any("(simulated data)" in title for title in titles) is simulated
        figure.canvas.draw()


def test_no_finding_is_no_picture(truth: Any) -> None:
    empty = findings(rows(estimate(0.27, 0.01)), truth, NONE, "another", True)
    with pytest.raises(ValueError, match="No claim is answered"):
        findings_figure(empty, "Findings")


def test_a_picture_of_the_same_findings_is_not_drawn_again(truth: Any) -> None:
    found = findings(rows(estimate(0.27, 0.01)), truth, NONE, "d", True)
    others = as_frame(TownEstimateRow, []), as_frame(TownInequalityRow, [])

    def drawn(vintage: str, rows: pd.DataFrame, pieces: Pieces) -> dict[str, bytes]:
        return pictures(others[0], rows, others[1], Failures(vintage, "t", pieces=pieces))

    first = Pieces("t", "code")
    before = drawn("0001-f00d", found, first)
    same = Pieces("t", "code", first.now)
    again = drawn("0002-f00d", found.assign(vintage="0002-f00d"), same)
    assert (first.computed, same.computed) == (3, 0)
    assert list(again.values()) == list(before.values())
    assert list(again) == ["towns-d-findings-0002-f00d"]
    moved = Pieces("t", "code", first.now)
    other = drawn("0003-f00d", found.assign(estimate=found["estimate"] * 1.5), moved)
    assert moved.computed == 1
    assert list(other.values()) != list(before.values())
