"""Failures stay with their entry, are told, and can always be recorded."""

import logging
from pathlib import Path
from typing import Annotated, NoReturn

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.regression.estimable import NotEstimable
from assets.towns.panel.town_panel import PanelError
from assets.vintages.current import write_failures
from assets.vintages.failures import LONGEST_REASON, Failure, Failures, attempt
from assets.vintages.keys import OfVintage
from assets.warehouse.errors import WarehouseFull
from assets.warehouse.store import Store
from assets.warehouse.tables.row import as_frame


class Unspeakable(Exception):
    """An error that has no text."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


def raising(error: BaseException) -> NoReturn:
    raise error


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (PanelError("no controls"), "refused", "no controls"),
        (NotEstimable("x is constant"), "refused", "x is constant"),
        (ZeroDivisionError("division by zero"), "failed", "ZeroDivisionError: division by zero"),
        (KeyError("county"), "failed", "KeyError: 'county'"),
        (TypeError("no float"), "failed", "TypeError: no float"),
        (Unspeakable(), "failed", "Unspeakable: it cannot be put in words"),
    ],
)
def test_an_entry_that_fails_is_a_row_and_the_next_goes_on(
    error: Exception, status: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    failures, done = Failures("v", "model.made"), []
    for name in ("bad", "good"):
        with failures.entry("data", name):
            done.append(f"before {name}")
            if name == "bad":
                raise error
            done.append(name)
    assert done == ["before bad", "before good", "good"]
    (row,) = failures.rows
    assert (row.entry, row.status, row.reason) == ("bad", status, reason)
    assert attempt(lambda: raising(error)) == Failure(status, reason)  # type: ignore[arg-type]
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == (2 if status == "failed" else 0)
    assert all(record.exc_info for record in told)  # with the traceback


@pytest.mark.parametrize(
    "error", [MemoryError(), OSError(28, "no space left"), WarehouseFull("full"), SystemExit(1)]
)
def test_what_is_wrong_with_the_machine_ends_the_run(error: BaseException) -> None:
    failures = Failures("v", "model.made")
    with pytest.raises(type(error)), failures.entry("data"):
        raise error
    with pytest.raises(type(error)):
        attempt(lambda: raising(error))
    assert not failures.rows


@given(st.lists(st.text(st.characters(), max_size=3 * LONGEST_REASON), max_size=4))
def test_whatever_an_error_says_can_be_written(texts: list[str]) -> None:
    failures = Failures("v", "model.made")
    for text in texts:
        with failures.entry(text, text):
            raise PanelError(text)
    frame = as_frame(type(failures.rows[0]), failures.rows) if failures.rows else None
    if frame is not None:
        frame.to_json().encode("utf-8")  # lone surrogates could not be
        assert frame["reason"].str.len().max() <= LONGEST_REASON


def test_failures_replace_those_of_the_same_step_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "working.duckdb")
    for step, names in (("model.a", ["one", "two"]), ("model.b", ["one"]), ("model.a", ["\ud800"])):
        failures = Failures("v", step)
        for name in names:
            with failures.entry(name):
                raise PanelError("no")
        with store.transaction() as writes:
            write_failures(writes, failures)
    found = store.rows("select gap_in, subject from model.failure order by all")
    assert found == [("model.a", "?"), ("model.b", "one")]


class MadeRow(OfVintage, table="model.made", grain="one row per name", key=("vintage", "name")):
    name: Annotated[str, "name"]
    number: Annotated[float, "number"]
    low: Annotated[float | None, "lower end"]


def test_rows_that_the_table_cannot_hold_are_failures() -> None:
    nan = float("nan")
    frame = pd.DataFrame(
        [("v", "a", 1.0, nan), ("v", "b", nan, 1.0), ("v", "a", 2.0, 1.0), ("v", None, 1.0, 1.0)],
        columns=["vintage", "name", "number", "low"],
    )
    failures = Failures("v", "model.made")
    assert failures.sound(MadeRow.table, frame)["number"].tolist() == [1.0]
    assert [(row.subject, row.reason) for row in failures.rows] == [
        ("b", "no value of number"),
        ("a", "the same row twice"),
        ("nan", "no value of name"),
    ]
