"""Papers to recover samples for: the Gansu paper as printed, and one printed from known data."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from assets.papers.printed_place import place_of
from assets.papers.recovery.missed_numbers import numbers_of
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber

GANSU = Path(__file__).parents[2] / "reference" / "gansu"
COLUMNS = ("PI", "AIG", "IM", "aEDI", "EG")
PAPER_ERRORS = {("4", "ols", "", "R2"), ("6", "ridge", "AIG", "p")}


def _rows(name: str) -> list[dict[str, str]]:
    with (GANSU / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def printed_gansu() -> Paper:
    """Tables 2 to 6 as printed, errors included."""
    numbers: list[PrintedNumber] = []

    def add(table: str, kind: str, estimator: str, term: str, other: str, s: str, text: str):
        if text and s != "k":
            place = place_of(kind, estimator, term, other, s)
            numbers.append(PrintedNumber(table, place, text))

    for row in _rows("table2_descriptives"):
        statistic = row.pop("statistic")
        for name, text in row.items():
            add("2", "descriptives", "", name, "", statistic, text)
    for row in _rows("table3_correlations"):
        add("3", "correlations", "", row["row"], row["column"], "r", row["r"])
    for table, estimator, name in (
        ("4", "ols", "table4_model_summary"),
        ("6", "ridge", "table6_ridge_summary"),
    ):
        for row in _rows(name):
            add(table, "model_summary", estimator, "", "", row["statistic"], row["value"])
    for table, estimator, name in (
        ("5", "ols", "table5_ols"),
        ("6", "ridge", "table6_ridge_k0148"),
    ):
        for row in _rows(name):
            term = row.pop("term")
            row.pop("stars", None)
            for statistic, text in row.items():
                add(table, "coefficients", estimator, term, "", statistic, text)
    return Paper("he_gansu_paper", 2023, 8, COLUMNS, tuple(numbers), ridge_k=0.148)


@pytest.fixture(scope="session")
def gansu(printed_gansu: Paper) -> Paper:
    """The same without the two numbers known to be errors."""
    return printed_gansu.without(
        n
        for n in printed_gansu.numbers
        if (n.table_number, n.place[1], n.place[2], n.place[4]) in PAPER_ERRORS
    )


@pytest.fixture(scope="session")
def truth() -> np.ndarray:
    """(10, 3) made-up data: a dependent and two related regressors."""
    rng = np.random.default_rng(8)
    first = rng.uniform(1, 9, 10)
    second = 0.5 * first + rng.normal(0, 1, 10)
    dependent = 20 - 1.5 * first + 0.8 * second + rng.normal(0, 1, 10)
    return np.column_stack([dependent, first, second])


@pytest.fixture(scope="session")
def print_paper() -> Callable[..., Paper]:
    """A function that prints the tables of a sample, to a number of decimals."""

    def printed(values: np.ndarray, decimals: int = 3, keep=lambda place: True) -> Paper:
        columns = ("y", "a", "b", "c")[: values.shape[1]]
        unit = Decimal(1).scaleb(-decimals)
        marker = PrintedNumber("0", place_of("model_summary", "ols", "", "", "F"), "1.0")
        empty = Paper("made_up", 2020, len(values), columns, (marker,), ridge_k=0.1)
        numbers = tuple(
            PrintedNumber("1", place, str(Decimal(value).quantize(unit)))
            for place, value in numbers_of(empty, values).items()
            if keep(place)
        )
        return Paper("made_up", 2020, len(values), columns, numbers, ridge_k=0.1)

    return printed
