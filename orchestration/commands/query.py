"""`yearbook query`: one SELECT on the published warehouse, as a table, CSV or JSON.

Belongs here: showing a result. Not here: the connection that cannot do anything but read
(`assets/warehouse/reader.py`).
"""

import argparse
import csv
import json
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Number
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from assets.warehouse.home import Home
from assets.warehouse.json_value import json_value
from assets.warehouse.texts.counted import counted
from assets.warehouse.texts.safe_text import safe_text
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.text_table import (
    TextTable,
    fits,
    print_records,
    print_table,
    print_text,
)

_SECONDS = 300.0
_SAVED = (".csv", ".json", ".tex", ".xlsx")
_DIGITS = 6  # significant ones in LaTeX, which is printed
_AGAIN_SECONDS = 1.0
_FORMULA = re.compile(r"[=+\-@\t\r]")  # what a spreadsheet takes for the start of one
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_CONTROLS = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # JSON escapes the others itself

if TYPE_CHECKING:
    from assets.warehouse.reader import QueryResult


def _arguments(parser: argparse.ArgumentParser) -> None:
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("sql", nargs="?", help="one SELECT; - reads it from standard input")
    given.add_argument("--file", type=Path, metavar="FILE", help="read the SELECT from a file")
    parser.add_argument(
        "--format",
        choices=("table", "csv", "json"),
        default="table",
        help="how rows are shown (default: table)",
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="write the rows to FILE.csv, FILE.json, FILE.tex (LaTeX) or FILE.xlsx instead of "
        "showing them",
    )
    parser.add_argument(
        "--keep-formulas",
        action="store_true",
        help="in CSV, leave texts as they are that a spreadsheet would run as formulas (=1+1); "
        "without it they begin with an apostrophe",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=_SECONDS,
        metavar="SECONDS",
        help=f"stop the query after so long (default {_SECONDS:g})",
    )
    parser.add_argument(
        "--as-of",
        type=int,
        metavar="EDITION",
        help="adds the table as_of_observation: each figure as known by that edition",
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the rows of one SELECT; a sentence on standard error where it is refused."""
    import duckdb

    from assets.warehouse.reader import query

    try:
        kind = None if options.save is None else _kind_of(options.save)
        with _repeated_interrupt():
            result = query(home, _sql(options), as_of=options.as_of, seconds=options.timeout)
        if kind is not None:
            _save(result, options.save, kind, keep_formulas=options.keep_formulas)
        elif options.format == "json":
            print(_json_text(result))
        elif options.format == "csv":
            _write_csv(result, sys.stdout, keep_formulas=options.keep_formulas)
        else:
            _print_table(result)
    except (duckdb.Error, ValueError, TimeoutError) as error:
        print(safe_text(str(error)), file=sys.stderr)
        return PROBLEMS
    return OK


def _sql(options: argparse.Namespace) -> str:
    """The SELECT, from wherever it was said to be. Raises ValueError for a file without it."""
    if options.file is not None:
        try:
            return str(options.file.read_text(encoding="utf-8"))
        except OSError as error:
            raise ValueError(f"{options.file} cannot be read: {error.strerror}.") from error
    return sys.stdin.read() if options.sql == "-" else str(options.sql)


@contextmanager
def _repeated_interrupt() -> Iterator[None]:
    """Let one Ctrl-C be heard until it ends the block, which has nothing to put in order.

    Python drops it where it falls into the callback of a weak reference or into code of a library
    that asks for signals and forgets the answer.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in (signal.SIGINT, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for each, handler in before.items():
            signal.signal(each, handler)


COMMAND = Command(
    50,
    "query",
    "read the published warehouse with SQL",
    _run,
    _arguments,
    examples=(
        'yearbook query "select study, result, verdict, label from current.result"',
        "yearbook query --file questions.sql --save answers.xlsx",
        'yearbook query "from as_of_observation" --as-of 2018 --format csv',
    ),
)


def _print_table(result: "QueryResult") -> None:
    rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in result.rows)
    table = TextTable("", result.columns, rows, counted(len(rows), "row"))
    (print_table if fits(table) else print_records)(table)


def _kind_of(path: Path) -> str:
    """What a file is to hold, by the end of its name. Raises ValueError for another end."""
    kind = path.suffix.lower()
    if kind not in _SAVED:
        raise ValueError(
            f"{path}: found the ending '{path.suffix}', expected {', '.join(_SAVED)}. "
            "Name the file so: --save rows.csv"
        )
    return kind


def _save(result: "QueryResult", path: Path, kind: str, *, keep_formulas: bool) -> None:
    """Write the rows to a file, whole or not at all. Raises ValueError where it cannot be written.

    CSV begins with the mark by which Excel knows UTF-8: without it Chinese is garbled there.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        if kind == ".xlsx":
            with partial.open("wb") as sheet:
                _write_sheet(result, sheet)
        elif kind == ".csv":
            with partial.open("w", encoding="utf-8-sig", newline="") as file:
                _write_csv(result, file, keep_formulas=keep_formulas)
        elif kind == ".tex":
            partial.write_text(_latex_text(result), encoding="utf-8")
        else:
            partial.write_text(f"{_json_text(result)}\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)
    print_text(
        f"{path}: {counted(len(result.rows), 'row')}, {counted(len(result.columns), 'column')}"
    )


def _write_sheet(result: "QueryResult", file: BinaryIO) -> None:
    """One sheet with headings; a text is a text, whatever it begins with. Raises ValueError."""
    from xlsxwriter.workbook import Workbook

    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet, bold = workbook.add_worksheet("query"), workbook.add_format({"bold": True})
        sheet.write_row(0, 0, result.columns, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(result.rows, start=1):
            for column, value in enumerate(map(json_value, row)):
                is_text = value is not None and not isinstance(value, Number)
                if sheet.write(number, column, str(value) if is_text else value) != 0:
                    raise ValueError(
                        f"Row {number}, {result.columns[column]}: a sheet holds 1,048,576 rows, "
                        "and a cell 32,767 characters. Save it as .csv instead."
                    )


def _write_csv(result: "QueryResult", file: TextIO, *, keep_formulas: bool) -> None:
    """Controls are spelled out on a terminal alone: a file has them as they are."""

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        runs = len(value) > 1 and _FORMULA.match(value) and not _NUMBER.fullmatch(value)
        text = f"'{value}" if runs and not keep_formulas else value
        return safe_text(text) if file.isatty() else text

    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(cell, result.columns))
    writer.writerows([cell(value) for value in row] for row in result.rows)


def _latex_text(result: "QueryResult") -> str:
    from assets.release.export.latex_text import latex_table

    def cell(value: Any) -> str:
        if isinstance(value, float):
            return f"{value:.{_DIGITS}g}".replace("-", "−")
        return "" if value is None else str(json_value(value))

    rows = ([cell(value) for value in row] for row in result.rows)
    return latex_table("", result.columns, rows)


def _json_text(result: "QueryResult") -> str:
    """Raises ValueError where two columns have one name: an object has each name once."""
    twice = sorted({name for name in result.columns if result.columns.count(name) > 1})
    if twice:
        raise ValueError(
            f"Two columns are called {', '.join(twice)}, and JSON has each name once. "
            "Name them apart: select a.value as before, b.value as after"
        )
    rows = [dict(zip(result.columns, map(json_value, row), strict=True)) for row in result.rows]
    text = json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
