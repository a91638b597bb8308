"""One document with its card, read into observations whose every origin is known.

Belongs here: choosing the reader, turning printed text into values in canonical units, and the
checks that need the whole document or the edition before. Not here: how a layout is read, and
anything that stores the result.
"""

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.cards.card import CORRECTIONS_NAME, Card, LoadedCard, TableCard, load_card
from assets.extracts.cards.coverage import declared_figures
from assets.extracts.corrections import corrected, read_corrections, refuse_unread
from assets.extracts.currency_statements import refuse_other_currency
from assets.extracts.document_rows import (
    CoverageRow,
    DocumentRow,
    IntervalRow,
    ObservationRow,
    PublishedStatisticRow,
    UnavailableRow,
)
from assets.extracts.errors import DocumentError, Faults, spell_place
from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.container import load_grid
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.files.notation import in_plain_digits, notation_of
from assets.extracts.files.page_picture import ReadPlace, ReadPlaceKind
from assets.extracts.layouts import axes, published_table
from assets.extracts.layouts.cells import (
    Missing,
    parse_number,
    read_value,
    why_no_figure,
)
from assets.extracts.layouts.classes import PrintedClass, parse_class
from assets.extracts.layouts.flags import are_flags, split_flags
from assets.extracts.layouts.mending import card_line, says, says_axes, says_left_out
from assets.extracts.layouts.published_table import PrintedStatistic
from assets.extracts.layouts.told_status import refuse_in_doubt
from assets.extracts.meaning.definitions import OWN
from assets.extracts.meaning.identifiers import IDENTIFIERS_NAME, changed_identifiers, present_names
from assets.extracts.meaning.registry import (
    border_notes,
    indicators,
    normalise_label,
    plausible_range,
    regions,
)
from assets.extracts.meaning.status import STATUS_CODES, Status, least_sure
from assets.extracts.meaning.told_definition import (
    LabelledFigure,
    NotTold,
    named_definitions,
    stated_definition,
    told_definition,
)
from assets.extracts.meaning.units import convert, units
from assets.extracts.outlying import Outlying, outlying
from assets.extracts.outlying_across import out_of_line, out_of_step
from assets.extracts.region_statements import refuse_other_figures, refuse_other_region
from assets.extracts.shared_sheet import left_over, within
from assets.extracts.written.year_list import spell_years
from assets.warehouse.row import Row, as_frame

if TYPE_CHECKING:
    import pandas as pd

_WHOLE = ":"  # all cells of a sheet
_STEADY = frozenset(("currency", "persons", "currency_per_person"))  # no year is ten times the next
_SHIFTS = (2, 4, 8)  # per cent, 万 and 亿 forgotten or applied twice


def read_figures(source: TableSource) -> TableFigures:
    """Read a table of indicators, regions and years.

    Raises DocumentError with all that is wrong with the table.
    """
    figures = _figures_beside_faults(source)
    source.faults.refuse()
    return figures


