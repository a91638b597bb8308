"""Numbers whose comma is a decimal point: 8.104,1 and 8104,1.

Belongs here: whether the numbers of a grid prove that they are so, and the grid with points. Not
here: reading a number (layouts/cells.py). The card says it (`decimal: comma`); `add` says it where
the file proves it. What could be either (8,104) is proof of nothing.
"""

import re
from dataclasses import replace

from assets.extracts.files.grid import Cell, Grid

_SPACES = "\u0020\u00a0\u2000-\u200a\u202f\u205f\u3000"
_GROUPS = rf"[+−-]?\d{{1,3}}(?:[.{_SPACES}'’]\d{{3}})+"
_COMMA = re.compile(rf"(?P<whole>{_GROUPS}|[+−-]?\d+)(?:,(?P<part>\d+))?(?P<behind>\D*)")
_PROVES = re.compile(rf"(?:{_GROUPS}|[+−-]?\d+),\d+")
_EITHER = re.compile(r"[+−-]?[1-9]\d{0,2},\d{3}")  # 8,104 may be 8104
_AGAINST = re.compile(r"[+−-]?\d[\d,]*\.\d+|[+−-]?\d{1,3}(?:,\d{3}){2,}")
_POINT = re.compile(r"[+−-]?\d+\.\d+")


def uses_decimal_comma(grid: Grid) -> bool:
    """Whether several numbers can have a decimal comma only, and none a decimal point.

    One alone (12,34) may be a misprint.
    """
    texts = {cell.text.strip() for row in grid.rows for cell in row if "," in cell.text}
    dotted = {cell.text.strip() for row in grid.rows for cell in row if "." in cell.text}
    proven = [t for t in texts if _PROVES.fullmatch(t) and not _EITHER.fullmatch(t)]
    return len(proven) > 1 and not any(_is_against(text) for text in texts | dotted)


def _is_against(text: str) -> bool:
    return _AGAINST.fullmatch(text) is not None and re.fullmatch(_GROUPS, text) is None


def may_use_either(texts: list[str]) -> bool:
    """Whether numbers have commas, and none says what a comma is."""
    with_comma = [text for text in texts if _PROVES.fullmatch(text)]
    return (
        bool(with_comma)
        and all(map(_EITHER.fullmatch, with_comma))
        and not any(map(_AGAINST.fullmatch, texts))
    )


def with_points(grid: Grid) -> Grid:
    """The grid with a point in each number; `written` keeps what the document has.

    A number that has a decimal point all the same (8104.1) is one in doubt.
    """
    return replace(grid, rows=tuple(tuple(map(_with_point, row)) for row in grid.rows))


def _with_point(cell: Cell) -> Cell:
    if cell.written is not None:
        return cell
    found = _COMMA.fullmatch(cell.text.strip())
    if found is not None and (found["part"] is not None or re.search(r"[^\d+−-]", found["whole"])):
        digits = re.sub(rf"[.{_SPACES}'’]", "", found["whole"])
        decimals = "" if found["part"] is None else f".{found['part']}"
        return replace(cell, text=f"{digits}{decimals}{found['behind']}", written=cell.text)
    if _POINT.fullmatch(cell.text.strip()):
        return replace(cell, problem="has a decimal point, and the card says decimal: comma")
    return cell
