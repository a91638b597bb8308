"""The panel of towns by years that every estimator of the town study reads.

Belongs here: the panel, its checks, and how it is cut. Not here: making outcomes from sellers'
records (`sql/towns`), or any estimator. A panel is balanced unless it is made with has_gaps; an
estimator that is made for balanced panels says so (require_balanced).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assets.vintages.failures import Refusal

NEVER = np.inf  # the first treated year of a town that is never certified


class PanelError(Refusal):
    """A panel on which no estimator may run, with the town or year that is at fault."""


@dataclass(frozen=True, slots=True)
class TownPanel:
    """One outcome of towns over consecutive years.

    A town is treated from `first_treated_year` on; treatment is absorbing, so towns that lose the
    status are taken out, or kept as treated, before the panel is made.
    """

    town: tuple[str, ...]  # (towns,)
    years: NDArray[np.int64]  # (years,), consecutive, ascending
    outcome: NDArray[np.float64]  # (towns, years), log points where the outcome is a mean log
    first_treated_year: NDArray[np.float64]  # (towns,), NEVER for the never treated
    weight: NDArray[np.float64]  # (towns,), > 0: sellers behind the outcome, or ones
    has_gaps: bool = False  # whether a town may lack a year: its outcome is nan then

    def __post_init__(self) -> None:
        towns, years = len(self.town), len(self.years)
        if self.outcome.shape != (towns, years):
            raise PanelError(
                f"outcome has shape {self.outcome.shape}, expected {towns} towns x {years} years"
            )
        for name, values in (
            ("first_treated_year", self.first_treated_year),
            ("weight", self.weight),
        ):
            if values.shape != (towns,):
                raise PanelError(f"{name} has shape {values.shape}, expected ({towns},)")
        if len(set(self.town)) != towns:
            raise PanelError("a town stands in the panel twice")
        if years > 1 and np.any(np.diff(self.years) != 1):
            raise PanelError(f"years {self.years.tolist()} are not consecutive")
        self._require_numbers()

    def _require_numbers(self) -> None:
        missing = np.argwhere(
            np.isinf(self.outcome) if self.has_gaps else ~np.isfinite(self.outcome)
        )
        if missing.size:
            town, year = missing[0]
            raise PanelError(f"no outcome for town {self.town[town]} in {self.years[year]}")
        bad_weight = np.flatnonzero(~(np.isfinite(self.weight) & (self.weight > 0)))
        if bad_weight.size:
            raise PanelError(f"town {self.town[bad_weight[0]]} has no weight above zero")
        bad_year = np.flatnonzero(
            np.isnan(self.first_treated_year)
            | (np.trunc(self.first_treated_year) != self.first_treated_year)
        )
        if bad_year.size:
            raise PanelError(
                f"town {self.town[bad_year[0]]}: first treated year "
                f"{self.first_treated_year[bad_year[0]]} is neither a year nor never"
            )

    @property
    def treated(self) -> NDArray[np.bool_]:
        """(towns, years): whether the town is treated in that year."""
        treated: NDArray[np.bool_] = self.years[None, :] >= self.first_treated_year[:, None]
        return treated

    @property
    def seen(self) -> NDArray[np.bool_]:
        """(towns, years): whether there is an outcome."""
        return np.isfinite(self.outcome)

    def require_balanced(self, estimator: str) -> None:
        """Raises PanelError where a town lacks a year; estimator: who cannot do without it."""
        gaps = np.argwhere(~self.seen)
        if gaps.size:
            town, year = gaps[0]
            count = len(np.unique(gaps[:, 0]))
            raise PanelError(
                f"{estimator} is made for balanced panels, as its reference is: {count} of "
                f"{len(self.town)} towns lack a year, {self.town[town]} {self.years[year]} first"
            )

    @property
    def ever_treated(self) -> NDArray[np.bool_]:
        """(towns,): whether the town is treated in any year of the panel."""
        ever: NDArray[np.bool_] = self.first_treated_year <= self.years[-1]
        return ever

    @property
    def cohorts(self) -> NDArray[np.int64]:
        """First treated years that occur among towns seen both before and after it, ascending."""
        first = self.first_treated_year
        inside = (first > self.years[0]) & (first <= self.years[-1])
        return np.unique(first[inside]).astype(np.int64)

    def seen_untreated(self) -> "TownPanel":
        """The panel of the towns that have an untreated year: no other has an effect to be seen."""
        return self.take(self.first_treated_year > self.years[0])

    def take(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> "TownPanel":
        """The panel of some towns: keep is a mask or positions, shape (towns,) or any length."""
        if keep.dtype == np.bool_ and keep.all():
            return self
        positions = np.flatnonzero(keep) if keep.dtype == np.bool_ else keep
        return replace(
            self,
            town=tuple(self.town[position] for position in positions),
            outcome=self.outcome[positions],
            first_treated_year=self.first_treated_year[positions],
            weight=self.weight[positions],
        )

    def between(self, first_year: int, last_year: int) -> "TownPanel":
        """The panel of the years from first_year to last_year, both included."""
        inside = (self.years >= first_year) & (self.years <= last_year)
        return replace(self, years=self.years[inside], outcome=self.outcome[:, inside])


def town_panel(
    town: Sequence[str],
    years: Sequence[int],
    outcome: NDArray[np.float64],
    first_treated_year: Sequence[float],
    weight: Sequence[float] | None = None,
    has_gaps: bool = False,
) -> TownPanel:
    """A TownPanel from plain sequences; weight None means every town counts the same."""
    return TownPanel(
        town=tuple(town),
        years=np.asarray(years, dtype=np.int64),
        outcome=np.asarray(outcome, dtype=np.float64),
        first_treated_year=np.asarray(first_treated_year, dtype=np.float64),
        weight=np.ones(len(town)) if weight is None else np.asarray(weight, dtype=np.float64),
        has_gaps=has_gaps,
    )
