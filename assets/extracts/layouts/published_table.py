"""Layout `published_table`: descriptives, correlations and regression tables of a paper.

Belongs here: reading the numbers as printed, with their decimals and stars. Not here: judging the
paper. A blank, or a mark the card calls not_available, means that the paper prints no such number.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assets.extracts.errors import DocumentError
from assets.extracts.figure import TableSource
from assets.extracts.files.grid import Cell
from assets.extracts.labels import LabelBook
from assets.extracts.layouts.cells import (
    Missing,
    normalise_mark,
    parse_number,
    read_value,
    why_no_figure,
)
from assets.extracts.layouts.years import refuse_merged, require_width
from assets.extracts.meaning.printed_text import is_note

_NAMES = {
    "min": "min minimum 最小值 极小值",
    "max": "max maximum 最大值 极大值",
    "mean": "mean average 均值 平均值 平均数",
    "sd": "sd stddeviation standarddeviation stddev 标准差 标准偏差",
    "r": "pearson",
    "R": "r multipler",
    "R2": "r2 rsquare rsquared r方",
    "adjusted_R2": "adjustedr2 adjr2 adjustedrsquare adjustedrsquared adjrsquare 调整r方 调整后r方",
    "F": "f fvalue fstatistic f值",
    "p": "p pvalue sig significance 显著性 p值",
    "k": "k ridgek k值 岭参数k",
    "coefficient": "coefficient coefficients coef b 系数 回归系数 非标准化系数",
    "std_error": "stderror stderr standarderror se 标准误 标准误差 标准错误",
    "t": "t tvalue tstatistic t值",
    "vif": "vif",
}
_STATISTICS = {name: key for key, names in _NAMES.items() for name in names.split()}
_OF_MODEL = frozenset(("R", "R2", "adjusted_R2", "F", "p", "k"))
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "r": (-1, 1),
    "R": (0, 1),
    "R2": (0, 1),
    "adjusted_R2": (-1e6, 1),
    "p": (0, 1),
    "F": (0, 1e12),
    "k": (0, 1e6),
    "sd": (0, 1e15),
    "std_error": (0, 1e15),
    "vif": (1, 1e15),
}
_CONSTANT = frozenset(("const", "constant", "intercept", "常量", "常数", "常数项", "截距"))
_STARRED = re.compile(r"(?P<number>.*?[^*\s])\s*(?P<stars>\*{1,3})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PrintedStatistic:
    """One number of a paper's table: what it is, the exact printed value, stars, its cell."""

    term: str
    other_term: str
    statistic: str
    value: Decimal
    printed: str
    decimals: int
    stars: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class TableStatistics:
    """All numbers of one table, and the normalised labels that were met."""

    statistics: Sequence[PrintedStatistic]
    seen: frozenset[str]


def read(source: TableSource) -> TableStatistics:
    """Read one table of the kind its card states. Raises DocumentError at the cell in doubt."""
    reader = _Reader(source, LabelBook(source.table, source.number, source.grid))
    kinds: dict[str | None, Callable[[_Reader], Iterator[PrintedStatistic]]] = {
        "descriptives": _descriptives,
        "correlations": _correlations,
        "model_summary": _model_summary,
        "coefficients": _coefficients,
    }
    found = list(kinds[source.table.kind](reader))
    _refuse_twice(source, found)
    _check_tuning(source, found)
    return TableStatistics(found, frozenset(reader.labels.seen))


