"""Every way in which a row of a sheet could be the header of a table of three axes.

Belongs here: the rows that may be one, and where the axes then are. Not here: what stands in each
column (`column_kinds.py`), what finds no place (`left_out.py`), the texts beside the blocks
(`beside.py`), whether it can be read so (`reading.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import split_unit
from assets.extracts.layouts.axes.blocks import filled_down, spread_headings
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.proposing.column_kinds import (
    AXES,
    ColumnKind,
    Span,
    are_codes,
    flags_behind,
    flags_beside,
    heads_of,
    kind_of,
    same_text,
)
from assets.extracts.proposing.left_out import (
    LeftOut,
    column_left_out,
    columns_left_out,
    is_beside_figures,
    rows_left_out,
)
from assets.extracts.proposing.seen import Seen
from assets.extracts.proposing.series import Lines

_HEADER_ROWS = 3
_FIRST_ROWS = 60  # within which a first header stands
_MOST_BETWEEN = 12  # filled rows between a header and the first figures
_MOST_KEYS = 2  # columns whose blanks may stand for what is above them


@dataclass(frozen=True, slots=True)
class Header:
    """One supposed header: the axes it gives, and what stays without a place.

    axes: as the card has them; missing: axes that stand neither across nor down; flags: heading of
    the column of flags; unknown: labels that mean no indicator; tops, bottoms: first row of each
    block's header, and the row after it.
    """

    axes: Mapping[str, Any]
    missing: tuple[AxisName, ...]
    flags: str | None
    left_out: tuple[LeftOut, ...]
    unknown: tuple[str, ...]
    tops: tuple[int, ...]
    bottoms: tuple[int, ...]
    lines: Lines


def headers(seen: Seen) -> Iterator[Header]:
    """Every header that would give a table, from the top."""
    grid = seen.grid
    filled = [
        number
        for number, row in enumerate(grid.rows, start=1)
        if any(not cell.blank for cell in row)
    ]
    figures = (row for row in filled if any(map(seen.is_figure, grid.rows[row - 1])))
    first = next(figures, len(grid.rows) + 1)
    near = [row for row in filled if row < first][-_MOST_BETWEEN:]
    for heading in range(near[0] if near else first, min(first, _FIRST_ROWS + 1)):
        for above in range(_HEADER_ROWS):
            for below in range(_HEADER_ROWS - above):
                rows = range(heading - above, heading + below + 1)
                inside = rows.start >= 1 and rows.stop <= len(grid.rows)
                if inside and all(_may_be_header(seen, row) for row in rows):
                    yield from _of(seen, heading, rows)
                    wide = spread_headings(grid, rows, range(2, grid.width + 1))
                    if wide is not grid:
                        yield from map(_of_lost_merges, _of(Seen(wide), heading, rows))
                    yield from _of_lost_keys(grid, heading, rows)


def _of_lost_merges(header: Header) -> Header:
    """The header, whose card says that a blank stands for what is on its left."""
    stated = {**header.axes.get("header", {}), "blank": "left"}
    return replace(header, axes={**header.axes, "header": stated})


def _of_lost_keys(grid: Grid, heading: int, rows: range) -> Iterator[Header]:
    """The headers by which a blank in the first columns stands for the key above it."""
    below = range(rows.stop, len(grid.rows) + 1)
    for last in range(1, _MOST_KEYS + 1):
        filled = filled_down(grid, below, range(1, last + 1))
        blank = {column for row, column in filled.merged if (row, column) not in grid.merged}
        if last not in blank:
            continue
        for header in _of(Seen(filled), heading, rows):
            axes = dict(header.axes)
            for name in AXES:
                entries = axes.get(name, {}).get("down", ())
                named = (entries,) if isinstance(entries, str) else entries
                if any(grid.cell(heading, c).text.strip() in named for c in blank):
                    axes[name] = {**axes[name], "blank": "above"}
            yield replace(header, axes=axes)


def _may_be_header(seen: Seen, row: int) -> bool:
    """No figure stands in a header, and no line that could stand beside any table."""
    filled = [cell for cell in seen.grid.rows[row - 1] if not cell.blank]
    return (
        bool(filled)
        and not any(map(seen.is_figure, filled))
        and not (len(filled) == 1 and seen.is_aside(filled[0]))
    )


def _of(seen: Seen, heading: int, rows: range) -> Iterator[Header]:
    grid = seen.grid
    first = next((c for c in grid.rows[heading - 1] if not c.blank), None)
    if first is None:
        return
    again = [
        cell.column
        for cell in grid.rows[heading - 1]
        if cell.column > first.column and same_text(cell, first) and first.column == 1
    ]
    columns = range(1, again[0] if again else grid.width + 1)
    others = [
        row
        for row in range(rows.stop, len(grid.rows) + 1)
        if same_text(grid.cell(row, first.column), first)
        and not (seen.is_year(first) or seen.region(first))
    ]
    extent = [
        (row - (heading - rows.start), row + (rows.stop - heading)) for row in (heading, *others)
    ]
    ends = [*(top for top, _ in extent[1:]), len(grid.rows) + 1]
    body = [
        row
        for (_, start), end in zip(extent, ends, strict=True)
        for row in _body(seen, range(start, end), columns)
    ]
    if not body:
        return
    offsets = [0, *(column - first.column for column in again)]
    span = Span(heading, rows, columns, body, offsets)
    for header in _readings(seen, span):
        axes = dict(header.axes)
        if len(extent) * len(offsets) > 1:
            axes["blocks"] = len(extent) * len(offsets)
        yield Header(
            axes,
            header.missing,
            header.flags,
            header.left_out,
            header.unknown,
            tuple(top for top, _ in extent),
            tuple(bottom for _, bottom in extent),
            header.lines,
        )


def _body(seen: Seen, rows: range, columns: range) -> Iterator[int]:
    """Rows with more than one cell, down to the notes."""
    for row in rows:
        filled = [c for c in seen.grid.rows[row - 1] if c.column in columns and not c.blank]
        if filled and not any(map(seen.is_number, filled)) and is_note(filled[0].text):
            return
        if len(filled) > 1:
            yield row


def _readings(seen: Seen, span: Span) -> Iterator[Header]:
    """Where several columns could be one axis: all of them, or each alone."""
    kinds = {column: kind_of(seen, span, column) for column in span.columns}
    kinds |= dict.fromkeys(flags_beside(seen, span, kinds), "beside")
    several = [
        [column for column, kind in kinds.items() if kind == kind_of_axis]
        for kind_of_axis in ("label", "region", "year")
    ]
    chosen = [[columns, *([c] for c in columns if len(columns) > 1)] for columns in several]
    for kept in product(*chosen):
        alone = dict(kinds)
        for columns, taken in zip(several, kept, strict=True):
            alone |= {column: "text" for column in columns if column not in taken}
        yield from _axes(seen, span, alone)


def _axes(seen: Seen, span: Span, kinds: Mapping[int, ColumnKind]) -> Iterator[Header]:
    grid = seen.grid
    figures = [column for column, kind in kinds.items() if kind == "number"]
    keys = {
        name: [c for c, kind in kinds.items() if kind == ("label" if name == "indicator" else name)]
        for name in AXES
    }
    if not figures or not any(keys.values()):
        return
    across = _across(seen, span, figures)
    taken = [c for c in figures if not is_beside_figures(grid.cell(span.heading, c))]
    only_value = len(taken) == 1 and split_unit(grid.cell(span.heading, taken[0]).text)[1] is None
    if not _known(seen, span, figures) and (keys["indicator"] or only_value):
        across["indicator"] = []  # 绝对数, OBS_VALUE: a heading of figures, not an indicator
    if any(across[name] and keys[name] for name in AXES):
        return
    if not all(
        any(not grid.header_cell(row, column).blank for column in figures) for row in span.rows
    ):
        return  # a title or a line of an export
    axes: dict[str, Any] = {}
    missing: list[AxisName] = []
    for name in AXES:
        if across[name]:
            axes[name] = {"across": _one(across[name])}
        elif keys[name]:
            headings = [grid.cell(span.heading, column).text.strip() for column in keys[name]]
            axes[name] = {"down": _one(headings)}
        else:
            missing.append(name)
    left_out = [*columns_left_out(seen, span, kinds, across)]
    if not any(across.values()):
        if len(taken) != 1 or grid.cell(span.heading, taken[0]).blank:
            return
        axes["figures"] = grid.cell(span.heading, taken[0]).text.strip()
        left_out += [
            column_left_out(grid, span, column) for column in figures if column not in taken
        ]
    stated = [column for column, kind in kinds.items() if kind == "unit"]
    units = [c for c in stated if any(seen.is_unit(grid.cell(row, c)) for row in span.body)]
    if any(grid.cell(span.heading, column).blank for column in units):
        return  # the card names the column by its heading
    if units:
        axes["unit"] = grid.cell(span.heading, units[0]).text.strip()
    for column in (column for column in stated if column not in units[:1]):
        texts = {grid.cell(row, column).text.strip() for row in span.body}
        if len(texts) == 1 and not grid.cell(span.heading, column).blank:
            axes.setdefault("only", {})[grid.cell(span.heading, column).text.strip()] = texts.pop()
        else:
            left_out.append(column_left_out(grid, span, column))
    for column, kind in kinds.items():
        if kind in ("quality", "multiplier") and kind not in axes:
            axes[kind] = grid.cell(span.heading, column).text.strip()
        elif kind == "multiplier":
            left_out.append(column_left_out(grid, span, column, sure=True))
    left_out += rows_left_out(seen, span, keys)
    above, below = span.heading - span.rows.start, span.rows.stop - 1 - span.heading
    if above or below:
        axes["header"] = {
            key: count for key, count in (("above", above), ("below", below)) if count
        }
    days = {
        day
        for cell in _year_cells(seen, span, figures, keys["year"], across["year"])
        if (day := seen.day(cell)) is not None
    }
    if len(days) > 1:
        return
    if days:
        axes["dates"] = days.pop()
    if "beside" in kinds.values():
        axes["flags"] = "beside"
    elif flags_behind(seen, span, figures):
        axes["flags"] = "behind"
    flags = [column for column, kind in kinds.items() if kind == "flags"]
    flags.sort(key=lambda column: not are_codes(seen, span, column))  # words may say the same
    heading = grid.cell(span.heading, flags[0]).text.strip() if flags else None
    left_out += [column_left_out(grid, span, column, sure=True) for column in flags[1:]]
    unknown = _unknown(seen, span, [figures, keys["indicator"]], across["indicator"])
    lines = _lines(seen, span, kinds, [c for columns in keys.values() for c in columns])
    yield Header(axes, tuple(missing), heading, tuple(left_out), tuple(unknown), (), (), lines)


def _lines(seen: Seen, span: Span, kinds: Mapping[int, ColumnKind], keys: Sequence[int]) -> Lines:
    """What each row says in its columns, but for its figures."""
    grid = seen.grid
    rows = [row for row in span.body if any(not grid.header_cell(row, c).blank for c in keys)]
    texts = {
        grid.cell(span.heading, column).text.strip(): [
            grid.cell(r, column).text.strip() for r in rows
        ]
        for column, kind in kinds.items()
        if kind in ("text", "unit") and not grid.cell(span.heading, column).blank
    }
    units = [grid.cell(span.heading, c).text.strip() for c, kind in kinds.items() if kind == "unit"]
    said = [tuple(grid.header_cell(row, c).text.strip() for c in keys) for row in rows]
    return Lines(said, texts, [unit for unit in units if unit in texts])


def _unknown(
    seen: Seen, span: Span, columns: Sequence[Sequence[int]], across: Sequence[int]
) -> Sequence[str]:
    """Names of the labels of rows or columns that nobody knows."""
    grid = seen.grid
    figures, labels = columns
    stacks: list[Sequence[Cell]] = []
    if across:
        rows = [span.rows[index - 1] for index in across]
        stacks = [[grid.header_cell(row, column) for row in rows] for column in figures]
    elif labels:
        stacks = [[grid.header_cell(row, column) for column in labels] for row in span.body]
    named = (
        seen.unknown_name([cell for cell in dict.fromkeys(s) if not cell.blank]) for s in stacks
    )
    return list(dict.fromkeys(name for name in named if name))


def _year_cells(
    seen: Seen, span: Span, figures: Sequence[int], down: Sequence[int], across: Sequence[int]
) -> Iterator[Cell]:
    for column in down:
        yield from (seen.grid.cell(row, column) for row in span.body)
    for index in across:
        yield from (seen.grid.cell(span.rows[index - 1], column) for column in figures)


def _across(seen: Seen, span: Span, figures: Sequence[int]) -> dict[AxisName, list[int]]:
    """For each axis the rows of the header, from 1, in which it stands over the figures."""
    found: dict[AxisName, list[int]] = {name: [] for name in AXES}
    for index, row in enumerate(span.rows, start=1):
        filled = [c for col in figures if not (c := seen.grid.header_cell(row, col)).blank]
        half = len(filled) / 2
        if not filled:
            continue
        if sum(seen.is_year(cell) for cell in filled) >= half:
            found["year"].append(index)
        elif sum(seen.region(cell) is not None for cell in filled) >= half:
            found["region"].append(index)
        else:
            found["indicator"].append(index)
    if not _known(seen, span, figures) and (found["year"] or found["region"]):
        found["indicator"] = []
    return found


def _known(seen: Seen, span: Span, figures: Sequence[int]) -> bool:
    """Whether an indicator is known over any column of figures, by one row or by several."""
    for column in figures:
        heads = heads_of(seen.grid, span, column)
        if any(seen.is_label(head) for head in heads):
            return True
    return False


def _one(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)
