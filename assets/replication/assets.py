"""The door of published studies: their folders in, and each printed number computed again.

Belongs here: Dagster wiring. Not here: reading, computing, judging (the modules beside it).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.replication.replication_rows import (
    RAW_TABLES,
    REPLICATION_TABLES,
    PrintedComparisonRow,
    PrintedNumberRow,
    ReplicationDataRow,
    ReplicationRow,
)
from assets.vintages.current import append_results
from assets.vintages.failures import Failures
from assets.vintages.read_by import reading
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import table_spec
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


@dg.multi_asset(
    name="read_replications",
    specs=[
        table_spec(table, "observations", remark="Empty where no study lies in landing.")
        for table in RAW_TABLES
    ],
)
def replication_tables(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every new or changed folder; a bad one is set aside and the others go on."""
    from assets.replication.intake import (
        forget_gone_replications,
        read_replications,
        write_replications,
    )
    from assets.replication.survey import replications_before, survey_replications

    store = warehouse.store
    survey = survey_replications(warehouse.home.landing, replications_before(store))
    with reading(warehouse, ReplicationRow.table.name) as again:
        intake = read_replications(survey.everything if again else survey.pending)
        write_replications(store, intake)
    landed = [each.replication for each in survey.everything]
    forget_gone_replications(store, landed, _seen(warehouse))
    for refused in intake.refused:
        context.log.error(refused.message)
    yield from warehouse.materialized(RAW_TABLES)


def _seen(warehouse: Warehouse) -> list[str]:
    """Names of the studies that readers have seen."""
    from assets.vintages.published import is_recorded
    from assets.warehouse.publish import published_release

    name = ReplicationRow.table.name
    if published_release(warehouse.home) is None or not is_recorded(warehouse.home, name):
        return []
    return [str(study) for (study,) in warehouse.published_rows(f"select replication from {name}")]


@dg.multi_asset(
    name="replicate_studies",
    specs=[
        table_spec(
            table,
            "papers",
            [
                "model.vintage",
                *(table.name for table in RAW_TABLES),
                "raw.observation",
                "raw.published_statistic",
            ],
        )
        for table in REPLICATION_TABLES
    ],
)
def replicate_studies(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Each number that a published study printed, computed again from its data and steps."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.replication.comparison import comparison_frame
        from assets.replication.documents import Documents, named_by

        studies, files, typed = (
            warehouse.frame(f"select * from {table.name} order by all")
            for table in (ReplicationRow.table, ReplicationDataRow.table, PrintedNumberRow.table)
        )
        named = named_by(studies)
        figures, printed = (
            warehouse.store.frame(
                f"select * from {name} "
                "where list_contains(?::varchar[], source || '/' || edition) order by all",
                [named],
            )
            for name in ("raw.observation", "raw.published_statistic")
        )
        documents = Documents(figures, printed)
        frame = comparison_frame(studies, files, typed, documents, failures)
        return {PrintedComparisonRow.table: frame}

    yield from append_results(warehouse, context.log, REPLICATION_TABLES, results)
