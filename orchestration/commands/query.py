"""`yearbook query`: one SELECT on the published warehouse, as a table, CSV or JSON.

Belongs here: showing a result. Not here: the connection that cannot do anything but read
(`assets/warehouse/reader.py`).
"""

import csv
import json
import sys
from typing import Literal

from assets.warehouse.home import Home
from assets.warehouse.reader import QueryResult, query

Format = Literal["table", "csv", "json"]


def print_query(home: Home, sql: str, output: Format, as_of: int | None) -> int:
    """Print the rows of one SELECT; 1 with a sentence on standard error where it is refused."""
    import duckdb

    try:
        result = query(home, sql, as_of=as_of)
    except (duckdb.Error, ValueError) as error:
        print(f"{error}", file=sys.stderr)
        return 1
    {"table": _print_table, "csv": _print_csv, "json": _print_json}[output](result)
    return 0


def _print_table(result: QueryResult) -> None:
    from orchestration.commands.pages.text_table import TextTable, fits, print_records, print_table

    rows = [["" if cell is None else str(cell) for cell in row] for row in result.rows]
    table = TextTable("", result.columns, rows, f"{len(rows)} rows")
    (print_table if fits(table) else print_records)(table)


def _print_csv(result: QueryResult) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    writer.writerows(result.rows)


def _print_json(result: QueryResult) -> None:
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=1, default=str)
    print()
