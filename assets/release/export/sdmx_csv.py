"""SDMX-CSV 2.0: observations with every edition, what changed since the vintage before, indices.

Belongs here: the three flows and the columns SDMX puts before theirs. Not here: what is a
dimension or attribute (`sql/queries/release/export_sdmx_*.sql`).
"""

import duckdb

from assets.release.export.csv_text import csv_for_programs
from assets.warehouse.queries import query_text

OBSERVATIONS, INDICES = "YEARBOOK:OBSERVATIONS(1.0)", "YEARBOOK:INDICES(1.0)"
_INFORMATION = "select 'I' as ACTION, * from sdmx_now"  # all there is, not a change


def sdmx_files(
    connection: duckdb.DuckDBPyConnection, now: str, before: str | None
) -> dict[str, str]:
    """The text of each file by its name.

    now, before: names under which the release and that of the vintage before are attached; without
    one before, there is no file of changes.
    """
    _keep_observations(connection, now, "sdmx_now")
    files = {
        "observations.csv": _flow(connection, _INFORMATION, OBSERVATIONS),
        "indices.csv": _flow(connection, query_text("release/export_sdmx_indices"), INDICES),
    }
    if before is not None:
        _keep_observations(connection, before, "sdmx_before")
        connection.execute(f"use {now}")
        changes = query_text("release/export_sdmx_changes")
        files["changes.csv"] = _flow(connection, changes, OBSERVATIONS)
    return files


def _keep_observations(connection: duckdb.DuckDBPyConnection, release: str, name: str) -> None:
    query = query_text("release/export_sdmx_observations")
    connection.execute(f"use {release}")
    connection.execute(f"create temp table {name} as {query}")


def _flow(connection: duckdb.DuckDBPyConnection, query: str, flow: str) -> str:
    result = connection.execute(query)
    header = [str(column[0]) for column in result.description or ()]
    rows = [("dataflow", flow, *row) for row in result.fetchall()]
    return csv_for_programs(["STRUCTURE", "STRUCTURE_ID", *header], rows)
