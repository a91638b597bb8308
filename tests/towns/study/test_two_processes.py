"""Estimations shared out between two processes give what they give one after the other."""

import pickle
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assets.towns.estimators.labels import ALL_TOWNS, CLEAN_CONTROLS
from assets.towns.study import two_processes
from assets.towns.study.specification import (
    ESTIMATIONS,
    LONGEST,
    ORDERS,
    SALES,
    SALES_IF_POSITIVE,
    Estimation,
)
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_estimates import EstimationRows, Run, TownRows, in_turn, town_rows
from assets.towns.study.two_processes import in_two_processes
from assets.vintages.failures import FailureRow, Failures
from assets.warehouse.other_process import exchanged
from benchmarks.by_path import loaded

ASKED = (
    Estimation("synthetic_did", SALES, CLEAN_CONTROLS, "never"),
    Estimation("imputation", SALES, ALL_TOWNS),
    Estimation("callaway_santanna", ORDERS, ALL_TOWNS, "not_yet"),
    Estimation("composition", SALES_IF_POSITIVE),
    Estimation("regression_discontinuity", SALES),
    Estimation("twfe", SALES, ALL_TOWNS),
)


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})


@pytest.fixture(scope="module")
def data() -> StudyData:
    """On which one estimation is refused: no list was made by a threshold."""
    whole = loaded(Path(__file__).with_name("test_failures.py")).drawn(1)
    rows = whole.certification.assign(min_sales_cny=float("nan"))
    return replace(whole, certification=rows)


def made(
    data: StudyData, run: Run, log: Callable[[str], object] = lambda _: None
) -> tuple[str, list[FailureRow]]:
    failures = Failures("v", "t")
    rows = town_rows(data, failures, log, ASKED, run)
    return repr((rows.estimates, rows.evidence)), failures.rows  # nan as it is written


def test_both_ways_give_the_same_to_the_bit(
    data: StudyData, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rows, failed = made(data, in_turn)
    assert len(failed) == 1
    answers: list[object] = []
    second = threading.Event()

    def noted(process: Any, work: object) -> object:
        answers.append(exchanged(process, work))
        if len(answers) > 1:  # the first is that it has the data
            second.set()
        return answers[-1]

    monkeypatch.setattr(two_processes, "exchanged", noted)
    # What is done here waits until something was done there.
    assert made(data, in_two_processes, lambda _: second.wait(60)) == (rows, failed)
    assert any(isinstance(answer, EstimationRows) for answer in answers)
    assert "ended" not in caplog.text


def test_what_the_work_keeps_in_the_data_meanwhile_is_not_handed_over(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Any] = []

    def noted(process: Any, work: Any) -> object:
        handed.append(work)
        return exchanged(process, work)

    monkeypatch.setattr(two_processes, "exchanged", noted)
    made(data, in_turn)
    assert data._panels
    made(data, in_two_processes)
    assert pickle.loads(handed[0].data)._panels == {}


def test_the_longest_are_begun_first_one_in_each(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is left at the end is one that takes as long as all others together."""
    longest = [Estimation(method, SALES, ALL_TOWNS, "never") for method in sorted(LONGEST)]
    here: list[str] = []
    there: list[str] = []
    begun = threading.Event()

    def noted(_: object, work: Any) -> object:
        if work.what is None:
            return None
        there.append(work.what.method)
        begun.set()
        return EstimationRows(TownRows([], []), Failures("v", "t"))

    def noted_here(_: object, what: Estimation, __: str) -> EstimationRows:
        here.append(what.method)
        begun.wait(60)
        return EstimationRows(TownRows([], []), Failures("v", "t"))

    monkeypatch.setattr(two_processes, "exchanged", noted)
    monkeypatch.setattr(two_processes, "estimation_rows", noted_here)
    in_two_processes(data, "v", (*ASKED, *longest), lambda _: None)
    assert {here[0], there[0]} == LONGEST
    assert {what.method for what in ESTIMATIONS} >= LONGEST


def test_what_a_process_that_dies_leaves_is_done_here(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = made(data, in_turn)
    monkeypatch.setattr(two_processes, "_CALL", "raise SystemExit(3)")
    assert made(data, in_two_processes) == rows


def test_what_this_process_raises_ends_both(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(two_processes, "estimation_rows", full)
    with pytest.raises(OSError, match="no room"):
        made(data, in_two_processes)
