"""Tables for the terminal.

Belongs here: how a table is drawn, Chinese characters and plain pipes included. Not here: what
any table says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PLAIN_WIDTH = 160  # where the output is no terminal: wide enough that no number is folded


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
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PLAIN_WIDTH)
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


def _escaped(cell: str) -> str:
    from rich.markup import escape

    return escape(cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell.rstrip("*").replace("−", "-"))
    except ValueError:
        return False
    return True
