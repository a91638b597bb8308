"""`yearbook tables`: what the published warehouse has: tables, and under a word what it is about.

Belongs here: finding tables, indicators, regions, studies and documents by a word in Chinese or
English. Not here: one table's columns (`describe.py`).
"""

import argparse
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.text_table import (
    named,
    print_first,
    print_table,
    print_text,
    text_table,
)

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Table:
    table: str
    columns: int
    meaning: str


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    key: str
    name_en: str
    name_zh: str
    years: str
    figures: int
    label: str
    look_in: str


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "word", nargs="?", default="", help="only what speaks of it: poverty, 贫困, Gansu, GDP"
    )
    add_json_option(parser)
    parser.add_argument(
        "--all", action="store_true", help=f"all entries of a word, not {_SHOWN} of them"
    )


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print what the word names, and the tables that speak of it; a problem if nothing does."""
    from assets.vintages.published import is_recorded

    asked = {"word": options.word}
    tables = ask(home, "commands/tables", _Table, asked)
    entries: list[_Entry] = []
    if options.word and is_recorded(home, "raw.indicator"):  # a release of before has no catalog
        entries = ask(home, "commands/catalog_entries", _Entry, asked)
    if options.json:
        print_json({"entries": entries, "tables": tables})
        return OK if tables or entries else PROBLEMS
    if not tables and not entries:
        print_text(
            f"Nothing speaks of '{options.word}'. `yearbook tables` lists all tables, and "
            "docs/queries.md has questions with their SQL."
        )
        return PROBLEMS
    print_first(
        f"What '{options.word}' names",
        named("kind", "key", "name_en", "name_zh", "years", "figures", "label", "look_in"),
        entries,
        None if options.all else _SHOWN,
        "--all shows all",
    )
    if tables:
        title = "Tables that speak of it" if entries else ""
        print_table(text_table(title, named("table", "columns", "meaning"), tables))
        print_text("`yearbook describe TABLE` shows its columns, keys and what they join to.")
    return OK


COMMAND = Command(
    52,
    "tables",
    "what the warehouse has, by a word",
    asking(_run),
    _arguments,
    examples=(
        "yearbook tables",
        "yearbook tables 贫困",
    ),
)
