"""The vintages' door: which vintage this state is, and what it records of itself.

Belongs here: Dagster wiring. Not here: results, which each study appends under the vintage by
`current.append_results`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import dagster as dg

from assets.vintages.current import (
    published_vintages,
    refuse_older_working,
    vintage_before,
)
from assets.vintages.fingerprint import (
    PublishedState,
    Vintage,
    definition_fingerprint,
    input_fingerprint,
    inputs_in_force,
    library_versions,
    vintage_of_state,
)
from assets.vintages.vintage_rows import (
    VINTAGE_TABLES,
    DocumentBeforeRow,
    EstimationYearRow,
    IndexValueRow,
    VintageDocumentRow,
    VintageRow,
)
from assets.warehouse.queries import query_text
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import table_spec
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

_INPUTS = ["raw.document", "raw.town_dataset", "raw.replication"]
_RECORDED_FROM = [
    *_INPUTS,
    "indices.index_value",
    "indices.model_input",
    "indices.estimation_year",
]


@dg.multi_asset(
    name="documents_before",
    specs=[table_spec(DocumentBeforeRow.table, "observations", _INPUTS)],
)
def documents_before(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """What the vintage published before this one had: all other documents are new."""
    with warehouse.store.transaction() as writes:
        writes.ensure(VintageRow.table, VintageDocumentRow.table)
    before = vintage_before(warehouse, _state_now(warehouse).name)
    had = warehouse.store.frame(
        "select vintage, source, edition from model.vintage_document where vintage = ?", [before]
    )
    with warehouse.store.transaction() as writes:
        writes.replace(DocumentBeforeRow.table, had, allow_empty=True)
    yield from warehouse.materialized((DocumentBeforeRow.table,))


@dg.multi_asset(
    name="vintage",
    specs=[table_spec(table, "vintages", _RECORDED_FROM) for table in VINTAGE_TABLES],
)
def vintage(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """The name of this state of inputs and definitions, and what a refit of it needs."""
    current = _state_now(warehouse)
    context.log.info(f"Vintage {current.name}, published before: {current.is_published}.")
    _drop_unpublished(warehouse)
    refuse_older_working(warehouse)
    if not current.is_published:
        frames = _record(warehouse, current)
        with warehouse.store.transaction() as writes:
            for table in VINTAGE_TABLES:
                key = {"vintage": current.name}
                writes.replace_where(table, frames[table], key, allow_empty=True)
    yield from warehouse.materialized(VINTAGE_TABLES)


def _state_now(warehouse: Warehouse) -> Vintage:
    published = warehouse.read_published(
        PublishedState,
        "select vintage, input_fingerprint, definition_fingerprint from model.vintage",
    )
    inputs = input_fingerprint(inputs_in_force(warehouse.store))
    return vintage_of_state(published, inputs, warehouse.once(definition_fingerprint))


def _drop_unpublished(warehouse: Warehouse) -> None:
    """Forget results of runs that never came to publication; published rows are never touched.

    Also where this state is published: the last vintage of all counts as the current one.
    """
    published = published_vintages(warehouse)
    with warehouse.store.transaction() as writes:
        writes.ensure(*VINTAGE_TABLES)
        tables = writes.connection.execute(query_text("vintages/tables_of_results")).fetchall()
        for (name,) in tables:
            writes.connection.execute(
                f"delete from model.{name} where not list_contains(?, vintage)", [published]
            )


def _record(warehouse: Warehouse, current: Vintage) -> "dict[Table, pd.DataFrame]":
    """The rows of every table that records a vintage."""
    from assets.warehouse.tables.row import as_frame

    documents = warehouse.frame("select source, edition, content_sha256 from raw.document")
    row = VintageRow(
        vintage=current.name,
        created_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        input_fingerprint=current.input_fingerprint,
        definition_fingerprint=current.definition_fingerprint,
        code_version=version("yearbook"),
        library_versions=json.dumps(library_versions()),
        documents=len(documents),
    )
    recorded = {
        VintageDocumentRow.table: documents,
        IndexValueRow.table: warehouse.frame("select * from indices.index_value"),
        EstimationYearRow.table: warehouse.frame("select * from indices.estimation_year"),
    }
    return {
        VintageRow.table: as_frame(VintageRow, [row]),
        **{
            table: frame.assign(vintage=current.name)[[each.name for each in table.columns]]
            for table, frame in recorded.items()
        },
    }
