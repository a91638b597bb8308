"""What was read of a sheet, shown before it is filed: on the terminal, and as a picture.

Belongs here: which cells were read, a sheet's text with its figures in brackets. Not here: how a
picture is drawn (`assets/extracts/files/pictures/`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from assets.extracts.adding.opening import Arrived
from assets.extracts.document import Document
from assets.extracts.document_rows import ObservationRow, UnavailableRow
from assets.extracts.files.grid import Grid, column_letters
from assets.extracts.files.pictures.page_picture import draw_pages
from assets.extracts.files.pictures.sheet_picture import Boxed, draw_sheet, sheet_picture
from assets.extracts.proposing.proposal import Proposal
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.text_table import Shown, print_table, print_text, text_table

_ROWS, _COLUMNS, _CELL = 14, 7, 14  # shown of a sheet, and of a text in it


def pinned(keys: Mapping[str, Any]) -> str:
    """Where a table stands, as its name on a page says it: `, sheet 9-1, table 2`."""
    return "".join(f", {key} {value}" for key, value in keys.items() if key != "hidden")


def boxed_cells(document: Document, grid: Grid, number: str) -> dict[tuple[int, int], Boxed]:
    """Every cell that was read, with its key."""
    places = {
        (grid.part(cell), cell.ref): (cell.row, cell.column) for row in grid.rows for cell in row
    }
    rows: list[ObservationRow | UnavailableRow] = [*document.observations, *document.unavailable]
    boxed: dict[tuple[int, int], Boxed] = {}
    for row in rows:
        if row.table_number == number:
            about = f"{row.indicator} {row.region} {row.reference_year}"
            if isinstance(row, ObservationRow):
                box = Boxed("figure", f"{about} {row.printed_unit} {row.status}")
            else:
                box = Boxed("missing", f"{about} {row.meaning}")
            boxed[places[row.sheet, row.cell]] = box
    return boxed


def print_sheet(grid: Grid, boxed: Mapping[tuple[int, int], Boxed], number: str) -> None:
    """The sheet as text, figures in brackets, its middle left out where it is long."""
    rows = [
        place for place, row in enumerate(grid.rows, start=1) if any(not cell.blank for cell in row)
    ]
    shown = rows if len(rows) <= _ROWS else [*rows[: _ROWS - 4], *rows[-4:]]
    columns = range(1, min(grid.width, _COLUMNS) + 1)

    def text(row: int, column: int) -> str:
        printed = " ".join(grid.cell(row, column).text.split())
        cut = printed if len(printed) <= _CELL else f"{printed[: _CELL - 1]}…"
        return f"[{cut}]" if (row, column) in boxed else cut

    shape: tuple[Shown[int], ...] = (
        Shown("", lambda row: row),
        *(Shown(column_letters(column), _in_column(text, column)) for column in columns),
    )
    left = len(rows) - len(shown), grid.width - len(columns)
    hidden = f"{counted(left[0], 'row')} and {counted(left[1], 'column')}"
    caption = f"Figures in brackets; {hidden} not shown."
    print_table(text_table(f"Table {number}, as it is read", shape, shown, caption))
    keys = {place: box.key for place, box in boxed.items()}
    for place in dict.fromkeys((*list(keys)[:3], *list(keys)[-1:])):
        print_text(f"   {grid.cell(*place).ref}: {grid.cell(*place).text.strip()} = {keys[place]}")
    figures = sum(box.kind == "figure" for box in boxed.values())
    print(f"   {counted(figures, 'figure')} in all")


def _in_column(text: Callable[[int, int], str], column: int) -> Callable[[int], str]:
    return lambda row: text(row, column)


def draw_sheets(
    home: Home,
    document: Document,
    arrived: Arrived,
    tables: Mapping[str, Proposal],
    key: str,
) -> None:
    """A picture of each sheet with every figure boxed, and of each page of a PDF."""
    stem = home.pages / key.replace("/", "-")
    for number, proposal in tables.items():
        boxed = boxed_cells(document, proposal.grid, number)
        name = f"{arrived.path.name}{pinned({'table': number})}"
        path = draw_sheet(
            stem.with_name(f"{stem.name}-table-{number}.html"),
            sheet_picture(proposal.grid, name, boxed),
        )
        print_text(f"Picture: {path}")
    if document.places:
        draw_pages(arrived.path, arrived.name, document.places, stem)
        print_text(f"Pictures of its pages: {stem}-p*.png")
