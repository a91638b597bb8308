"""Published studies again, a known truth, planted misprints, folders that are at fault."""

import argparse
import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.extracts.errors import DocumentError
from assets.replication.contract import CONTRACT_NAME, PRINTED_NAME
from assets.replication.replicate import ReplicatedStudy, replicate
from assets.warehouse.home import Home
from orchestration.commands.replicate import COMMAND

TESTS = Path(__file__).parents[1]
LANDING = TESTS.parent / "landing"
PUBLISHED = TESTS / "reference/replication"
BESIDE = TESTS.parents[1] / "shared/data"
# Of each study, its data beside the repository; and its printed numbers by verdict.
STUDIES = {
    "land_coupons": (("real/chongqing_county_panel.csv", "counties.csv"), (76, 1, 4, 12)),
    "mpdta": (("did/mpdta.csv", "mpdta.csv"), (61, 0, 0, 2)),
    "proposition_99": (("did/california_prop99.csv", "california_prop99.csv"), (9, 0, 0, 7)),
}


def computed_again(folder: Path) -> ReplicatedStudy:
    return replicate(folder, LANDING)


def by_verdict(study: ReplicatedStudy) -> Counter[str]:
    return Counter(each.verdict for each in study.numbers)


@pytest.fixture
def published(tmp_path: Path) -> Callable[[str], ReplicatedStudy]:
    def published(name: str) -> ReplicatedStudy:
        (data, wanted), _ = STUDIES[name]
        if not (BESIDE / data).is_file():
            pytest.skip(f"the data of {name} are not beside the repository")
        folder = tmp_path / name
        shutil.copytree(PUBLISHED / name, folder)
        shutil.copyfile(BESIDE / data, folder / wanted)
        return computed_again(folder)

    return published


@pytest.mark.parametrize("name", STUDIES)
def test_a_published_study_is_counted_by_verdict(published: Any, name: str) -> None:
    found = published(name)
    assert found.refused == {}
    counts = by_verdict(found)
    verdicts = ("reproduced", "within rounding", "differs", "not determinable")
    assert tuple(counts[verdict] for verdict in verdicts) == STUDIES[name][1]
    for each in found.numbers:
        if each.verdict == "not determinable":
            assert each.reason


def test_the_land_coupons_error_is_that_of_independent_effects(published: Any) -> None:
    # Known of this table: a dynamic ATT of -0.209 with an error of 0.011, which the square root of
    # the sum of squares over 11 gives (0.0114 by the paper's own errors); with covariance .0303.
    found = {
        (each.number.step, *each.number.asked): each for each in published("land_coupons").numbers
    }
    error = found["did", "event_time", "std_error"]
    assert error.verdict == "differs"
    assert error.computed == pytest.approx(0.0303, abs=5e-5)
    assert error.reason == "printed is what taking the effects by event time for independent gives"
    assert found["did", "event_time", "coefficient"].verdict == "reproduced"
    assert found["cumulative", "ln_cum_area", "p"].verdict == "reproduced"  # printed as a bound


UNITS, YEARS, EFFECT = 24, range(2010, 2018), -0.4


def drawn() -> pd.DataFrame:
    """Simulated: units treated in 2012, 2015 or never, an effect that is the same for all."""
    rng = np.random.default_rng(91)
    rows = pd.DataFrame(
        [(unit, year) for unit in range(UNITS) for year in YEARS], columns=["unit", "year"]
    )
    first = rows["unit"].map(lambda unit: (2012, 2015, 0)[unit % 3])
    on = (first > 0) & (rows["year"] >= first)
    x = rng.normal(size=len(rows))
    noise = rng.normal(size=(UNITS, 1)) + 0.3 * rng.normal(size=(UNITS, len(YEARS)))
    y = EFFECT * on + 0.5 * x + noise.ravel() + 0.1 * (rows["year"] - 2010)
    return rows.assign(first=first, on=on.astype(int), x=x, y=y)


