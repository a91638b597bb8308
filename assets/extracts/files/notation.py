"""Numbers in another notation than digits with a point and a minus before them.

Belongs here: (123) and 123- for -123, 8104·1 for 8104.1, and the grid in which they are plain. Not
here: decimal commas (decimal_comma.py), reading a number (layouts/cells.py). None is guessed: the
card says which (`negatives`, `decimal`), and without it such a number stops the document.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from assets.extracts.files.decimal_comma import uses_decimal_comma, with_points
from assets.extracts.files.grid import Cell, Grid

_DIGITS = r"\d[\d,' \u00a0\u2009\u202f]*(?:\.\d+)?"
_DOT = "[·・‧∙•]"
_POINT = re.compile(r"[+−-]?[\d,]+\.\d+")


@dataclass(frozen=True, slots=True)
class Notation:
    """One notation: key and value of a table's card that say so, and the number it makes."""

    key: str
    value: str
    pattern: re.Pattern[str]
    plain: Callable[[re.Match[str]], str]

    def plain_number(self, text: str) -> str | None:
        """The number that a text is in this notation, in plain digits; None for any other text."""
        match = self.pattern.fullmatch(text.strip())
        return None if match is None else self.plain(match)


_MIDDLE_DOT = Notation(
    "decimal",
    "middle_dot",
    re.compile(rf"([+−－-]?\d[\d,]*){_DOT}(\d+)"),
    lambda match: f"{match[1]}.{match[2]}",
)
_BRACKETS = Notation(
    "negatives",
    "brackets",
    re.compile(rf"[(（]\s*({_DIGITS})\s*[)）]"),
    lambda match: f"-{match[1]}",
)
_BEHIND = Notation(
    "negatives", "minus_behind", re.compile(rf"({_DIGITS})\s*[−－–-]"), lambda match: f"-{match[1]}"
)
_ALL = (_MIDDLE_DOT, _BRACKETS, _BEHIND)


def notation_of(text: str) -> Notation | None:
    """The notation that a whole text is in; None for any other text, a plain number too."""
    return next((each for each in _ALL if each.plain_number(text) is not None), None)


def proven_decimal(grid: Grid) -> str | None:
    """The sign before decimals (`comma`, `middle_dot`) that several numbers prove; else None."""
    if uses_decimal_comma(grid):
        return "comma"
    texts = {cell.text.strip() for row in grid.rows for cell in row}
    dotted = [text for text in texts if _MIDDLE_DOT.plain_number(text) is not None]
    return "middle_dot" if len(dotted) > 1 and not any(map(_POINT.fullmatch, texts)) else None


def in_plain_digits(grid: Grid, stated: Mapping[str, str | None]) -> Grid:
    """The grid with plain numbers; `written` keeps what the document has.

    stated: `decimal` and `negatives` of the card. A number with a decimal point where the card says
    another sign is one in doubt.
    """
    for each in _ALL:
        if stated.get(each.key) == each.value:
            rows = tuple(tuple(_in_plain_digits(cell, each) for cell in row) for row in grid.rows)
            grid = replace(grid, rows=rows)
    return with_points(grid) if stated.get("decimal") == "comma" else grid


def _in_plain_digits(cell: Cell, notation: Notation) -> Cell:
    if cell.written is not None:
        return cell
    plain = notation.plain_number(cell.text)
    if plain is not None:
        return replace(cell, text=plain, written=cell.text)
    if notation is _MIDDLE_DOT and _POINT.fullmatch(cell.text.strip()):
        return replace(cell, problem="has a decimal point, and the card says decimal: middle_dot")
    return cell
