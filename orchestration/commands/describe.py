"""`yearbook describe`: the columns of one table, with type, unit and meaning.

Belongs here: showing the data dictionary of a table. Not here: making it.
"""

import argparse
from collections import Counter
from dataclasses import dataclass

from assets.warehouse.home import Home
from assets.warehouse.queries import ask
from orchestration.commands.command import OK, Command, asking
from orchestration.commands.key import known_key
from orchestration.commands.pages.json_rows import add_json_option, print_json
from orchestration.commands.pages.text_table import named, print_table, print_text, text_table

_SECOND = ("catalog", "current")  # their views have the names of the tables they are over
_TABLES = "select distinct table_name from release.data_dictionary order by table_name"


@dataclass(frozen=True, slots=True)
class _Column:
    column: str
    type: str
    key: str
    joins: str
    meaning: str
    table_meaning: str


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", help="such as model.coefficient, or coefficient alone")
    add_json_option(parser)


def _run(home: Home, options: argparse.Namespace) -> int:
    """Print one table's columns. Raises WarehouseError, naming the nearest, for an unknown one."""
    from assets.vintages.published import require_table
    from assets.warehouse.reader import query

    require_table(home, "raw.indicator")  # the dictionary has keys since then
    names = [str(name) for (name,) in query(home, _TABLES).rows]
    nouns = Counter(name.partition(".")[2] for name in names)
    known = {
        name: (noun,) if nouns[noun] == 1 or schema not in _SECOND else ()
        for name in names
        for schema, _, noun in [name.partition(".")]
    }
    table = known_key("table", options.table, known)
    columns = ask(home, "commands/table_columns", _Column, {"table": table})
    if options.json:
        print_json({table: columns})
        return OK
    print_text(f"{table}: {columns[0].table_meaning}")
    print_table(text_table("", named("column", "type", "key", "joins", "meaning"), columns))
    return OK


COMMAND = Command(
    54,
    "describe",
    "columns of a table, with unit and meaning",
    asking(_run),
    _arguments,
    examples=(
        "yearbook describe current.result",
        "yearbook describe coefficient --json",
    ),
)
