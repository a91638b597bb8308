"""What every table over years needs: plausible years, notes below the table, sound data cells.

Belongs here: rules that hold whether years run down or across. Not here: finding rows and columns.
"""

from dataclasses import replace

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.cells import parse_year
from assets.extracts.layouts.mending import says_left_out

FIRST_YEAR = 1900


def require_year(source: TableSource, cell: Cell) -> int:
    """Read one year, none after the edition. Raises DocumentError at the cell."""
    year = parse_year(cell.exact) if cell.problem is None else None
    if year is None:
        problem = f"'{cell.text}' " + (cell.problem or "is not a year")
    elif not FIRST_YEAR <= year <= source.edition:
        problem = f"the year {year} cannot be reported by an edition of {source.edition}"
    else:
        return year
    name = " ".join(cell.text.split())
    raise source.grid.error(
        cell,
        found=problem,
        expected=f"a year from {FIRST_YEAR} to {source.edition}, such as 2019 or 2019年",
        advice="If its figures are not wanted, " + says_left_out(source, "rows", cell)
        if year is None and name
        else f"If the edition of the card is wrong, it says:\n    edition: {year or 'its year'}",
    )


def refuse_merged(source: TableSource, cell: Cell) -> None:
    """Stop at a merged block among the figures: it is unclear which of them its number is."""
    if (cell.row, cell.column) in source.grid.merged:
        raise source.grid.error(
            cell,
            found=f"the figure '{cell.text}' stands in a merged block",
            expected="one cell for each figure",
            advice="A figure for several years or rows cannot be taken. If its row is not wanted, "
            + says_left_out(source, "rows", replace(cell, text="")),
        )


def below_the_table(source: TableSource, cell: Cell) -> DocumentError:
    """Build the error for something below a table that is neither a figure nor a note."""
    return source.grid.error(
        cell,
        found=f"'{cell.text}' stands below the table and does not begin a note",
        expected="a labelled row of figures, or notes (注：…, 资料来源：…, Note: …, Source: …)",
        advice="If it is not wanted, " + says_left_out(source, "rows", replace(cell, text="")),
    )


def require_width(source: TableSource, row: int, header_row: int) -> None:
    """Stop at a CSV row with fewer fields than the header: a figure may have slipped a column."""
    widths = source.grid.widths
    if widths is not None and widths[row - 1] < widths[header_row - 1]:
        raise source.grid.error(
            source.grid.cell(row, max(1, widths[row - 1])),
            found=f"the row ends here, after {widths[row - 1]} of {widths[header_row - 1]} fields",
            expected="as many fields as the header has, empty ones included",
            advice="Fetch the document again: the row was probably cut off.",
        )
