"""Texts beside the blocks of a table of three axes: titles, units, the lines of an export, notes.

Belongs here: which texts may stand there and what they say of the blocks below them. Not here: the
blocks. A text that the card does not state, and that is none of these, stops the document, so that
a title that changed is seen.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assets.extracts.axes_card import PLACEHOLDERS, AxesCard
from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import split_unit
from assets.extracts.printed_text import unit_line
from assets.extracts.regions.region import Region
from assets.extracts.regions.spellings import spellings
from assets.extracts.registry import has_chinese, normalise_label, region_of, regions
from assets.extracts.units import unit_of

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
    """A text beside the blocks. says: what it reads (region, year, indicator, unit) → the text."""

    cell: Cell
    says: Mapping[str, str]
    template: str | None


class LineBook:
    """The lines of one table, and which of the card's were met."""

    def __init__(self, source: TableSource, axes: AxesCard) -> None:
        self._source = source
        self._templates = {template: _pattern(template) for template in axes.lines}
        self._region_once = axes.region is None or axes.region.once is not None
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
        """Lines of some rows, in order; rows with anything else in them are rows of a block."""
        for row in rows:
            filled = [cell for cell in self._source.grid.rows[row - 1] if not cell.blank]
            lines = [line for cell in filled if (line := self.at(cell)) is not None]
            if len(lines) == len(filled):
                yield from lines

    def require_all_met(self, met: Sequence[Line]) -> None:
        """Every line of the card must stand beside the blocks. Raises DocumentError."""
        found = {line.template for line in met}
        for template in self._templates:
            if template not in found:
                raise self._source.grid.error(
                    None,
                    found=f"no text beside the table reads '{template}', as the card says",
                    expected=f'every text of tables."{self._source.number}".axes.lines',
                    advice="Compare the card's lines with the document: if the publisher changed "
                    "the text and means the same, correct it in the card.",
                )

    def require_region(self, met: Sequence[Line], where: Cell) -> None:
        """What the lines say of a region must agree with the card, where it states the region.

        An export of one province states it; lines of the card name no other province.
        """
        own = regions()[self._source.region]
        named = False
        for line in met:
            if "region" in line.says and line.template is None:
                named = True
                if region_of(line.says["region"]) != own.code:
                    raise self._other_region(line.cell)
            other = [
                region
                for region in regions().values()
                if region is not own
                and region.is_chinese_province
                and _names(line.cell.text, region)
            ]
            if other and not _names(line.cell.text, own):
                raise self._other_region(line.cell)
        of_province = [line for line in met if "分省" in line.cell.text and not line.template]
        if of_province and not named and not own.is_nation:
            raise self._other_region(where, "no line 地区：… stands above the table")

    def _other_region(self, cell: Cell, found: str | None = None) -> DocumentError:
        region = regions()[self._source.region]
        return self._source.grid.error(
            cell,
            found=found or f"'{cell.text.strip()}' names another region",
            expected=f"{region.name_zh} ({region.code}), the region of the card",
            advice="Correct region in the card, or export the table of the right region.",
        )

    def _read(self, cell: Cell) -> Line | None:
        folded = _fold(cell.text)
        for template, pattern in self._templates.items():
            match = pattern.fullmatch(folded)
            if match and all(_is_known(name, text) for name, text in match.groupdict().items()):
                return Line(cell, match.groupdict(), template)
        alone, unit = split_unit(cell.text)
        if unit_line(cell.text) is not None or (unit is not None and not alone):
            return Line(cell, {"unit": cell.text}, None)
        export = _EXPORT_LINE.fullmatch(cell.text)
        says = _SAYS.get(normalise_label(export["key"])) if export else None
        if export is None or says is None:
            return None
        return Line(cell, {says: export["value"]} if says and export["value"] else {}, None)


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


def _names(text: str, region: Region) -> bool:
    """Whether a text holds a Chinese name of a region."""
    return any(name in text for name in spellings(region.namings[-1]) if has_chinese(name))


def _is_known(name: str, text: str) -> bool:
    """A region or unit in place must be one: '{region}' alone is not every text."""
    if name == "region":
        return region_of(text) is not None
    return name != "unit" or unit_of(text) is not None
