"""No number is lost: every one in a table is a figure, a year, left out by name, or an error.

Belongs here: telling numbers from other cells once a layout has read its table, and the names under
which a card leaves rows and columns out. Not here: what a layout takes.
"""

import re
import unicodedata

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import split_unit
from assets.extracts.layouts.cells import parse_number, parse_year
from assets.extracts.layouts.years import looks_like_year
from assets.extracts.registry import normalise_label

# With a sign or unit behind the digits it is no number that could be taken, but still one printed.
_NEARLY = re.compile(r"[(]?[+-]?\d[\d,. ]*\D{0,2}")


def holds_number(cell: Cell) -> bool:
    """Tell whether a cell prints a number, taken or not; a year with its sign is none."""
    if cell.blank:
        return False
    try:
        parse_number(cell.text)
    except ValueError:
        folded = unicodedata.normalize("NFKC", cell.text).strip()
        return cell.problem is not None or (
            parse_year(cell.text) is None and _NEARLY.fullmatch(folded) is not None
        )
    return True


def left_out(source: TableSource, cell: Cell) -> bool:
    """Tell whether the card leaves out, by name, what a cell heads."""
    names = {normalise_label(name) for name in source.table.ignore}
    texts = (cell.text, split_unit(cell.text)[0])
    return not cell.blank and any(normalise_label(text) in names for text in texts if text)


def refuse_unaccounted(source: TableSource, read: TableFigures) -> None:
    """Raise DocumentError at the first number that is neither taken nor left out by name."""
    accounted = read.accounted | {(each.cell.row, each.cell.column) for each in read.figures}
    first = min((row for row, _ in accounted), default=0)
    for row in source.grid.rows:
        filled = [cell for cell in row if not cell.blank]
        if len(filled) == 1 and filled[0].row < first and looks_like_year(filled[0]):
            continue  # a title
        for cell in filled:
            if (cell.row, cell.column) not in accounted and holds_number(cell):
                raise not_taken(source, cell)


def not_taken(source: TableSource, cell: Cell) -> DocumentError:
    """Build the error for a number that would be lost."""
    return source.grid.error(
        cell,
        found=f"the number '{cell.text.strip()}' stands under no year and label that would say "
        "what it is",
        expected="every number of the table as a figure, or left out by name",
        advice="Look at the heading of its column and the label of its row: one is missing, or the "
        f'row slipped. Or leave it out: add that heading or label to tables."{source.number}"'
        ".ignore in the card.",
    )


def no_year(source: TableSource, cell: Cell) -> DocumentError:
    """Build the error for a heading of figures that is neither a year nor left out by name."""
    name = " ".join(cell.text.split())
    return source.grid.error(
        cell,
        found=f"'{name}' heads figures and is not a year",
        expected="a year, such as 2019, 2019年 or 2019年(初步), or a heading left out by name",
        advice=f'If its figures are not wanted, add it to the card: tables."{source.number}"'
        f'.ignore: ["{name}"]; else look at the document.',
    )
