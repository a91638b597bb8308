"""Estimations shared out between two processes give what they give one after the other."""

import pickle
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assets.towns.estimators.labels import ALL_TOWNS, CLEAN_CONTROLS, GAPS_STAY
from assets.towns.study import two_processes
from assets.towns.study.begun import begun, estimating_beside
from assets.towns.study.specification import (
    ESTIMATIONS,
    LONGEST,
    ORDERS,
    SALES,
    SALES_IF_POSITIVE,
    Estimation,
)
from assets.towns.study.study_data import StudyData
from assets.towns.study.town_estimates import (
    EstimationRows,
    Run,
    TownRows,
    asked_of,
    in_turn,
    town_rows,
)
from assets.towns.study.two_processes import Work, begin_estimating, in_two_processes
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
_NONE = TownRows([], [])
_FAILURES = Failures("v", "t")


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
    both = threading.Barrier(2, timeout=60)  # each has its first one before either goes on

    def noted(_: object, work: Any) -> object:
        return None if work.what is None else taken(there, work.what)

    def noted_here(_: object, what: Estimation, __: str) -> EstimationRows:
        return taken(here, what)

    def taken(where: list[str], what: Estimation) -> EstimationRows:
        where.append(what.method)
        if len(where) == 1:
            both.wait()
        return EstimationRows(_NONE, _FAILURES)

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


def begun_on(data: StudyData) -> Work:
    """What was begun on a data set, once all of it is done."""
    begin_estimating(data, "v", ASKED)
    works = begun()
    assert works is not None
    work = list(works.values())[-1]
    assert work.thread is not None
    work.thread.join()
    return work


def test_what_was_begun_before_is_what_would_be_estimated_now_to_the_bit(
    data: StudyData, caplog: pytest.LogCaptureFixture
) -> None:
    rows = made(data, in_turn)
    here: list[object] = []
    with estimating_beside():
        assert len(begun_on(data).found) == len(ASKED)
        assert made(data, in_two_processes, here.append) == rows
        assert not here
        # It is handed out once: the next who asks has it estimated.
        assert made(data, in_two_processes, here.append) == rows
        assert here
    assert "ended" not in caplog.text


def test_what_is_under_way_is_gone_on_with(data: StudyData) -> None:
    rows = made(data, in_turn)
    with estimating_beside():
        begin_estimating(data, "v", ASKED)
        assert made(data, in_two_processes) == rows


@pytest.mark.parametrize("what", ["a cell", "the vintage", "the list"])
def test_what_was_begun_on_anything_else_is_not_taken(
    data: StudyData, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Whatever differs, though it be the last bit of one cell."""
    monkeypatch.setattr(two_processes, "exchanged", lambda *_: EstimationRows(_NONE, _FAILURES))
    other, vintage, asked = data, "v", ASKED[:2]
    if what == "a cell":
        value = data.outcomes["value"].to_numpy(copy=True)
        value[-1] = np.nextafter(value[-1], np.inf)
        other = replace(data, outcomes=data.outcomes.assign(value=value))
    elif what == "the vintage":
        vintage = "w"
    else:
        asked = ASKED[1::-1]
    with estimating_beside():
        begin_estimating(data, "v", ASKED[:2])
        in_two_processes(other, vintage, asked, lambda _: None)
        works = begun()
        assert works is not None
        assert len(works) == 1
        in_two_processes(data, "v", ASKED[:2], lambda _: None)
        assert not works


def test_what_a_refresh_asks_for_is_what_was_begun(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, with and without towns that lack a year."""
    monkeypatch.setattr(two_processes, "exchanged", lambda *_: EstimationRows(_NONE, _FAILURES))
    outcome = next(what.outcome for what in ESTIMATIONS if what.sample == GAPS_STAY)
    gap = data.outcomes.drop(data.outcomes.index[data.outcomes["outcome"] == outcome][:1])
    for each in (data, replace(data, outcomes=gap)):
        here: list[object] = []
        with estimating_beside():
            begin_estimating(each, "v", asked_of(each))
            (work,) = (begun() or {}).values()
            assert work.thread is not None
            work.thread.join()
            town_rows(each, Failures("v", "t"), here.append, run=in_two_processes)
        assert not here
    assert len(asked_of(data)) < len(asked_of(replace(data, outcomes=gap)))


def test_data_sets_are_begun_one_after_the_other(data: StudyData) -> None:
    second = replace(data, dataset="second")
    rows = made(data, in_turn), made(second, in_turn)
    with estimating_beside():
        begin_estimating(data, "v", ASKED)
        begun_on(second)
        first, last = (begun() or {}).values()
        assert first.process is not last.process
        assert first.thread is not None
        assert not first.thread.is_alive()
        assert (made(data, in_two_processes), made(second, in_two_processes)) == rows


def test_what_nobody_asked_for_ends_with_the_block(
    data: StudyData, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    under_way = threading.Event()

    def noted(process: Any, work: object) -> object:
        under_way.set()
        return exchanged(process, work)

    monkeypatch.setattr(two_processes, "exchanged", noted)
    with estimating_beside():
        begin_estimating(data, "v", ASKED * 100)
        (work,) = (begun() or {}).values()
        assert under_way.wait(60)
    assert work.thread is not None
    work.thread.join(60)
    assert not work.thread.is_alive()
    assert work.process is not None
    assert work.process.poll() is not None
    assert begun() is None
    assert not caplog.text  # it did not die: it was ended


def test_nothing_is_begun_outside_a_block_or_on_one_core(
    data: StudyData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_processes, "started", lambda _: pytest.fail("begun"))
    begin_estimating(data, "v", ASKED)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    with estimating_beside():
        begin_estimating(data, "v", ASKED)
        assert not begun()
