"""Why an edition revised an indicator, inferred from which years it revised and how.

Belongs here: the patterns. Not here: finding revisions (`sql/release/revision.sql`), what a card
says of them (`Card.revisions`), or whether first prints are good (first_prints.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assets.extracts.cards.card import RevisionCause
from assets.poverty.revisions.first_prints import Print

Cause = RevisionCause | Literal["cannot say"]

FEWEST_OF_BENCHMARK = 4  # years of one indicator in one edition
_SAME_RATIO = 0.002  # by which the ratios of new to old figures may differ where a unit changed
_LATE = 3  # years before the edition whose figures may still be provisional
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Revising:
    """What one edition did to one indicator. Years are those that were printed before."""

    edition: int
    reprinted: int
    revised: tuple[int, ...]
    deleted: tuple[int, ...]  # between its first and last year, and not in it
    mean_pct: float | None  # of the revised years
    cause: Cause


def revising(prints: Sequence[Print]) -> list[Revising]:
    """Every edition that revised or left out a figure, with the cause its pattern speaks for.

    prints: as they stand (first_prints.standing).
    """
    found = []
    for edition in sorted({x.edition for x in prints}):
        own = {x.year: x for x in prints if x.edition == edition}
        before: dict[int, Print] = {}
        for each in sorted(prints, key=lambda x: x.edition):
            if each.edition < edition:
                before[each.year] = each
        both = sorted(own.keys() & before.keys())
        ratios = {
            year: own[year].value / before[year].value
            for year in both
            if before[year].value and own[year].value != before[year].value
        }
        deleted = tuple(year for year in before if year not in own and min(own) < year < max(own))
        if ratios or deleted:
            mean = 100 * (sum(ratios.values()) / len(ratios) - 1) if ratios else None
            cause = _cause(edition, both, ratios)
            found.append(Revising(edition, len(both), tuple(sorted(ratios)), deleted, mean, cause))
    return found


def _cause(edition: int, both: Sequence[int], ratios: dict[int, float]) -> Cause:
    """The first pattern that fits.

    definition: every figure printed again is the old one times the same number. benchmark: most of
    the years printed again, four or more, as after a census. provisional: only years that were new
    a short while ago. correction: one older year among others that stand.
    """
    if not ratios:
        return "deleted"
    revised = sorted(ratios)
    values = [ratios[year] for year in revised]
    most = len(revised) >= _MOSTLY * len(both)
    if len(revised) >= FEWEST_OF_BENCHMARK and most:
        alike = max(values) - min(values) <= _SAME_RATIO * max(values)
        return "definition" if alike and len(revised) == len(both) else "benchmark"
    if all(year >= edition - _LATE for year in revised):
        return "provisional"
    if len(revised) == 1 and len(both) >= 3:
        return "correction"
    return "cannot say"
