"""`yearbook tables`: which tables the published warehouse has, and what each is for.

Belongs here: finding them by a word. Not here: one table's columns (`describe.py`).
"""

import argparse
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command
from orchestration.commands.pages.text_table import named, print_table, print_text, text_table


@dataclass(frozen=True, slots=True)
class _Table:
    table: str
    columns: int
    meaning: str


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("word", nargs="?", default="", help="only tables that speak of it")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print the tables whose name, meaning or columns hold the word; a problem if none does."""
    found = ask(home, "commands/tables", _Table, {"word": options.word})
    if not found:
        print_text(f"No table speaks of '{options.word}'. `yearbook tables` lists all of them.")
        return PROBLEMS
    print_table(text_table("", named("table", "columns", "meaning"), found))
    print_text("`yearbook describe TABLE` shows its columns.")
    return OK


COMMAND = Command(52, "tables", "tables of the published warehouse, by a word", _run, _arguments)
