"""`yearbook reproduce`: a published vintage fitted again from the published warehouse alone.

Belongs here: reading what the vintage recorded, and showing the differences. Not here: the refit
(`assets/poverty/fits/reproduction.py`) and the comparison (`assets/vintages/difference.py`).
"""

import sys
from typing import TYPE_CHECKING

from assets.vintages.published import named_vintage, require_recorded, require_table, rows_of
from assets.warehouse.errors import WarehouseError
from assets.warehouse.home import Home
from orchestration.commands.pages.text_table import TextTable, print_table

if TYPE_CHECKING:
    from assets.vintages.difference import TableDifference

CELLS_SHOWN = 20
_COLUMNS = ("table", "rows", "largest difference", "largest relative", "cells not reproduced")


def print_reproduction(home: Home, named: str | None) -> int:
    """Refit a vintage and print the largest differences; 1 where one is beyond the tolerance."""
    from assets.poverty.fits.reproduction import REFITTED_TABLES, refit
    from assets.poverty.study_files.study import StudyError
    from assets.vintages.difference import TOLERANCE, table_difference

    vintage = named_vintage(home, named)
    require_recorded(home, vintage, "model.study_definition")
    require_table(home, "model.vintage_estimation_year")
    definitions = rows_of(home, "model.study_definition", vintage)["definition"].tolist()
    inputs = rows_of(home, "model.input", vintage)
    years = rows_of(home, "model.vintage_estimation_year", vintage)
    try:
        refitted = refit(vintage, definitions, inputs, years)
    except StudyError as error:
        raise WarehouseError(str(error)) from error
    found = [
        table_difference(table, rows_of(home, table.name, vintage), refitted[table])
        for table in REFITTED_TABLES
    ]
    title = f"Vintage {vintage}, {len(definitions)} studies, {len(inputs)} inputs"
    print_table(TextTable(title, _COLUMNS, [_cells(difference) for difference in found]))
    beyond = [f"{d.table}: {words}" for d in found for words in d.beyond]
    for line in beyond[:CELLS_SHOWN]:
        print(line, file=sys.stderr)
    if len(beyond) > CELLS_SHOWN:
        print(f"and {len(beyond) - CELLS_SHOWN} more", file=sys.stderr)
    verdict = "NOT reproduced" if beyond else "Reproduced"
    print(f"{verdict}: tolerance {TOLERANCE:g} of the magnitude, 1 at least; texts exact.")
    print("The town study is not fitted again: it needs records that are not published.")
    return 1 if beyond else 0


def _cells(difference: "TableDifference") -> tuple[str, ...]:
    return (
        difference.table,
        str(difference.rows),
        f"{difference.largest_absolute:.3g}",
        f"{difference.largest_relative:.3g}",
        str(len(difference.beyond)),
    )
