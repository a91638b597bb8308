"""What of a table would not be taken: columns and rows without a place on its axes.

Belongs here: which those are, how a card names them, and which are plainly beside the figures. Not
here: where the axes are (`header.py`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.files.grid import Cell, Grid, column_letters
from assets.extracts.proposing.column_kinds import AXES, ColumnKind, Span, heads_of, same_text
from assets.extracts.proposing.seen import Seen

# What stands beside figures and is none of them; nothing is lost where it is left out by name.
_BESIDE_FIGURES = re.compile(
    r"比上年|比重|增长|增速|增减|时期|平均|合计|总计|小计|排名|位次|名次|序号|半年|季度|[0-9]月"
    r"|备注|说明|来源|growth|change|rank|average|total|period|quarter|\bhalf\b|notes?\b|code|source|url|\bdecimals\b",
    re.IGNORECASE,
)
# 2019年1-4季度 is the year, by other words: whoever leaves it out must say so.
_WHOLE_YEAR = re.compile(
    r"[1一]\s*(?:月|季度?)?\s*[-－–—~～至到]\s*(?:12\s*月|[4四]\s*季度?)份?|前(?:[4四]个?季度|12个月)"
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column or row that would not be taken. sure: it is plainly beside the figures.

    entry: as the card says it; what: 'column' or 'row'; cell: its heading or label.
    """

    entry: str
    what: Literal["column", "row"]
    cell: Cell
    sure: bool


def columns_left_out(
    seen: Seen,
    span: Span,
    kinds: Mapping[int, ColumnKind],
    across: Mapping[AxisName, Sequence[int]],
) -> Iterator[LeftOut]:
    """Columns of words, columns with another heading, and figures off the axes across."""
    for column, kind in kinds.items():
        if kind == "text" or (kind == "empty" and heads_of(seen.grid, span, column)):
            yield column_left_out(seen.grid, span, column, sure=kind == "empty")
        elif kind == "number":
            of_year = [seen.grid.header_cell(span.rows[i - 1], column) for i in across["year"]]
            of_region = [seen.grid.header_cell(span.rows[i - 1], column) for i in across["region"]]
            placed = {span.rows[i - 1] for name in AXES for i in across[name]}
            rest = [head for head in heads_of(seen.grid, span, column) if head.row not in placed]
            beside = next((head for head in rest if is_beside_figures(head)), None)
            if not all(map(seen.is_year, of_year)) or not all(map(seen.region, of_region)):
                yield column_left_out(seen.grid, span, column)
            elif beside is not None and any(across.values()):
                yield LeftOut(" ".join(beside.text.split()), "column", beside, True)


def column_left_out(grid: Grid, span: Span, column: int, *, sure: bool = False) -> LeftOut:
    """The column by its heading; by its letter where it has none, or shares it."""
    cell = grid.header_cell(span.heading, column)
    alike = [c for c in span.columns if same_text(grid.header_cell(span.heading, c), cell)]
    by_name = len(alike) == 1 and not cell.blank
    entry = " ".join(cell.text.split()) if by_name else f"column {column_letters(column)}"
    return LeftOut(entry, "column", cell, sure or is_beside_figures(cell))


def is_beside_figures(cell: Cell) -> bool:
    """Whether a heading says that figures stand beside those of the table (比上年, rank)."""
    return _BESIDE_FIGURES.search(_WHOLE_YEAR.sub("", cell.text)) is not None


def rows_left_out(
    seen: Seen, span: Span, keys: Mapping[AxisName, Sequence[int]]
) -> Iterator[LeftOut]:
    """Rows whose key says no region, or no year, where that of the others does."""
    met: set[str] = set()
    reads = ((keys["region"], seen.region), (keys["year"], seen.is_year))
    for row, offset, (columns, read) in product(span.body, span.offsets, reads):
        cells = [seen.grid.header_cell(row, column + offset) for column in columns]
        bad = [cell for cell in cells if not read(cell) and not (offset and cell.blank)]
        text = " ".join(bad[0].text.split()) or f"row {row}" if bad else ""
        if text and text not in met:
            met.add(text)
            yield LeftOut(text, "row", bad[0], is_beside_figures(bad[0]))
