"""Texts beside the blocks of a table of three axes: titles, units, the lines of an export, notes.

Belongs here: which texts may stand there and what they say of the blocks below them. Not here: the
blocks. A text that the card does not state, and that is none of these, stops the document, so that
a title that changed is seen.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.cards.axes_card import PLACEHOLDERS, AxesCard
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import split_unit
from assets.extracts.layouts.mending import says_axes
from assets.extracts.meaning.printed_text import unit_line
from assets.extracts.meaning.registry import indicator_of, normalise_label, region_of
from assets.extracts.meaning.units import unit_of

_EXPORT_LINE = re.compile(r"\s*(?P<key>[^:：]{1,12}?)\s*[:：]\s*(?P<value>.*?)\s*", re.DOTALL)
_SAYS: Mapping[str, str] = {  # keys of the statistics site's exports, and what they say
    "数据库": "",
    "database": "",
    "时间": "",
    "time": "",
    "地区": "region",
    "region": "region",
    "指标": "indicator",
    "indicator": "indicator",
    "indicators": "indicator",
}
_IN_PLACE = {"year": "(?P<year>[0-9]{4})"}


@dataclass(frozen=True, slots=True)
class Line:
    """A text beside the blocks. says: what it reads (region, year, indicator, unit) → the text.

    of_export: it names the database of the statistics site, which exports tables with their region.
    """

    cell: Cell
    says: Mapping[str, str]
    template: str | None
    of_export: bool = False


class LineBook:
    """The lines of one table, and which of the card's were met."""

    def __init__(self, source: TableSource, axes: AxesCard, first_header: int) -> None:
        self._source = source
        self._first_header = first_header
        self._templates = {template: _pattern(template) for template in axes.lines}
        self._by_cell = {
            (cell.row, cell.column): line
            for row in source.grid.rows
            for cell in row
            if not cell.blank and (line := self._read(cell)) is not None
        }

    def at(self, cell: Cell) -> Line | None:
        """The line that a cell is; None for any other cell."""
        return self._by_cell.get((cell.row, cell.column))

    def within(self, rows: range) -> Iterator[Line]:
        """Lines of some rows, in order.

        Below the first header, rows with anything else in them are rows of a block.
        """
        for row in rows:
            filled = [cell for cell in self._source.grid.rows[row - 1] if not cell.blank]
            lines = [line for cell in filled if (line := self.at(cell)) is not None]
            if row < self._first_header or len(lines) == len(filled):
                yield from lines

    def require_all_met(self, met: Sequence[Line]) -> None:
        """Every line of the card must stand beside the blocks. Raises DocumentError."""
        found = {line.template for line in met}
        there = [template for template in self._templates if template in found]
        for template in self._templates:
            if template not in found:
                raise self._source.grid.error(
                    None,
                    found=f"no text beside the table reads '{template}', as the card says",
                    expected=f'every text of tables."{self._source.number}".axes.lines',
                    advice="If the publisher changed the text and means the same, the card has the "
                    f"new one. If there is none, {says_axes(self._source, {'lines': there})}",
                    lacks="line",
                )

    def _is_label(self, text: str) -> bool:
        """Whether a text means an indicator: '{indicator}' alone is not every text."""
        bare = normalise_label(split_unit(text)[0])
        own = self._source.table.labels, self._source.table.ignore
        return indicator_of(bare) is not None or any(bare in map(normalise_label, t) for t in own)

    def _read(self, cell: Cell) -> Line | None:
        folded = _fold(cell.text)
        for template, pattern in self._templates.items():
            match = pattern.fullmatch(folded)
            said = {} if match is None else match.groupdict()
            if template == "{indicator}" and not self._is_label(said.get("indicator", "")):
                continue
            if match and all(_is_known(name, text) for name, text in said.items()):
                unit = split_unit(cell.text)[1]  # 表1 地区生产总值 单位：亿元
                of_all = {"unit": unit} if unit and "{" not in template else {}
                return Line(cell, {**of_all, **said}, template)
        alone, unit = split_unit(cell.text)
        if unit_line(cell.text) is not None or (unit is not None and not alone):
            return Line(cell, {"unit": cell.text}, None)
        export = _EXPORT_LINE.fullmatch(cell.text)
        key = normalise_label(export["key"]) if export else ""
        if export is None or key not in _SAYS:
            return None
        said = {_SAYS[key]: export["value"]} if _SAYS[key] and export["value"] else {}
        return Line(cell, said, None, of_export=key in ("数据库", "database"))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(" + "|".join(PLACEHOLDERS) + r")\}", _fold(template))
    return re.compile(
        "".join(
            _IN_PLACE.get(part, f"(?P<{part}>.+?)") if i % 2 else re.escape(part)
            for i, part in enumerate(parts)
        )
    )


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_known(name: str, text: str) -> bool:
    """A region or unit in place must be one: '{region}' alone is not every text."""
    if name == "region":
        return region_of(text) is not None
    return name != "unit" or unit_of(text) is not None
