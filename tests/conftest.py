"""What all tests share: reference data (sources: tests/reference/README.md), and how they end."""

import csv
import gc
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: properties have no deadline.
settings.register_profile("yearbook", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("yearbook")

REFERENCE = Path(__file__).parent / "reference"


class Reference:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))

    def regression(self, name: str, dependent: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """y, X and the regressors' names; the unnamed column of row labels is left out."""
        rows = self.rows(name)
        names = [column for column in rows[0] if column not in ("", dependent)]
        y = np.array([float(row[dependent]) for row in rows])
        X = np.array([[float(row[column]) for column in names] for row in rows])
        return y, X, names


@pytest.fixture(scope="session")
def reference() -> Reference:
    return Reference(REFERENCE)


def pytest_unconfigure() -> None:
    """End without a page of leak notices.

    Hypothesis measures garbage collection by a callback in `gc.callbacks`, which outlives every
    module; through its globals it holds the tests, and by them DuckDB's types, longer than their
    binding (nanobind) does, which then reports each as leaked.
    """
    gc.callbacks.clear()
