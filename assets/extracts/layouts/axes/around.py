"""The lines around the blocks of a table of three axes, and what stands once for a block.

Belongs here: titles, units and lines of an export, which must be those of the card, and the axes
that they state. Not here: what such a text says of the figures' measure and status (beside.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assets.extracts.cards.axes_card import AxisName
from assets.extracts.figure import Figure, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import Label, split_unit
from assets.extracts.layouts.axes.beside import Beside
from assets.extracts.layouts.axes.blocks import Block, heads_over
from assets.extracts.layouts.axes.kept import Kept
from assets.extracts.layouts.axes.keys import KeyReader
from assets.extracts.layouts.axes.lines import Line, LineBook
from assets.extracts.layouts.axes.place import Place
from assets.extracts.layouts.cells import holds_number
from assets.extracts.layouts.mending import says, says_axes
from assets.extracts.layouts.years import require_year
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import indicators, region_of, regions
from assets.extracts.meaning.units import unit_of
from assets.extracts.region_statements import region_lines
from assets.extracts.unit_book import UnitBook


class Around:
    """The lines around one table's blocks; met: those that were come by."""

    def __init__(self, source: TableSource, keys: KeyReader, kept: Kept, beside: Beside) -> None:
        self.source = source
        self.grid = keys.grid
        self.axes = keys.axes
        self.keys = keys
        self.kept = kept
        self.beside = beside
        self.lines = LineBook(source, keys.axes, keys.blocks[0].header.start)
        self.met: list[Line] = []

    def once(self, block: Block) -> Place:
        """What stands once for a whole block."""
        of_card = self.axes.region is None or self.axes.region.once == "export"
        place = Place(region=self.source.region) if of_card else Place()
        for name, axis in self.axes.by_name.items():
            if axis.once is None or (name == "region" and of_card):
                continue
            if axis.once == "line":
                line = self._line_above(block, name)
                place = place.with_(
                    self.keys.read_axis(name, [replace(line.cell, text=line.says[name])])
                )
            elif axis.once == "sheet":
                cell = replace(self.grid.cell(1, 1), text=self.grid.sheet or "", problem=None)
                place = place.with_(self.keys.read_axis(name, [replace(cell, stored=None)]))
            elif name == "indicator":
                title = self.source.table.title or indicators()[str(axis.once)].name_zh
                place = place.with_(Place(label=Label(title, str(axis.once), None)))
            elif name == "region":
                place = place.with_(Place(region=str(axis.once)))
            else:
                cell = replace(self.grid.cell(1, 1), text=str(axis.once), problem=None, stored=None)
                place = place.with_(Place(year=require_year(self.source, cell)))
        stated = self.axes.indicator.once
        for line in self._lines_above(block):
            if stated not in (None, "line", "sheet") and "indicator" in line.says:
                other = self.keys.labels.resolve(line.cell, [line.says["indicator"]])
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

    def units(self, block: Block) -> UnitBook:
        """Units that the lines above a block print, or those under its header; else of the last;
        and those over its keys.
        """
        units = UnitBook(self.source.table, self.source.number, self.grid)
        near = [
            *self.lines.within(block.between),
            *self.lines.within(self.lines_under_header(block)),
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
        for column in (column for columns in block.keys.values() for column in columns):
            for head in heads_over(self.grid, block, column):
                unit = head.text if unit_of(head.text) else split_unit(head.text)[1]
                if unit is not None:  # in the corner: 亿元, 地区(亿元)
                    units.take_line(replace(head, text=f"({unit})"))
        return units

    def lines_under_header(self, block: Block) -> range:
        """Rows right below a header in which nothing but lines stands."""
        under = range(block.rows.start, block.rows.start)
        for row in block.rows:
            cells = [cell for cell in self.grid.rows[row - 1] if not cell.blank]
            if any(self.lines.at(cell) is None for cell in cells):
                break
            under = range(block.rows.start, row + 1)
        return under

    def check_above(self, block: Block) -> None:
        """Above the first header only lines and titles may stand; between blocks rows are met."""
        if block.between.start > 1 or block.columns.start > 1:
            return
        for row in block.between:
            after_line, title = False, None
            self.beside.hear(self.grid.rows[row - 1], is_title=True)
            for cell in self.grid.rows[row - 1]:
                line = self.lines.at(cell)
                if line is not None:
                    self.met.append(line)
                    after_line = True
                    continue
                starts = title is None and (cell.column == 1 or after_line)
                if self.axes.states_itself and starts and not cell.blank and not holds_number(cell):
                    title = cell
                elif not (cell.blank or is_note(cell.text) or self.kept.is_named(row, [cell])):
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

    def check(self, figures: Sequence[Figure]) -> None:
        """What the card says of lines and regions must be met; an export must say its region."""
        self.lines.require_all_met(self.met)
        self.kept.require_headings_met()
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
        top = self.keys.blocks[0].header.start
        of_site = [line for line in self.met if line.of_export]
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