def _figures_beside_faults(source: TableSource) -> TableFigures:
    """The figures of a table that are in no doubt; what is in doubt stands in `source.faults`.

    The document may not say another region or currency than the card.
    """
    stated = {"decimal": source.table.decimal, "negatives": source.table.negatives}
    source = replace(source, grid=in_plain_digits(source.grid, stated))
    refuse_other_region(source)
    read = axes.read(source)
    with source.faults.kept():
        refuse_other_figures(source, read)
    with source.faults.kept():
        refuse_other_currency(source, read)
    return read


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """A label the document prints (normalised), its printed unit's id, and its first figure.

    unit_confirmed: the card states the unit, or the document states it anew for every figure.
    """

    label: str
    unit: str
    unit_confirmed: bool
    file: str
    sheet: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read whole. file: path under landing/."""

    card: Card
    file: str
    document_sha256: str
    content_sha256: str
    observations: tuple[ObservationRow, ...]
    unavailable: tuple[UnavailableRow, ...]
    intervals: tuple[IntervalRow, ...]
    coverage: tuple[CoverageRow, ...]
    statistics: tuple[PublishedStatisticRow, ...]
    places: tuple[ReadPlace, ...]  # on the pages of a PDF


@dataclass(frozen=True, slots=True)
class _Place:
    """One table while it is judged."""

    loaded: LoadedCard
    number: str
    table: TableCard
    grid: Grid


@dataclass(frozen=True, slots=True)
class _Placed:
    """A figure with the table it stands in."""

    place: _Place
    figure: Figure


@dataclass(frozen=True, slots=True)
class _Taken:
    """A figure with its table and its value in the canonical unit (None: unavailable, or a class).

    within: the ends of the class that stands there, in the canonical unit.
    definition: of its indicator, by which it counts.
    half_unit: half a unit of the last digit read, in the canonical unit; 0 where no digit stands.
    status: what year, label, flag and number say of it; else what the card does.
    """

    place: _Place
    figure: Figure
    definition: str
    value: Decimal | None
    half_unit: Decimal
    meaning: str
    footnotes: str
    status: Status
    within: PrintedClass | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """What the edition before holds: its labels and its figures."""

    labels: Sequence[SeenLabel]
    taken: Sequence[_Taken]


NO_PREVIOUS = Previous((), ())


def read_document(card_path: Path, landing: Path, previous: Previous | None = None) -> Document:
    """Read the document a card describes.

    previous: the edition before; by default the latest earlier one of the same source under
    `landing` is read. Where that edition cannot be read itself, the comparison is
    left out: its own error is reported when it is its turn.
    Raises DocumentError naming file, sheet and cell of everything that is in doubt.
    """
    loaded = load_card(card_path, landing)
    if loaded.card.withdrawn:
        return _nothing_of(loaded)
    faults = Faults()
    contents = _read(loaded, card_path, landing, faults)
    if previous is None:
        previous = _previous(card_path, landing)
    if contents.whole:
        _check_against_previous(loaded, contents, previous.labels, faults)
    _refuse_outlying(contents.taken, previous.taken, faults)
    if not contents.figures and not contents.statistics and not faults:
        with faults.kept():
            raise contents.grids[0].error(
                contents.grids[0].cell(1, 1),
                found="the document holds no figure the card takes",
                expected="at least one",
                advice=_takes_nothing(loaded.card),
            )
    faults.refuse()
    taken = contents.taken
    return Document(
        card=loaded.card,
        file=loaded.file,
        document_sha256=loaded.document_sha256,
        content_sha256=loaded.content_sha256,
        observations=tuple(_observation(item) for item in taken if item.value is not None),
        unavailable=tuple(
            _unavailable(item) for item in taken if item.value is None and item.within is None
        ),
        intervals=tuple(_interval(item) for item in taken if item.within is not None),
        coverage=tuple(_coverage(loaded.card)),
        statistics=tuple(contents.statistics),
        places=tuple(_read_places(taken)),
    )


def _takes_nothing(card: Card) -> str:
    """Advice on a card that takes no figure: what of it leaves figures out."""
    number, table = next(iter(card.tables.items()))
    keys = {"only_years": table.only_years, "ignore": table.ignore}
    stated = {key: None for key, value in keys.items() if value}
    if not stated:
        return f'tables."{number}" of the card is about another sheet or table than this one.'
    return f"If that is not meant, {says(number, stated)}"


def document_frames(documents: Iterable[Document]) -> "dict[str, pd.DataFrame]":
    """Lay documents out as the rows of the raw tables, by name of the table."""
    read = list(documents)
    rows: tuple[tuple[type[Row], list[Row]], ...] = (
        (DocumentRow, [_document_row(document) for document in read]),
        (ObservationRow, [row for document in read for row in document.observations]),
        (UnavailableRow, [row for document in read for row in document.unavailable]),
        (IntervalRow, [row for document in read for row in document.intervals]),
        (CoverageRow, [row for document in read for row in document.coverage]),
        (PublishedStatisticRow, [row for document in read for row in document.statistics]),
    )
    return {kind.table.name: as_frame(kind, of_kind) for kind, of_kind in rows}


def _document_row(document: Document) -> DocumentRow:
    card = document.card
    return DocumentRow(
        source=card.source,
        edition=card.edition,
        region=card.region,
        title=card.title,
        publisher=card.publisher,
        url=card.url,
        published_on=card.published_on,
        accessed_on=card.accessed_on,
        licence=card.licence,
        quality=card.quality,
        standing=card.standing,
        retyped=card.retyped,
        file=document.file,
        document_sha256=document.document_sha256,
        content_sha256=document.content_sha256,
        bytes=card.document.bytes,
        observations=len(document.observations),
        statistics=len(document.statistics),
        note=card.note,
        withdrawn=card.withdrawn.reason if card.withdrawn else None,
        card=card.model_dump_json(exclude_none=True),
    )


@dataclass(slots=True)
class _Contents:
    """What a document holds by itself, without the edition before.

    whole: every table could be read to its end, so that a label which was not met is not there;
    sheets: by number of a table, with all of their cells.
    """

    grids: list[Grid] = field(default_factory=list)
    sheets: dict[str, Grid] = field(default_factory=dict)
    figures: list[_Placed] = field(default_factory=list)
    taken: list[_Taken] = field(default_factory=list)
    statistics: list[PublishedStatisticRow] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    whole: bool = True


def _read(loaded: LoadedCard, card_path: Path, landing: Path, faults: Faults) -> _Contents:
    """Read every table of a document, and go on after each fault."""
    contents = _Contents()
    corrections = read_corrections(card_path, landing, loaded.card)
    for number, table in loaded.card.tables.items():
        was_read = False
        with faults.kept():
            password = loaded.card.document.password
            grid = load_grid(loaded.document_path, f"landing/{loaded.file}", table, password)
            sheet = corrected(grid, corrections, number)
            grid = within(sheet, table)
            contents.grids.append(grid)
            contents.sheets[number] = sheet
            place = _Place(loaded, number, table, grid)
            source = TableSource(
                grid, table, number, loaded.card.region, loaded.card.edition, faults
            )
            if table.layout == "published_table":
                printed = published_table.read(source)
                contents.statistics += [
                    _published_statistic(place, item) for item in printed.statistics
                ]
                seen = printed.seen
            else:
                read = _figures_beside_faults(source)
                contents.figures += [_Placed(place, figure) for figure in read.figures]
                if not loaded.card.states_status:
                    refuse_in_doubt(source, read.in_doubt)
                with faults.kept():
                    refuse_unread(grid, corrections, number, [f.cell for f in read.figures])
                seen = read.seen
            contents.seen |= seen
            _refuse_vanished(place, seen, faults)
            _refuse_unmet_definitions(place, contents.figures, faults)
            was_read = True
        contents.whole = contents.whole and was_read
    _refuse_left_over(loaded.card, contents, faults)
    for placed in contents.figures:
        with faults.kept():
            contents.taken.append(_take(placed.place, placed.figure))
    _refuse_twice(contents.taken, faults)
    return contents


def _refuse_left_over(card: Card, contents: _Contents, faults: Faults) -> None:
    """On a sheet that tables share every cell must be one table's, and a figure one's alone."""
    shares: dict[str | None, list[str]] = {}  # sheet → cells of each of its tables
    for number, sheet in contents.sheets.items():
        shares.setdefault(sheet.sheet, []).append(card.tables[number].cells or _WHOLE)
    for sheet in {sheet.sheet: sheet for sheet in contents.sheets.values()}.values():
        if _WHOLE in shares[sheet.sheet]:
            continue
        for cell in left_over(sheet, shares[sheet.sheet]):
            with faults.kept():
                raise sheet.error(
                    cell,
                    found=f"'{cell.text.strip()}' stands in the cells of no table",
                    expected="every cell of a sheet that several tables share in one of them "
                    f"({'; '.join(shares[sheet.sheet])}), but for notes",
                    advice="Let the cells of a table in the card reach as far; what is not wanted "
                    "of them is left out there, by axes.left_out.",
                )
    first: dict[tuple[str | None, str], _Placed] = {}
    for placed in contents.figures:
        grid, cell = placed.place.grid, placed.figure.cell
        other = first.setdefault((grid.part(cell), cell.ref), placed)
        with faults.kept():
            if other is placed or other.place is placed.place:
                continue
            raise grid.error(
                cell,
                found=f"tables {other.place.number} and {placed.place.number} both take the figure "
                f"'{cell.text.strip()}'",
                expected="every figure in one table",
                advice=f'Correct cells under tables."{other.place.number}" or '
                f'tables."{placed.place.number}" in the card.',
            )


def _nothing_of(loaded: LoadedCard) -> Document:
    """A withdrawn document: it is known, and nothing is taken from it."""
    return Document(
        card=loaded.card,
        file=loaded.file,
        document_sha256=loaded.document_sha256,
        content_sha256=loaded.content_sha256,
        observations=(),
        unavailable=(),
        intervals=(),
        coverage=(),
        statistics=(),
        places=(),
    )


def _coverage(card: Card) -> Iterator[CoverageRow]:
    for figure in declared_figures(card.covers, card.missing, card.region):
        yield CoverageRow(
            source=card.source,
            edition=card.edition,
            region=figure.region,
            indicator=figure.indicator,
            reference_year=figure.reference_year,
            missing_reason=figure.missing_reason,
        )


def _take(place: _Place, figure: Figure) -> _Taken:
    """Parse one cell, convert it and hold it against what its indicator can be."""
    printed_class = None if figure.cell.problem else parse_class(figure.cell.text)
    if printed_class and place.table.classes:
        return _take_class(place, figure, printed_class)
    try:
        if why := why_no_figure(figure.cell):
            raise ValueError(why)
        if printed_class:
            raise ValueError(f"'{figure.cell.text.strip()}' is a class, no number")
        read = read_value(figure.cell.text, place.table.marks)
    except ValueError as error:
        raise _number_error(place, figure, str(error)) from error
    usual = place.loaded.card.usual_status
    definition = _definition(place, figure)
    if isinstance(read, Missing):
        return _Taken(place, figure, definition, None, Decimal(0), read.meaning, "", usual)
    half_unit = convert(read.half_unit, figure.unit, units()[indicators()[figure.indicator].unit])
    status = least_sure((figure.status, read.status)) or usual
    value = _in_range(place, figure, read.value)
    return _Taken(place, figure, definition, value, half_unit, "", read.footnotes, status)


def _take_class(place: _Place, figure: Figure, printed: PrintedClass) -> _Taken:
    """Take a class for where the figure lies; each end is held against what it can be."""
    if printed.in_percent and figure.unit.id != "pct":
        raise _number_error(
            place, figure, f"'{figure.cell.text.strip()}' is a class in per cent, the unit another"
        )
    low, high = (
        None if end is None else _in_range(place, figure, end)
        for end in (printed.low, printed.high)
    )
    status = figure.status or place.loaded.card.usual_status
    within = PrintedClass(low, high, printed.in_percent)
    definition = _definition(place, figure)
    return _Taken(place, figure, definition, None, Decimal(0), "", "", status, within)


def _definition(place: _Place, figure: Figure) -> str:
    """The definition a figure counts by, as its label tells, or the card."""
    indicator = indicators()[figure.indicator]
    said = stated_definition(place.table.definitions, figure.label, figure.indicator)
    labelled = LabelledFigure(
        indicator=indicator,
        label=figure.label,
        region=figure.region,
        year=figure.reference_year,
        edition=place.loaded.card.edition,
    )
    try:
        return told_definition(labelled, said)
    except NotTold as error:
        known = indicator.definitions.of if indicator.definitions else {}
        choice = "; ".join(f"{key}: {each.known_as}" for key, each in known.items())
        likely = next(iter((*sorted(named_definitions(indicator, figure.label)), *known)), OWN)
        lines = {**place.table.definitions, figure.label: likely}
        raise place.grid.error(
            figure.cell,
            found=str(error),
            expected=f"one of {choice}" if choice else "no definition in the card",
            advice=f'tables."{place.number}" of the card says which, or in which years each '
            f"({{{next(reversed(known), OWN)}: 2000-2012}}):\n  "
            f"  definitions: {json.dumps(lines, ensure_ascii=False)}",
            label=figure.label,
        ) from error


def _refuse_unmet_definitions(place: _Place, figures: Sequence[_Placed], faults: Faults) -> None:
    """What the card says of definitions must be about labels that are there."""
    own = [item.figure for item in figures if item.place is place]
    met = {normalise_label(figure.label) for figure in own} | {figure.indicator for figure in own}
    for label in place.table.definitions:
        with faults.kept():
            if normalise_label(label) in met:
                continue
            raise DocumentError(
                place.grid.file,
                sheet=place.grid.sheet,
                found=f"no figure of table {place.number} is labelled '{label}', of which the card "
                "states the definition",
                expected=f'every label under tables."{place.number}".definitions',
                advice=f"If it is gone, {says(place.number, {'definitions': {label: None}})}\n  "
                "If it is printed otherwise, it stands there as it is printed.",
            )


def _in_range(place: _Place, figure: Figure, printed: Decimal) -> Decimal:
    """A printed number in the canonical unit, which its indicator must allow."""
    indicator = indicators()[figure.indicator]
    value = convert(printed, figure.unit, units()[indicator.unit])
    low, high = plausible_range(indicator, figure.region, figure.reference_year)
    if not low <= value <= high and not _is_confirmed(place, figure):
        about = f"{figure.indicator} of {figure.region}, {figure.reference_year}"
        raise place.grid.error(
            figure.cell,
            found=f"'{figure.cell.text.strip()}' in '{figure.printed_unit}' makes {value:f} "
            f"{indicator.unit}, which cannot be {about}",
            expected=f"{low:g} to {high:g} {indicator.unit} for {figure.label}",
            advice=_hint(value, low, high)
            + _other_unit(place, figure, printed, (low, high))
            + f"If it is a misprint, {_correction(place, figure.cell)}\n  If it is right, "
            + says(place.number, {"confirmed": _confirmed(place, [figure.cell])}),
        )
    return value


def _hint(value: Decimal, low: float, high: float) -> str:
    for shift in _SHIFTS:
        for sign, word in ((1, "times"), (-1, "divided by")):
            if low <= value.scaleb(sign * shift) <= high:
                return f"The value {word} 10^{shift} would fit: the unit is probably another one. "
    return "Columns may be swapped, or the card maps the label to the wrong indicator. "


def _other_unit(
    place: _Place, figure: Figure, printed: Decimal, between: tuple[float, float]
) -> str:
    """The line for a unit with which the figure can be meant, where the card states its unit."""
    table, own = place.table, units()[indicators()[figure.indicator].unit]
    if table.unit is None and figure.label not in table.units:
        return ""
    for unit in (own, *units().values()):
        fits = unit.dimension == figure.unit.dimension
        if fits and between[0] <= convert(printed, unit, own) <= between[1]:
            stated = {**table.units, figure.label: unit.spellings[0]}
            line = {"units": stated} if table.units else {"unit": unit.spellings[0]}
            return f"If it is, {says(place.number, line)}\n  "
    return ""


def _correction(place: _Place, cell: Cell) -> str:
    """The entry that corrects a cell."""
    shown = json.dumps(_as_printed(cell), ensure_ascii=False)
    return (
        f"{CORRECTIONS_NAME} beside the card says:\n  "
        f'  - {{table: "{place.number}", cell: {cell.ref}, wrong: {shown}, '
        "right: ..., reason: ..., source: ...}"
    )


def _confirmed(place: _Place, cells: Iterable[Cell]) -> dict[str, str]:
    """What the card confirms, and some cells more."""
    return {**place.table.confirmed, **{cell.ref: _as_printed(cell) for cell in cells}}


def _number_error(place: _Place, figure: Figure, problem: str) -> DocumentError:
    shown = json.dumps(figure.cell.text.strip(), ensure_ascii=False)
    misprint = f"If the document misprints it, {_correction(place, figure.cell)}"
    number, flags = split_flags(figure.cell.text)
    if flags and are_flags(flags):
        advice = f"If '{flags}' is a flag, as Eurostat puts them behind {number}, " + says_axes(
            TableSource(place.grid, place.table, place.number, "", 0), {"flags": "behind"}
        )
    elif "decimal comma" in problem:
        advice = (
            "If commas are decimal points in the whole table, "
            f'tables."{place.number}" of the card says:\n    {card_line("decimal", "comma")}\n  '
            f"If not, compare the cell with the publisher's document. {misprint}"
        )
    elif (notation := notation_of(figure.cell.text)) is not None:
        key, word = notation.key, notation.value
        advice = (
            f"If {shown} is {notation.plain_number(figure.cell.text)}, "
            f'tables."{place.number}" of the card says, of all its numbers:\n    '
            f"{card_line(key, word)}\n  If not, compare the cell with the publisher's document. "
            f"{misprint}"
        )
    elif "is a class, no number" in problem:
        advice = (
            f'A class says where the figure lies; no point is made of it. tables."{place.number}" '
            f"of the card takes it for an interval by\n    {card_line('classes', 'read')}\n  and "
            "only what can work with intervals will use it."
        )
    elif "mark the card does not explain" in problem:
        advice = (
            f'If it stands for no figure, tables."{place.number}" of the card says (or zero, or '
            f"below_half_unit):\n    marks: {{{shown}: not_available}}"
        )
    elif figure.cell.comment and not figure.cell.problem and why_no_figure(figure.cell):
        advice = (
            f"What the figure is, {CORRECTIONS_NAME} beside the card says: as right the number, in "
            f"the table's unit, and behind it its status, such as 8104.1(初步).\n  "
            f'  - {{table: "{place.number}", cell: {figure.cell.ref}, wrong: {shown}, '
            "right: ..., reason: ..., source: ...}"
        )
    elif figure.cell.problem or "groups" in problem or "notation" in problem:
        advice = (
            "Compare the cell with the publisher's document; a spreadsheet may have changed it. "
            + misprint
        )
    else:
        advice = (
            f'A unit belongs in the card (tables."{place.number}".unit), not in the cell. '
            "Otherwise compare the cell with the publisher's document. " + misprint
        )
    return place.grid.error(
        figure.cell,
        found=problem,
        expected=f"a number in {figure.printed_unit} for {figure.label} ({figure.indicator}), "
        f"{figure.region}, {figure.reference_year}",
        advice=advice,
    )


def _refuse_vanished(place: _Place, seen: Collection[str], faults: Faults) -> None:
    for label in place.table.labels:
        with faults.kept():
            if normalise_label(label) in seen:
                continue
            raise DocumentError(
                place.grid.file,
                sheet=place.grid.sheet,
                found=f"the label '{label}' of the card is not in table {place.number}",
                expected=f'every label under tables."{place.number}".labels',
                advice="If the document has it no more, "
                + says(place.number, {"labels": {label: None}})
                + "\n  If the publisher renamed it, the new label stands there, too.",
            )


def _refuse_twice(taken: Sequence[_Taken], faults: Faults) -> None:
    first: dict[Hashable, _Taken] = {}
    for item in taken:
        figure = item.figure
        key = ((figure.region, figure.indicator, figure.reference_year), item.definition)
        other = first.setdefault(key, item)
        with faults.kept():
            if other is item:
                continue
            raise item.place.grid.error(
                figure.cell,
                found=f"{figure.indicator} of {figure.region}, {figure.reference_year}, stands "
                f"here and in {_where(other.place, other.figure.cell)}",
                expected="one cell for each region, indicator and year",
                advice=_not_twice(item, other),
            )


def _not_twice(item: _Taken, other: _Taken) -> str:
    """Advice on a figure that stands in two cells."""
    place, label, cell = item.place, item.figure.label, item.figure.cell
    if normalise_label(label) != normalise_label(other.figure.label):
        left_out = says(place.number, {"ignore": [*place.table.ignore, label]})
    else:
        source = TableSource(place.grid, place.table, place.number, "", 0)
        left_out = says_left_out(source, "rows", replace(cell, text=""))
    return (
        f"If this one is not wanted, {left_out}\n  If a label means something else, say so under "
        "labels; if it counts by another definition, under definitions."
    )


def _refuse_outlying(taken: Sequence[_Taken], before: Sequence[_Taken], faults: Faults) -> None:
    """Stop at a figure that a slipped decimal point would explain; before: the edition before's.

    What the card confirms is left out, and nothing is held against it.
    """
    confirmed = [item for item in taken if _is_confirmed(item.place, item.figure)]
    by_indicator = _by_indicator(item for item in taken if item not in confirmed)
    earlier = _by_indicator(before)
    for (indicator, definition), found in by_indicator.items():
        is_steady = indicators()[indicator].dimension in _STEADY
        values, known = _values(found), _values(earlier.get((indicator, definition), {}))
        met: dict[tuple[str, int], tuple[Outlying, tuple[int, ...]]] = {}
        for odd in (*outlying(values, known, steps=is_steady), *out_of_step(values, known)):
            if not any((odd.series, year) in met for year, _ in odd.beside if odd.told):
                met.setdefault((odd.series, odd.year), (odd, (odd.year,)))
        for odd, years in out_of_line(values, _residents(indicator, values)):
            if not any((odd.series, year) in met for year in years):
                met[odd.series, odd.year] = odd, years
        for odd, years in met.values():
            with faults.kept():
                raise _outlying_error(odd, years, found[odd.series])


def _residents(indicator: str, series: Iterable[str]) -> dict[str, float]:
    """Residents of the provinces, by which money and persons are alike; 1 for money a head."""
    dimension = indicators()[indicator].dimension
    known = {region: regions()[region] for region in series if dimension in _STEADY}
    if dimension == "currency_per_person":
        return {code: 1.0 for code, region in known.items() if not region.is_nation}
    return {
        code: region.census_2020_10k_persons
        for code, region in known.items()
        if region.is_chinese_province and region.census_2020_10k_persons
    }


def _is_confirmed(place: _Place, figure: Figure) -> bool:
    cell = figure.cell
    return place.table.confirmed.get(cell.ref, "").strip() == _as_printed(cell)


def _by_indicator(
    taken: Iterable[_Taken],
) -> dict[tuple[str, str], dict[str, dict[int, _Taken]]]:
    """Figures by indicator and definition, then region and year."""
    found: dict[tuple[str, str], dict[str, dict[int, _Taken]]] = {}
    for item in taken:
        if item.value:
            of_indicator = found.setdefault((item.figure.indicator, item.definition), {})
            of_region = of_indicator.setdefault(item.figure.region, {})
            of_region.setdefault(item.figure.reference_year, item)
    return found


def _values(found: Mapping[str, Mapping[int, _Taken]]) -> dict[str, dict[int, float]]:
    return {
        region: {year: float(item.value or 0) for year, item in of_region.items()}
        for region, of_region in found.items()
    }


def _outlying_error(
    odd: Outlying, years: Sequence[int], beside: Mapping[int, _Taken]
) -> DocumentError:
    """The refusal of a figure, or of those of several years at once."""
    item = beside[odd.year]
    figure, place = item.figure, item.place
    said = "; ".join(
        f"{year} '{beside[year].figure.cell.text.strip()}' in {beside[year].figure.cell.ref}"
        if year in beside and year != odd.year
        else f"{year} {value:g} in the edition before"
        for year, value in odd.beside
    )
    said = "; ".join(filter(None, (said, odd.told)))
    factor = 10 ** abs(odd.power)
    cells = [beside[year].figure.cell for year in years if beside[year].place is place]
    return place.grid.error(
        figure.cell,
        found=f"'{figure.cell.text.strip()}', {figure.indicator} of {figure.region}, "
        f"{spell_years(years)}, is {factor:.3g} times too {'large' if odd.power > 0 else 'small'} "
        f"for the figures beside it ({said})",
        expected="figures of one series near each other: no decimal point slipped, no digit lost, "
        "no other unit",
        advice=f"Compare the cells with the publisher's document. If one is a misprint, "
        f"{_correction(place, figure.cell)}\n  If it is right, "
        + says(place.number, {"confirmed": _confirmed(place, cells)}),
    )


def _where(place: _Place, cell: Cell) -> str:
    return spell_place(place.grid.file, place.grid.part(cell), cell.ref)


def _read_places(taken: Iterable[_Taken]) -> Iterator[ReadPlace]:
    for item in taken:
        cell = item.figure.cell
        if cell.origin and cell.origin.page is not None and cell.origin.box is not None:
            is_there = item.value is not None or item.within is not None
            kind: ReadPlaceKind = "figure" if is_there else "missing"
            if cell.printed is not None:
                kind = "corrected"
            yield ReadPlace(cell.origin.page, cell.origin.box, kind)


def _seen_labels(figures: Sequence[_Placed]) -> list[SeenLabel]:
    found: dict[str, SeenLabel] = {}
    for item in figures:
        table, grid, figure = item.place.table, item.place.grid, item.figure
        label = normalise_label(figure.label)
        stated = {normalise_label(name) for name in table.units}
        beside_each = table.axes is not None and table.axes.one_a_line and table.axes.unit
        confirmed = table.unit is not None or label in stated or bool(beside_each)
        seen = SeenLabel(
            label, figure.unit.id, confirmed, grid.file, grid.part(figure.cell), figure.cell.ref
        )
        found.setdefault(label, seen)
    return list(found.values())


def _previous(card_path: Path, landing: Path) -> Previous:
    edition = card_path.parent.name
    earlier = [
        path
        for path in card_path.parent.parent.glob(f"*/{card_path.name}")
        if path.parent.name.isdigit() and path.parent.name < edition
    ]
    if not earlier:
        return NO_PREVIOUS
    path = max(earlier, key=lambda path: path.parent.name)
    faults = Faults()
    try:
        loaded = load_card(path, landing)
        if loaded.card.withdrawn:
            return NO_PREVIOUS
        contents = _read(loaded, path, landing, faults)
    except Exception:  # of any kind: it is told when that edition is read itself
        return NO_PREVIOUS
    return NO_PREVIOUS if faults else Previous(_seen_labels(contents.figures), contents.taken)


def _check_against_previous(
    loaded: LoadedCard, contents: _Contents, previous: Collection[SeenLabel], faults: Faults
) -> None:
    """Stop where a label of the edition before is gone or changed its unit undeclared."""
    now = {seen.label: seen for seen in _seen_labels(contents.figures)}
    source = loaded.document_path.parent.parent
    changes = changed_identifiers(source, source.parent)
    names = present_names(changes, loaded.card.edition)
    tables = loaded.card.tables
    known = {normalise_label(text) for table in tables.values() for text in table.ignore}
    if faults:  # a label whose figures are in doubt is not gone
        known |= contents.seen
    for before in previous:
        with faults.kept():
            label = normalise_label(names.get(before.label, before.label))
            _check_label(loaded, before, now.get(label), known)


def _check_label(
    loaded: LoadedCard, before: SeenLabel, after: SeenLabel | None, known: Collection[str]
) -> None:
    if after is None and before.label not in known:
        raise DocumentError(
            f"landing/{loaded.file}",
            found=f"the label '{before.label}' is gone, which the edition before has in "
            f"{_place_of(before)}",
            expected="every label of the edition before",
            advice="If the publisher dropped it, "
            + _dropped(loaded.card, before.label)
            + "\n  If it is called otherwise now, "
            f"landing/{loaded.card.source}/{IDENTIFIERS_NAME} says:\n    "
            f"- {{old: {json.dumps(before.label, ensure_ascii=False)}, new: its new label, "
            f"since: {loaded.card.edition}}}",
        )
    if after and not after.unit_confirmed and after.unit != before.unit:
        raise DocumentError(
            after.file,
            sheet=after.sheet,
            cell=after.cell,
            found=f"'{after.label}' is in {after.unit} now; the edition before has it in "
            f"{before.unit} in {_place_of(before)}",
            expected="the unit of the edition before",
            advice="If the publisher changed it, "
            + says(
                next(iter(loaded.card.tables)),
                {"units": {after.label: units()[after.unit].spellings[0]}},
            ),
        )


def _dropped(card: Card, label: str) -> str:
    number, table = next(iter(card.tables.items()))
    return says(number, {"ignore": [*table.ignore, label]})


def _place_of(seen: SeenLabel) -> str:
    """Where a label's first figure stands, for messages."""
    return f"{seen.file}, {spell_place(seen.file, seen.sheet, seen.cell)}"


