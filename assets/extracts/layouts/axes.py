"""Layout `axes`: a table of indicator × region × year, each of which stands across, down or once.

The card says which stands where (`axes`). Belongs here: reading the blocks so that every cell of
the sheet ends as a figure, as part of the header or a key, or under something that the card leaves
out; anything else stops the document. Not here: finding the blocks (axes_blocks.py), the texts
beside them (axes_lines.py), judging figures.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from assets.extracts.cards.axes_card import AxesCard, AxisName, is_pattern
from assets.extracts.cards.card import QUALITIES
from assets.extracts.errors import DocumentError
from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell, Grid, column_letters
from assets.extracts.labels import (
    Label,
    LabelBook,
    UnitBook,
    is_heading,
    is_value_heading,
    split_unit,
)
from assets.extracts.layouts.axes_blocks import (
    Block,
    filled_down,
    find_blocks,
    is_headed,
    spread_headings,
)
from assets.extracts.layouts.axes_lines import Line, LineBook
from assets.extracts.layouts.axes_years import day_of, stated_year
from assets.extracts.layouts.cells import holds_number, year_status
from assets.extracts.layouts.flags import (
    are_flags,
    flags_of,
    is_flag_heading,
    refuse_unnamed_flags,
    split_flags,
)
from assets.extracts.layouts.mending import axes_line, says, says_axes, says_left_out
from assets.extracts.layouts.region_cells import read_region, regions_meant
from assets.extracts.layouts.row_headings import heading_gone, row_heading
from assets.extracts.layouts.told_definition_beside import ToldDefinition
from assets.extracts.layouts.told_measure import ToldMeasure, refuse_told_apart
from assets.extracts.layouts.told_status import ToldStatus
from assets.extracts.layouts.unheard_notes import UnheardNotes
from assets.extracts.layouts.unread_columns import power_of_ten, refuse_unread
from assets.extracts.layouts.years import (
    FIRST_YEAR,
    below_the_table,
    refuse_merged,
    require_width,
    require_year,
)
from assets.extracts.meaning.printed_text import is_note, marks_of
from assets.extracts.meaning.registry import (
    indicator_of,
    indicators,
    normalise_label,
    region_of,
    regions,
)
from assets.extracts.meaning.status import Flags, Status, least_sure
from assets.extracts.meaning.units import scaled
from assets.extracts.region_statements import region_lines
from assets.extracts.regions.region import STILL
from assets.extracts.written.landing_files import ADDED_REGIONS
from assets.extracts.written.year_list import years_of

_Meant = tuple[Label | None, tuple[str, ...], int | None]  # label, region as printed, year
_PRINTED: Mapping[AxisName, str] = {"indicator": "label", "region": "region", "year": "year"}
_ROWS = re.compile(r"rows? ([1-9][0-9]*)(?:-([1-9][0-9]*))?")
_BEGINS_LIKE_A_YEAR = re.compile(r"\s*\W?(?:1[89]|2[01]|１[８９]|２[０１])\d\d")


@dataclass(frozen=True, slots=True)
class _Place:
    """What is known of a figure's place: from its row, its column or the lines above it.

    region: as the card states it; region_cells: as the document does, which waits for the year;
    cell: where the label stands, for messages.
    """

    label: Label | None = None
    region: str | None = None
    region_cells: tuple[Cell, ...] = ()
    year: int | None = None
    status: Status | None = None
    cell: Cell | None = None

    @property
    def meant(self) -> "_Meant":
        """What a row or column of a block is about: no other may be."""
        texts = tuple(normalise_label(cell.text) for cell in self.region_cells)
        return self.label, texts, self.year

    def with_(self, other: "_Place") -> "_Place":
        """Both together: an axis stands in one place only."""
        return _Place(
            self.label or other.label,
            self.region or other.region,
            self.region_cells or other.region_cells,
            self.year or other.year,
            least_sure((self.status, other.status)),
            self.cell or other.cell,
        )


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """What the card leaves out of rows or of columns: labels, patterns and places."""

    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    places: tuple[range, ...]

    @staticmethod
    def of(entries: Sequence[str], kind: Literal["row", "column"]) -> "_LeftOut":
        """The entries of a card, taken apart once for all rows."""
        rows = [_ROWS.fullmatch(entry) if kind == "row" else None for entry in entries]
        others = [e for e, row in zip(entries, rows, strict=True) if row is None]
        places = [range(int(row[1]), int(row[2] or row[1]) + 1) for row in rows if row]
        names = (normalise_label(entry) for entry in others if not is_pattern(entry))
        patterns = (re.compile(entry[1:-1]) for entry in others if is_pattern(entry))
        return _LeftOut(frozenset(names), tuple(patterns), tuple(places))

    def has(self, texts: Sequence[str], place: int, letters: str = "") -> bool:
        """Whether a row, or column of these letters, with these texts is left out."""
        labels = [normalise_label(text) for text in texts if text.strip()]
        return (
            not self.names.isdisjoint([*labels, normalise_label(f"column {letters}")])
            or any(place in rows for rows in self.places)
            or any(pattern.search(label) for pattern in self.patterns for label in labels)
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns of one block: of figures (→ their place), of what else a line states, of its choice.

    roles: unit, flags, note, quality, multiplier and estimates_after, where there is such a column;
    others: keys and what the card leaves out; headings: of the latter; beside: column of figures →
    that of their flags.
    """

    figures: Mapping[int, _Place]
    roles: Mapping[str, int]
    only: Mapping[int, str]
    others: frozenset[int]
    headings: Mapping[int, Cell]
    beside: Mapping[int, int]

    @property
    def known(self) -> frozenset[int]:
        """Columns in which something may stand."""
        stated = {*self.figures, *self.roles.values(), *self.only, *self.beside.values()}
        return self.others | stated