@dataclass(frozen=True, slots=True)
class _Reader:
    """The table's rows between title and notes, and how its names and numbers are read."""

    source: TableSource
    labels: LabelBook

    def rows(self) -> Sequence[tuple[Cell, ...]]:
        """Header and body: from the first row with two filled cells to the notes."""
        rows = [row for row in self.source.grid.rows if any(not cell.blank for cell in row)]
        while rows and sum(not cell.blank for cell in rows[0]) < 2:
            rows.pop(0)
        body: list[tuple[Cell, ...]] = []
        for row in rows:
            filled = [cell for cell in row if not cell.blank]
            if len(filled) == 1 and is_note(filled[0].text):
                break
            body.append(row)
        if len(body) < 2:
            place = self.source.grid.cell(1, 1)
            raise self.error(place, "there is no table", "a header row with names, and numbers")
        header, *lines = body
        for first, *_ in lines:
            require_width(self.source, first.row, header[0].row)
        return body

    def error(self, cell: Cell, found: str, expected: str) -> DocumentError:
        return self.source.grid.error(
            cell,
            found=found,
            expected=expected,
            advice=f'Compare the cell with the paper; adjust tables."{self.source.number}" '
            "(kind, labels, ignore) in the card if the layout is another.",
        )

    def statistic(self, cell: Cell) -> str | None:
        """Statistic a cell names, '' where the card ignores it, None where it names none."""
        folded = unicodedata.normalize("NFKC", cell.text).casefold()
        found = _STATISTICS.get(re.sub(r"[\s.\-_()]", "", folded))
        if found is None and cell.text.strip() in self.source.table.ignore:
            self.labels.resolve(cell, [cell.text])
            return ""
        return found

    def require_statistic(self, cell: Cell) -> str:
        found = self.statistic(cell)
        if found is None:
            raise self.error(
                cell, f"'{cell.text}' names no statistic", "one of " + ", ".join(_NAMES)
            )
        return found

    def term(self, cell: Cell) -> str:
        """Term a cell names: an indicator id or const; '' where the card ignores it."""
        folded = unicodedata.normalize("NFKC", cell.text).casefold().strip(" ()")
        if folded in _CONSTANT:
            return "const"
        return self.labels.resolve(cell, [cell.text]).indicator or ""

    def number(
        self, cell: Cell, statistic: str, term: str = "", other: str = ""
    ) -> PrintedStatistic | None:
        """Read one number with its stars; None for a blank or a declared mark."""
        refuse_merged(self.source, cell)
        folded = cell.text.strip().replace("＊", "*").replace("∗", "*")
        match = _STARRED.fullmatch(folded)
        text, stars = (match["number"], match["stars"]) if match else (folded, "")
        declared = {normalise_mark(mark) for mark in self.source.table.marks}
        is_mark = normalise_mark(cell.text) in {"", *declared}
        if is_mark and isinstance(read_value(cell.text, self.source.table.marks), Missing):
            return None
        try:
            if why := why_no_figure(cell):
                raise ValueError(why)
            if "*" in text:
                raise ValueError(f"'{cell.text}' is not a number with up to three stars")
            parsed = parse_number(text)
            if parsed.status is not None:
                raise ValueError(f"'{cell.text}' is marked as {parsed.status}")
        except ValueError as error:
            expected = f"a number as printed for {statistic}, with up to three stars"
            raise self.error(cell, str(error), expected) from error
        self._check_bounds(cell, statistic, parsed.value)
        return PrintedStatistic(
            term, other, statistic, parsed.value, cell.text.strip(), parsed.decimals, stars, cell
        )

    def _check_bounds(self, cell: Cell, statistic: str, value: Decimal) -> None:
        low, high = _BOUNDS.get(statistic, (-1e15, 1e15))
        if not low <= value <= high:
            raise self.error(
                cell, f"{value} cannot be a value of {statistic}", f"a number in [{low}, {high}]"
            )


def _descriptives(reader: _Reader) -> Iterator[PrintedStatistic]:
    """Terms down and statistics across, or the other way round."""
    header, *body = reader.rows()
    across = any(reader.statistic(cell) for cell in header[1:] if not cell.blank)
    for name, *cells in body:
        for head, cell in _pairs(reader, header, cells):
            with reader.source.faults.kept():
                term_cell, name_cell = (name, head) if across else (head, name)
                yield from _one(reader, cell, reader.require_statistic(name_cell), term_cell)


def _coefficients(reader: _Reader) -> Iterator[PrintedStatistic]:
    """Terms down and statistics across; rows of the model's own statistics may stand below."""
    header, *body = reader.rows()
    for name, *cells in body:
        of_model = reader.statistic(name)
        if of_model in _OF_MODEL:
            with reader.source.faults.kept():
                yield from _model_row(reader, name, cells, of_model)
        else:
            for head, cell in _pairs(reader, header, cells):
                with reader.source.faults.kept():
                    yield from _one(reader, cell, reader.require_statistic(head), name)


