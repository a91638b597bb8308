"""The lines of a card that mend a refusal of a table of three axes, to be copied as they stand.

Belongs here: spelling such lines, so that what the card says already stays. Not here: what is
refused, and why.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell, column_letters


def says_axes(source: TableSource, keys: Mapping[str, Any]) -> str:
    """'tables."1" of the card says:' and the line of keys under axes."""
    return f'tables."{source.number}" of the card says:\n    {axes_line(source, keys)}'


def axes_line(source: TableSource, keys: Mapping[str, Any]) -> str:
    """The line of keys under axes; a card that names a usual shape goes on to name it."""
    shape = None if source.table.axes is None else source.table.axes.shape
    stated = dict(keys) if shape is None else {"shape": shape, **keys}
    return f"axes: {json.dumps(stated, ensure_ascii=False)}"


def says(number: str, keys: Mapping[str, Any]) -> str:
    """'tables."1" of the card says:' and a line for each key."""
    lines = "\n    ".join(card_line(key, value) for key, value in keys.items())
    return f'tables."{number}" of the card says:\n    {lines}'


def card_line(key: str, value: Any) -> str:
    """A line of a table's card."""
    return f"{key}: {json.dumps(value, ensure_ascii=False)}"


def says_left_out(source: TableSource, kind: Literal["rows", "columns"], cell: Cell) -> str:
    """The line that leaves out what a cell heads by name, or by place where it is blank."""
    text = " ".join(cell.text.split())
    if text:
        return says(source.number, {"ignore": [*source.table.ignore, text]})
    place = f"row {cell.row}" if kind == "rows" else f"column {column_letters(cell.column)}"
    before = () if source.table.axes is None else getattr(source.table.axes.left_out, kind)
    return says_axes(source, {"left_out": {kind: [*before, place]}})


def plain(text: str) -> str:
    """A text as YAML has it: in quotes, but a single word."""
    return text if re.fullmatch(r"[A-Za-z_]\w*", text) else json.dumps(text, ensure_ascii=False)
