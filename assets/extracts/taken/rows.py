"""What was taken of a document as rows of the raw tables.

Belongs here: from a figure to its row. Not here: the declaration of the rows (`document_rows.py`),
and the document as a whole (`document.py`).
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from assets.extracts.cards.card import Card
from assets.extracts.cards.coverage import declared_figures
from assets.extracts.document_rows import (
    CoverageRow,
    IntervalRow,
    ObservationRow,
    PublishedStatisticRow,
    UnavailableRow,
)
from assets.extracts.files.grid import Cell
from assets.extracts.files.pictures.page_picture import ReadPlace, ReadPlaceKind
from assets.extracts.layouts.cells import parse_number
from assets.extracts.layouts.published_table import PrintedStatistic
from assets.extracts.meaning.registry import border_notes, indicators
from assets.extracts.meaning.status import STATUS_CODES
from assets.extracts.taken.place import Place, Taken, as_printed


def _of_series(item: Taken) -> dict[str, Any]:
    """What rows of figures, marks and classes share: which figure it is, and where it stands."""
    figure, place = item.figure, item.place
    return {
        "source": place.loaded.card.source,
        "edition": place.loaded.card.edition,
        "region": figure.region,
        "indicator": figure.indicator,
        "reference_year": figure.reference_year,
        "definition": item.definition,
        "printed_value": figure.cell.printed or as_printed(figure.cell),
        "file": place.loaded.file,
        "table_number": place.number,
        "sheet": place.grid.part(figure.cell),
        "cell": figure.cell.ref,
    }


def observation_row(item: Taken) -> ObservationRow:
    """The row of a number."""
    figure, place = item.figure, item.place
    assert item.value is not None
    marked = f"printed with the mark {item.footnotes}" if item.footnotes else None
    return ObservationRow(
        **_of_series(item),
        value=float(item.value),
        half_unit=float(item.half_unit),
        unit=indicators()[figure.indicator].unit,
        quality=figure.quality or place.loaded.card.quality,
        status=item.status,
        status_code=STATUS_CODES[item.status],
        stored_value=_stored(figure.cell),
        printed_label=figure.label,
        printed_unit=figure.printed_unit,
        document_sha256=place.loaded.document_sha256,
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


def _stored(cell: Cell) -> str | None:
    """The number a spreadsheet stores, where it is another than the one it shows."""
    if cell.stored is None or Decimal(cell.stored) == parse_number(cell.text).value:
        return None
    return cell.stored


def unavailable_row(item: Taken) -> UnavailableRow:
    """The row of a mark that stands for no figure."""
    return UnavailableRow(**_of_series(item), meaning=item.meaning)


def interval_row(item: Taken) -> IntervalRow:
    """The row of a class."""
    figure, place = item.figure, item.place
    assert item.within is not None
    low, high = item.within.low, item.within.high
    return IntervalRow(
        **_of_series(item),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        unit=indicators()[figure.indicator].unit,
        quality=figure.quality or place.loaded.card.quality,
        status=item.status,
        printed_label=figure.label,
        printed_unit=figure.printed_unit,
        document_sha256=place.loaded.document_sha256,
        note=figure.note or figure.cell.note,
    )


def published_statistic_row(place: Place, item: PrintedStatistic) -> PublishedStatisticRow:
    """The row of a number of a printed table of results."""
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


def coverage_rows(card: Card) -> Iterator[CoverageRow]:
    """What the card says that the document covers, and what it says is missing."""
    for figure in declared_figures(card.covers, card.missing, card.region):
        yield CoverageRow(
            source=card.source,
            edition=card.edition,
            region=figure.region,
            indicator=figure.indicator,
            reference_year=figure.reference_year,
            missing_reason=figure.missing_reason,
        )


def read_places(taken: Iterable[Taken]) -> Iterator[ReadPlace]:
    """Where on the pages of a PDF it was read."""
    for item in taken:
        cell = item.figure.cell
        if cell.origin and cell.origin.page is not None and cell.origin.box is not None:
            is_there = item.value is not None or item.within is not None
            kind: ReadPlaceKind = "figure" if is_there else "missing"
            if cell.printed is not None:
                kind = "corrected"
            yield ReadPlace(cell.origin.page, cell.origin.box, kind)
