"""A paper's printed numbers, and the interval that rounding allows each of them.

Belongs here: what was printed, for which n and which columns. Not here: reading documents
(`assets/extracts`) or computing the numbers of a sample.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.papers.printed_number import half_unit_of
from assets.papers.printed_place import SETTINGS, Place, place_of_row


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One printed number: where it stands, what it is of, and its digits without stars."""

    table_number: str
    place: Place
    printed: str

    @property
    def value(self) -> float:
        """The printed number as a double."""
        return float(self.printed.replace("\N{MINUS SIGN}", "-"))

    @property
    def half_unit(self) -> float:
        """Half a unit of the last printed digit."""
        return float(half_unit_of(self.printed))

    @property
    def interval(self) -> tuple[float, float]:
        """Everything that rounds to the printed number, both ends included."""
        return self.value - self.half_unit, self.value + self.half_unit

    @property
    def statistic(self) -> str:
        """The statistic's name: mean, r, coefficient, p, ..."""
        return self.place.statistic

    @property
    def label(self) -> str:
        """The number in words, for messages and tables."""
        place, table = self.place, f"Table {self.table_number}:"
        of = "of" if place.term else ""
        parts = (table, place.estimator, place.statistic, of, place.term)
        pair = f" and {place.other_term}" if place.other_term else ""
        return " ".join(filter(None, parts)) + f"{pair} = {self.printed}"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper prints about one sample of n rows; the dependent is the first column.

    normalised: whether the regressions use min-max normalised columns. Ridge is that of SPSS.
    excluded: printed numbers that a sample need not satisfy.
    """

    source: str
    edition: int
    n: int
    columns: tuple[str, ...]
    numbers: tuple[PrintedNumber, ...]
    ridge_k: float = 0.0
    normalised: bool = True
    excluded: frozenset[PrintedNumber] = frozenset()

    @property
    def required(self) -> tuple[PrintedNumber, ...]:
        """The printed numbers that a sample must satisfy."""
        return tuple(number for number in self.numbers if number not in self.excluded)

    @property
    def regressors(self) -> tuple[str, ...]:
        """All columns but the dependent."""
        return self.columns[1:]

    @property
    def has_regression(self) -> bool:
        """Whether any regression result is printed."""
        return any(number.place.kind == "regression" for number in self.numbers)

    @property
    def df_residual(self) -> int:
        """Residual degrees of freedom of a regression with a constant."""
        return self.n - len(self.columns)

    def without(self, numbers: Iterable[PrintedNumber]) -> "Paper":
        """The same paper with more numbers excluded."""
        return replace(self, excluded=self.excluded | frozenset(numbers))

    def printed_of(self, kind: str, term: str, statistic: str) -> PrintedNumber | None:
        """The required number of that kind, row and statistic, or None."""
        for number in self.required:
            place = number.place
            if (place.kind, place.term, place.statistic) == (kind, term, statistic):
                return number
        return None


def paper_from_statistics(
    printed: pd.DataFrame,
    source: str,
    dependent: str,
    regressors: Sequence[str],
    n: int,
    ridge_k: float = 0.0,
    normalised: bool = True,
) -> Paper:
    """A paper from rows of raw.published_statistic; settings such as k and n are left out.

    Raises ValueError where the source has no row, more than one edition, a number of a column that
    is not named, or too few observations for the regressions it prints.
    """
    rows = printed[printed["source"] == source].to_dict("records")
    editions = sorted({int(row["edition"]) for row in rows})
    if len(editions) != 1:
        raise ValueError(f"{source}: found editions {editions}; expected printed numbers of one.")
    paper = Paper(
        source=source,
        edition=editions[0],
        n=n,
        columns=(dependent, *regressors),
        numbers=tuple(_number(row) for row in rows if row["statistic"] not in SETTINGS),
        ridge_k=ridge_k,
        normalised=normalised,
    )
    _require_usable(paper)
    return paper


def _number(row: Mapping[Hashable, Any]) -> PrintedNumber:
    return PrintedNumber(row["table_number"], place_of_row(row), row["printed_value"].rstrip("*"))


def _require_usable(paper: Paper) -> None:
    known = {*paper.columns, "const", ""}
    for number in paper.numbers:
        unknown = {number.place.term, number.place.other_term} - known
        if unknown:
            raise ValueError(
                f"{paper.source}, {number.label}: {', '.join(sorted(unknown))} is not a column; "
                f"expected one of {', '.join(paper.columns)}. Name it or leave the number out."
            )
    if paper.n < 3 or (paper.has_regression and paper.df_residual < 1):
        raise ValueError(
            f"{paper.source}: n = {paper.n} is too few for {len(paper.regressors)} regressors and "
            "a constant; expected at least one residual degree of freedom."
        )