def _model_row(
    reader: _Reader, name: Cell, cells: Sequence[Cell], statistic: str
) -> Iterator[PrintedStatistic]:
    filled = [cell for cell in cells if not cell.blank]
    if len(filled) != 1:
        place = filled[1] if filled else name
        raise reader.error(place, f"the row has {len(filled)} numbers", f"one for {statistic}")
    yield from _one(reader, filled[0], statistic, None)


def _model_summary(reader: _Reader) -> Iterator[PrintedStatistic]:
    """Names across above one row of numbers, or names down beside one column of numbers."""
    rows = reader.rows()
    names = [cell for cell in rows[0] if not cell.blank]
    if (
        all(reader.statistic(name) is not None for name, *_ in rows)
        and len(names) == 2
        and (reader.statistic(names[1]) is None)
    ):
        for name, *cells in rows:
            yield from _model_row(reader, name, cells, reader.require_statistic(name))
        return
    if len(rows) != 2:
        raise reader.error(rows[2][0], "there is a second row of numbers", "one model a table")
    for head, cell in zip(rows[0], rows[1], strict=False):
        is_model_name = head.column == 1 and reader.statistic(head) is None
        if not is_model_name and not (head.blank and cell.blank):
            yield from _one(reader, cell, reader.require_statistic(head), None)


def _correlations(reader: _Reader) -> Iterator[PrintedStatistic]:
    """A lower triangle: row term against the column terms before it; the diagonal may print 1."""
    header, *body = reader.rows()
    order = [reader.term(cell) for cell in header[1:] if not cell.blank]
    order += [term for term in map(reader.term, (name for name, *_ in body)) if term not in order]
    for name, *cells in body:
        position = order.index(reader.term(name))
        for head, cell in _pairs(reader, header, cells):
            other = order.index(reader.term(head))
            with reader.source.faults.kept():
                if other < position:
                    yield _required(reader, cell, order[position], order[other])
                elif other == position:
                    _check_diagonal(reader, cell)
                elif not cell.blank:
                    raise reader.error(
                        cell, f"'{cell.text}' stands above the diagonal", "numbers below it only"
                    )


def _required(reader: _Reader, cell: Cell, term: str, other: str) -> PrintedStatistic:
    found = reader.number(cell, "r", term, other)
    if found is None:
        raise reader.error(cell, "a correlation is missing", f"r of {term} and {other}")
    return found


def _check_diagonal(reader: _Reader, cell: Cell) -> None:
    found = reader.number(cell, "r")
    if found is not None and found.value != 1:
        raise reader.error(cell, f"'{cell.text}' stands on the diagonal", "1 or nothing")


def _pairs(
    reader: _Reader, header: Sequence[Cell], cells: Sequence[Cell]
) -> Iterator[tuple[Cell, Cell]]:
    """Each cell of a row after its name, with its header; a number without one is a fault."""
    for cell in cells:
        head = header[cell.column - 1] if cell.column <= len(header) else None
        if head is not None and not head.blank:
            yield head, cell
        elif not cell.blank:
            with reader.source.faults.kept():
                raise reader.error(cell, f"'{cell.text}' stands under no name", "a name above it")


def _one(
    reader: _Reader, cell: Cell, statistic: str, term: Cell | None
) -> Iterator[PrintedStatistic]:
    name = "" if term is None else reader.term(term)
    if not statistic or (term is not None and not name):
        return
    found = reader.number(cell, statistic, name)
    if found is not None:
        yield found


def _refuse_twice(source: TableSource, found: Sequence[PrintedStatistic]) -> None:
    first: dict[tuple[str, str, str], Cell] = {}
    for item in found:
        key = (item.term, item.other_term, item.statistic)
        if key in first:
            raise source.grid.error(
                item.cell,
                found=f"{' '.join(filter(None, key))} stands here and in cell {first[key].ref}",
                expected="every statistic once",
                advice="Compare both cells with the paper.",
            )
        first[key] = item.cell


def _check_tuning(source: TableSource, found: Sequence[PrintedStatistic]) -> None:
    for item in found:
        stated = source.table.tuning.get(item.statistic)
        if item.statistic == "k" and stated is not None and float(item.value) != stated:
            raise source.grid.error(
                item.cell,
                found=f"the table prints k = {item.value}, the card says {stated}",
                expected="the same k in both",
                advice=f'Correct tables."{source.number}".tuning in the card.',
            )
