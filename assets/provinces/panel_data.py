"""The rows of a specification as arrays: provinces by years.

Belongs here: which rows of provinces.province_panel a specification takes, and how they stand. Not
here: the figures (`sql/provinces/`), estimators.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.provinces.specification import FIRST_YEAR, LAST_YEAR, Specification
from assets.regression.estimable import NotEstimable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProvincePanel:
    """A balanced panel: every province has every year."""

    terms: tuple[str, ...]
    regions: tuple[str, ...]  # (units,), in order
    years: tuple[int, ...]  # (periods,), consecutive
    outcome: Floats  # (units, periods)
    regressors: Floats  # (units, periods, terms)

    @property
    def n(self) -> int:
        """Provinces times years."""
        return self.outcome.size

    @property
    def unit(self) -> NDArray[np.int64]:
        """(n,): position of the province of each row, rows of a province one after the other."""
        return np.repeat(np.arange(len(self.regions)), len(self.years))

    @property
    def period(self) -> NDArray[np.int64]:
        """(n,): position of the year of each row."""
        return np.tile(np.arange(len(self.years)), len(self.regions))

    @property
    def y(self) -> Floats:
        """(n,): the outcome."""
        return self.outcome.reshape(-1)

    @property
    def X(self) -> Floats:
        """(n, terms): the regressors."""
        return self.regressors.reshape(self.n, len(self.terms))

    def led_by(self, term: str) -> "ProvincePanel":
        """The same with this regressor first."""
        place = self.terms.index(term)
        order = [place, *(each for each in range(len(self.terms)) if each != place)]
        terms = tuple(self.terms[each] for each in order)
        return replace(self, terms=terms, regressors=self.regressors[:, :, order])

    def without(self, regions: Collection[str]) -> "ProvincePanel":
        """The same without some provinces."""
        kept = [place for place, region in enumerate(self.regions) if region not in regions]
        return replace(
            self,
            regions=tuple(self.regions[place] for place in kept),
            outcome=self.outcome[kept],
            regressors=self.regressors[kept],
        )

    def differences(self) -> "ProvincePanel":
        """Changes over the year before."""
        return replace(
            self,
            years=self.years[1:],
            outcome=np.diff(self.outcome, axis=1),
            regressors=np.diff(self.regressors, axis=1),
        )

    def long_difference(self) -> "ProvincePanel":
        """The change from the first year to the last: one row a province."""
        return replace(
            self,
            years=self.years[-1:],
            outcome=self.outcome[:, -1:] - self.outcome[:, :1],
            regressors=self.regressors[:, -1:] - self.regressors[:, :1],
        )

    def around_year_means(self) -> "ProvincePanel":
        """Distances from the mean of all provinces in the year."""
        return replace(
            self,
            outcome=self.outcome - self.outcome.mean(axis=0),
            regressors=self.regressors - self.regressors.mean(axis=0),
        )


def figures_of(frame: pd.DataFrame, specification: Specification, *others: str) -> pd.DataFrame:
    """The columns that a specification takes, and others, of rows of provinces.province_panel."""
    names = ("region", "reference_year", specification.outcome, *specification.regressors, *others)
    return frame[list(names)].reset_index(drop=True)


def panel_of(frame: pd.DataFrame, specification: Specification) -> ProvincePanel:
    """The panel of a specification.

    frame: rows of provinces.province_panel, or `figures_of` them. Years that no province has in
    full, such as the first one of a growth rate, are left out. Raises NotEstimable where the others
    have gaps.
    """
    columns = [specification.outcome, *specification.regressors]
    values = frame[columns].to_numpy(dtype=np.float64)
    places = list(zip(frame["region"].tolist(), frame["reference_year"].tolist(), strict=True))
    whole = ~np.isnan(values).any(axis=1)
    rows = sorted(  # in plain Python: an edition asks for dozens of panels of some hundred rows
        (
            row
            for row, (_, year) in enumerate(places)
            if whole[row] and FIRST_YEAR <= year <= LAST_YEAR
        ),
        key=places.__getitem__,
    )
    regions = tuple(dict.fromkeys(str(places[row][0]) for row in rows))
    years = tuple(sorted({int(places[row][1]) for row in rows}))
    if len(rows) != len(regions) * len(years) or len(regions) < 2 or len(years) < 2:
        raise NotEstimable(
            f"{len(rows)} rows of {len(regions)} provinces and {len(years)} years with a figure of "
            f"{', '.join(columns)}: expected each of two provinces or more in each of two years or "
            "more."
        )
    outcome, *regressors = np.ascontiguousarray(values[rows].T).reshape(
        len(columns), len(regions), len(years)
    )
    cube = np.moveaxis(np.stack(regressors), 0, 2)
    return ProvincePanel(specification.regressors, regions, years, outcome, cube)
