"""What a document says of the currency of its figures, and whether their unit agrees.

Belongs here: currencies named in a figure's row, over its column, in titles and the name of the
sheet; for every layout alike. Not here: units, of which each has one currency (units.yaml).

Only another currency than the unit's stops a document: most Chinese tables name none. 'National
currency' is yuan in China alone. A text that says nothing of the figures is left out by name
(`ignore`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell, Grid
from assets.extracts.meaning.printed_text import is_note
from assets.extracts.meaning.registry import normalise_label

_CURRENCIES: Mapping[str, re.Pattern[str]] = {
    # Of 百万元 and the like: no sign before 元 makes it another country's.
    "CNY": re.compile(r"(?<![美欧日港韩际])元|人民币|(?i:\byuan\b|\brenminbi\b)|\bRMB\b|\bCNY\b"),
    "USD": re.compile(r"美元|(?<![A-Za-z])US\$|(?<![A-Z])USD|(?i:\bU\.?S\.? dollars?)|(?<!K)\$"),
    "EUR": re.compile(r"欧元|€|(?<![A-LN-Z])EUR(?![A-Z])|(?i:\beuros?\b)"),
    "JPY": re.compile(r"日元|(?<![A-Z])JPY|(?i:\byen\b)"),
    "GBP": re.compile(r"英镑|£|(?<![A-Z])GBP|(?i:\bpounds? sterling\b)"),
    "HKD": re.compile(r"港[元币]|HK\$|(?<![A-Z])HKD"),
    "TWD": re.compile(r"台币|NT\$|(?<![A-Z])TWD"),
    "KRW": re.compile(r"韩元|(?<![A-Z])KRW"),
    "PPP": re.compile(
        r"国际元|购买力平价|(?<![A-Z])PPPs?(?![A-Z])|(?i:\binternational dollars?\b)"
    ),
    "LCU": re.compile(
        r"(?<![A-Z])(?:LCU|XDC|M?NAC)(?![A-Z])|(?i:\b(?:national|local|domestic) currency\b)|本币"
    ),
}
_IN_YUAN = ("currency", "currency_per_person")


@lru_cache(maxsize=20_000)
def currencies_named(text: str) -> frozenset[str]:
    """The currencies a text names, by their ISO code, PPP or LCU."""
    # An underscore joins words of codes such as CP_MEUR.
    folded = text.replace("_", " ")
    return frozenset(code for code, pattern in _CURRENCIES.items() if pattern.search(folded))


def refuse_other_currency(source: TableSource, read: TableFigures) -> None:
    """Raise DocumentError at the first text that names another currency than a figure's unit."""
    left_out = {normalise_label(text) for text in source.table.ignore}
    stated = _Statements(source.grid)
    sheet = currencies_named(source.grid.sheet or "")
    for figure in read.figures:
        if figure.unit.dimension not in _IN_YUAN:
            continue
        for cell in stated.about(figure.cell):
            named = currencies_named(cell.text)
            if not _agrees(named, figure) and normalise_label(cell.text) not in left_out:
                raise _other(source, figure, cell, cell.text)
        if sheet and not _agrees(sheet, figure):
            raise _other(source, figure, None, source.grid.sheet or "")


class _Statements:
    """The cells of a sheet that name a currency; each row and column is looked through once."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._of_row: dict[int, Sequence[Cell]] = {}
        self._over_column: dict[int, Sequence[Cell | None]] = {}
        filled = ([cell for cell in row if not cell.blank] for row in grid.rows)
        self._titles = _nearest_above(cells[0] if len(cells) == 1 else None for cells in filled)

    def about(self, cell: Cell) -> Iterator[Cell]:
        """Those in its row, the nearest line above that stands alone, the nearest in its column."""
        row, column, rows = cell.row, cell.column, self._grid.rows
        if row not in self._of_row:
            self._of_row[row] = [other for other in rows[row - 1] if _names_currency(other)]
        if column not in self._over_column:
            heads = (self._grid.header_cell(number, column) for number in range(1, len(rows) + 1))
            self._over_column[column] = _nearest_above(heads)
        above = (self._titles[row - 1], self._over_column[column][row - 1])
        yield from (*self._of_row[row], *(other for other in above if other is not None))


def _nearest_above(cells: Iterable[Cell | None]) -> Sequence[Cell | None]:
    """For each row, of one cell each: the last one above it that names a currency."""
    nearest: list[Cell | None] = []
    last: Cell | None = None
    for cell in cells:
        nearest.append(last)
        if cell is not None and _names_currency(cell):
            last = cell
    return nearest


def _names_currency(cell: Cell) -> bool:
    return not cell.blank and not is_note(cell.text) and bool(currencies_named(cell.text))


def _agrees(named: frozenset[str], figure: Figure) -> bool:
    in_china = figure.region.split("-")[0] == "CN"
    return "CNY" in named or (named == {"LCU"} and in_china)


def _other(source: TableSource, figure: Figure, cell: Cell | None, text: str) -> Exception:
    told = " ".join(text.split())
    return source.grid.error(
        cell,
        found=f"'{told}' names another currency than '{figure.printed_unit}', the unit of "
        f"{figure.indicator} of {figure.region}",
        expected="figures in yuan",
        advice="Another currency is another unit: an indicator in it can be declared in "
        "landing/indicators.yaml (its unit: usd or eur), and named under labels. If the text does "
        f'not speak of these figures, add it to tables."{source.number}".ignore.',
    )