CONTRACT = """
replication: drawn
title: Simulated units
source: nobody published it
data:
  units: {file: units.csv}
steps:
  twfe: {estimator: two_way, data: units, unit: unit, year: year, outcome: y, regressors: ["on", x]}
  did: {estimator: callaway_santanna, data: units, unit: unit, year: year, outcome: y, first_treated: first}
  same: {estimator: callaway_santanna, data: units, unit: unit, year: year, outcome: y, treated: "on"}
"""  # noqa: E501 - a person's YAML


def dummies(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, float]:
    """Least squares with a dummy for each unit and year: slopes, clustered and plain errors.

    Written out here, by the formulas of Cameron and Miller (2015): factor G/(G - 1) (n - 1)/(n - k)
    with k slopes and years.
    """
    X = rows[["on", "x"]].to_numpy(float)
    D = pd.get_dummies(rows[["unit", "year"]].astype(str)).to_numpy(float)
    W = np.column_stack([X, D])
    beta = np.linalg.lstsq(W, rows["y"], rcond=None)[0]
    e = rows["y"].to_numpy() - W @ beta
    M = X - D @ np.linalg.lstsq(D, X, rcond=None)[0]
    A = np.linalg.inv(M.T @ M)
    scores = np.array([M[rows["unit"] == u].T @ e[rows["unit"] == u] for u in range(UNITS)])
    n, k = len(rows), 2 + len(YEARS)
    V = UNITS / (UNITS - 1) * (n - 1) / (n - k) * A @ scores.T @ scores @ A
    plain = np.sqrt(A[0, 0] * (e @ e) / (n - k - UNITS + 1))
    return beta[:2], np.sqrt(np.diag(V)), float(plain)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def folder(*printed: tuple[str, ...], contract: str = CONTRACT) -> Path:
        place = tmp_path / "drawn"
        place.mkdir(exist_ok=True)
        drawn().to_csv(place / "units.csv", index=False)
        (place / CONTRACT_NAME).write_text(contract, encoding="utf-8")
        with (place / PRINTED_NAME).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["table", "cell", "step", "term", "statistic", "printed", "reason"])
            writer.writerows(("1", f"B{line}", *values, "") for line, values in enumerate(printed))
        return place

    return folder


def test_a_known_truth_is_reproduced_to_its_digits(folder: Any) -> None:
    slopes, errors, _ = dummies(drawn())
    printed = [
        ("twfe", term, statistic, f"{value:.4f}")
        for statistic, values in (("coefficient", slopes), ("std_error", errors))
        for term, value in zip(("on", "x"), values, strict=True)
    ]
    found = computed_again(folder(*printed, ("twfe", "", "observations", "192")))
    assert by_verdict(found) == {"reproduced": 5}
    assert slopes[0] == pytest.approx(EFFECT, abs=3 * errors[0])


def test_either_way_of_saying_when_treatment_begins_gives_the_same(folder: Any) -> None:
    found = computed_again(
        folder(("did", "att", "coefficient", "1"), ("same", "att", "coefficient", "1"))
    )
    one, other = (each.computed for each in found.numbers)
    assert one == other
    assert one == pytest.approx(EFFECT, abs=0.3)


@pytest.mark.parametrize(
    ("misprint", "reason"),
    [
        ("sign", "the sign is the other one"),
        ("shift", "the decimal point stands 1 digit off"),
        ("swap", "two digits are exchanged"),
        ("digit", "one digit is another"),
        ("plain", "printed is what errors that are not clustered gives"),
        ("last", "one unit of the last digit"),
    ],
)
def test_a_planted_misprint_is_found_with_its_reason(
    folder: Any, misprint: str, reason: str
) -> None:
    slopes, _, plain = dummies(drawn())
    right = f"{slopes[0]:.4f}"  # -0.abcd
    wrong = {
        "sign": right.removeprefix("-"),
        "shift": f"{slopes[0] * 10:.4f}",
        "swap": right[:3] + right[4] + right[3] + right[5:],
        "digit": right[:4] + str((int(right[4]) + 4) % 10) + right[5:],
        "plain": f"{plain:.4f}",
        "last": f"{slopes[0] + (7e-5 if slopes[0] * 1e4 % 1 < 0.5 else -7e-5):.4f}",
    }[misprint]
    assert wrong != right
    statistic = "std_error" if misprint == "plain" else "coefficient"
    (each,) = computed_again(folder(("twfe", "on", statistic, wrong))).numbers
    assert each.verdict == ("within rounding" if misprint == "last" else "differs")
    assert reason in each.reason


