"""A picture of a sheet that figures were read from: each in a box, with its key, for a person.

Belongs here: drawing it, as a page that any browser shows. Not here: reading the sheet, and pages
of a PDF (page_picture.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from assets.extracts.files.grid import Grid, column_letters
from assets.extracts.files.pictures.page_picture import ReadPlaceKind
from assets.warehouse.private import private_file

_STYLE = """
body { font: 14px sans-serif; margin: 1.5em; }
table { border-collapse: collapse; }
td, th { border: 1px solid #ddd; padding: 2px 6px; text-align: left; vertical-align: top; }
th { color: #888; font-weight: normal; background: #f6f6f6; }
td.figure { outline: 2px solid #146e28; background: #146e2814; }
td.missing { outline: 2px dashed #c87800; background: #c8780014; }
small { display: block; color: #146e28; white-space: nowrap; }
td.missing small { color: #c87800; }
"""


@dataclass(frozen=True, slots=True)
class Boxed:
    """A cell that was read: what it gave, and its key (indicator, region, year, unit, status)."""

    kind: ReadPlaceKind
    key: str


def sheet_picture(grid: Grid, title: str, boxed: Mapping[tuple[int, int], Boxed]) -> str:
    """The sheet as an HTML page. Green boxes are figures, orange ones places without one."""
    columns = range(1, grid.width + 1)
    heads = "".join(f"<th>{column_letters(column)}</th>" for column in columns)
    lines = [f"<tr><th></th>{heads}</tr>"]
    for row in range(1, len(grid.rows) + 1):
        cells = []
        for column in columns:
            text = escape(grid.cell(row, column).text)
            box = boxed.get((row, column))
            if box is None:
                cells.append(f"<td>{text}</td>")
            else:
                cells.append(f'<td class="{box.kind}">{text}<small>{escape(box.key)}</small></td>')
        lines.append(f"<tr><th>{row}</th>{''.join(cells)}</tr>")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{sum(box.kind == 'figure' for box in boxed.values())} figures in green boxes, "
        "places without one in orange ones.</p>"
        f"<table>{''.join(lines)}</table></body></html>\n"
    )


def draw_sheet(path: Path, page: str) -> Path:
    """Write the page. Returns its path."""
    private_file(path).write_text(page, encoding="utf-8")
    return path
