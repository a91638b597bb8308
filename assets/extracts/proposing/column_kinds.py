"""What stands in each column below a supposed header, for the most part.

Belongs here: the kinds of columns, and which stand beside figures as their flags. Not here: which
rows may be a header, and where the axes of the table then are (`header.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.cards.card import QUALITIES
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import is_heading, is_unit_heading
from assets.extracts.layouts.flags import are_flags, is_flag_heading, split_flags
from assets.extracts.layouts.unread_columns import is_multiplier_heading
from assets.extracts.meaning.registry import normalise_label
from assets.extracts.meaning.status import status_in_words
from assets.extracts.proposing.seen import Seen

AXES: tuple[AxisName, ...] = ("indicator", "region", "year")
_LABEL_HEADING = re.compile(r"指标|项目|series|indicator|item\b", re.IGNORECASE)
_YEAR_HEADING = re.compile(r"年|时间|时期|year|date|time|period", re.IGNORECASE)
ColumnKind = Literal[
    "year",
    "region",
    "label",
    "unit",
    "quality",
    "multiplier",
    "flags",
    "beside",
    "number",
    "text",
    "empty",
]


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of a supposed header, the one with the headings among them, columns of the first block.

    body: rows of figures of all blocks; offsets: from the first block to those beside it.
    """

    heading: int
    rows: range
    columns: range
    body: Sequence[int]
    offsets: Sequence[int]


def same_text(one: Cell, other: Cell) -> bool:
    """Whether two cells say the same, and something."""
    return not one.blank and normalise_label(one.text) == normalise_label(other.text)


def heads_of(grid: Grid, span: Span, column: int) -> Sequence[Cell]:
    """What stands over a column in the supposed header, from the top."""
    cells = dict.fromkeys(grid.header_cell(row, column) for row in span.rows)
    return [cell for cell in cells if not cell.blank]


def kind_of(seen: Seen, span: Span, column: int) -> ColumnKind:
    """What stands in a column below the header, for the most part."""
    heads = heads_of(seen.grid, span, column)
    cells = [seen.grid.header_cell(row, column) for row in span.body]
    filled = [cell for cell in cells if not cell.blank]
    half = len(filled) / 2
    below = sum(seen.region(cell) is not None for cell in filled)
    told = any(seen.is_year(head) or seen.is_label(head) for head in heads) or (
        below < half and any(seen.region(head) for head in heads)  # geo is Georgia's code, too
    )
    if any(is_flag_heading(head.text) for head in heads):
        return "flags"
    if filled and all(status_in_words(cell.text) for cell in filled):
        return "flags"
    if not filled:
        return "number" if told else "empty"
    if not told:
        if heads and all(cell.text.strip() in QUALITIES for cell in filled):
            return "quality"
        if any(is_multiplier_heading(head.text) for head in heads):
            return "multiplier"
        if all(seen.is_unit(cell) for cell in filled) or any(
            is_unit_heading(h.text) for h in heads
        ):
            return "unit"
        if below >= half:
            return "region"
        if sum(seen.is_year(cell) for cell in filled) >= half and _may_be_years(
            span, column, heads, filled
        ):
            return "year"
    if sum(seen.is_number(cell) for cell in filled) >= half:
        return "number"
    if any(map(seen.is_label, filled)) or any(
        is_heading(head.text) or _LABEL_HEADING.search(head.text) for head in heads
    ):
        return "label"
    return "number" if told else "text"  # whatever fills it: marks such as …, or a fault


def flags_beside(seen: Seen, span: Span, kinds: Mapping[int, ColumnKind]) -> Sequence[int]:
    """Columns of flags, each behind a column of figures, without a heading of their own."""
    found: list[int] = []
    for column in span.columns:
        before = heads_of(seen.grid, span, column - 1)
        own = [head for head in heads_of(seen.grid, span, column) if head not in before]
        cells = [seen.grid.cell(row, column) for row in span.body]
        if (
            kinds.get(column - 1) == "number"
            and column - 1 not in found
            and all(is_flag_heading(head.text) for head in own)
            and all(cell.blank or are_flags(cell.text) for cell in cells)
        ):
            found.append(column)
    told = any(not seen.grid.cell(row, column).blank for column in found for row in span.body)
    of_rows = len(found) == 1 and is_flag_heading(seen.grid.cell(span.heading, found[0]).text)
    return found if told and not of_rows else []


def are_codes(seen: Seen, span: Span, column: int) -> bool:
    """Whether a column of flags holds codes alone, no words."""
    return all(are_flags(seen.grid.cell(row, column).text) for row in span.body)


def flags_behind(seen: Seen, span: Span, figures: Sequence[int]) -> bool:
    """Whether flags stand behind numbers, in a table whose heading names its dimensions."""
    cells = [seen.grid.cell(row, column) for row in span.body for column in figures]
    heads = [seen.grid.cell(span.heading, column).text for column in span.columns]
    return any("TIME_PERIOD" in head for head in heads) and any(
        flags and are_flags(flags) for _, flags in (split_flags(cell.text) for cell in cells)
    )


def _may_be_years(span: Span, column: int, heads: Sequence[Cell], filled: Sequence[Cell]) -> bool:
    """Whether numbers like 2019 are years: by the heading, by 年 beside them, or in the corner."""
    if any(_YEAR_HEADING.search(head.text) for head in heads):
        return True
    corner = column == span.columns.start and not heads
    return corner or not all(cell.text.strip().isdigit() for cell in filled)