def _observation(item: _Taken) -> ObservationRow:
    figure, place = item.figure, item.place
    assert item.value is not None
    marked = f"printed with the mark {item.footnotes}" if item.footnotes else None
    return ObservationRow(
        source=place.loaded.card.source,
        edition=place.loaded.card.edition,
        region=figure.region,
        indicator=figure.indicator,
        reference_year=figure.reference_year,
        definition=item.definition,
        value=float(item.value),
        half_unit=float(item.half_unit),
        unit=indicators()[figure.indicator].unit,
        quality=figure.quality or place.loaded.card.quality,
        status=item.status,
        status_code=STATUS_CODES[item.status],
        printed_value=figure.cell.printed or _as_printed(figure.cell),
        stored_value=_stored(figure.cell),
        printed_label=figure.label,
        printed_unit=figure.printed_unit,
        file=place.loaded.file,
        document_sha256=place.loaded.document_sha256,
        table_number=place.number,
        sheet=place.grid.part(figure.cell),
        cell=figure.cell.ref,
        note="; ".join(
            filter(
                None,
                (
                    figure.note,
                    marked,
                    figure.cell.note,
                    *border_notes(figure.region, figure.reference_year),
                ),
            )
        )
        or None,
    )


def _as_printed(cell: Cell) -> str:
    """What the document prints in a cell, whatever the card says of its signs."""
    return (cell.written or cell.text).strip()


