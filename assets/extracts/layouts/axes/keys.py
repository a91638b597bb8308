"""What the cells of one axis say: an indicator, a region, a year.

Belongs here: reading keys and headings, each of which must say one thing, and the refusals where it
does not. Not here: where the axes stand (columns.py, table.py).
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from assets.extracts.cards.axes_card import AxesCard, AxisName
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.labels import LabelBook
from assets.extracts.layouts.axes.blocks import Block
from assets.extracts.layouts.axes.place import PRINTED, Meant, Place
from assets.extracts.layouts.axes.years import day_of, stated_year
from assets.extracts.layouts.cells import year_status
from assets.extracts.layouts.mending import axes_line, says_axes, says_left_out
from assets.extracts.layouts.region_cells import read_region, regions_meant
from assets.extracts.layouts.years import FIRST_YEAR
from assets.extracts.meaning.status import least_sure
from assets.extracts.written.landing_files import ADDED_REGIONS


class KeyReader:
    """Labels, regions and years of one table."""

    def __init__(
        self, source: TableSource, grid: Grid, axes: AxesCard, blocks: Sequence[Block]
    ) -> None:
        self.source = source
        self.grid = grid
        self.axes = axes
        self.blocks = blocks
        self.labels = LabelBook(source.table, source.number, source.grid)
        self._regions: dict[tuple[int, tuple[str, ...]], str] = {}  # year, names → region
        self._known_regions: set[str] = set()  # texts that name some

    def read_axis(self, name: AxisName, cells: Sequence[Cell]) -> Place:
        """Read what some cells say on one axis; several must say the same."""
        filled = [cell for cell in cells if not cell.blank]
        if not filled and self.axes.by_name[name].blank == "card":
            return Place(region=self.source.region)
        if not filled:
            raise self.grid.error(
                cells[0],
                found=f"no {PRINTED[name]} stands here",
                expected=f"a {PRINTED[name]} for every figure",
                advice="Look at the document; if the row or column is not wanted, "
                + says_left_out(self.source, self.kind(name), cells[0]),
            )
        if name == "indicator":
            label = self.labels.resolve(filled[-1], [cell.text for cell in filled])
            return Place(label=label, status=label.status, cell=filled[0])
        if len(filled) < len(set(cells)):
            raise self._differ(name, filled[:1], "nothing")
        if name == "region":
            self._require_regions(filled)
            return Place(region_cells=tuple(filled))
        years = {self._year(cell) for cell in filled}
        if len(years) > 1:
            raise self._differ(name, filled)
        return Place(year=years.pop(), status=least_sure(year_status(c.text) for c in filled))

    def kind(self, name: AxisName) -> Literal["rows", "columns"]:
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
                    "is not wanted, " + says_left_out(self.source, self.kind("region"), cell),
                )
            self._known_regions.add(cell.text)

    def _differ(self, name: AxisName, cells: Sequence[Cell], other: str | None = None) -> Exception:
        other = other or f"'{cells[-1].text.strip()}'"
        return self.grid.error(
            cells[-1],
            found=f"'{cells[0].text.strip()}' and {other} stand side by side as one {name}",
            expected=f"the same {name} in both",
            advice="Look at the document: the rows have slipped. If this one is not wanted, "
            + self.left_out_by_place(cells[-1]),
        )

    def region(self, place: Place, year: int) -> str:
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
            left_out = says_left_out(self.source, self.kind("year"), cell)
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

    def require_first(self, met: dict[Meant, Cell], place: Place, cell: Cell) -> None:
        """Stop where a row or column is about what another one of the block is about."""
        if place.label is not None and place.label.indicator is None:
            return  # it is left out
        if place.meant in met:
            first = met[place.meant]
            left_out = self.left_out_by_place(cell)
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

    def left_out_by_place(self, cell: Cell) -> str:
        """The line that leaves out the column that a cell heads, or its row."""
        in_header = any(cell.row in block.header for block in self.blocks)
        kind: Literal["rows", "columns"] = "columns" if in_header else "rows"
        return says_left_out(self.source, kind, replace(cell, text=""))
