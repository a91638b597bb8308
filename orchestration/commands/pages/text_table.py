"""Tables and sentences for the terminal: the one way from rows to what a person sees.

Belongs here: how a column is declared and a table is drawn, Chinese characters, plain pipes and
narrow terminals included. Not here: what any table says.

On a terminal no word and no number is broken while it is shorter than a line: what does not fit is
wrapped between words, then columns move together, and where their longest words still do not fit
side by side, each row is shown as a record. Where the output is no terminal, a line has
PLAIN_WIDTH, as scripts know it.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assets.warehouse.texts.safe_text import safe_text
from orchestration.tone import Toned, painted

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH = 160
RULE_WIDTH = 100
_EDGE = 1
_PADDING = 1  # on either side of a column, besides the one place between two

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown(Generic[T]):
    """One column of a table: its heading, and what stands in it for a row; None is left blank.

    A number with decimals is given as text (`numbers.py`).
    """

    heading: str
    cell: Callable[[T], object]


def named(*fields: str) -> tuple[Shown[Any], ...]:
    """Columns with the names of fields of the rows, which hold them as they are."""
    return tuple(Shown(name, attrgetter(name)) for name in fields)


def of_row(
    key: Callable[[T], object], value: object, cell: Callable[[T], object]
) -> Shown[Sequence[T]]:
    """A column of lines of several rows each: the cell of the row whose key is `value`."""

    def found(rows: Sequence[T]) -> object:
        return next((cell(row) for row in rows if key(row) == value), None)

    return Shown(str(value), found)


def of_first(heading: str, cell: Callable[[T], object]) -> Shown[Sequence[T]]:
    """A column of lines of several rows each, which have its cell in common."""
    return Shown(heading, lambda rows: cell(rows[0]))


@dataclass(frozen=True, slots=True)
class TextTable:
    """A titled table of text cells."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


def text_table(
    title: str, columns: Sequence[Shown[T]], rows: Iterable[T], caption: str = ""
) -> TextTable:
    """The table of some rows, one line each."""
    cells = (tuple(column.cell(row) for column in columns) for row in rows)
    return TextTable(
        title,
        tuple(column.heading for column in columns),
        tuple(tuple("" if cell is None else str(cell) for cell in line) for line in cells),
        caption,
    )


