"""The poverty study's door: study definitions, the vintage, and the fits of all studies.

Belongs here: Dagster wiring. Not here: statistics (the modules beside it) and SQL (`sql/`).
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dagster as dg

from assets.automation import OWNERS, REFIT
from assets.poverty.study import load_studies, study_frames
from assets.poverty.tables import (
    MODEL_PRINTED_COMPARISON,
    MODEL_TABLES,
    MODEL_VINTAGE,
    STUDY_TABLES,
)
from assets.warehouse.resource import Warehouse
from assets.warehouse.table import Table, as_frame
from assets.warehouse.vintage import (
    Vintage,
    current_vintage,
    definition_fingerprint,
    input_fingerprint,
    library_versions,
)

if TYPE_CHECKING:
    import pandas as pd

RESULT_TABLES = tuple(table for table in MODEL_TABLES if table is not MODEL_VINTAGE)


def _spec(table: Table, group: str, deps: list[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        table.name.split("."),
        deps=[name.split(".") for name in deps],
        description=f"{table.grain[:1].upper()}{table.grain[1:]}.",
        group_name=group,
        kinds={"python", "duckdb"},
        owners=OWNERS,
        automation_condition=REFIT if deps else None,
        metadata={
            "dagster/column_schema": dg.TableSchema(
                [dg.TableColumn(c.name, c.type.lower(), c.comment) for c in table.columns]
            )
        },
    )


@dg.multi_asset(name="study_definitions", specs=[_spec(t, "study", []) for t in STUDY_TABLES])
def study_definitions(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The studies as their YAML files define them, as tables that the SQL models read."""
    frames = study_frames(load_studies())
    with warehouse.store.transaction() as writes:
        for table in STUDY_TABLES:
            writes.replace(table, frames[table.name])
    yield from warehouse.materialized(STUDY_TABLES)


def _vintage_of(warehouse: Warehouse) -> Vintage:
    documents = warehouse.store.rows("select source, edition, content_sha256 from raw.document")
    published = warehouse.published_rows(
        "select vintage, input_fingerprint, definition_fingerprint from model.vintage"
    )
    return current_vintage(published, input_fingerprint(documents), definition_fingerprint())


def _drop_unpublished(warehouse: Warehouse) -> None:
    """Forget results of runs that never came to publication; published rows are never touched."""
    published = [name for (name,) in warehouse.published_rows("select vintage from model.vintage")]
    with warehouse.store.transaction() as writes:
        for table in MODEL_TABLES:
            writes.ensure(table)
            writes.connection.execute(
                f"delete from {table.name} where not list_contains(?, vintage)", [published]
            )


@dg.multi_asset(
    name="vintage",
    specs=[_spec(MODEL_VINTAGE, "model", ["raw.document", "indices.model_input"])],
)
def vintage(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """The name of this state of inputs and definitions, with their fingerprints."""
    current = _vintage_of(warehouse)
    if not current.is_published:
        _drop_unpublished(warehouse)
        count = warehouse.store.rows("select count(*) from raw.document")[0][0]
        created = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        fingerprints = (current.input_fingerprint, current.definition_fingerprint)
        versions = json.dumps(library_versions())
        row = (current.name, created, *fingerprints, code_version(), versions, count)
        warehouse.store.append(MODEL_VINTAGE, as_frame(MODEL_VINTAGE, [row]))
    return dg.MaterializeResult(
        metadata={"vintage": current.name, "published before": current.is_published}
    )


def code_version() -> str:
    """The version of this project."""
    from importlib.metadata import version

    return version("yearbook")


_FITTED_FROM = ["model.vintage", "indices.model_input", "indices.estimation_year"]
_COMPARED_FROM = ["model.vintage", "indices.model_input", "raw.published_statistic"]


@dg.multi_asset(
    name="fit_studies",
    specs=[
        _spec(table, "model", _COMPARED_FROM if table is MODEL_PRINTED_COMPARISON else _FITTED_FROM)
        for table in RESULT_TABLES
    ],
)
def fit_studies(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Fit every study on every sample and append the results under this vintage."""
    current = _vintage_of(warehouse)
    if current.is_published:
        context.log.info(f"Vintage {current.name} is published; its rows stay as they are.")
    else:
        with warehouse.store.transaction() as writes:
            for table, frame in _results(warehouse, current).items():
                key = {"vintage": current.name}
                writes.replace_where(table, frame, key, allow_empty=True)
    yield from warehouse.materialized(RESULT_TABLES)


def _results(warehouse: Warehouse, current: Vintage) -> "dict[Table, pd.DataFrame]":
    from assets.poverty.printed_comparison import compare_with_printed
    from assets.poverty.results import fit_samples, result_frames

    inputs, years, printed = (
        warehouse.frame(f"select * from {name}")
        for name in ("indices.model_input", "indices.estimation_year", "raw.published_statistic")
    )
    results = fit_samples(load_studies(), inputs, years)
    compared = compare_with_printed(current.name, results, printed)
    return {**result_frames(current.name, results), MODEL_PRINTED_COMPARISON: compared}
