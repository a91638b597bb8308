"""Tables for the terminal.

Belongs here: how a table is drawn, Chinese characters and plain pipes included. Not here: what
any table says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 160  # where the output is no terminal: wide enough that no number is folded
_BETWEEN_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class TextTable:
    """A titled table of text cells; numbers are given as text, with their decimals."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""


def print_table(table: TextTable) -> None:
    """Draw the table on standard output; numbers stand to the right."""
    from rich import box
    from rich.table import Table

    console = _console()
    drawn = Table(box=box.SIMPLE_HEAD)
    for place, name in enumerate(table.columns):
        cells = [row[place] for row in table.rows if row[place]]
        numeric = bool(cells) and all(_is_number(cell) for cell in cells)
        drawn.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        drawn.add_row(*(_escaped(cell) for cell in row))
    if table.title:
        print(f"\n{table.title}")
    console.print(drawn)
    if table.caption:
        print(table.caption)


def fits(table: TextTable) -> bool:
    """Whether every cell of the table has room on one line."""
    from rich.cells import cell_len

    widths = [
        max(cell_len(name), *(cell_len(row[place]) for row in table.rows), 0)
        for place, name in enumerate(table.columns)
    ]
    return sum(widths) + _BETWEEN_COLUMNS * len(widths) <= _console().width


def print_records(table: TextTable) -> None:
    """The table as one block of lines a row, `column  value`, for what is too wide for a table."""
    width = max((len(name) for name in table.columns), default=0)
    for row in table.rows:
        print()
        for name, cell in zip(table.columns, row, strict=True):
            print(f"{name:<{width}}  {cell}".rstrip())
    print(f"\n{table.caption}")


def _console() -> "Console":
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def _escaped(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell.rstrip("*").replace("−", "-"))
    except ValueError:
        return False
    return True
