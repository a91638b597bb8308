"""Where in a paper a number stands, whichever table prints it.

Belongs here: the place of a printed number. Not here: the number, or what it is compared with.
"""

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

SETTINGS = ("k", "n")  # printed beside results, and given to the fit, not computed by it


class Place(NamedTuple):
    """A key, compared and sorted as one; what a kind of table does not have is empty."""

    kind: str  # of table
    estimator: str
    term: str  # row
    other_term: str  # column
    statistic: str


def place_of(kind: str, estimator: str, term: str, other_term: str, statistic: str) -> Place:
    """The place of a printed number; all tables of regression results share one kind."""
    if kind == "correlations":
        first, second = sorted((term, other_term))
        return Place(kind, "", first, second, statistic)
    if kind == "descriptives":
        return Place(kind, "", term, "", statistic)
    return Place("regression", estimator, term, "", statistic)


def place_of_row(row: Mapping[Hashable, Any]) -> Place:
    """The place of a row of raw.published_statistic; a table of no estimator is one of OLS."""
    estimator = row["estimator"] if isinstance(row["estimator"], str) else "ols"
    return place_of(row["kind"], estimator, row["term"], row["other_term"], row["statistic"])
