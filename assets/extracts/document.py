"""One document with its card, read into observations whose every origin is known.

Belongs here: reading table after table, beside all faults, and the edition before. Not here: how a
layout is read (`layouts/`), what is taken of a figure and what figures must be together
(`taken/`), and anything that stores the result.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assets.extracts.cards.card import Card
from assets.extracts.cards.loaded_card import LoadedCard, load_card, refuse_changed
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
from assets.extracts.errors import Faults
from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.files.container import load_grid
from assets.extracts.files.grid import Grid
from assets.extracts.files.notation import in_plain_digits
from assets.extracts.files.pictures.page_picture import ReadPlace
from assets.extracts.layouts import published_table
from assets.extracts.layouts.axes.table import read as read_axes
from assets.extracts.layouts.mending import says
from assets.extracts.layouts.told_status import refuse_in_doubt
from assets.extracts.region_statements import refuse_other_figures, refuse_other_region
from assets.extracts.shared_sheet import within
from assets.extracts.taken.edition_before import (
    NO_PREVIOUS,
    Previous,
    check_against_previous,
    seen_labels,
)
from assets.extracts.taken.fractions import refuse_fractions
from assets.extracts.taken.one_figure import take
from assets.extracts.taken.place import Place, Placed, Taken
from assets.extracts.taken.rows import (
    coverage_rows,
    interval_row,
    observation_row,
    published_statistic_row,
    read_places,
    unavailable_row,
)
from assets.extracts.taken.slips import refuse_slips
from assets.extracts.taken.together import (
    refuse_left_over,
    refuse_twice,
    refuse_unmet_definitions,
    refuse_vanished,
)
from assets.warehouse.tables.row import Row, as_frame

if TYPE_CHECKING:
    import pandas as pd


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
    read = read_axes(source)
    with source.faults.kept():
        refuse_other_figures(source, read)
    with source.faults.kept():
        refuse_other_currency(source, read)
    return read


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
        check_against_previous(loaded, contents.figures, contents.seen, previous.labels, faults)
    refuse_slips(contents.taken, previous.taken, faults)
    refuse_fractions(contents.taken, previous.taken, faults)
    refuse_changed(loaded, card_path, landing)
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
        observations=tuple(observation_row(item) for item in taken if item.value is not None),
        unavailable=tuple(
            unavailable_row(item) for item in taken if item.value is None and item.within is None
        ),
        intervals=tuple(interval_row(item) for item in taken if item.within is not None),
        coverage=tuple(coverage_rows(loaded.card)),
        statistics=tuple(contents.statistics),
        places=tuple(read_places(taken)),
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
    figures: list[Placed] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
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
            place = Place(loaded, number, table, grid)
            source = TableSource(
                grid, table, number, loaded.card.region, loaded.card.edition, faults
            )
            if table.layout == "published_table":
                printed = published_table.read(source)
                contents.statistics += [
                    published_statistic_row(place, item) for item in printed.statistics
                ]
                seen = printed.seen
            else:
                read = _figures_beside_faults(source)
                contents.figures += [Placed(place, figure) for figure in read.figures]
                if not loaded.card.states_status:
                    refuse_in_doubt(source, read.in_doubt)
                with faults.kept():
                    refuse_unread(grid, corrections, number, [f.cell for f in read.figures])
                seen = read.seen
            contents.seen |= seen
            refuse_vanished(place, seen, faults)
            refuse_unmet_definitions(place, contents.figures, faults)
            was_read = True
        contents.whole = contents.whole and was_read
    refuse_left_over(loaded.card, contents.sheets, contents.figures, faults)
    for placed in contents.figures:
        with faults.kept():
            contents.taken.append(take(placed.place, placed.figure))
    refuse_twice(contents.taken, faults)
    return contents


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
    return NO_PREVIOUS if faults else Previous(seen_labels(contents.figures), contents.taken)
