"""Texts that stand alone between the rows of a table, as a heading over those below them.

Belongs here: refusing one of which the card does not say what it changes, and what it may say.
指数(上年=100), 兰州市 or 农村居民 between rows of figures makes those below it something else than
those above. Not here: finding the rows (table.py).
"""

from collections.abc import Sequence

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.layouts.mending import card_line, says_axes
from assets.extracts.meaning.printed_text import unit_line


def row_heading(source: TableSource, cell: Cell, under: Sequence[int]) -> DocumentError:
    """Build the error for a text that heads some rows of figures."""
    axes = source.table.axes
    assert axes is not None
    text = " ".join(cell.text.split())
    rows = f"rows {under[0]} to {under[-1]}" if len(under) > 1 else f"row {under[0]}"
    left_out = {"left_out": {"under": [*axes.left_out.under, text]}}
    ignore = card_line("ignore", [*source.table.ignore, text])
    says_nothing = f"\n  If it does not, it says:\n    {ignore}" if unit_line(text) is None else ""
    return source.grid.error(
        cell,
        found=f"'{text}' stands between the rows as a heading over those below it ({rows})",
        expected="rows that all mean what the card says",
        advice=f"If it changes what they mean, {says_axes(source, left_out)}{says_nothing}",
        lacks="heading",
        label=text,
    )


def heading_gone(source: TableSource, texts: Sequence[str]) -> DocumentError:
    """Build the error for texts that the card names under `left_out.under` and that are not met."""
    axes = source.table.axes
    assert axes is not None
    there = [text for text in axes.left_out.under if text not in texts]
    return source.grid.error(
        None,
        found=f"no row of the table is headed '{', '.join(texts)}', as the card says",
        expected=f'every text of tables."{source.number}".axes.left_out.under',
        advice="Rows that the text stood above may still be there, under another text. If none "
        f"are, {says_axes(source, {'left_out': {'under': there}})}",
    )
