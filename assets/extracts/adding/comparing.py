"""Figures that the new document prints otherwise than its source did before.

Belongs here: the list of them. Not here: judging them; a refresh does that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assets.extracts.adding.previous import Known
from assets.extracts.document_rows import ObservationRow


@dataclass(frozen=True, slots=True)
class Revised:
    """A figure in the indicator's canonical unit, as printed before (by which edition) and now."""

    region: str
    indicator: str
    reference_year: int
    unit: str
    old: Decimal
    old_edition: int
    new: Decimal
    cell: str

    @property
    def change_pct(self) -> float | None:
        """Change in per cent of the old value; None where that is zero."""
        return None if not self.old else float((self.new - self.old) / abs(self.old) * 100)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is the same, what differs (largest change first), what nobody printed before."""

    same: int
    revised: tuple[Revised, ...]
    first_prints: int
    first_years: tuple[int, ...]


def compare(observations: Iterable[ObservationRow], known: Known) -> Comparison:
    """Hold every figure against the latest earlier print of its source."""
    same, fresh = 0, []
    revised: list[Revised] = []
    for row in observations:
        before = known.get((row.region, row.indicator, row.reference_year))
        new = Decimal(repr(row.value))
        if before is None or before.definition != row.definition:
            fresh.append(row.reference_year)
        elif before.value == new:
            same += 1
        else:
            revised.append(_revised(row, before.value, before.edition, new))
    revised.sort(key=lambda each: -abs(each.change_pct or float("inf")))
    return Comparison(same, tuple(revised), len(fresh), tuple(sorted(set(fresh))))


def _revised(row: ObservationRow, old: Decimal, edition: int, new: Decimal) -> Revised:
    return Revised(
        region=row.region,
        indicator=row.indicator,
        reference_year=row.reference_year,
        unit=row.unit,
        old=old,
        old_edition=edition,
        new=new,
        cell=row.cell,
    )
