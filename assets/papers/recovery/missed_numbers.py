"""One recovered sample, and which printed numbers it misses by the project's own fit.

Belongs here: the check of a sample with the code that reports results, not the code that found it.
Not here: finding it.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.papers.computed_numbers import computed_numbers, moment_numbers
from assets.papers.printed_number import agrees
from assets.papers.printed_place import Place
from assets.papers.recovery.printed_intervals import Paper, PrintedNumber
from assets.papers.recovery.sample_moments import Array
from assets.regression.collinear_fit import StudyFit, fit_study
from assets.regression.correlation import pearson
from assets.regression.descriptives import descriptives


@dataclass(frozen=True, slots=True)
class Sample:
    """A recovered sample: not data, but one of many that the printed numbers allow.

    Rows are sorted by falling dependent, since tables cannot say which row is which year.
    """

    values: Array  # (n, columns), the dependent first
    seed: int  # of the batch of starts that it came from
    fingerprint: str  # sha256 of the exact values


def sample_of(paper: Paper, values: Array, seed: int) -> Sample:
    """A sample with its fingerprint: sha256 of column names and of the doubles, little-endian."""
    exact = np.ascontiguousarray(values, dtype="<f8")
    head = f"{','.join(paper.columns)};{paper.n}\n".encode()
    return Sample(exact, seed, hashlib.sha256(head + exact.tobytes()).hexdigest())


def fit_of(paper: Paper, values: Array) -> StudyFit:
    """The whole fit of one (n, columns) sample; rows are numbered in the place of years.

    Raises NotEstimable where the sample has no unique fit.
    """
    raw = pd.DataFrame(values, columns=list(paper.columns))
    scaled = (raw - raw.min()) / (raw.max() - raw.min()) if paper.normalised else raw
    rows = np.arange(1, len(raw) + 1)
    return fit_study(
        raw.assign(year=rows),
        scaled.assign(year=rows),
        paper.columns[0],
        paper.regressors,
        ridge_k=paper.ridge_k,
    )


def numbers_of(paper: Paper, values: Array) -> dict[Place, float]:
    """Every number that a paper could print of a sample, by place."""
    if paper.has_regression:
        return dict(computed_numbers(fit_of(paper, values)))
    related = pearson(values, paper.columns) if len(paper.columns) > 1 else None
    return dict(moment_numbers(descriptives(values, paper.columns), related))


def misses(paper: Paper, values: Array) -> tuple[PrintedNumber, ...]:
    """Required printed numbers that a sample does not give within half a unit."""
    numbers = numbers_of(paper, values)
    return tuple(
        number for number in paper.required if not agrees(numbers[number.place], number.printed)
    )
