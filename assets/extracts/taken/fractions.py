"""Shares that stand as fractions of one where their unit is per cent: 0.037 for 3.7 %.

Belongs here: telling a table of such, and the refusal. Not here: single figures out of line with
others (slips.py), which tell a fraction where other editions or years print per cent.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assets.extracts.errors import DocumentError, Faults
from assets.extracts.layouts.mending import says
from assets.extracts.meaning.registry import indicators
from assets.extracts.meaning.units import convert, units
from assets.extracts.taken.place import Taken, as_printed, confirmed_with, correction, is_confirmed

_FINER = Decimal("0.005")  # half a unit of two decimals: fewer say too little as a fraction


def refuse_fractions(taken: Sequence[Taken], before: Sequence[Taken], faults: Faults) -> None:
    """Stop at a table that says per cent, whose numbers all lie below one with several decimals.

    A number with its sign, a cell that the card confirms, or the same indicator in the edition
    before (then slips.py holds the one against the other) says what the table means.
    """
    known = {item.figure.indicator for item in before if item.value}
    tables: dict[str, list[Taken]] = {}
    for item in taken:
        if item.value and item.figure.unit.id == "pct":
            tables.setdefault(item.place.number, []).append(item)
    for found in tables.values():
        with faults.kept():
            if not _says_what_it_means(found, known) and _are_fractions(found):
                raise _error(found)


def _says_what_it_means(found: Iterable[Taken], known: set[str]) -> bool:
    return any(
        item.figure.indicator in known
        or is_confirmed(item.place, item.figure)
        or item.figure.cell.unit is not None  # the sign stands in the cell
        for item in found
    )


def _are_fractions(found: Iterable[Taken]) -> bool:
    printed = [
        (_in_its_unit(item, abs(item.value or Decimal(0))), _in_its_unit(item, item.half_unit))
        for item in found
    ]
    return all(value < 1 for value, _ in printed) and any(half <= _FINER for _, half in printed)


def _in_its_unit(item: Taken, canonical: Decimal) -> Decimal:
    """A number of the canonical unit in that of the table."""
    return convert(canonical, units()[indicators()[item.figure.indicator].unit], item.figure.unit)


def _error(found: Sequence[Taken]) -> DocumentError:
    first = found[0]
    place, figure = first.place, first.figure
    table, cell = place.table, figure.cell
    ratio = units()["ratio"].spellings[0]
    if figure.label in table.units:
        labels = dict.fromkeys((item.figure.label for item in found), ratio)
        fractions = says(place.number, {"units": {**table.units, **labels}})
    elif table.unit is not None:
        fractions = says(place.number, {"unit": ratio})
    else:
        fractions = f"of each cell {correction(place, cell)}"
    return place.grid.error(
        cell,
        found=f"'{as_printed(cell)}' in '{figure.printed_unit}' for {figure.label}: all numbers of "
        f"the table in this unit ({len(found)}) lie below one, as fractions do",
        expected="per cent, such as 3.7 where 0.037 of all are meant",
        advice=f"If they are fractions of one, {fractions}\n  If they are per cent, one cell that "
        f"says so is enough: {says(place.number, {'confirmed': confirmed_with(place, [cell])})}",
    )