def test_the_shipped_folder_may_be_computed_where_it_lies() -> None:
    """82 numbers on the recovered sample: 80 reproduced, the paper's two errors differ."""
    found = computed_again(LANDING / "replications/he_2012_2019")
    assert by_verdict(found) == {"reproduced": 80, "differs": 2}
    differing = {
        (each.number.table, *each.number.asked)
        for each in found.numbers
        if each.verdict == "differs"
    }
    assert differing == {("4", "", "R2"), ("6", "AIG", "ridge p")}


def test_what_no_step_gives_is_not_determinable_and_says_what_there_is(folder: Any) -> None:
    contract = CONTRACT.replace('regressors: ["on", x]', 'regressors: ["on", lost]')
    found = computed_again(
        folder(
            ("twfe", "on", "coefficient", "-0.4"),
            ("did", "att", "weight", "0.4"),
            ("did", "effect", "coefficient", "0.4"),
            ("", "", "", "0.4"),
            contract=contract,
        )
    )
    assert by_verdict(found) == {"not determinable": 4}
    reasons = [each.reason for each in found.numbers]
    assert "no column 'lost'" in reasons[0]
    assert "of 'att' only coefficient" in reasons[1]
    assert "has no 'effect', but att" in reasons[2]
    assert reasons[3] == "the steps give no such number"
    assert list(found.refused) == ["twfe"]


def test_a_panel_with_a_gap_is_refused_with_the_count(folder: Any) -> None:
    place = folder(("did", "att", "coefficient", "-0.4"))
    rows = drawn()
    rows.drop(index=[3, 50]).to_csv(place / "units.csv", index=False)
    (each,) = computed_again(place).numbers
    assert each.verdict == "not determinable"
    assert "2 pairs have no row" in each.reason


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("data: units, unit", "data: lost, unit"), "none of the data files"),
        (("units.csv}", "lost.csv}"), "there is no such file"),
        (("units.csv}", "units.csv, sha256: abc}"), "expected sha256|sha256"),
        (("estimator: two_way", "estimator: magic"), "steps.twfe"),
        (("first_treated: first", "colour: red"), "no such field is known"),
        (('treated: "on"', 'treated: "on", first_treated: first'), "either first_treated or"),
    ],
)
def test_a_folder_that_is_not_as_it_should_be_is_refused(
    folder: Any, wrong: tuple[str, str], said: str
) -> None:
    place = folder(("twfe", "on", "coefficient", "1"), contract=CONTRACT.replace(*wrong))
    with pytest.raises(DocumentError, match=said):
        computed_again(place)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("lost", "on", "coefficient", "1"), "line 2: 'lost' is no step"),
        (("twfe", "on", "coefficient", "n.s."), "line 2: 'n.s.' is not a printed number"),
        (("twfe", "on", "coefficient"), "line 2 has 6 columns"),
    ],
)
def test_a_printed_line_that_is_wrong_is_named(folder: Any, line: Any, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        computed_again(folder(line))


def test_the_command_counts_and_shows_what_is_not_reproduced(
    folder: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder(("twfe", "", "observations", "192"), ("twfe", "", "clusters", "42"))
    options = argparse.Namespace(study=str(place), all=False)
    assert COMMAND.run(Home(tmp_path), options) == 0
    told = capsys.readouterr().out
    assert "of 2 printed numbers 1 reproduced, 0 within rounding, 1 differs" in told
    assert "two digits are exchanged: 42 for 24" in told
    assert "observations" not in told
