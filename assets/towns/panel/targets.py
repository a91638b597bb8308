"""What is averaged: the weights that effects by cohort and year get in each target.

Belongs here: targets that weight every treated town-year by the town's weight. Not here: the plain
means over event times or cohorts of Callaway and Sant'Anna, whose estimated shares matter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.towns.panel.town_panel import TownPanel

Label = tuple[str, str, int]  # target, cell, treated towns behind it


@dataclass(frozen=True, slots=True)
class Targets:
    """Averages of effects by cohort and year."""

    labels: tuple[Label, ...]  # (targets,)
    weight: NDArray[np.float64]  # (cells, targets), each column sums to 1


def targets(panel: TownPanel, cohort: NDArray[np.int64], year: NDArray[np.int64]) -> Targets:
    """Overall, by event time, cohort, calendar year and cell, over the cells (g, t) given.

    cohort, year: (cells,), each with a town that has an outcome: these are who is averaged. Cells
    before the cohort's first treated year count in their event time and their own cell only.
    """
    member = panel.first_treated_year[:, None] == cohort[None, :]
    member &= panel.seen[:, year - panel.years[0]]
    size, elapsed = panel.weight @ member, year - cohort
    labels: list[Label] = []
    columns: list[NDArray[np.float64]] = []

    def add(target: str, cell: str, kept: NDArray[np.bool_]) -> None:
        labels.append((target, cell, int(member[:, kept].any(axis=1).sum())))
        columns.append(np.where(kept, size, 0.0) / size[kept].sum())

    after = elapsed >= 0
    add("att", "", after)
    for value in np.unique(elapsed):
        add("event_time", f"e={value}", elapsed == value)
    for value in np.unique(cohort[after]):
        add("cohort", f"g={value}", after & (cohort == value))
    for value in np.unique(year[after]):
        add("calendar_year", f"t={value}", after & (year == value))
    for position, (group, at) in enumerate(zip(cohort, year, strict=True)):
        add("group_time", f"g={group},t={at}", np.arange(len(cohort)) == position)
    return Targets(tuple(labels), np.stack(columns, axis=1))
