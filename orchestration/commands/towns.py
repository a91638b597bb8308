"""`yearbook towns`: what the town study found, and the evidence on what it rests on.

Belongs here: reading the published file and printing. Not here: which rows and words
(`orchestration/commands/pages/town_page.py`).
"""

import sys
from collections.abc import Sequence
from typing import Any

from assets.warehouse.home import Home
from assets.warehouse.reader import query
from orchestration.commands.pages.text_table import TextTable, print_table
from orchestration.commands.pages.town_page import town_page

_HAS_STUDY = "select 1 from duckdb_tables() where table_name = 'town_finding'"
_DATASETS = """
select distinct dataset, simulated from model.town_finding
where vintage = $vintage and coalesce(dataset = $dataset, true) order by dataset
"""
_LATEST = "select max(vintage) from model.vintage"


def print_towns(home: Home, dataset: str | None) -> int:
    """Print the study of one data set or of all in full; 1 where there is none."""
    vintage = query(home, _LATEST, []).rows[0][0]
    found = _datasets(home, vintage, dataset)
    if not found:
        what = f"data set '{dataset}'" if dataset else "data set of towns"
        print(f"The published vintage has no {what}; see landing/README.md.", file=sys.stderr)
        return 1
    for name, simulated in found:
        _print(home, name, simulated, vintage, full=True)
    return 0


def print_town_summary(home: Home, vintage: str) -> None:
    """Print the short form of every data set's study."""
    for name, simulated in _datasets(home, vintage, None):
        _print(home, name, simulated, vintage, full=False)


def _datasets(home: Home, vintage: str, dataset: str | None) -> list[tuple[Any, ...]]:
    if not query(home, _HAS_STUDY, []).rows:
        return []  # published before there was a town study
    return query(home, _DATASETS, {"vintage": vintage, "dataset": dataset}).rows


def _print(home: Home, dataset: str, simulated: bool, vintage: str, *, full: bool) -> None:
    def run(sql: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        return query(home, sql, parameters).rows

    page = town_page(run, dataset, simulated, vintage, full)
    print(f"\n{'=' * 100}")
    for line in (*page.lines, page.heading):
        print(line)
    for table in page.tables:
        print_table(TextTable(table.title, table.columns, table.rows))
    for line in page.closing:
        print(line)
    if not full:
        print(f"`yearbook towns {dataset}` shows the sentences and all evidence.")
