"""XLSX by the rules for statistical spreadsheets: cover, contents, notes, and one table a sheet.

Belongs here: the sheets and their look. Not here: what a table holds. The rules are those of
Britain's Government Analysis Function: one table a sheet, marked as a table, from column A on
without blank rows, blank columns or merged cells; title, what it holds and the meaning of blank
cells above it; one row of headings.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assets.release.export.csv_text import spelled
from assets.release.export.exported_table import ExportedTable

_LONGEST_TEXT = 32_767  # characters in a cell of Excel
_WIDEST = 50
_CONTENTS, _NOTES = "Contents", "Notes"


class _ExactWorksheet(Worksheet):  # type: ignore[misc]  # it ships no types
    """A sheet whose numbers are those of the warehouse to the last bit; 16 digits are too few."""

    def _xml_number_element(self, number: Any, attributes: Any = ()) -> None:
        attr = "".join(f' {key}="{value}"' for key, value in attributes)
        self.fh.write(f"<c{attr}><v>{number!r}</v></c>")


def write_workbook(
    path: Path,
    title: str,
    about: Sequence[str],
    created: datetime,
    tables: Sequence[ExportedTable],
) -> None:
    """Write the workbook. about: sentences of the cover; created: what the file says of its age.

    Raises ValueError for a text longer than a cell of Excel holds.
    """
    with Workbook(path) as workbook:
        workbook.set_properties({"title": title, "created": created})
        bold = workbook.add_format({"bold": True})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        cover = _sheet(workbook, "Cover")
        cover.set_column(0, 0, 100)
        cover.write_string(0, 0, title, bold)
        for row, sentence in enumerate(about, 1):
            cover.write_string(row, 0, sentence, wrapped)
        columns = sum(len(table.columns) for table in tables)
        contents = [(table.name, table.title, len(table.rows)) for table in tables]
        _write_table(
            _sheet(workbook, _CONTENTS),
            ("Contents", "This sheet lists every table of the workbook."),
            "contents_of_workbook",
            {"sheet": None, "table": None, "rows": None},
            [(_NOTES, "What every column means, with its unit", columns), *contents],
            bold,
        )
        _write_table(
            _sheet(workbook, _NOTES),
            ("Notes", "This sheet says what every column means, and its unit."),
            "notes_on_columns",
            {"sheet": None, "column": None, "meaning": None},
            [(table.name, each.name, each.meaning) for table in tables for each in table.columns],
            bold,
        )
        for table in tables:
            lines = (
                table.title,
                f"This sheet holds one table. A blank cell: there is no value. "
                f"What each column means: sheet {_NOTES}.",
            )
            headings = {column.name: column.meaning for column in table.columns}
            sheet = _sheet(workbook, table.name)
            _write_table(sheet, lines, f"table_{table.name}", headings, table.rows, bold)


def _sheet(workbook: Workbook, name: str) -> Worksheet:
    return workbook.add_worksheet(name, worksheet_class=_ExactWorksheet)


def _write_table(
    sheet: Worksheet,
    above: Sequence[str],
    name: str,
    headings: Mapping[str, str | None],
    rows: Sequence[Sequence[Any]],
    bold: Format,
) -> None:
    for number, line in enumerate(above):
        sheet.write_string(number, 0, line, bold if number == 0 else None)
    top = len(above)
    sheet.add_table(
        top,
        0,
        top + max(len(rows), 1),  # Excel wants a row below the headings
        len(headings) - 1,
        {
            "name": name,
            "columns": [{"header": heading} for heading in headings],
            "style": "Table Style Light 1",
            "banded_rows": False,
        },
    )
    for line_number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            _write_cell(sheet, line_number, column, value)
    sheet.freeze_panes(top + 1, 0)
    for column, heading in enumerate(headings):
        longest = max((len(spelled(row[column])) for row in rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(heading)) + 3, _WIDEST))


def _write_cell(sheet: Worksheet, line: int, column: int, value: Any) -> None:
    """A number as a number; a text as a text, never as a formula or a link."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        sheet.write_number(line, column, value)
    else:
        text = spelled(value)
        if len(text) > _LONGEST_TEXT:
            raise ValueError(f"{len(text)} characters are more than a cell of Excel holds.")
        sheet.write_string(line, column, text)
