"""One table as every kind of file a yearbook comes in.

Belongs here: writing rows as XLSX, XLS, ODS, HTML and PDF. Not here: damage, cards, and anything of
the project. Loaded by path (importlib).
"""

import html
import io
from collections.abc import Callable, Sequence
from typing import Any

Rows = Sequence[Sequence[Any]]
Blocks = Sequence[tuple[int, int, int, int]]  # top, left, bottom, right, 1-based


def xlsx(rows: Rows, blocks: Blocks = (), change: Callable[[Any], object] | None = None) -> bytes:
    """A workbook of one sheet '9-1'."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "9-1"
    for row in rows:
        sheet.append(list(row))
    for top, left, bottom, right in blocks:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    if change is not None:
        change(sheet)
    return _saved(book.save)


def xls(rows: Rows, blocks: Blocks = (), change: Callable[[Any], object] | None = None) -> bytes:
    """An old workbook of one sheet '9-1'."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("9-1", cell_overwrite_ok=True)
    for top, left, bottom, right in blocks:
        sheet.write_merge(top - 1, bottom - 1, left - 1, right - 1, rows[top - 1][left - 1])
    covered = _covered(blocks)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None and (number, column) not in covered:
                sheet.write(number - 1, column - 1, value)
    if change is not None:
        change(sheet)
    return _saved(book.save)


def ods(rows: Rows, blocks: Blocks = (), change: Callable[[Any], object] | None = None) -> bytes:
    """An OpenDocument workbook of one sheet '9-1'; change is given the table's rows of cells."""
    from odf import opendocument, table, text

    book = opendocument.OpenDocumentSpreadsheet()
    sheet = table.Table(name="9-1")
    sheet.addElement(table.TableColumn(numbercolumnsrepeated=max(map(len, rows))))
    spans = {
        (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in blocks
    }
    covered = _covered(blocks) - spans.keys()
    lines = []
    for number, row in enumerate(rows, start=1):
        line = []
        for column, value in enumerate(row, start=1):
            if (number, column) in covered:
                line.append(table.CoveredTableCell())
                continue
            down, across = spans.get((number, column), (1, 1))
            keys: dict[str, Any] = {"numberrowsspanned": down, "numbercolumnsspanned": across}
            if isinstance(value, int | float):
                keys |= {"valuetype": "float", "value": repr(value)}
            elif value is not None:
                keys |= {"valuetype": "string"}
            cell = table.TableCell(**keys)
            for part in () if value is None else str(value).split("\n"):
                cell.addElement(text.P(text=part))
            line.append(cell)
        lines.append(line)
    if change is not None:
        change(lines)
    for line in lines:
        element = table.TableRow()
        for cell in line:
            element.addElement(cell)
        sheet.addElement(element)
    sheet.addElement(table.TableRow(numberrowsrepeated=1_048_000))
    book.spreadsheet.addElement(sheet)
    return _saved(book.save)


def html_page(rows: Rows, blocks: Blocks = (), encoding: str = "utf-8", before: str = "") -> bytes:
    """A web page whose second table holds the rows."""
    spans = {
        (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in blocks
    }
    covered = _covered(blocks) - spans.keys()
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for column, value in enumerate(row, start=1):
            if (number, column) in covered:
                continue
            down, across = spans.get((number, column), (1, 1))
            shown = "" if value is None else html.escape(str(value)).replace("\n", "<br>")
            cells.append(f"<td rowspan='{down}' colspan={across}>{shown}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    page = (
        f"<html><head><meta charset={encoding}></head><body><table><tr><td>menu</td></tr></table>"
        f"{before}<table>{''.join(lines)}</table></body></html>"
    )
    return page.encode(encoding)


def _covered(blocks: Blocks) -> set[tuple[int, int]]:
    return {
        (row, column)
        for top, left, bottom, right in blocks
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }


def _saved(save: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()
