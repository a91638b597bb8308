"""The samples that the robustness tests share."""

from dataclasses import dataclass

import numpy as np
import pytest


@dataclass(frozen=True)
class Sample:
    y: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]
    years: tuple[int, ...]


@pytest.fixture(scope="session")
def samples(reference) -> dict[str, Sample]:
    """Hald and Longley as published; Gansu's consistent sample, min-max normalised."""
    found = {}
    for label, file, dependent in (
        ("hald", "hald.csv", "y"),
        ("longley", "longley_R.csv", "Employed"),
        ("gansu", "gansu/consistent_2012_2019.csv", "PI"),
    ):
        y, X, names = reference.regression(file, dependent)
        years = tuple(range(1, len(y) + 1))
        if label == "gansu":
            keep = [i for i, name in enumerate(names) if name != "year"]
            years = tuple(int(year) for year in X[:, names.index("year")])
            X, names = X[:, keep], [names[i] for i in keep]
            y = (y - y.min()) / np.ptp(y)
            X = (X - X.min(axis=0)) / np.ptp(X, axis=0)
        found[label] = Sample(y, X, tuple(names), years)
    return found
