"""Judging a proposal by reading the table with it.

Belongs here: what a reading takes, and what it lacks that an answer could give. Not here: how the
proposal came about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from assets.extracts.adding.lacks import Lacks
from assets.extracts.cards.axes_card import AxesCard
from assets.extracts.document import read_figures
from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Grid
from assets.extracts.files.notation import notation_of
from assets.extracts.layouts.cells import is_mark, normalise_mark, read_value, why_no_figure
from assets.extracts.meaning.registry import indicator_of, indicators, normalise_label
from assets.extracts.proposing.seen import LAST_YEAR, NUMBER, table_card
from assets.extracts.written.landing_files import CORRECTIONS_NAME

_MOST_ROUNDS = 40
_BY_HAND = (
    "Compare the cell with the publisher's document. What it should say belongs into "
    f"{CORRECTIONS_NAME} beside a card that is written by hand (landing/README.md); a row or "
    "column that is not wanted is left out there."
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a reading gave. unknown: labels nobody knows; unitless: labels without a unit.

    marks: texts in the place of numbers that nothing explains; headings: texts over some of the
    rows, which are left out; measures: texts that say another measure or definition than is taken,
    with the keys of a card that take what they say; notes: those in words that no rule knows;
    notations: numbers in a notation that the card has to say, one of each; problem: why it may not
    be taken.
    """

    figures: tuple[Figure, ...]
    unknown: tuple[str, ...] = ()
    unitless: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    problem: DocumentError | None = None
    headings: tuple[str, ...] = ()
    measures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    notations: tuple[str, ...] = ()


def attempt(
    grid: Grid, entry: Mapping[str, Any], region: str, expected: Sequence[str] = ()
) -> Attempt:
    """Read a table by an entry of a card, as if what it lacks were answered.

    expected: labels that are known to be unknown.
    """
    table = table_card(entry)
    named = {normalise_label(label) for label in (*table.labels, *table.ignore)}
    unknown = [label for label in expected if normalise_label(label) not in named]
    table = table.model_copy(update={"ignore": (*table.ignore, *unknown)})
    lacks = Lacks(headings=[], unknown=dict.fromkeys(unknown, ""))
    for _ in range(_MOST_ROUNDS):
        try:
            read = read_figures(TableSource(grid, table, NUMBER, region, LAST_YEAR))
        except DocumentError as error:
            mended = lacks.mended(table, error, partial(_any_unit, table.labels, table.axes))
            if mended is None:
                return Attempt((), tuple(lacks.unknown), tuple(lacks.unitless), (), error)
            table = mended
            continue
        taken = {figure.label for figure in read.figures}  # not those of rows left out since
        without = [label for label in lacks.unitless if label in taken]
        read_so = _judged(grid, table.marks, read.figures, tuple(lacks.unknown), without)
        return replace(
            read_so,
            headings=tuple(lacks.headings or ()),
            measures=lacks.measures,
            notes=tuple(lacks.notes),
        )
    return Attempt((), tuple(lacks.unknown), tuple(lacks.unitless))


def _any_unit(own: Mapping[str, str], axes: AxesCard | None, label: str) -> str:
    """A unit to go on with, of the right kind; it is asked for."""
    # A card names a label by all its texts, a figure by the innermost.
    mapped = {normalise_label(name.rpartition("/")[2]): known for name, known in own.items()}
    mapped |= {normalise_label(name): known for name, known in own.items()}
    indicator = mapped.get(normalise_label(label)) or indicator_of(label)
    if indicator is None and axes is not None and axes.indicator.once in indicators():
        indicator = str(axes.indicator.once)
    return indicators()[indicator].unit if indicator else "ratio"


def _judged(
    grid: Grid,
    explained: Mapping[str, Any],
    figures: Sequence[Figure],
    unknown: Sequence[str],
    unitless: Sequence[str],
) -> Attempt:
    """Every figure is a number, a blank or a mark, and none stands for what another does."""
    marks: dict[str, str] = {}  # normalised → as printed
    places: dict[tuple[str, str, int], Figure] = {}
    problem: DocumentError | None = None
    notations: dict[str, str] = {}
    for figure in figures:
        key = (figure.indicator, figure.region, figure.reference_year)
        other = places.setdefault(key, figure)
        if other is not figure:
            problem = problem or grid.error(
                figure.cell,
                found=f"it would be {', '.join(map(str, key))}, as {other.cell.ref} is",
                expected="one figure for each indicator, region and year",
                advice="Something else tells the lines apart: a further column, or a second label.",
            )
        try:
            read_value(figure.cell.text, explained)
        except ValueError as error:
            notation = notation_of(figure.cell.text)
            if notation is not None:
                notations.setdefault(notation.value, figure.cell.text.strip())
            elif not is_mark(figure.cell.text):
                problem = problem or grid.error(
                    figure.cell,
                    found=str(error),
                    expected="a number, or a mark for a missing one",
                    advice=_BY_HAND,
                )
            else:
                marks.setdefault(normalise_mark(figure.cell.text), figure.cell.text.strip())
        if why := why_no_figure(figure.cell):
            problem = problem or grid.error(
                figure.cell, found=why, expected="a plain number", advice=_BY_HAND
            )
    return Attempt(
        tuple(figures),
        tuple(unknown),
        tuple(unitless),
        tuple(marks.values()),
        problem,
        notations=tuple(notations.values()),
    )
