"""The study of provinces' door: results on 31 provinces, beside the SQL models in `sql/provinces/`.

Belongs here: Dagster wiring. Not here: statistics (the modules beside it) and SQL.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.provinces.result_rows import PROVINCE_TABLES
from assets.vintages.current import append_results
from assets.vintages.failures import Failures
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import table_spec
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


@dg.multi_asset(
    name="estimate_provinces",
    specs=[
        table_spec(
            table,
            "provinces",
            [
                "model.vintage",
                "provinces.province_panel",
                "provinces.poor_county",
                "provinces.poverty_class",
                "provinces.panel_known_by",
            ],
            "Empty where no document has the figures of provinces.",
        )
        for table in PROVINCE_TABLES
    ],
)
def estimate_provinces(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Every estimator on every specification of the panel, the tests, and claims judged by them."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.provinces.study_results import read_tables, study_frames

        return study_frames(read_tables(warehouse.frame), failures)

    yield from append_results(warehouse, context.log, PROVINCE_TABLES, results)