def print_table(table: TextTable) -> None:
    """Draw the table on standard output, or its records; numbers stand to the right."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    console, table = _console(), _safe(table)
    if table.title:
        print_text(f"\n{table.title}")
    widths: Sequence[int | None] | None = [None] * len(table.headings)
    padding = _PADDING
    if console.is_terminal:
        widths = _unbroken(table, console.width, padding)
        if widths is None:
            padding = 0
            widths = _unbroken(table, console.width, padding)
    if widths is None:
        _print_lines_of_records(table, console.width)
    else:
        drawn = Table(box=box.SIMPLE_HEAD, padding=(0, padding))
        for place, (heading, width) in enumerate(zip(table.headings, widths, strict=True)):
            cells = [row[place] for row in table.rows if row[place]]
            justify = "right" if cells and all(map(_is_number, cells)) else "left"
            drawn.add_column(heading, justify=justify, overflow="fold", width=width)  # type: ignore[arg-type]
        for row in table.rows:
            drawn.add_row(*map(escape, row))
        console.print(drawn)
    if table.caption:
        print_text(table.caption)


def print_first(
    title: str,
    columns: Sequence[Shown[T]],
    rows: Sequence[T],
    shown: int | None,
    where_all: str,
) -> None:
    """Draw the first rows as a table, and say where all of them are; nothing where there are none.

    shown: how many, None for all.
    """
    first = rows[:shown]
    caption = (
        "" if len(first) == len(rows) else f"the first {len(first)} of {len(rows)}; {where_all}"
    )
    if rows:
        print_table(text_table(title, columns, first, caption))


def fits(table: TextTable) -> bool:
    """Whether every cell of the table has room on one line."""
    widths = [_longest(cells) for cells in _columns(table)]
    return sum(widths) + _beside_cells(len(widths), _PADDING) <= _console().width


def print_records(table: TextTable) -> None:
    """The table as one block of lines a row, `heading  cell`, for what is too wide for a table."""
    console, table = _console(), _safe(table)
    _print_lines_of_records(table, console.width if console.is_terminal else None)
    print_text(f"\n{table.caption}")


def _safe(table: TextTable) -> TextTable:
    """The table without what a terminal would obey."""
    return TextTable(
        table.title,
        tuple(map(safe_text, table.headings)),
        tuple(tuple(map(safe_text, row)) for row in table.rows),
        table.caption,
    )


def print_text(text: str) -> None:
    """Print sentences, on a terminal wrapped between words; their indent is kept."""
    print("\n".join(lines_of(text)))


def lines_of(text: str) -> list[str]:
    """The lines as which sentences are printed; the first sentence in its tone, if it has one."""
    console, tone = _console(), text.tone if isinstance(text, Toned) else None
    first, *others = safe_text(text).split("\n")
    if not console.is_terminal:
        return [first, *others]
    coloured = [painted(line, tone, sys.stdout) for line in _wrapped(first, console.width)]
    return [*coloured, *(line for text in others for line in _wrapped(text, console.width))]


def print_rule() -> None:
    """Print a line across, below an empty one."""
    console = _console()
    print(f"\n{'=' * (min(console.width, RULE_WIDTH) if console.is_terminal else RULE_WIDTH)}")


def _console() -> "Console":
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def _columns(table: TextTable) -> Iterator[tuple[str, ...]]:
    for place, heading in enumerate(table.headings):
        yield heading, *(row[place] for row in table.rows)


def _longest(cells: Iterable[str], parts: Callable[[str], Sequence[str]] = str.splitlines) -> int:
    """The width of the widest line, or other part, of some cells."""
    from rich.cells import cell_len

    return max((cell_len(part) for cell in cells for part in parts(cell)), default=0)


def _beside_cells(columns: int, padding: int) -> int:
    return (2 * padding + 1) * columns + _EDGE


def _unbroken(table: TextTable, width: int, padding: int) -> list[int] | None:
    """The widths of the columns in which every word is whole; None where there is no room."""
    columns = list(_columns(table))
    widths = [max(1, _longest(cells, str.split)) for cells in columns]  # rich draws no narrower one
    wished = [max(1, _longest(cells)) for cells in columns]
    missing = [most - least for most, least in zip(wished, widths, strict=True)]
    room = width - sum(widths) - _beside_cells(len(widths), padding)
    if room < 0:
        return None
    by_need = sorted(range(len(widths)), key=missing.__getitem__)
    for waiting, place in zip(range(len(widths), 0, -1), by_need, strict=True):
        given = min(missing[place], room // waiting)
        widths[place] += given
        room -= given
    return widths


def _print_lines_of_records(table: TextTable, width: int | None) -> None:
    """width: of the terminal, None where lines may have any length."""
    from rich.cells import cell_len

    indent = _longest(table.headings) + 2
    for row in table.rows:
        print()
        for heading, cell in zip(table.headings, row, strict=True):
            beside = heading + " " * (indent - cell_len(heading))
            if width is None:
                print((beside + cell).rstrip())
            elif indent + _longest([cell], str.split) <= width:
                first, *others = _wrapped(cell, width - indent)
                print((beside + first).rstrip())
                for line in others:
                    print(" " * indent + line)
            else:
                print_text(heading)
                print_text(cell)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, broken between words only; longer words stand alone."""
    from rich.cells import cell_len

    lines = []
    for line in text.split("\n"):
        if cell_len(line) <= width:
            lines.append(line)
            continue
        indent = line[: len(line) - len(line.lstrip())]
        current = ""
        for word in line.split():
            if current.strip() and cell_len(f"{current} {word}") <= width:
                current = f"{current} {word}"
                continue
            if current:
                lines.append(current)
            current = indent + word if cell_len(indent + word) <= width else word
        lines.append(current)
    return lines


def _is_number(cell: str) -> bool:
    try:
        float(cell.rstrip("*").replace("−", "-"))
    except ValueError:
        return False
    return True
