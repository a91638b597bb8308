"""`yearbook reproduce`: a published vintage fitted again from the published warehouse alone.

Belongs here: reading what the vintage recorded, and showing the differences. Not here: the refits
(`assets/poverty/fits/reproduction.py`, `assets/provinces/study_results.py`) and the comparison
(`assets/vintages/difference.py`).
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from assets.warehouse.texts.counted import counted
from orchestration.commands.command import OK, PROBLEMS, Command, asking
from orchestration.commands.pages.numbers import significant
from orchestration.commands.pages.progress_line import ProgressLine
from orchestration.commands.pages.text_table import (
    Shown,
    named,
    print_table,
    print_text,
    text_table,
)
from orchestration.tone import Tone, Toned

if TYPE_CHECKING:
    from assets.provinces.study_results import ProvinceTables
    from assets.vintages.difference import TableDifference

CELLS_SHOWN = 20
_COLUMNS: "tuple[Shown[TableDifference], ...]" = (
    *named("table", "rows"),
    Shown("largest difference", lambda row: significant(row.largest_absolute, 3)),
    Shown("largest relative", lambda row: significant(row.largest_relative, 3)),
    Shown("cells not reproduced", lambda row: len(row.beyond)),
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("vintage", nargs="?", help="name or running number (default: the latest)")


def _run(home: Home, options: argparse.Namespace) -> int:
    """Refit a vintage and print the largest differences; a problem beyond the tolerance."""
    from assets.poverty.fits.reproduction import REFITTED_TABLES, refit
    from assets.poverty.study_files.errors import StudyError
    from assets.vintages.difference import TOLERANCE, table_difference
    from assets.vintages.published import (
        named_vintage,
        require_recorded,
        require_table,
        rows_of,
    )

    vintage = named_vintage(home, options.vintage)
    require_recorded(home, vintage, "model.study_definition")
    require_table(home, "model.vintage_estimation_year")
    definitions = rows_of(home, "model.study_definition", vintage)["definition"].tolist()
    inputs = rows_of(home, "model.input", vintage)
    years = rows_of(home, "model.vintage_estimation_year", vintage)
    try:
        with ProgressLine("fitting the yearly studies"):
            refitted = refit(vintage, definitions, inputs, years)
    except StudyError as error:
        raise WarehouseError(str(error)) from error
    found = [
        table_difference(table, rows_of(home, table.name, vintage), refitted[table])
        for table in REFITTED_TABLES
    ]
    title = (
        f"Vintage {vintage}, {counted(len(definitions), 'study', 'studies')}, "
        f"{counted(len(inputs), 'input')}"
    )
    print_table(text_table(title, _COLUMNS, found))
    unreadable = False
    try:
        with ProgressLine("fitting the studies of provinces"):
            provinces, left_out = province_differences(home, vintage)
    except WarehouseError as error:
        provinces, left_out, unreadable = [], str(error), True
    if provinces:
        print_table(text_table("Studies of provinces", _COLUMNS, provinces))
    beyond = [f"{d.table}: {words}" for d in (*found, *provinces) for words in d.beyond]
    for line in beyond[:CELLS_SHOWN]:
        print(line, file=sys.stderr)
    if len(beyond) > CELLS_SHOWN:
        print(f"and {len(beyond) - CELLS_SHOWN} more", file=sys.stderr)
    verdict = "NOT reproduced" if beyond else "Reproduced"
    said = f"{verdict}: tolerance {TOLERANCE:g} of the magnitude, 1 at least; texts exact."
    print_text(Toned(said, Tone.BAD if beyond else Tone.GOOD))
    print("The town study is not fitted again: it needs records that are not published.")
    if left_out:
        print(f"Nor are the studies of provinces: {left_out}")
    return PROBLEMS if beyond or unreadable else OK


COMMAND = Command(
    90,
    "reproduce",
    "fit a published vintage again and compare",
    asking(_run),
    _arguments,
    examples=(
        "yearbook reproduce",
        "yearbook reproduce 3",
    ),
)


def province_differences(home: Home, vintage: str) -> "tuple[list[TableDifference], str]":
    """The studies of provinces fitted again on the figures in that vintage's own release.

    A vintage records results, not figures of provinces, which stand in the file that was published
    with it. Where that file is gone, or other code or SQL made it, nothing is fitted: the second
    part says so. Raises WarehouseError where the file is damaged, or lacks what was published.
    """
    from assets.provinces.result_rows import PROVINCE_TABLES, ProvinceEstimateRow
    from assets.vintages.difference import table_difference
    from assets.vintages.fingerprint import definition_fingerprint
    from assets.vintages.published import is_recorded, require_table, rows_of

    first = ProvinceEstimateRow.table.name
    if not is_recorded(home, first) or rows_of(home, first, vintage).empty:
        return [], "this vintage has none."
    recorded = str(rows_of(home, "model.vintage", vintage)["definition_fingerprint"].iloc[0])
    now = definition_fingerprint()
    if recorded != now:
        return [], (
            f"they were made by other code, SQL or libraries (definitions {recorded[:12]}, now "
            f"{now[:12]}), of which a refit would tell nothing."
        )
    file = home.releases / f"warehouse-{vintage}.duckdb"
    if not file.is_file():
        return [], f"their figures stood in {file.name}, which is kept no more."
    from assets.provinces.study_results import study_frames
    from assets.vintages.failures import Failures

    for table in PROVINCE_TABLES:
        require_table(home, table.name)
    refitted = study_frames(_figures(file), Failures(vintage, first))
    return [
        table_difference(table, rows_of(home, table.name, vintage), refitted[table])
        for table in PROVINCE_TABLES
    ], ""


def _figures(release: Path) -> "ProvinceTables":
    """The figures of provinces as they were published with a vintage.

    Raises WarehouseDamaged where the file does not open, or has not all of their tables.
    """
    import duckdb

    from assets.provinces.study_results import read_tables
    from assets.warehouse.connection import read_only
    from assets.warehouse.errors import WarehouseDamaged

    try:
        with read_only(release) as connection:
            return read_tables(lambda sql: connection.execute(sql).df())
    except duckdb.CatalogException as error:
        raise WarehouseDamaged(
            f"{release} is not as it was published with its vintage: {str(error).splitlines()[0]}\n"
            f"  Expected: the tables of schema provinces, as `yearbook refresh` publishes them.\n"
            f"  Put back a copy of that file; the vintage's results stand in the published one."
        ) from error
