"""`yearbook towns`: what the town study found, and the evidence on what it rests on.

Belongs here: which data sets, in full or in short. Not here: which rows and words
(`orchestration/commands/pages/town_page.py`).
"""

import argparse
import sys
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.page import print_page
from orchestration.commands.pages.town_page import town_page

_HAS_STUDY = "select 1 from duckdb_tables() where table_name = 'town_finding'"


@dataclass(frozen=True, slots=True)
class _Dataset:
    dataset: str
    simulated: bool


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", nargs="?", help="folder in landing/towns/ (default: all)")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the study of one data set or of all in full; a problem where there is none."""
    from assets.vintages.current import published_vintage

    vintage, named = published_vintage(home), options.dataset
    found = _datasets(home, vintage, named)
    if not found:
        what = f"data set '{named}'" if named else "data set of towns"
        print(f"The published vintage has no {what}; see landing/README.md.", file=sys.stderr)
        return PROBLEMS
    for each in found:
        print_page(town_page(home, each.dataset, each.simulated, vintage, full=True))
    return OK


COMMAND = Command(
    130, "towns", "findings of the Taobao Town study, with evidence", _run, _arguments
)


def print_town_summary(home: Home, vintage: str) -> None:
    """Print the short form of every data set's study."""
    for each in _datasets(home, vintage, None):
        print_page(town_page(home, each.dataset, each.simulated, vintage, full=False))


def _datasets(home: Home, vintage: str, dataset: str | None) -> list[_Dataset]:
    from assets.warehouse.reader import query

    if not query(home, _HAS_STUDY).rows:
        return []  # published before there was a town study
    of = {"vintage": vintage, "dataset": dataset}
    return ask(home, "commands/town_datasets", _Dataset, of)