def _stored(cell: Cell) -> str | None:
    """The number a spreadsheet stores, where it is another than the one it shows."""
    if cell.stored is None or Decimal(cell.stored) == parse_number(cell.text).value:
        return None
    return cell.stored


def _unavailable(item: _Taken) -> UnavailableRow:
    figure, place = item.figure, item.place
    return UnavailableRow(
        source=place.loaded.card.source,
        edition=place.loaded.card.edition,
        region=figure.region,
        indicator=figure.indicator,
        reference_year=figure.reference_year,
        definition=item.definition,
        printed_value=figure.cell.printed or _as_printed(figure.cell),
        meaning=item.meaning,
        file=place.loaded.file,
        table_number=place.number,
        sheet=place.grid.part(figure.cell),
        cell=figure.cell.ref,
    )


def _interval(item: _Taken) -> IntervalRow:
    figure, place = item.figure, item.place
    assert item.within is not None
    low, high = item.within.low, item.within.high
    return IntervalRow(
        source=place.loaded.card.source,
        edition=place.loaded.card.edition,
        region=figure.region,
        indicator=figure.indicator,
        reference_year=figure.reference_year,
        definition=item.definition,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        unit=indicators()[figure.indicator].unit,
        quality=figure.quality or place.loaded.card.quality,
        status=item.status,
        printed_value=figure.cell.printed or _as_printed(figure.cell),
        printed_label=figure.label,
        printed_unit=figure.printed_unit,
        file=place.loaded.file,
        document_sha256=place.loaded.document_sha256,
        table_number=place.number,
        sheet=place.grid.part(figure.cell),
        cell=figure.cell.ref,
        note=figure.note or figure.cell.note,
    )


def _published_statistic(place: _Place, item: PrintedStatistic) -> PublishedStatisticRow:
    assert place.table.kind is not None
    return PublishedStatisticRow(
        source=place.loaded.card.source,
        edition=place.loaded.card.edition,
        table_number=place.number,
        kind=place.table.kind,
        estimator=place.table.estimator,
        term=item.term,
        other_term=item.other_term,
        statistic=item.statistic,
        value=float(item.value),
        printed_value=item.printed,
        decimals=item.decimals,
        stars=item.stars,
        file=place.loaded.file,
        document_sha256=place.loaded.document_sha256,
        sheet=place.grid.part(item.cell),
        cell=item.cell.ref,
    )
