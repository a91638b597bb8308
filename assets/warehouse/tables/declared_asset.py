"""Assets that are declared by their table: what Dagster shows of one is spelled here once.

Belongs here: from a table's declaration to a Dagster spec. Not here: which assets there are.
"""

from collections.abc import Sequence

import dagster as dg

from assets.warehouse.tables.automation import OWNERS, REFIT
from assets.warehouse.tables.table import Column, Table

KINDS = {"python", "duckdb"}


def asset_key(name: str) -> dg.AssetKey:
    """The key of the asset that makes the table `schema.noun`."""
    return dg.AssetKey(name.split("."))


def column_schema(columns: Sequence[Column]) -> dg.TableSchema:
    """Columns with type and meaning, as the interface shows them."""
    return dg.TableSchema([dg.TableColumn(c.name, c.type.lower(), c.comment) for c in columns])


def grain_sentence(grain: str) -> str:
    """A grain as a sentence: "One row per …."."""
    return f"{grain[:1].upper()}{grain[1:].rstrip('.')}."


def table_spec(
    table: Table, group: str, deps: Sequence[str] = (), remark: str = "", refit: bool = True
) -> dg.AssetSpec:
    """The spec of the asset that writes `table`.

    deps: names of the tables it is made from; remark: what its description says beside the grain;
    refit: whether it follows by itself when one of them changes (what has none never does).
    """
    return dg.AssetSpec(
        asset_key(table.name),
        deps=[asset_key(name) for name in deps],
        group_name=group,
        kinds=KINDS,
        owners=OWNERS,
        description=" ".join(filter(None, (grain_sentence(table.grain), remark))),
        automation_condition=REFIT if deps and refit else None,
        metadata={"dagster/column_schema": column_schema(table.columns)},
    )
