"""One table as every kind of file a yearbook comes in.

Belongs here: writing rows as XLSX, XLS, ODS, HTML and PDF. Not here: damage, cards, and anything of
the project. Loaded by path (importlib).
"""

import html
import io
import zipfile
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


_ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text", "manifest")
)
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


def ods_cell(attributes: str, shown: Any = None) -> str:
    """One cell of an OpenDocument table, a paragraph for each line it shows."""
    lines = () if shown is None else str(shown).split("\n")
    paragraphs = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in lines)
    return f"<table:table-cell {attributes}>{paragraphs}</table:table-cell>"


def ods(rows: Rows, blocks: Blocks = (), change: Callable[[Any], object] | None = None) -> bytes:
    """An OpenDocument workbook of one sheet '9-1'; change is given the table's rows of cells."""
    spans = {
        (top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in blocks
    }
    covered = _covered(blocks) - spans.keys()
    lines = []
    for number, row in enumerate(rows, start=1):
        line = []
        for column, value in enumerate(row, start=1):
            if (number, column) in covered:
                line.append("<table:covered-table-cell/>")
                continue
            down, across = spans.get((number, column), (1, 1))
            keys = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            if isinstance(value, int | float):
                keys += f' office:value-type="float" office:value="{value!r}"'
            elif value is not None:
                keys += ' office:value-type="string"'
            line.append(ods_cell(keys, value))
        lines.append(line)
    if change is not None:
        change(lines)
    columns = max(map(len, rows))
    table = "".join(f"<table:table-row>{''.join(line)}</table:table-row>" for line in lines)
    content = (
        f"<office:document-content {_ODS_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="9-1"><table:table-column '
        f'table:number-columns-repeated="{columns}"/>{table}<table:table-row '
        'table:number-rows-repeated="1048000"/></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f"<manifest:manifest {_ODS_NAMES}><manifest:file-entry "
        f'manifest:full-path="/" manifest:media-type="{_ODS_KIND}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_KIND)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


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


def pdf(
    rows: Rows,
    blocks: Blocks = (),
    *,
    header: tuple[int, int],
    rules: str = "all",
    break_before: int | None = None,
    repeat: bool = True,
    rotated: bool = False,
    end: int | None = None,
    change: Callable[[Any], object] | None = None,
    encrypt: str | None = None,
) -> bytes:
    """A table in a PDF; lines above `header` (first and last row, 1-based) and below the figures
    are plain text.

    rules: all, columns (no rules between the figures' rows), open (no rules at the sides), none;
    break_before: row that begins the second page, with the header again if `repeat`; rotated: the
    headings read upwards; end: last row of the table (default: the last that begins with a year);
    change: draws on the canvas of the last page.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1, encrypt=encrypt)
    first, last = header
    end = end or max(number for number, row in enumerate(rows, start=1) if _is_year(row[0]))
    heads, figures = list(range(first, last + 1)), list(range(last + 1, end + 1))
    cut = figures.index(break_before) if break_before else len(figures)
    pages = [heads + figures[:cut]]
    if break_before:
        pages.append((heads if repeat else []) + figures[cut:])
    for index, shown in enumerate(pages):
        _page(canvas, rows, blocks, shown, header, rules, rotated)
        top = 790.0
        for row in rows[: first - 1] if index == 0 else ():
            _text_row(canvas, row, top)
            top -= 16
        low = _TOP - sum(_height(number, header, rotated) for number in shown)
        for number, row in enumerate(rows[end:] if index == len(pages) - 1 else (), start=1):
            _text_row(canvas, row, low - 14 * number)
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(290, 30, f"— {index + 12} —")
        if change is not None and index == len(pages) - 1:
            change(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


_TOP, _LEFT, _WIDTHS = 700.0, 60.0, (100.0, 115.0, 115.0, 150.0)


def _is_year(value: object) -> bool:
    return any(character.isdigit() for character in str(value or "")[:4]) and len(str(value)) < 8


def _height(number: int, header: tuple[int, int], rotated: bool) -> float:
    return (170.0 if rotated else 16.0) if header[0] <= number <= header[1] else 16.0


def _text_row(canvas: Any, row: Sequence[Any], y: float) -> None:
    canvas.setFont("STSong-Light", 9)
    if row[0] is not None:
        canvas.drawString(_LEFT, y, str(row[0]))
    if row[-1] is not None:
        canvas.drawRightString(_LEFT + sum(_WIDTHS), y, str(row[-1]))


def _page(
    canvas: Any,
    rows: Rows,
    blocks: Blocks,
    shown: Sequence[int],
    header: tuple[int, int],
    rules: str,
    rotated: bool,
) -> None:
    tops = [_TOP]
    for number in shown:
        tops.append(tops[-1] - _height(number, header, rotated))
    lefts = [_LEFT]
    for width in _WIDTHS:
        lefts.append(lefts[-1] + width)
    spans = {(top, left): (bottom, right) for top, left, bottom, right in blocks}
    covered = _covered(blocks) - spans.keys()
    for place, number in enumerate(shown):
        for column, value in enumerate(rows[number - 1], start=1):
            if (number, column) in covered:
                continue
            bottom, right = spans.get((number, column), (number, column))
            below, beyond = place + bottom - number + 1, right
            is_head = number <= header[1]
            if rules == "all":
                _rectangle(canvas, lefts[column - 1], tops[below], lefts[beyond], tops[place])
            elif rules != "none" and is_head:
                canvas.line(lefts[column - 1], tops[below], lefts[beyond], tops[below])
            box = (lefts[column - 1], tops[below], lefts[beyond], tops[place])
            _write(canvas, value, box, rotated and is_head and column > 1, is_head)
    if rules in ("columns", "open"):
        for y in (tops[0], tops[-1]):
            canvas.line(lefts[0], y, lefts[-1], y)
        for left in lefts if rules == "columns" else lefts[1:-1]:
            canvas.line(left, tops[0], left, tops[-1])
    if rules == "none":
        for y in (tops[0], tops[-1]):
            canvas.line(lefts[0], y, lefts[-1], y)


def _rectangle(canvas: Any, left: float, bottom: float, right: float, top: float) -> None:
    canvas.setLineWidth(0.5)
    canvas.rect(left, bottom, right - left, top - bottom)


def _write(
    canvas: Any, value: Any, box: tuple[float, float, float, float], turned: bool, is_head: bool
) -> None:
    left, bottom, right, top = box
    lines = [] if value is None else str(value).split("\n")
    size = 9 if len(lines) < 2 or top - bottom > 30 else 6
    canvas.saveState()
    canvas.setFont("STSong-Light", size)
    if turned:
        canvas.translate((left + right) / 2, bottom + 4)
        canvas.rotate(90)
        for index, line in enumerate(lines):
            canvas.drawString(0, -index * size * 1.1, line)
    else:
        first = (top + bottom) / 2 + (len(lines) - 1) * size * 0.55 - size * 0.35
        for index, line in enumerate(lines):
            y = first - index * size * 1.1
            if is_head:
                canvas.drawCentredString((left + right) / 2, y, line)
            else:
                canvas.drawRightString(right - 6, y, line)
    canvas.restoreState()


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
