"""What a document says of the currency of its figures, and whether their unit agrees.

Belongs here: currencies named in a figure's row, over its column, in titles and the name of the
sheet; for every layout alike. Not here: units, of which each has one currency (units.yaml).

Only another currency than the unit's stops a document: most Chinese tables name none. 'National
currency' is yuan in China alone. A text that says nothing of the figures is left out by name
(`ignore`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from assets.extracts.figure import Figure, TableFigures, TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.printed_text import is_note
from assets.extracts.registry import normalise_label

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
    rows: dict[int, Sequence[Cell]] = {}
    for figure in read.figures:
        if figure.unit.dimension not in _IN_YUAN:
            continue
        row = figure.cell.row
        if row not in rows:
            rows[row] = [*_words(source.grid.rows[row - 1]), *_title(source, row)]
        for cell in (*rows[row], *_heads(source, figure)):
            named = currencies_named(cell.text)
            if named and not _agrees(named, figure) and normalise_label(cell.text) not in left_out:
                raise _other(source, figure, cell, cell.text)
        sheet = source.grid.sheet or ""
        if currencies_named(sheet) and not _agrees(currencies_named(sheet), figure):
            raise _other(source, figure, None, sheet)


def _agrees(named: frozenset[str], figure: Figure) -> bool:
    in_china = figure.region.split("-")[0] == "CN"
    return "CNY" in named or (named == {"LCU"} and in_china)


def _words(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Cells of words that are no notes."""
    for cell in cells:
        if not cell.blank and not is_note(cell.text):
            yield cell


def _title(source: TableSource, row: int) -> Sequence[Cell]:
    """The nearest line above a row that stands alone and names a currency."""
    for above in range(row - 1, 0, -1):
        filled = [cell for cell in source.grid.rows[above - 1] if not cell.blank]
        if len(filled) == 1 and not is_note(filled[0].text) and currencies_named(filled[0].text):
            return filled
    return ()


def _heads(source: TableSource, figure: Figure) -> Sequence[Cell]:
    """The nearest cell above a figure that names a currency, in its column."""
    column = figure.cell.column
    for above in range(figure.cell.row - 1, 0, -1):
        cell = source.grid.header_cell(above, column)
        if not cell.blank and not is_note(cell.text) and currencies_named(cell.text):
            return (cell,)
    return ()


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
