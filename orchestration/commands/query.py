"""`yearbook query`: one SELECT on the published warehouse, as a table, CSV or JSON.

Belongs here: showing a result. Not here: the connection that cannot do anything but read
(`assets/warehouse/reader.py`).
"""

import argparse
import csv
import json
import sys
from typing import TYPE_CHECKING

from assets.warehouse.home import Home
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.text_table import TextTable, fits, print_records, print_table

if TYPE_CHECKING:
    from assets.warehouse.reader import QueryResult


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sql", help="one SELECT")
    parser.add_argument("--format", choices=tuple(_FORMATS), default="table")
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
        result = query(home, options.sql, as_of=options.as_of)
    except (duckdb.Error, ValueError) as error:
        print(f"{error}", file=sys.stderr)
        return PROBLEMS
    _FORMATS[options.format](result)
    return OK


COMMAND = Command(50, "query", "read the published warehouse with SQL", _run, _arguments)


def _print_table(result: "QueryResult") -> None:
    rows = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in result.rows)
    table = TextTable("", result.columns, rows, f"{len(rows)} rows")
    (print_table if fits(table) else print_records)(table)


def _print_csv(result: "QueryResult") -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows(result.rows)


def _print_json(result: "QueryResult") -> None:
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()


_FORMATS = {"table": _print_table, "csv": _print_csv, "json": _print_json}
