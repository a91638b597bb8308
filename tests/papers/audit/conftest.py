"""The Gansu paper as shipped, and data sets from which benchmarks/printed_tables.py prints."""

import csv
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest

from assets.extracts.document import Document, read_document
from assets.papers.audit.printed_paper import Paper, paper_from_rows

REPOSITORY = Path(__file__).parents[3]
REFERENCE = REPOSITORY / "tests" / "reference"
LANDING = REPOSITORY / "landing"


@pytest.fixture(scope="session")
def gansu_document() -> Document:
    return read_document(LANDING / "he_gansu_paper" / "2023" / "card.yaml", LANDING)


@pytest.fixture(scope="session")
def gansu(gansu_document: Document) -> Paper:
    rows = [asdict(row) for row in gansu_document.statistics]
    return paper_from_rows(rows, gansu_document.card)


@pytest.fixture(scope="session")
def audit_reference() -> Callable[[str], list[dict[str, str]]]:
    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / "audit" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


@dataclass(frozen=True)
class DataSet:
    y: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]


@pytest.fixture(scope="session")
def data_sets() -> dict[str, DataSet]:
    """Longley (employment) and Hald (cement): n 16 and 13, 6 and 4 regressors."""
    found = {}
    for name, file, dependent in (
        ("longley", "longley_R.csv", "Employed"),
        ("hald", "hald.csv", "y"),
    ):
        with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        names = tuple(column for column in rows[0] if column not in ("", dependent))
        y = np.array([float(row[dependent]) for row in rows])
        X = np.array([[float(row[column]) for column in names] for row in rows])
        found[name] = DataSet(y, X, names)
    return found
