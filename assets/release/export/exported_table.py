"""Which tables leave the warehouse, and one of them with its rows.

Belongs here: the list, and the meaning of each column out of the data dictionary. Not here: any
format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from assets.warehouse.queries import query_text
from assets.warehouse.texts.spelled import quoted


@dataclass(frozen=True, slots=True)
class Source:
    """A table to export: the query `sql/queries/release/export_<name>.sql`.

    described_by: tables of the data dictionary that say what its columns mean, the first that has
    a column wins.
    """

    name: str
    title: str
    described_by: tuple[str, ...]


SOURCES = (
    Source(
        "observations",
        "Figures as printed, every edition, with the cell each was read from",
        ("raw.observation", "raw.document"),
    ),
    Source(
        "intervals",
        "Figures that are printed as classes, with both ends and the cell",
        ("raw.interval", "raw.document"),
    ),
    Source(
        "unavailable",
        "Places where a figure is due and none is printed",
        ("raw.unavailable",),
    ),
    Source("revisions", "What a later edition printed otherwise", ("release.revision",)),
    Source("indices", "Index values of every study and sample", ("indices.index_value",)),
    Source("fits", "Regressions, with the verdict on each in a sentence", ("model.fit",)),
    Source("coefficients", "Coefficients of the regressions", ("model.coefficient",)),
    Source(
        "town_findings",
        "Claims about certified towns, and what the estimates say of each",
        ("model.town_finding",),
    ),
    Source("town_effects", "Estimated effects on towns", ("model.town_estimate",)),
    Source("documents", "The documents that figures were read from", ("raw.document",)),
    Source("vintages", "The vintages published up to this one", ("model.vintage",)),
)


@dataclass(frozen=True, slots=True)
class ExportedColumn:
    """A column: its DuckDB type, and its meaning with the unit."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """A table with its rows, in the order in which every format has them."""

    name: str
    title: str
    columns: tuple[ExportedColumn, ...]
    rows: Sequence[tuple[Any, ...]]


def exported_table(
    connection: duckdb.DuckDBPyConnection, source: Source, vintage: str
) -> ExportedTable:
    """Read one table of the release the connection uses, and leave it as temp table `name`.

    Raises duckdb.Error where the release is older than a table or column of the query.
    """
    query = query_text(f"release/export_{source.name}")
    parameters = {"vintage": vintage} if "$vintage" in query else None
    connection.execute(f"create temp table {quoted(source.name)} as {query}", parameters)
    result = connection.execute(f"from temp.main.{quoted(source.name)}")
    described = [(str(column[0]), str(column[1])) for column in result.description or ()]
    rows = result.fetchall()
    meanings: dict[str, str] = {}
    for table in source.described_by:
        found = connection.execute(
            "select column_name, meaning from release.data_dictionary where table_name = $table",
            {"table": table},
        ).fetchall()
        meanings = dict(found) | meanings
    columns = tuple(ExportedColumn(name, kind, meanings[name]) for name, kind in described)
    return ExportedTable(source.name, source.title, columns, rows)
