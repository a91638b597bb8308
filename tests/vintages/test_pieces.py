"""A piece is taken over only where making it again would give the same rows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.extracts.meaning.registry import regions
from assets.vintages.failures import Failures, Refusal
from assets.vintages.keys import OfVintage
from assets.vintages.pieces import PieceRow, Pieces, entry_rows, pieces_of
from assets.warehouse.connection import kept_open, writable
from assets.warehouse.store import Store
from assets.warehouse.unchanged.reads import recorded

STEP = "model.line"
SUBJECTS = ("a", "b", "c")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow(OfVintage, table=STEP, grain="one row per line", key=("vintage", "subject", "line")):
    """What an entry made of its numbers."""

    subject: Annotated[str, "of whom"]
    line: Annotated[int, "running number"]
    said: Annotated[float | None, "a number"]
    text: Annotated[str | None, "the same in words"] = None


@dataclass(frozen=True, slots=True)
class Note:
    """Not of a vintage."""

    text: str


KINDS = (LineRow, Note)


def lines(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[LineRow | Note]:
    """Draws and sums, and refuses some of it; entries within it, too."""
    drawn = np.random.default_rng(1).random(len(numbers))
    for line, number in enumerate(numbers["value"].tolist()):
        with failures.entry(subject, f"line {line}"):
            if number == 0:
                raise Refusal("nothing is zero")
            said = None if math.isnan(number) else number * float(drawn[line])
            yield LineRow(vintage=failures.vintage, subject=subject, line=line, said=said)
    yield Note(f"{numbers['value'].sum()!r}")
    if numbers["value"].sum() < 0:
        raise Refusal("a sum below zero")


@dataclass
class Step:
    """A step of three entries, refreshed again and again."""

    store: Store
    code: str = "code"
    full: bool = False
    vintages: int = 0
    pieces: Pieces | None = None
    failures: Failures = field(default_factory=lambda: Failures("", STEP))

    def refresh(self, numbers: dict[str, pd.DataFrame], make: Any = lines) -> list[Any]:
        """The rows of a new vintage."""
        self.vintages += 1
        self.pieces = pieces_of(self.store, STEP, self.code, self.full)
        self.failures = Failures(f"{self.vintages:04d}-f00d", STEP, pieces=self.pieces)
        rows = made(self.failures, numbers, make)
        with self.store.transaction() as writes:
            self.pieces.keep(writes)
        return rows

    @property
    def computed(self) -> int:
        assert self.pieces is not None
        return self.pieces.computed


def made(failures: Failures, numbers: dict[str, pd.DataFrame], make: Any = lines) -> list[Any]:
    rows: list[Any] = []
    for subject, own in numbers.items():
        rows += entry_rows(failures, subject, "sum", KINDS, make, subject, own)
    return rows


def alone(step: Step, numbers: dict[str, pd.DataFrame]) -> tuple[list[Any], list[Any]]:
    """Rows and failures without pieces."""
    failures = Failures(step.failures.vintage, STEP)
    return made(failures, numbers), failures.rows


def cells(numbers: pd.DataFrame) -> bytes:
    return numbers.to_numpy().tobytes()


def figures() -> dict[str, pd.DataFrame]:
    return {
        subject: pd.DataFrame({"value": np.arange(3.0) + 1 + n})
        for n, subject in enumerate(SUBJECTS)
    }


@pytest.fixture
def step(tmp_path: Path) -> Iterator[Step]:
    with kept_open():  # as a run has it
        yield Step(Store(tmp_path / "working.duckdb"))


NUMBERS = st.one_of(st.sampled_from([0.0, -0.0, 1.0, -9.0, math.nan, math.inf]), st.floats())


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(SUBJECTS), st.integers(0, 2), NUMBERS), max_size=2),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_taken_over_is_what_would_be_computed(
    changes: list[list[tuple[str, int, float]]],
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "working.duckdb"
        step, numbers = Step(Store(path)), figures()
        with writable(path):  # as a run holds it
            step.refresh(numbers)
            for several in changes:
                before = {name: cells(own) for name, own in numbers.items()}
                for subject, row, number in several:
                    numbers[subject].loc[row, "value"] = number
                changed = [name for name, own in numbers.items() if cells(own) != before[name]]
                found = step.refresh(numbers)
                rows, failures = alone(step, numbers)
                assert list(map(repr, found)) == list(map(repr, rows))
                assert step.failures.rows == failures
                assert step.computed == len(changed)


def test_numbers_come_back_to_the_last_bit(step: Step) -> None:
    cells = (0.1 + 0.2, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, None)

    step.refresh(figures(), every_number)
    found = step.refresh(figures(), every_number)
    assert step.computed == 0
    assert [repr(row.said) for row in found[: len(cells)]] == [repr(cell) for cell in cells]
    assert found[0].text == "甘肃 \ud800 \x00"


def every_number(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[LineRow]:
    said = (0.1 + 0.2, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, None)
    for line, number in enumerate(said):
        yield LineRow(
            vintage=failures.vintage,
            subject=subject,
            line=line,
            said=number if line else np.float64(0.1 + 0.2),
            text="甘肃 \ud800 \x00",
        )


def test_a_piece_that_nobody_asked_for_is_dropped(step: Step) -> None:
    numbers = figures()
    step.refresh(numbers)
    only_a = {"a": numbers["a"]}
    step.refresh(only_a)
    assert (step.computed, len(step.store.rows("from kept.piece"))) == (0, 1)
    step.refresh(numbers)
    assert (step.computed, len(step.store.rows("from kept.piece"))) == (2, 3)


def test_other_code_computes_again(step: Step) -> None:
    step.refresh(figures())
    step.code = "other code"
    step.refresh(figures())
    assert (step.computed, len(step.store.rows("from kept.piece"))) == (3, 3)


def test_full_takes_none_and_keeps_all(step: Step) -> None:
    step.refresh(figures())
    step.full = True
    step.refresh(figures())
    assert step.computed == 3
    step.full = False
    step.refresh(figures())
    assert step.computed == 0


def test_another_function_or_name_of_the_entry_is_another_piece(step: Step) -> None:
    step.refresh(figures())
    step.refresh(figures(), every_number)
    assert step.computed == 3
    numbers = figures()
    step.refresh({"b": numbers["a"]}, every_number)
    assert step.computed == 1


def test_steps_do_not_take_from_one_another(step: Step) -> None:
    step.refresh(figures())
    assert pieces_of(step.store, "model.other", "code", False).before == {}


def test_what_was_changed_by_hand_is_made_again(step: Step) -> None:
    step.refresh(figures())
    with step.store.transaction() as writes:
        writes.connection.execute("update kept.piece set said = replace(said, '1', '2')")
    found = step.refresh(figures())
    assert step.computed == 3
    assert found == alone(step, figures())[0]
    step.refresh(figures())
    assert step.computed == 0


def fails(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[Note]:
    yield Note("before")
    raise ZeroDivisionError("by nothing")


def fails_within(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[Note]:
    with failures.entry(subject, "within"):
        raise ZeroDivisionError("by nothing")
    yield Note("after")


def names_the_vintage(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[Note]:
    yield Note(f"made for {failures.vintage}")


def of_another_vintage(
    failures: Failures, subject: str, numbers: pd.DataFrame
) -> Iterator[LineRow]:
    yield LineRow(vintage="before", subject=subject, line=0, said=None)


def no_json(failures: Failures, subject: str, numbers: pd.DataFrame) -> Iterator[Note]:
    yield Note(("a", "tuple"))  # type: ignore[arg-type]


def asks_what_is_declared(
    failures: Failures, subject: str, numbers: pd.DataFrame
) -> Iterator[Note]:
    yield Note("known" if "CN-GS" in regions() else "unknown")


@pytest.mark.parametrize(
    "make",
    [fails, fails_within, names_the_vintage, of_another_vintage, no_json, asks_what_is_declared],
)
def test_what_may_not_be_taken_over_is_made_each_time(step: Step, make: Any) -> None:
    for _ in range(2):
        found = step.refresh(figures(), make)
        assert step.computed == 3
        assert len(found) == 3
        assert step.store.read(PieceRow, "from kept.piece") == []


def test_what_an_entry_reads_its_step_reads_too(step: Step) -> None:
    with recorded() as reads:
        step.refresh(figures(), asks_what_is_declared)
    assert [read.asked for read in reads.reads if read.form == "file"] == [
        "landing/regions.yaml"
    ] * len(SUBJECTS)
