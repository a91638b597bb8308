"""Rows of provinces and years with their regressors, of which a province may lack years.

Belongs here: what estimators of counts and of intervals ask of their rows alike. Not here: outcomes
(poor_counties.py, poverty_classes.py), balanced panels (panel_data.py).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from assets.provinces.panel_data import Floats


@dataclass(frozen=True, slots=True)
class RowPanel:
    """Rows in the order of provinces and years."""

    terms: tuple[str, ...]
    region: tuple[str, ...]  # (rows,)
    year: tuple[int, ...]  # (rows,)
    regressors: Floats  # (rows, terms)

    @property
    def n(self) -> int:
        """Count of rows."""
        return len(self.region)

    @property
    def regions(self) -> tuple[str, ...]:
        """The provinces, in order."""
        return tuple(sorted(set(self.region)))

    @property
    def years(self) -> tuple[int, ...]:
        """The years, in order."""
        return tuple(sorted(set(self.year)))

    @property
    def cluster(self) -> NDArray[np.int64]:
        """(rows,): position of the province of each row."""
        return np.asarray(np.unique(np.asarray(self.region), return_inverse=True)[1], np.int64)

    @property
    def year_effects(self) -> Floats:
        """(rows, years)."""
        is_of = np.asarray(self.year)[:, None] == np.asarray(self.years)
        return np.asarray(is_of, dtype=np.float64)

    @property
    def means(self) -> Floats:
        """(rows, terms): the mean of each regressor over the years of its province."""
        is_own = np.asarray(self.region)[:, None] == np.asarray(self.region)
        mean: Floats = is_own @ self.regressors / is_own.sum(axis=1, keepdims=True)
        return mean

    def kept(self, rows: NDArray[np.bool_]) -> Self:
        """The same with some of its rows."""
        return replace(
            self,
            region=tuple(np.asarray(self.region)[rows].tolist()),
            year=tuple(np.asarray(self.year)[rows].tolist()),
            regressors=self.regressors[rows],
            **self.own_kept(rows),
        )

    def own_kept(self, rows: NDArray[np.bool_]) -> dict[str, Any]:
        """What a kind of panel has by row besides these, of some rows."""
        raise NotImplementedError

    def without(self, regions: Collection[str]) -> Self:
        """The same without some provinces."""
        return self.kept(np.array([region not in regions for region in self.region]))

    def beside(self, names: Collection[str], columns: Floats) -> Self:
        """The same with more regressors; columns: (rows, names)."""
        regressors = np.column_stack([self.regressors, columns])
        return replace(self, terms=(*self.terms, *names), regressors=regressors)

    def with_means(self) -> Self:
        """The same with the mean of each regressor beside it."""
        return self.beside([f"mean of {term}" for term in self.terms], self.means)
