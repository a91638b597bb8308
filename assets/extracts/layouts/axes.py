"""Layout `axes`: a table of indicator × region × year, each of which stands across, down or once.

The card says which stands where (`axes`). Belongs here: reading the blocks so that every cell of
the sheet ends as a figure, as part of the header or a key, or under something that the card leaves
out; anything else stops the document. Not here: finding the blocks (axes_blocks.py), the texts
beside them (axes_lines.py), judging figures.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assets.extracts.axes_card import AxesCard, AxisName
from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell, column_letters
from assets.extracts.labels import Label, LabelBook, UnitBook
from assets.extracts.layouts.axes_blocks import Block, find_blocks
from assets.extracts.layouts.axes_lines import Line, LineBook
from assets.extracts.layouts.cells import parse_number, year_status
from assets.extracts.layouts.flags import flags_of, refuse_unnamed_flags
from assets.extracts.layouts.years import (
    below_the_table,
    refuse_merged,
    require_width,
    require_year,
)
from assets.extracts.printed_text import is_note
from assets.extracts.registry import indicators, normalise_label, region_of
from assets.extracts.status import Status, least_sure

_WORLD_BANK_YEAR = re.compile(r"([0-9]{4}) \[YR\1\]")


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a figure's place: from its row, its column or the lines above it.

    cell: where the label stands, for messages.
    """

    label: Label | None = None
    region: str | None = None
    year: int | None = None
    status: Status | None = None
    cell: Cell | None = None

    def with_(self, other: "_Place") -> "_Place":
        """Both together: an axis stands in one place only."""
        return _Place(
            self.label or other.label,
            self.region or other.region,
            self.year or other.year,
            least_sure((self.status, other.status)),
            self.cell or other.cell,
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of one block: of figures (→ their place), of units, of flags, of the lines' choice.

    others: keys and what the card leaves out.
    """

    figures: Mapping[int, _Place]
    unit: int | None
    flags: int | None
    only: Mapping[int, str]
    others: frozenset[int]


def read(source: TableSource) -> TableFigures:
    """Read every block; a row in doubt is kept as a fault, and the next is read.

    Raises DocumentError where a header or a text beside the blocks is in doubt.
    """
    axes = source.table.axes
    assert axes is not None
    reader = _Reader(source, axes)
    figures = [figure for block in reader.blocks for figure in reader.read_block(block)]
    reader.check_around(figures)
    everything = frozenset((cell.row, cell.column) for row in source.grid.rows for cell in row)
    return TableFigures(figures, frozenset(reader.labels.seen), everything)


class _Reader:
    def __init__(self, source: TableSource, axes: AxesCard) -> None:
        self.source = source
        self.grid = source.grid
        self.axes = axes
        self.labels = LabelBook(source.table, source.number, source.grid)
        self.lines = LineBook(source, axes)
        self.blocks = find_blocks(source, axes)
        self._met: list[Line] = []

    def read_block(self, block: Block) -> Iterator[Figure]:
        """Every figure of a block, row by row."""
        self._check_above(block)
        once = self._once(block)
        units = self._units(block)
        columns = self._columns(block)
        in_notes = False
        for row in block.rows:
            cells = [self.grid.cell(row, column) for column in block.columns]
            filled = [cell for cell in cells if not cell.blank]
            if not filled or self._is_left_out(block, row, filled, columns):
                continue
            lines = [line for cell in filled if (line := self.lines.at(cell)) is not None]
            values = [cell for cell in filled if cell.column in columns.figures]
            if len(lines) == len(filled):
                self._met += lines
                continue
            if not any(_is_number(cell) for cell in filled[1:]) and (
                (not values and is_note(filled[0].text))
                or (in_notes and len(filled) == 1 and not _is_number(filled[0]))
            ):
                in_notes = True
                continue
            if in_notes:
                raise below_the_table(self.source, filled[0])
            with self.source.faults.kept():
                require_width(self.source, row, block.header[self.axes.header.above])
                self._refuse_stray(filled, columns)
                self._require_chosen(row, columns)
                place = self._row_place(block, row, columns).with_(once)
                yield from self._row_figures(row, columns, place, units)

    def check_around(self, figures: Sequence[Figure]) -> None:
        """What the card says of lines must have been met."""
        self.lines.require_all_met(self._met)
        first = figures[0].cell if figures else self.grid.cell(1, 1)
        if self.axes.region is None:
            self.lines.require_region(self._met, first)

    def _check_above(self, block: Block) -> None:
        """Above the first header only lines may stand; those between blocks are met as rows."""
        if block.between.start > 1 or block.columns.start > 1:
            return
        for row in block.between:
            for cell in self.grid.rows[row - 1]:
                line = self.lines.at(cell)
                left_out = _matches(self.axes.left_out.rows, [cell.text], "row", row)
                if line is not None:
                    self._met.append(line)
                elif not cell.blank and not left_out and not is_note(cell.text):
                    raise self.grid.error(
                        cell,
                        found=f"'{cell.text}' stands above the table",
                        expected="lines that the card states, units, or lines of an export",
                        advice=f'Add it to tables."{self.source.number}".axes.lines in the card, '
                        "with {year}, {region} or {indicator} in the place of what it says.",
                    )

    def _once(self, block: Block) -> _Place:
        """What stands once for a whole block."""
        place = _Place(region=self.source.region) if self.axes.region is None else _Place()
        for name, axis in self.axes.by_name.items():
            if axis.once is None:
                continue
            if axis.once == "line":
                line = self._line_above(block, name)
                place = place.with_(
                    self._read_axis(name, [replace(line.cell, text=line.says[name])])
                )
            elif axis.once == "sheet":
                cell = replace(self.grid.cell(1, 1), text=self.grid.sheet or "", problem=None)
                place = place.with_(self._read_axis(name, [replace(cell, stored=None)]))
            elif name == "indicator":
                title = self.source.table.title or indicators()[str(axis.once)].name_zh
                place = place.with_(_Place(label=Label(title, str(axis.once), None)))
            elif name == "region":
                place = place.with_(_Place(region=str(axis.once)))
            else:
                cell = replace(self.grid.cell(1, 1), text=str(axis.once), problem=None, stored=None)
                place = place.with_(_Place(year=require_year(self.source, cell)))
        stated = self.axes.indicator.once
        for line in self._lines_above(block):
            if stated not in (None, "line", "sheet") and "indicator" in line.says:
                other = self.labels.resolve(line.cell, [line.says["indicator"]])
                if other.indicator != stated:
                    raise self._disagrees(line.cell, f"the indicator {stated}")
                place = replace(place, label=other)
            if self.axes.region is not None and "region" in line.says:
                region = region_of(line.says["region"])
                if place.region is None or (region != place.region and not line.template):
                    raise self._disagrees(line.cell, f"the regions of the table, {place.region}")
        return place

    def _disagrees(self, cell: Cell, expected: str) -> Exception:
        return self.grid.error(
            cell,
            found=f"'{cell.text.strip()}' says something else than the card",
            expected=f"{expected}, as the card says",
            advice=f'Correct tables."{self.source.number}".axes in the card.',
        )

    def _lines_above(self, block: Block) -> Sequence[Line]:
        """Lines between a block's header and the one before; those over its own columns first."""
        lines = list(self.lines.within(block.between))
        return sorted(lines, key=lambda line: line.cell.column not in block.columns)

    def _line_above(self, block: Block, name: AxisName) -> Line:
        lines = [line for line in self._lines_above(block) if name in line.says]
        own = [line for line in lines if line.cell.column in block.columns] or lines
        if len({line.says[name] for line in own}) != 1:
            raise self.grid.error(
                own[-1].cell if own else self.grid.cell(block.header.start, block.columns.start),
                found=f"{len(own)} lines above the block say its {name}",
                expected=f'one, which tables."{self.source.number}".axes.lines of the card has',
                advice=f"Put {{{name}}} into the card's line that says it, or state the {name} "
                "itself under once.",
            )
        return own[0]

    def _units(self, block: Block) -> UnitBook:
        """Units that the lines above a block print, or those under its header; else of the last."""
        units = UnitBook(self.source.table, self.source.number, self.grid)
        under = range(block.rows.start, block.rows.start)
        for row in block.rows:
            cells = [cell for cell in self.grid.rows[row - 1] if not cell.blank]
            if any(self.lines.at(cell) is None for cell in cells):
                break
            under = range(block.rows.start, row + 1)
        near = [*self.lines.within(block.between), *self.lines.within(under)]
        stated = [line for line in near if "unit" in line.says]
        if not stated:
            before = list(self.lines.within(range(1, block.header.start)))
            stated = [line for line in before if "unit" in line.says]
            stated = [line for line in stated if line.cell.row == stated[-1].cell.row]
        own = [line for line in stated if line.cell.column in block.columns] or stated
        for line in own:
            text = line.says["unit"]
            text = text if line.template is None else f"单位：{text}"
            units.take_line(replace(line.cell, text=text))
        return units

    def _columns(self, block: Block) -> _Columns:
        table, axes = self.source.table, self.axes
        keys = {column for columns in block.keys.values() for column in columns}
        figures: dict[int, _Place] = {}
        roles: dict[str, int] = {}
        only: dict[int, str] = {}
        others = set(keys)
        named = {normalise_label(text): text for text in (axes.unit, table.status_column) if text}
        chosen = {normalise_label(text): value for text, value in axes.only.items()}
        heading_row = block.header[axes.header.above]
        refuse_unnamed_flags(
            self.source,
            [c for c in self.grid.rows[heading_row - 1] if c.column in block.columns],
        )
        for column in block.columns:
            heads = self._heads(block, column)
            if column in keys or not heads:
                continue
            texts = [head.text for head in heads]
            label = normalise_label(self.grid.header_cell(heading_row, column).text)
            if label in named or label in chosen or label == normalise_label(axes.figures or ""):
                if label in roles:
                    raise self._twice(heads[-1])
                roles[label] = column
                if label in chosen:
                    only[column] = chosen[label]
                elif label not in named:
                    figures[column] = _Place()
            elif _matches(axes.left_out.columns, texts, "column", column):
                others.add(column)
            else:
                place = self._column_place(block, column, heads)
                if place is None:
                    others.add(column)
                else:
                    figures[column] = place
        for text in (axes.unit, table.status_column, axes.figures, *axes.only):
            if text and normalise_label(text) not in roles:
                raise self.grid.error(
                    self.grid.cell(heading_row, block.columns.start),
                    found=f"no column is headed '{text}'",
                    expected="the columns that the card names",
                    advice=f'Correct tables."{self.source.number}" in the card.',
                )
        return _Columns(
            figures,
            roles.get(normalise_label(axes.unit)) if axes.unit else None,
            roles.get(normalise_label(table.status_column)) if table.status_column else None,
            only,
            frozenset(others),
        )

    def _twice(self, cell: Cell) -> Exception:
        return self.grid.error(
            cell,
            found=f"'{cell.text}' heads two columns of one block",
            expected="one column with that heading",
            advice="Look at the document: two tables stand side by side, or a column is doubled. "
            f'Two tables are two blocks (tables."{self.source.number}".axes.blocks).',
        )

    def _heads(self, block: Block, column: int) -> Sequence[Cell]:
        """Header cells over a column, from the top; a merged block counts once."""
        cells = [self.grid.header_cell(row, column) for row in block.header]
        return [cell for cell in dict.fromkeys(cells) if not cell.blank]

    def _column_place(self, block: Block, column: int, heads: Sequence[Cell]) -> _Place | None:
        """What the header says of a column; None where its label is ignored by the card."""
        place = _Place()
        used: set[Cell] = set()
        for name, axis in self.axes.by_name.items():
            if axis.across:
                rows = [block.header[index - 1] for index in axis.across]
                cells = dict.fromkeys(self.grid.header_cell(row, column) for row in rows)
                stack = [cell for cell in cells if not cell.blank]
                used.update(stack)
                read = self._read_axis(name, stack or [self.grid.cell(rows[-1], column)])
                if read.label is not None and read.label.indicator is None:
                    return None
                place = place.with_(read)
        unused = [head for head in heads if head not in used]
        if unused:
            raise self.grid.error(
                unused[0],
                found=f"the card does not say what the heading '{unused[0].text}' is",
                expected="a heading of an axis, or a column that is left out",
                advice=f'Say in the card under tables."{self.source.number}".axes on which row of '
                "the header the axis stands, or leave the column out under left_out.columns.",
            )
        return place

    def _row_place(self, block: Block, row: int, columns: _Columns) -> _Place:
        place = _Place()
        for name, keys in block.keys.items():
            cells = [self.grid.header_cell(row, column) for column in keys]
            place = place.with_(self._read_axis(name, cells))
        flags = None if columns.flags is None else self.grid.cell(row, columns.flags)
        return place.with_(_Place(status=flags_of(self.source, flags).status))

    def _read_axis(self, name: AxisName, cells: Sequence[Cell]) -> _Place:
        """Read what some cells say on one axis; several must say the same."""
        filled = [cell for cell in cells if not cell.blank]
        if not filled:
            raise self.grid.error(
                cells[0],
                found=f"no {name} stands here",
                expected=f"a {name} for every figure",
                advice="Look at the document; if the row or column is not wanted, leave it out: "
                f'tables."{self.source.number}".axes.left_out.',
            )
        if name == "indicator":
            label = self.labels.resolve(filled[-1], [cell.text for cell in filled])
            return _Place(label=label, status=label.status, cell=filled[-1])
        read = self._region if name == "region" else self._year
        said = [read(cell) for cell in filled]
        if any(place != said[0] for place in said) or len(filled) < len(set(cells)):
            raise self.grid.error(
                filled[-1],
                found=f"'{filled[0].text.strip()}' and '{filled[-1].text.strip()}' stand side by "
                f"side as one {name}",
                expected=f"the same {name} in both",
                advice="Look at the document: the rows have slipped.",
            )
        return said[0]

    def _region(self, cell: Cell) -> _Place:
        region = region_of(cell.text)
        if region is None:
            raise self.grid.error(
                cell,
                found=f"the region '{cell.text.strip()}' is unknown",
                expected="a code or name of assets/extracts/regions.yaml, such as CN-GS or 甘肃省",
                advice="If its figures are not wanted, leave the row or column out: "
                f'tables."{self.source.number}".axes.left_out in the card.',
            )
        return _Place(region=region)

    def _year(self, cell: Cell) -> _Place:
        text = cell.exact.strip()
        bank = _WORLD_BANK_YEAR.fullmatch(text)
        day = self.axes.dates
        if bank:
            text = bank[1]
        elif day and re.fullmatch(rf"[0-9]{{4}}-{day}", text):
            text = text[:4]
        else:
            return _Place(year=require_year(self.source, cell), status=year_status(cell.text))
        plain = replace(cell, text=text, stored=None, problem=None)
        return _Place(year=require_year(self.source, plain))

    def _is_left_out(
        self, block: Block, row: int, filled: Sequence[Cell], columns: _Columns
    ) -> bool:
        """By a key or the first text of the row, or by the column that `only` chooses in."""
        keys = [column for of_axis in block.keys.values() for column in of_axis]
        cells = [filled[0], *(self.grid.header_cell(row, column) for column in keys)]
        cells += self._not_chosen(row, columns)
        return _matches(self.axes.left_out.rows, [cell.text for cell in cells], "row", row)

    def _not_chosen(self, row: int, columns: _Columns) -> Sequence[Cell]:
        """Cells of a row that have another value than the one `only` takes."""
        cells = [(self.grid.cell(row, column), value) for column, value in columns.only.items()]
        return [cell for cell, value in cells if cell.text.strip() != value.strip()]

    def _require_chosen(self, row: int, columns: _Columns) -> None:
        for cell in self._not_chosen(row, columns):
            raise self.grid.error(
                cell,
                found=f"the card neither takes nor leaves out lines with '{cell.text.strip()}'",
                expected=f"'{columns.only[cell.column]}', as the card says under only",
                advice=f"If they are not wanted, add '{cell.text.strip()}' (or a pattern) to "
                f'tables."{self.source.number}".axes.left_out.rows.',
            )

    def _refuse_stray(self, filled: Sequence[Cell], columns: _Columns) -> None:
        known = {*columns.figures, columns.unit, columns.flags, *columns.only, *columns.others}
        for cell in filled:
            if cell.column not in known:
                raise self.grid.error(
                    cell,
                    found=f"'{cell.text}' stands in a column without a heading",
                    expected="a heading above every figure",
                    advice="Look at the header: a heading is missing, or the row slipped a column. "
                    f"A column that is not wanted: 'column {column_letters(cell.column)}' under "
                    f'tables."{self.source.number}".axes.left_out.columns.',
                )

    def _row_figures(
        self, row: int, columns: _Columns, of_row: _Place, units: UnitBook
    ) -> Iterator[Figure]:
        if of_row.label is not None and of_row.label.indicator is None:
            return
        flags = None if columns.flags is None else self.grid.cell(row, columns.flags)
        note = "; ".join(flags_of(self.source, flags).notes) or None
        printed = "" if columns.unit is None else self.grid.cell(row, columns.unit).text.strip()
        for column, of_column in columns.figures.items():
            place = of_row.with_(of_column)
            cell = self.grid.cell(row, column)
            label, region, year = place.label, place.region, place.year
            assert label is not None
            assert label.indicator is not None
            assert region is not None
            assert year is not None
            if not self.source.table.wants_year(year):
                continue
            refuse_merged(self.source, cell)
            unit, printed_unit = units.of(place.cell or cell, label, printed or None)
            yield Figure(
                cell,
                label.text,
                label.indicator,
                region,
                year,
                unit,
                printed_unit,
                note=note,
                status=place.status,
            )


def _matches(entries: Sequence[str], texts: Sequence[str], kind: str, place: int) -> bool:
    """Whether the card leaves out a row or column: by place, by label or by a pattern."""
    labels = [normalise_label(text) for text in texts if text.strip()]
    for entry in entries:
        rows = re.fullmatch(r"rows? ([1-9][0-9]*)(?:-([1-9][0-9]*))?", entry)
        if rows and kind == "row":
            if int(rows[1]) <= place <= int(rows[2] or rows[1]):
                return True
        elif kind == "column" and entry == f"column {column_letters(place)}":
            return True
        elif len(entry) > 2 and entry[0] == entry[-1] == "/":
            if any(re.search(entry[1:-1], label) for label in labels):
                return True
        elif normalise_label(entry) in labels:
            return True
    return False


def _is_number(cell: Cell) -> bool:
    try:
        parse_number(cell.text)
    except ValueError:
        return False
    return True
