"""Reading a table that nobody vouches for yet, by the ordinary readers.

Belongs here: trying a card on a grid and keeping what the reader could not know (labels without a
meaning, figures without a unit) instead of stopping there. Not here: judging what was found; and
what is filed is read again, strictly, by `document.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from assets.extracts.adding.lacks import Lacks
from assets.extracts.cards.card import TableCard
from assets.extracts.document import read_figures
from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.layouts import published_table
from assets.extracts.layouts.cells import PrintedNumber, read_value
from assets.extracts.meaning.registry import indicator_of, indicators, normalise_label
from assets.extracts.meaning.units import Unit, convert, units
from assets.extracts.shared_sheet import within

_MOST_UNKNOWN = 500


@dataclass(frozen=True, slots=True)
class Value:
    """One figure. value: in the indicator's canonical unit; None where no number is printed."""

    cell: Cell
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one label and region: their unit, and where in the table they stand.

    position: row of the line, or column where labels head columns; printed: whether the document
    itself states the unit.
    """

    number: str
    label: str
    indicator: str
    region: str
    unit: Unit
    printed_unit: str
    printed: bool
    position: int
    values: Mapping[int, Value]

    @property
    def key(self) -> str:
        """The label as two editions are compared by it."""
        return normalise_label(self.label)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A label nobody knows, as a card would name it."""

    label: str
    cell: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a card gives on a grid. problem: the reader's own error where it stops for another
    reason than labels and units; then there are no lines. measures: texts beside the table that say
    another measure than is taken, with the keys of a card that take what they say; notes: those in
    words that no rule knows.
    """

    number: str
    grid: Grid
    table: TableCard
    lines: tuple[Line, ...]
    unknown: tuple[Unknown, ...]
    terms: frozenset[str]  # of a paper's table
    problem: DocumentError | None
    measures: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Labels that were read, normalised."""
        return frozenset(line.key for line in self.lines) | self.terms


@dataclass(frozen=True, slots=True)
class Frame:
    """What the card says outside its tables, and the units to think of where none is printed."""

    region: str
    edition: int
    units: Mapping[str, str]  # indicator → unit id


def probe(grid: Grid, table: TableCard, number: str, frame: Frame) -> Reading:
    """Read a sheet as a table card says. Never raises for what the document says."""
    grid = within(grid, table)
    attempt = _attempt(grid, table, number, frame)
    lacks = attempt.lacks
    unitless = lacks.unitless
    if attempt.problem is None and (table.unit or table.units):
        unstated = table.model_copy(update={"unit": None, "units": {}})
        unitless = _attempt(grid, unstated, number, frame).lacks.unitless
    return Reading(
        number=number,
        grid=grid,
        table=table,
        lines=_lines(attempt.figures, table, number, frozenset(map(normalise_label, unitless))),
        unknown=tuple(Unknown(label, cell) for label, cell in lacks.unknown.items()),
        terms=attempt.terms,
        problem=attempt.problem,
        measures=lacks.measures,
        notes=tuple(lacks.notes),
    )


@dataclass(frozen=True, slots=True)
class _Attempt:
    figures: Sequence[Figure]
    lacks: Lacks
    terms: frozenset[str] = frozenset()
    problem: DocumentError | None = None


def _attempt(grid: Grid, table: TableCard, number: str, frame: Frame) -> _Attempt:
    lacks = Lacks(headings=None)
    while True:
        source = TableSource(grid, table, number, frame.region, frame.edition)
        try:
            if table.layout == "published_table":
                terms = published_table.read(source).seen
                source.faults.refuse()
                return _Attempt((), lacks, terms=terms)
            return _Attempt(read_figures(source).figures, lacks)
        except DocumentError as error:
            mended = (
                _without_unit(table, error.label)
                if error.lacks == "other_unit"
                else lacks.mended(table, error, partial(_fallback, table, frame))
            )
            if mended is None or len(lacks.unknown) + len(lacks.unitless) >= _MOST_UNKNOWN:
                return _Attempt((), lacks, problem=error)
            table = mended


def _without_unit(table: TableCard, label: str) -> TableCard:
    """Take back what the card says of a label's unit, which the document prints otherwise."""
    key = normalise_label(label)
    own = {name: unit for name, unit in table.units.items() if normalise_label(name) != key}
    unit = table.unit if len(own) < len(table.units) else None
    return table.model_copy(update={"units": own, "unit": unit})


def _fallback(table: TableCard, frame: Frame, label: str) -> str | None:
    """The unit to think of for a label that prints none."""
    own = {normalise_label(path.split("/")[-1]): name for path, name in table.labels.items()}
    indicator = own.get(normalise_label(label)) or indicator_of(label)
    if indicator is None:
        return None
    return frame.units.get(indicator, indicators()[indicator].unit)


def _lines(
    figures: Sequence[Figure], table: TableCard, number: str, unitless: frozenset[str]
) -> tuple[Line, ...]:
    grouped: dict[tuple[str, str, str], list[Figure]] = {}
    for figure in figures:
        key = (normalise_label(figure.label), figure.indicator, figure.region)
        grouped.setdefault(key, []).append(figure)
    across = labels_across(table)
    return tuple(
        Line(
            number=number,
            label=group[0].label,
            indicator=group[0].indicator,
            region=group[0].region,
            unit=group[0].unit,
            printed_unit=group[0].printed_unit,
            printed=normalise_label(group[0].label) not in unitless,
            position=group[0].cell.column if across else group[0].cell.row,
            values=dict(_values(group, table)),
        )
        for group in grouped.values()
    )


def labels_across(table: TableCard) -> bool:
    """Whether a label heads a column, its figures a year or a region in each row."""
    return table.axes is not None and bool(table.axes.indicator.across)


def _values(figures: Sequence[Figure], table: TableCard) -> Iterator[tuple[int, Value]]:
    for figure in figures:
        try:
            read = read_value(figure.cell.text, table.marks)
        except ValueError:
            read = None  # the ordinary reader will stop there and say why
        number = read if isinstance(read, PrintedNumber) else None
        canonical = units()[indicators()[figure.indicator].unit]
        value = None if number is None else convert(number.value, figure.unit, canonical)
        yield figure.reference_year, Value(figure.cell, value)