def read(source: TableSource) -> TableFigures:
    """Read every block; a row in doubt is kept as a fault, and the next is read.

    Raises DocumentError where a header or a text beside the blocks is in doubt.
    """
    axes = source.table.axes
    assert axes is not None
    reader = _Reader(source, axes)
    read = [(block, list(reader.read_block(block))) for block in reader.blocks]
    reader.hear_comments()
    figures = [figure for each in read for figure in reader.with_told_status(*each)]
    reader.check_around(figures)
    reader.measures.refuse_other(source, figures)
    reader.definitions.refuse_other(source, figures)
    reader.refuse_unheard(figures)
    in_doubt = () if source.table.statuses else reader.told.in_doubt(figures)
    return TableFigures(figures, frozenset(reader.labels.seen), in_doubt)


class _Reader:
    def __init__(self, source: TableSource, axes: AxesCard) -> None:
        self.source = source
        self.grid = source.grid
        self.axes = axes
        self.labels = LabelBook(source.table, source.number, source.grid)
        self.blocks = find_blocks(source, axes)
        for block in self.blocks:
            for name, columns in block.keys.items():
                if axes.by_name[name].blank == "above":
                    self.grid = filled_down(self.grid, block.rows, columns)
        self.lines = LineBook(source, axes, self.blocks[0].header.start)
        self._require_some_year()
        self._ignored = frozenset(normalise_label(name) for name in source.table.ignore)
        self._out_rows = _LeftOut.of(axes.left_out.rows, "row")
        self._out_columns = _LeftOut.of(axes.left_out.columns, "column")
        self._headings = dict.fromkeys(axes.left_out.under, False)  # → whether it was met
        self.told = ToldStatus()
        self.measures = ToldMeasure()
        self.definitions = ToldDefinition()
        self.unheard = UnheardNotes()
        for text in (source.grid.sheet or "", *source.grid.around):
            self.measures.read(None, text, is_title=True)
            self.definitions.read(None, text, is_title=True)
        self._hear(self.grid.elsewhere)
        self._met: list[Line] = []
        self._regions: dict[tuple[int, tuple[str, ...]], str] = {}  # year, names → region
        self._known_regions: set[str] = set()  # texts that name some

    def _require_some_year(self) -> None:
        """One year at least must stand where the card says, or the table is of another shape."""
        axis = self.axes.year
        if axis.once is not None:
            return
        places: list[tuple[int, int]] = []
        for block in self.blocks:
            rows = [block.header[row - 1] for row in self._header_rows(block, "year")]
            places += [(row, column) for row in rows for column in block.columns]
            places += [(row, column) for column in block.keys.get("year", ()) for row in block.rows]
        if not any(_BEGINS_LIKE_A_YEAR.match(self.grid.cell(*place).exact) for place in places):
            raise self.grid.error(
                self.grid.cell(self.blocks[0].header.start, self.blocks[0].columns.start),
                found="no year stands where the card says that years stand",
                expected=f"years {'across, in the header' if axis.across else 'down a column'}",
                advice=self._where_years_are(),
                lacks="layout",
            )

    def _where_years_are(self) -> str:
        """Advice that names where years do stand, if anywhere."""
        first = self.blocks[0]
        for cell in (cell for row in self.grid.rows for cell in row):
            if stated_year(cell, self.axes) is None:
                continue
            if cell.row in first.header:
                at: Mapping[str, object] = {"across": cell.row - first.header.start + 1}
            elif heading := self.grid.header_cell(first.header.start, cell.column).text.strip():
                at = {"down": heading}
            else:
                continue
            advice = says_axes(self.source, {"year": at})
            return f"If '{cell.text.strip()}' ({cell.ref}) is one of them, {advice}"
        stated = {"year": {"once": self.source.edition - 1}}
        return f"If all figures are of one year, {says_axes(self.source, stated)}"

    def _header_rows(self, block: Block, name: AxisName) -> Sequence[int]:
        """Rows of a block's header in which an axis stands, counted from 1."""
        across = self.axes.by_name[name].across
        return range(1, len(block.header) + 1) if across == "header" else across

    def read_block(self, block: Block) -> Iterator[Figure]:
        """Every figure of a block, row by row."""
        self._check_above(block)
        once = self._once(block)
        units = self._units(block)
        columns = self._columns(block)
        under_header = self._lines_under_header(block)
        under: frozenset[int] = frozenset()  # rows under a heading that is left out with them
        in_notes = below_note = False  # below_note: right below one that the card leaves out
        met: dict[_Meant, Cell] = {}
        taken: list[int] = []
        header: Cell | None = None  # of another table, which the card leaves out
        for row in block.rows:
            cells = [self.grid.cell(row, column) for column in block.columns]
            filled = [cell for cell in cells if not cell.blank]
            if not filled:
                continue
            lines = [line for cell in filled if (line := self.lines.at(cell)) is not None]
            if row in under or self._is_left_out(block, row, filled, columns):
                self._met += lines
                header = filled[0] if self._is_other_header(block, filled, columns) else header
                below_note |= is_note(filled[0].text) and not any(map(holds_number, filled[1:]))
                continue
            values = [cell for cell in filled if cell.column in columns.figures]
            if len(lines) == len(filled):
                self._met += lines
                of_units = row in under_header and all("unit" in line.says for line in lines)
                rows = () if of_units else self._rows_under(block, row, columns)
                self._hear(filled, is_title=True, over_all=not rows)
                if rows:
                    under |= self._headed(filled[0], rows)
                continue
            if not any(holds_number(cell) for cell in filled[1:]) and (
                (is_note(filled[0].text) and all(map(_is_words, values)))
                or (
                    (in_notes or below_note)
                    and not holds_number(filled[0])
                    and all(map(_is_words, values))
                )
            ):
                in_notes = True
                self._hear(filled)
                continue
            with self.source.faults.kept():
                if in_notes:
                    raise below_the_table(self.source, filled[0])
                if header is not None:
                    raise self._below_other_header(header, filled[0])
                require_width(self.source, row, block.header[self.axes.header.above])
                self._refuse_stray(filled, columns)
                self._require_chosen(row, columns)
                if (
                    not values
                    and not self._is_known_row(block, row)
                    and (rows := self._rows_under(block, row, columns))
                ):
                    under |= self._headed(filled[0], rows)
                    continue
                place = self._row_place(block, row, columns)
                if not self.axes.one_a_line:
                    key = next(iter(block.keys.values()))[0]
                    self._require_first(met, place, self.grid.header_cell(row, key))
                place = place.with_(once)
                taken.append(row)
                below_note = False
                yield from self._row_figures(row, columns, place, units)
        for column, heading in columns.headings.items():
            with self.source.faults.kept():
                cells = [self.grid.cell(row, column) for row in taken]
                named = {
                    role: [self.grid.cell(row, of_role) for row in taken]
                    for role, of_role in columns.roles.items()
                }
                refuse_unread(self.source, heading, cells, named)
                refuse_told_apart(self.source, heading, cells)

    def with_told_status(self, block: Block, figures: Sequence[Figure]) -> Iterator[Figure]:
        """The figures of a block with what texts beside the table, and the card, say of them."""
        stated = {
            year: status
            for status, years in self.source.table.statuses.items()
            for year in years_of(years)
        }
        keys = [column for columns in block.keys.values() for column in columns]
        marked: dict[tuple[str, int], frozenset[str]] = {}  # marks over a column, or beside a row
        for figure in figures:
            row, column = figure.cell.row, figure.cell.column
            if ("row", row) not in marked:
                marked["row", row] = _marks(self.grid.header_cell(row, key) for key in keys)
            if ("column", column) not in marked:
                marked["column", column] = _marks(self._heads(block, column))
            marks = _marks([figure.cell]) | marked["row", row] | marked["column", column]
            told = self.told.of_figure(figure, marks), stated.get(figure.reference_year)
            yield replace(figure, status=least_sure((figure.status, *told)), marks=marks)

    def _hear(
        self, cells: Sequence[Cell], *, is_title: bool = False, over_all: bool = True
    ) -> None:
        """Hear what some texts beside the blocks say of the figures' status and measure.

        over_all: they do not stand over some of the rows, of which the card says what they are.
        """
        heard = [cell for cell in cells if not (cell.blank or self._is_named(None, [cell]))]
        for cell in heard:
            self.told.read(cell, is_title=is_title)
        if not is_title and len({cell.row for cell in heard}) == 1:
            heard = [_joined(heard)]
        for cell in heard if over_all else ():
            self.measures.read(cell, cell.text, is_title=is_title)
            title = is_title and not is_note(cell.text)
            self.definitions.read(cell, cell.text, is_title=title)
            if not title:
                self.unheard.read(cell, cell.text)

    def hear_comments(self) -> None:
        """Hear what stands in the windows beside cells: of a block's cell, of its figures alone."""
        inside = {row for block in self.blocks for row in (*block.header, *block.rows)}
        for cell in (cell for row in self.grid.rows for cell in row if cell.comment):
            text, mark = cell.comment or "", cell.ref if cell.row in inside else ""
            if not self._is_named(None, [replace(cell, text=text)]):
                self.told.read(replace(cell, text=text), is_title=False, mark=mark)
                self.measures.read(cell, text, is_title=False, mark=mark)
                self.definitions.read(cell, text, mark=mark)
                self.unheard.read(cell, text, mark=mark)

    def refuse_unheard(self, figures: Sequence[Figure]) -> None:
        """Stop at notes of which nothing that hears them knows what they say."""
        self.unheard.refuse(
            self.source,
            figures,
            lambda clause: (
                self.told.hears(clause)
                or self.measures.hears(clause)
                or self.definitions.hears(clause, figures)
            ),
        )

    def _rows_under(self, block: Block, row: int, columns: _Columns) -> Sequence[int]:
        """Rows of figures that a text between the rows would head: down to the next such text."""
        found: list[int] = []
        for below in range(row + 1, block.rows.stop):
            cells = [self.grid.cell(below, column) for column in block.columns]
            filled = [cell for cell in cells if not cell.blank]
            if not filled or self._is_left_out(block, below, filled, columns):
                continue
            if any(cell.column in columns.figures for cell in filled):
                found.append(below)
            elif found or is_note(filled[0].text):
                break
        return found

    def _headed(self, cell: Cell, rows: Sequence[int]) -> frozenset[int]:
        """The rows that the card leaves out with the text above them; else that is a fault."""
        met = [text for text in self._headings if _LeftOut.of([text], "column").has([cell.text], 0)]
        self._headings |= dict.fromkeys(met, True)
        with self.source.faults.kept():
            if not met:
                raise row_heading(self.source, cell, rows)
        return frozenset(rows) if met else frozenset()

    def _is_known_row(self, block: Block, row: int) -> bool:
        """Whether the keys of a row say what its figures would be, though none stands there."""
        keys = {n: [self.grid.header_cell(row, c) for c in at] for n, at in block.keys.items()}
        try:
            for name, cells in keys.items():
                self._read_axis(name, cells)
        except DocumentError:
            return False
        return True

    def check_around(self, figures: Sequence[Figure]) -> None:
        """What the card says of lines and regions must be met; an export must say its region."""
        self.lines.require_all_met(self._met)
        gone = [text for text, met in self._headings.items() if not met]
        if gone:
            raise heading_gone(self.source, gone)
        missing = sorted(set(self.axes.only_regions) - {figure.region for figure in figures})
        if missing:
            raise self.grid.error(
                None,
                found=f"there is no figure of {', '.join(missing)}",
                expected="every region that the card lists under only_regions",
                advice="If the document has no figures of them, "
                + says_axes(
                    self.source,
                    {"only_regions": [r for r in self.axes.only_regions if r not in missing]},
                )
                + "\n  If it names them otherwise, "
                + says(self.source.number, {"regions": {"its name there": missing[0]}}),
            )
        axis, own = self.axes.region, regions()[self.source.region]
        exported = axis is not None and axis.once == "export"
        if own.is_nation or (axis is not None and not exported):
            return
        top = self.blocks[0].header.start
        of_site = [line for line in self._met if line.of_export]
        if (exported or of_site) and not any(
            line.cell.row < top for line in region_lines(self.grid)
        ):
            raise self.grid.error(
                of_site[0].cell if of_site else self.grid.cell(top, 1),
                found="no line 地区：… or Region: … stands above the table",
                expected=f"{own.name_zh} ({own.code}), the region of the card",
                advice="Export the table again with the lines above it; if it is the nation's, put "
                "region: CN into the card. The site's new address writes no such line: there "
                + says_axes(self.source, {"region": {"once": own.code}}),
            )

    def _check_above(self, block: Block) -> None:
        """Above the first header only lines and titles may stand; between blocks rows are met."""
        if block.between.start > 1 or block.columns.start > 1:
            return
        for row in block.between:
            after_line, title = False, None
            self._hear(self.grid.rows[row - 1], is_title=True)
            for cell in self.grid.rows[row - 1]:
                line = self.lines.at(cell)
                if line is not None:
                    self._met.append(line)
                    after_line = True
                    continue
                starts = title is None and (cell.column == 1 or after_line)
                if self.axes.states_itself and starts and not cell.blank and not holds_number(cell):
                    title = cell
                elif not (cell.blank or is_note(cell.text) or self._is_named(row, [cell])):
                    raise self.grid.error(
                        cell,
                        found=f"'{cell.text}' stands above the table",
                        expected="lines that the card states, units, or lines of an export",
                        advice="If it belongs to the table, with {year}, {region} or {indicator} "
                        "in the place of what it says, "
                        + says_axes(
                            self.source,
                            {"lines": [*self.axes.lines, " ".join(cell.text.split())]},
                        ),
                        lacks="line",
                    )

    def _once(self, block: Block) -> _Place:
        """What stands once for a whole block."""
        of_card = self.axes.region is None or self.axes.region.once == "export"
        place = _Place(region=self.source.region) if of_card else _Place()
        for name, axis in self.axes.by_name.items():
            if axis.once is None or (name == "region" and of_card):
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
                    mend = {"indicator": {"once": other.indicator or "line"}}
                    raise self._disagrees(line.cell, f"the indicator {stated}", mend)
                place = replace(place, label=other)
            if not of_card and "region" in line.says:
                known = {place.region, *(region_of(cell.text) for cell in place.region_cells)}
                said = region_of(line.says["region"])
                if known == {None} or (line.template is None and said not in known - {None}):
                    mend = {"region": {"once": said or self.source.region}}
                    raise self._disagrees(line.cell, "the regions of the table", mend)
        return place

    def _disagrees(
        self, cell: Cell, expected: str, mend: Mapping[str, Mapping[str, str]]
    ) -> Exception:
        return self.grid.error(
            cell,
            found=f"'{cell.text.strip()}' says something else than the card",
            expected=f"{expected}, as the card says",
            advice=f"If the document is right, {says_axes(self.source, mend)}",
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
        near = [
            *self.lines.within(block.between),
            *self.lines.within(self._lines_under_header(block)),
        ]
        stated = [line for line in near if "unit" in line.says]
        if not stated:
            before = list(self.lines.within(range(1, block.header.start)))
            stated = [line for line in before if "unit" in line.says]
            stated = [line for line in stated if line.cell.row == stated[-1].cell.row]
        own = [line for line in stated if line.cell.column in block.columns] or stated
        for line in own:
            text = line.says["unit"]
            text = text if line.template is None else f"({text})"
            units.take_line(replace(line.cell, text=text))
        return units

    def _lines_under_header(self, block: Block) -> range:
        """Rows right below a header in which nothing but lines stands."""
        under = range(block.rows.start, block.rows.start)
        for row in block.rows:
            cells = [cell for cell in self.grid.rows[row - 1] if not cell.blank]
            if any(self.lines.at(cell) is None for cell in cells):
                break
            under = range(block.rows.start, row + 1)
        return under

    def _columns(self, block: Block) -> _Columns:
        table, axes = self.source.table, self.axes
        keys = {column for columns in block.keys.values() for column in columns}
        heading_row = block.header[axes.header.above]
        headings = [self.grid.header_cell(heading_row, column) for column in block.columns]
        if axes.flags != "beside":
            told = table.status_column is not None
            refuse_unnamed_flags(
                self.source,
                [cell for cell in headings if not (told and self._leaves_out(cell.column, [cell]))],
            )
        named = {
            "flags": table.status_column,
            "figures": axes.figures,
            "unit": axes.unit,
            "note": axes.note,
            "quality": axes.quality,
            "multiplier": axes.multiplier,
            "estimates_after": axes.estimates_after,
            **{f"only {text}": text for text in axes.only},
        }
        found: dict[str, int] = {}
        places: dict[int, _Place] = {}
        met: dict[_Meant, Cell] = {}
        others = set(keys)
        left_out: dict[int, Cell] = {}
        beside: dict[int, int] = {}
        others_than_keys = [column for column in block.columns if column not in keys]
        spread = self.grid
        if axes.header.blank != "nothing":
            spread = spread_headings(self.grid, block.header, others_than_keys)
        for column, heading in zip(block.columns, headings, strict=True):
            heads = self._heads(block, column)
            if column in keys:
                for head in heads:
                    self.measures.read(head, head.text, is_title=True)
                continue
            if column - 1 in places and self._is_beside(block, column, heads):
                beside[column - 1] = column
                continue
            if not heads:
                if self._leaves_out(column, []):
                    others.add(column)
                    left_out[column] = heading
                continue
            roles = [role for role, entry in named.items() if entry and is_headed(entry, heading)]
            with self.source.faults.kept():
                others.add(column)  # unless it is read to the end, nothing more is said of it
                if roles and roles[0] in found:
                    raise self._twice(heads[-1])
                if roles:
                    found[roles[0]] = column
                elif self._leaves_out(column, heads):
                    left_out[column] = heads[-1]
                elif not self._of_other_region(block, column):
                    place = self._column_place(block, column, spread)
                    if place is not None:
                        self._require_first(met, place, heads[-1])
                        places[column] = place
        for role, entry in named.items():
            if entry and not is_pattern(entry) and role not in found:
                raise self._no_such_column(role, entry, headings)
        if "figures" in found:
            places[found.pop("figures")] = _Place()
        only = {found.pop(f"only {text}"): value for text, value in axes.only.items()}
        return _Columns(places, found, only, frozenset(others - places.keys()), left_out, beside)

    def _no_such_column(self, role: str, entry: str, headings: Sequence[Cell]) -> Exception:
        """The refusal of a card that names a column which is not there."""
        there = [" ".join(cell.text.split()) for cell in headings if not cell.blank]
        if role.startswith("only "):
            only = {name: value for name, value in self.axes.only.items() if name != entry}
            advice = says_axes(self.source, {"only": only or None})
        elif role == "flags":
            advice = says(self.source.number, {"status_column": None})
        else:
            advice = says_axes(self.source, {role: None})
        return self.grid.error(
            headings[0],
            found=f"no column is headed '{entry}'",
            expected=f"the columns that the card names, of those that are there: {there}",
            advice=f"If another of them is meant, the card names it. If there is none, {advice}",
        )

    def _leaves_out(self, column: int, heads: Sequence[Cell]) -> bool:
        """Whether the card leaves a column out, by one of its headings or by its place."""
        texts = [head.text for head in heads]
        return self._is_named(None, heads) or self._out_columns.has(
            texts, column, column_letters(column)
        )

    def _is_beside(self, block: Block, column: int, heads: Sequence[Cell]) -> bool:
        """Whether a column holds the flags of the figures before it, as the card says.

        It has no heading of its own, or that of a column of flags.
        """
        own = [head for head in heads if head not in self._heads(block, column - 1)]
        return self.axes.flags == "beside" and all(is_flag_heading(head.text) for head in own)

    def _of_other_region(self, block: Block, column: int) -> bool:
        """Whether the card keeps to regions (`only_regions`) of which the column is none."""
        axis, wanted = self.axes.region, frozenset(self.axes.only_regions)
        if axis is None or not axis.across or not wanted:
            return False
        rows = [block.header[row - 1] for row in self._header_rows(block, "region")]
        return not wanted & self._meant([self.grid.header_cell(row, column) for row in rows])

    def _meant(self, cells: Sequence[Cell]) -> frozenset[str]:
        """The regions that all of some cells may mean."""
        meant = [regions_meant(self.source, cell) for cell in cells if not cell.blank]
        return frozenset.intersection(*meant) if meant else frozenset()

    def _require_first(self, met: dict[_Meant, Cell], place: _Place, cell: Cell) -> None:
        """Stop where a row or column is about what another one of the block is about."""
        if place.label is not None and place.label.indicator is None:
            return  # it is left out
        if place.meant in met:
            first = met[place.meant]
            left_out = self._left_out_by_place(cell)
            where = f"and in cell {first.ref}"
            advice = (
                f"one of the two is another than it says. If this one is not wanted, {left_out}"
            )
            if first == cell:
                where = "over several columns or rows"
                advice = "if the second column holds flags, " + says_axes(
                    self.source, {"flags": "beside"}
                )
            raise self.grid.error(
                cell,
                found=f"'{cell.text.strip()}' stands here {where}",
                expected="every column and row about something else",
                advice=f"Look at the document: {advice}",
            )
        met[place.meant] = cell

    def _left_out_by_place(self, cell: Cell) -> str:
        """The line that leaves out the column that a cell heads, or its row."""
        in_header = any(cell.row in block.header for block in self.blocks)
        kind: Literal["rows", "columns"] = "columns" if in_header else "rows"
        return says_left_out(self.source, kind, replace(cell, text=""))

    def _twice(self, cell: Cell) -> Exception:
        return self.grid.error(
            cell,
            found=f"'{cell.text}' heads two columns of one block",
            expected="one column with that heading",
            advice="Look at the document: two tables stand side by side, or a column is doubled. "
            f'Two tables are two blocks (tables."{self.source.number}".axes.blocks).',
        )

    def _heads(self, block: Block, column: int, grid: Grid | None = None) -> Sequence[Cell]:
        """Header cells over a column, from the top; a merged block counts once."""
        cells = [(grid or self.grid).header_cell(row, column) for row in block.header]
        return [cell for cell in dict.fromkeys(cells) if not cell.blank]

    def _column_place(self, block: Block, column: int, spread: Grid) -> _Place | None:
        """What the header says of a column; None where its label is ignored by the card.

        spread: with each heading over the blanks on its right, too, which must say the same.
        """
        own, wide = self._heads(block, column), self._heads(block, column, spread)
        if own == wide:
            return self._place_under(block, column, own, self.grid)
        if self.axes.header.blank == "left":
            return self._place_under(block, column, wide, spread)
        places: list[_Place | None] = []
        for heads, grid in ((own, self.grid), (wide, spread)):
            with suppress(DocumentError):
                place = self._place_under(block, column, heads, grid)
                places.append(None if place is None else replace(place, cell=None))
        if len(places) < 2 or places[0] != places[1]:
            [over, *_] = [cell for cell in wide if cell not in own]
            header = {"above": self.axes.header.above, "below": self.axes.header.below}
            stated = {key: value for key, value in header.items() if value}
            left, nothing = ({"header": {**stated, "blank": b}} for b in ("left", "nothing"))
            raise self.grid.error(
                over,
                found=f"'{over.text.strip()}' may stand over column {column_letters(column)}, too, "
                "where the header is blank",
                expected="a heading over every column, or a card that says what a blank is",
                advice=f"If it does, {says_axes(self.source, left)}\n  If it does not, it says:"
                f"\n    {axes_line(self.source, nothing)}",
            )
        return self._place_under(block, column, own, self.grid)

    def _place_under(
        self, block: Block, column: int, heads: Sequence[Cell], grid: Grid
    ) -> _Place | None:
        place = _Place()
        used: set[Cell] = set()
        for name, axis in self.axes.by_name.items():
            if axis.across:
                rows = [block.header[row - 1] for row in self._header_rows(block, name)]
                cells = dict.fromkeys(grid.header_cell(row, column) for row in rows)
                stack = [cell for cell in cells if not cell.blank and cell in heads]
                used.update(stack)
                for cell in stack if name == "indicator" else ():
                    if holds_number(cell):
                        raise self.grid.error(
                            cell,
                            found=f"the figure '{cell.text.strip()}' stands in the header",
                            expected="labels above the figures, and a key beside every figure",
                            advice="Look at the document: what stood beside it was lost. If the "
                            f"column is not wanted, {self._left_out_by_place(cell)}",
                        )
                read = self._read_axis(name, stack or [self.grid.cell(rows[-1], column)])
                if read.label is not None and read.label.indicator is None:
                    return None
                place = place.with_(read)
        unused = [head for head in heads if head not in used and not is_value_heading(head.text)]
        if unused:
            raise self.grid.error(
                unused[0],
                found=f"the card does not say what the heading '{unused[0].text}' is",
                expected="a heading of an axis, or a column that is left out",
                advice="Say in the card under axes on which row of the header the axis stands. If "
                "the column is not wanted, " + says_left_out(self.source, "columns", unused[0]),
            )
        return place

    def _row_place(self, block: Block, row: int, columns: _Columns) -> _Place:
        place = _Place(status=flags_of(self.source, self._stated(row, columns, "flags")).status)
        for name, keys in block.keys.items():
            cells = [self.grid.header_cell(row, column) for column in keys]
            place = place.with_(self._read_axis(name, cells))
        return place

    def _stated(self, row: int, columns: _Columns, role: str) -> Cell | None:
        """The cell of a row in the column of units, flags, notes or qualities, if there is one."""
        column = columns.roles.get(role)
        return None if column is None else self.grid.cell(row, column)

    def _read_axis(self, name: AxisName, cells: Sequence[Cell]) -> _Place:
        """Read what some cells say on one axis; several must say the same."""
        filled = [cell for cell in cells if not cell.blank]
        if not filled and self.axes.by_name[name].blank == "card":
            return _Place(region=self.source.region)
        if not filled:
            raise self.grid.error(
                cells[0],
                found=f"no {_PRINTED[name]} stands here",
                expected=f"a {_PRINTED[name]} for every figure",
                advice="Look at the document; if the row or column is not wanted, "
                + says_left_out(self.source, self._kind(name), cells[0]),
            )
        if name == "indicator":
            label = self.labels.resolve(filled[-1], [cell.text for cell in filled])
            return _Place(label=label, status=label.status, cell=filled[0])
        if len(filled) < len(set(cells)):
            raise self._differ(name, filled[:1], "nothing")
        if name == "region":
            self._require_regions(filled)
            return _Place(region_cells=tuple(filled))
        years = {self._year(cell) for cell in filled}
        if len(years) > 1:
            raise self._differ(name, filled)
        return _Place(year=years.pop(), status=least_sure(year_status(c.text) for c in filled))

    def _kind(self, name: AxisName) -> Literal["rows", "columns"]:
        """What a cell of an axis heads."""
        return "columns" if self.axes.by_name[name].across else "rows"

    def _require_regions(self, cells: Sequence[Cell]) -> None:
        """Each must name a region that is known; of which year may wait for the figure's."""
        for cell in cells:
            if cell.text in self._known_regions:
                continue
            if not regions_meant(self.source, cell):
                text = json.dumps(cell.text.strip(), ensure_ascii=False)
                raise self.grid.error(
                    cell,
                    found=f"the region '{cell.text.strip()}' is unknown",
                    expected="a code or name of one region, such as CN-GS, 620000 or 甘肃省",
                    advice=f'If it is one that is known, tables."{self.source.number}" of the '
                    f"card says which:\n    regions: {{{text}: its code}}\n  A region that is not "
                    f"known yet is declared in landing/{ADDED_REGIONS} (landing/README.md). If it "
                    "is not wanted, " + says_left_out(self.source, self._kind("region"), cell),
                )
            self._known_regions.add(cell.text)

    def _differ(self, name: AxisName, cells: Sequence[Cell], other: str | None = None) -> Exception:
        other = other or f"'{cells[-1].text.strip()}'"
        return self.grid.error(
            cells[-1],
            found=f"'{cells[0].text.strip()}' and {other} stand side by side as one {name}",
            expected=f"the same {name} in both",
            advice="Look at the document: the rows have slipped. If this one is not wanted, "
            + self._left_out_by_place(cells[-1]),
        )

    def _region(self, place: _Place, year: int) -> str:
        """The region of a figure, by the names that were in force in its year."""
        if place.region is not None:
            return place.region
        named = year, tuple(cell.text for cell in place.region_cells)
        if named not in self._regions:
            meant = {read_region(self.source, cell, year) for cell in place.region_cells}
            if len(meant) > 1:
                raise self._differ("region", place.region_cells)
            self._regions[named] = meant.pop()
        return self._regions[named]

    def _year(self, cell: Cell) -> int:
        year, text = stated_year(cell, self.axes), " ".join(cell.text.split())
        usual = f"a year from {FIRST_YEAR} to {self.source.edition}"
        if year is None:
            day = day_of(cell.exact)
            stated = {"dates": day[1]} if day else {"years": {text: "its year"}}
            left_out = says_left_out(self.source, self._kind("year"), cell)
            raise self.grid.error(
                cell,
                found=f"'{text}' " + (cell.problem or "is not a year"),
                expected=f"{usual}, such as 2019 or 2019年",
                advice=f"If its figures are not wanted, {left_out}\n  If it names a year all the "
                f"same, say which:\n    {axes_line(self.source, stated)}",
            )
        is_forecast = year_status(cell.text) == "forecast"
        if year < FIRST_YEAR or (
            year > self.source.edition and self.source.table.wants_year(year) and not is_forecast
        ):
            only = f"{{first: {FIRST_YEAR}, last: {self.source.edition}}}"
            raise self.grid.error(
                cell,
                found=f"the year {year} cannot be reported by an edition of {self.source.edition}",
                expected=f"{usual}, or a forecast",
                advice="Correct the edition in the card if it is wrong. If such figures are not "
                f'wanted, tables."{self.source.number}" of the card says:\n    only_years: {only}',
            )
        return year

    def _is_left_out(
        self, block: Block, row: int, filled: Sequence[Cell], columns: _Columns
    ) -> bool:
        """By a key or the first text of the row, or by the column that `only` chooses in."""
        wanted = frozenset(self.axes.only_regions)
        named = [self.grid.header_cell(row, column) for column in block.keys.get("region", ())]
        if wanted and named and not wanted & self._meant(named):
            return not is_note(filled[0].text)
        keys = [column for of_axis in block.keys.values() for column in of_axis]
        cells = [filled[0], *(self.grid.header_cell(row, column) for column in keys)]
        return self._is_named(row, [*cells, *self._not_chosen(row, columns)])

    def _is_named(self, row: int | None, cells: Sequence[Cell]) -> bool:
        """Whether the card leaves a row or column out by one of its texts; row: None of a column.

        A label without its unit is named, too, unless it is a row's: those the label book knows.
        """
        texts = [cell.text for cell in cells if not cell.blank]
        named = {normalise_label(text) for text in texts}
        if row is None:
            named |= {normalise_label(split_unit(text)[0]) for text in texts}
        return not self._ignored.isdisjoint(named) or (
            row is not None and self._out_rows.has(texts, row)
        )

    def _is_other_header(self, block: Block, filled: Sequence[Cell], columns: _Columns) -> bool:
        """Whether a row that is left out heads columns otherwise than the block's own header."""
        values = [cell for cell in filled if cell.column in columns.figures]
        own = {cell.column: {h.text for h in self._heads(block, cell.column)} for cell in values}
        if not values or all(cell.text in own[cell.column] for cell in values):
            return False
        across = [name for name, axis in self.axes.by_name.items() if axis.across]
        words = [cell for cell in values if _is_words(cell) and not holds_number(cell)]
        if "region" in across and any(regions_meant(self.source, cell) for cell in words):
            return True
        if "indicator" in across and any(indicator_of(split_unit(c.text)[0]) for c in words):
            return True
        years = [stated_year(cell, self.axes) for cell in values] if "year" in across else [None]
        in_a_row = len({abs(a - b) for a, b in pairwise(y for y in years if y is not None)}) == 1
        return None not in years and (in_a_row or bool(words) or is_heading(filled[0].text))

    def _below_other_header(self, header: Cell, cell: Cell) -> Exception:
        below = f"rows {header.row}-{len(self.grid.rows)}"
        before = self.axes.left_out.rows
        return self.grid.error(
            cell,
            found=f"'{cell.text.strip()}' stands below '{header.text.strip()}' ({header.ref}), "
            "which is left out and heads its columns otherwise",
            expected="figures below the header that the card describes",
            advice="If another table begins there, it is one of its own in the card, and both say "
            "under cells where they stand (A1:D12). If its rows are not wanted, "
            + says_axes(self.source, {"left_out": {"rows": [*before, below]}}),
        )

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
                advice="If they are not wanted, " + says_left_out(self.source, "rows", cell),
            )

    def _refuse_stray(self, filled: Sequence[Cell], columns: _Columns) -> None:
        across = [_PRINTED[name] for name, axis in self.axes.by_name.items() if axis.across]
        across = across or ["heading"]
        for cell in filled:
            if cell.column not in columns.known:
                advice = (
                    "Look at the header: a heading is missing, or the row slipped a column. "
                    "If the column is not wanted, "
                    + says_left_out(self.source, "columns", replace(cell, text=""))
                )
                if are_flags(cell.text) and cell.column - 1 in columns.figures:
                    advice = "If it holds the flags of the figures before it, " + says_axes(
                        self.source, {"flags": "beside"}
                    )
                raise self.grid.error(
                    cell,
                    found=f"'{cell.text}' stands in a column without a {' or '.join(across)}",
                    expected="a heading above every figure",
                    advice=advice,
                )

    def _row_figures(
        self, row: int, columns: _Columns, of_row: _Place, units: UnitBook
    ) -> Iterator[Figure]:
        if of_row.label is not None and of_row.label.indicator is None:
            return
        said = flags_of(self.source, self._stated(row, columns, "flags")).notes
        remark = self._stated(row, columns, "note")
        notes = (*([] if remark is None else [remark.text.strip()]), *said)
        beside = self._stated(row, columns, "unit")
        quality = self._quality(self._stated(row, columns, "quality"))
        power = self._power(self._stated(row, columns, "multiplier"))
        final_until = self._final_until(self._stated(row, columns, "estimates_after"))
        for column, of_column in columns.figures.items():
            place = of_row.with_(of_column)
            cell = self.grid.cell(row, column)
            flags = self._flags(columns, cell)
            label, year = place.label, place.year
            assert label is not None
            assert label.indicator is not None
            assert year is not None
            if not self.source.table.wants_year(year):
                continue
            region = self._region(place, year)
            refuse_merged(self.source, cell)
            said_unit = beside.text.strip() or None if beside else None
            unit, printed_unit = units.of(
                beside or place.cell or cell, label, said_unit, formatted=cell
            )
            if power:
                unit, printed_unit = scaled(unit, power), f"{printed_unit} × 10^{power}"
            estimated: Status | None = "estimated" if year > final_until else None
            number = cell.number if self.axes.flags != "behind" else split_flags(cell.text)[0]
            yield Figure(
                cell if number == cell.text else replace(cell, text=number),
                label.text,
                label.indicator,
                region,
                year,
                unit,
                printed_unit,
                quality=quality,
                note="; ".join(filter(None, (*notes, *flags.notes))) or None,
                status=least_sure((place.status, estimated, flags.status)),
            )

    def _flags(self, columns: _Columns, cell: Cell) -> Flags:
        """What is said of one figure alone: in the column beside it, or behind the number."""
        if self.axes.flags == "behind":
            return flags_of(self.source, replace(cell, text=split_flags(cell.text)[1]))
        beside = columns.beside.get(cell.column)
        return flags_of(self.source, None if beside is None else self.grid.cell(cell.row, beside))

    def _power(self, cell: Cell | None) -> int:
        """The power of ten that goes with the unit."""
        if cell is None:
            return 0
        try:
            return power_of_ten(cell.text)
        except ValueError as error:
            raise self.grid.error(
                cell,
                found=str(error),
                expected="a power of ten such as 6, or a word such as Millions",
                advice="If the line is not wanted, "
                + says_left_out(self.source, "rows", replace(cell, text="")),
            ) from error

    def _final_until(self, cell: Cell | None) -> int:
        """The last year whose figure is no estimate, where a column says it."""
        return STILL if cell is None or cell.blank else require_year(self.source, cell)

    def _quality(self, cell: Cell | None) -> str | None:
        if cell is None or cell.blank:
            return None
        if cell.text.strip() not in QUALITIES:
            raise self.grid.error(
                cell,
                found=f"'{cell.text}' is no quality",
                expected=" or ".join(QUALITIES),
                advice="If the column says something else, "
                + says_axes(self.source, {"quality": None, "note": self.axes.quality}),
            )
        return cell.text.strip()


def _marks(cells: Iterable[Cell]) -> frozenset[str]:
    """The footnote marks that some cells bear; a comment's is the place of its cell."""
    found = (mark for cell in cells for mark in (*marks_of(cell.text), *_comment_mark(cell)))
    return frozenset(found)


def _comment_mark(cell: Cell) -> Sequence[str]:
    return [cell.ref] if cell.comment else []


def _joined(cells: Sequence[Cell]) -> Cell:
    """A note in one cell: in a text without quotes its commas part it."""
    return replace(cells[0], text="，".join(cell.text for cell in cells))


def _is_words(cell: Cell) -> bool:
    """Whether no figure and no mark for one stands here: a comma parts a note in CSV."""
    return any(sign.isalpha() for sign in cell.text)
