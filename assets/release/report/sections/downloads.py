"""What a reader takes away from the report: tables as CSV, LaTeX and one workbook, pictures as SVG.

Belongs here: these files, as addresses that hold them (`data:`), so that the page stays one file
and asks for nothing. Not here: what tables and pictures say.

Numbers are those of the warehouse, not rounded as the page shows them, but in LaTeX, which is
printed. Whatever rests on recovered or simulated data says so in the file itself.
"""

import base64
import html
import io
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from assets.release.export.csv_text import csv_for_spreadsheets
from assets.release.export.latex_text import latex_table
from assets.release.report.pictures.drawing import COLOURS
from assets.release.report.words import Cell, Cited, Flag, PageTable, Picture, Said, Section

Language: TypeAlias = Literal["en", "zh"]
_OTHER = {"en": "zh", "zh": "en"}
# What the page itself gives the picture: a namespace, and letters without serifs.
_ALONE = 'xmlns:xlink="http://www.w3.org/1999/xlink" font-family="sans-serif"'
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_link(table: PageTable) -> str:
    """The table as CSV that Excel opens with its Chinese intact."""
    return _link("text/csv", csv_for_spreadsheets(_headings(table), _values(table)).encode())


def latex_link(table: PageTable) -> str:
    """The table as LaTeX."""
    told = latex_table(
        _title(table),
        [_english(heading) for heading in table.headings],
        ([_shown(cell) for cell in row] for row in table.rows),
        table.note.en if table.note else "",
    )
    return _link("application/x-tex", told.encode())


def svg_link(picture: Picture, language: Language) -> str:
    """The picture in one language, in the colours of a light page; it says itself what it shows."""
    svg = re.sub(
        rf'<text class="{_OTHER[language]}".*?</text>\n?', "", picture.svg, flags=re.DOTALL
    )
    for colour, name in COLOURS.items():
        svg = svg.replace(f"var(--{name})", colour)
    mark = f" ({picture.mark.upper()})" if picture.mark else ""
    title, shows = getattr(picture.title, language), getattr(picture.shows, language)
    said = f"<title>{html.escape(title + mark)}</title><desc>{html.escape(shows)}</desc>"
    svg = re.sub(r' aria-labelledby="[^"]*"', "", svg, count=1)
    svg = svg.replace("<svg ", f"<svg {_ALONE} ", 1).replace(">", f">{said}", 1)
    return _link("image/svg+xml", svg.encode())


def workbook_link(sections: Sequence[Section]) -> str:
    """Every table of the report, those behind pictures too, as a sheet of one workbook."""
    from xlsxwriter.workbook import Workbook

    tables = [table for section in sections for table in _tables(section)]
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as workbook:
        bold = workbook.add_format({"bold": True})
        contents = workbook.add_worksheet("Contents")
        contents.set_column(1, 1, 100)
        contents.write_row(0, 0, ("sheet", "table"), bold)
        for number, table in enumerate(tables, start=1):
            contents.write_row(number, 0, (str(number), _title(table)))
            sheet = workbook.add_worksheet(str(number))
            sheet.write_string(0, 0, _title(table), bold)
            sheet.write_row(1, 0, _headings(table), bold)
            for place, row in enumerate(_values(table), start=2):
                sheet.write_row(place, 0, row)
    return _link(_XLSX, file.getvalue())


def _link(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _tables(section: Section) -> list[PageTable]:
    behind = (part.data if isinstance(part, Picture) else part for part in section.parts)
    return [table for table in behind if table is not None]


def _title(table: PageTable) -> str:
    return f"{table.title.en} ({table.mark.upper()})" if table.mark else table.title.en


def _headings(table: PageTable) -> list[str]:
    """In English; of data that are not official, a column says so in each row."""
    marked = ["label"] if table.mark else []
    return [_english(heading) for heading in table.headings] + marked


def _values(table: PageTable) -> list[list[str | float | None]]:
    marked = [table.mark] if table.mark else []
    return [[*map(_value, row), *marked] for row in table.rows]


def _value(cell: Cell) -> str | float | None:
    if isinstance(cell, Cited):
        return cell.value if isinstance(cell.value, str) else cell.value * cell.times
    return None if cell is None else _english(cell)


def _shown(cell: Cell) -> str:
    if isinstance(cell, Cited):
        return cell.text
    return "" if cell is None else _english(cell)


def _english(cell: str | Said | Flag) -> str:
    if isinstance(cell, Flag):
        return cell.words.en
    return cell.en if isinstance(cell, Said) else cell
