"""The extracts' door: documents as partitions, and the raw tables they fill.

Belongs here: Dagster wiring. Not here: reading (the modules beside it).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.extracts.document_rows import TABLES, DocumentRow
from assets.extracts.landed.quarantine import taken_before
from assets.extracts.landed.survey import survey_landing
from assets.extracts.meaning.definition_rows import BridgeRow, DefinitionRow
from assets.extracts.meaning.registry_rows import IndicatorRow, RegionRow
from assets.vintages.read_by import reading
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.automation import OWNERS
from assets.warehouse.tables.declared_asset import table_spec

if TYPE_CHECKING:
    from assets.extracts.landed.intake import Intake
    from assets.extracts.landed.survey import LandedDocument, Survey

WRITTEN = (*TABLES, DefinitionRow.table, BridgeRow.table, IndicatorRow.table, RegionRow.table)
DOCUMENTS = dg.DynamicPartitionsDefinition(name="document")

landing_document = dg.AssetSpec(
    ["landing", "landed_document"],
    partitions_def=DOCUMENTS,
    group_name="documents",
    kinds={"file"},
    owners=OWNERS,
    description=(
        "The documents in `landing/`, one partition per source and edition. A partition is "
        "materialized when its document is read without fault; a quarantined one is not, and "
        "what it said before stands."
    ),
)


@dg.multi_asset(
    name="read_documents",
    specs=[
        table_spec(
            table,
            "observations",
            ["landing.landed_document"],
            "Every edition is kept." if table in TABLES else "As declared now.",
            refit=False,
        )
        for table in WRITTEN
    ],
)
def raw_tables(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every new or changed document; a bad one is set aside and the others go on."""
    from assets.extracts.landed.intake import forget_gone, read_documents, write_intake
    from assets.extracts.landed.reading_once import reading_once

    landing = warehouse.home.landing
    survey = survey_landing(landing, taken_before(warehouse.store), tries_again=True)
    year, pages = datetime.now(UTC).year, warehouse.home.pages
    with reading(warehouse, DocumentRow.table.name) as again, reading_once() as reader:
        waiting = survey.everything if again else survey.pending
        intake = read_documents(landing, waiting, context.log.info, year, pages, reader.read)
        write_intake(warehouse.store, intake)
    forget_gone(warehouse.store, [landed.key for landed in survey.everything], _seen(warehouse))
    _register(context, survey, intake, pages)
    yield from warehouse.materialized(WRITTEN)


def _seen(warehouse: Warehouse) -> list[str]:
    """Keys of the documents that readers have seen."""
    rows = warehouse.published_rows("select source || '/' || edition from raw.document")
    return [key for (key,) in rows]


def _register(
    context: dg.AssetExecutionContext,
    survey: "Survey[LandedDocument]",
    intake: "Intake",
    pages: Path,
) -> None:
    """Tell Dagster which documents there are, and which of them were read in this run."""
    from assets.extracts.files.pictures.page_picture import page_pictures

    keys = [landed.key for landed in survey.everything]
    context.instance.add_dynamic_partitions("document", keys)
    for landed, document in intake.accepted:
        context.log_event(
            dg.AssetMaterialization(
                landing_document.key,
                partition=landed.key,
                metadata={
                    "title": document.card.title,
                    "content_sha256": landed.content_sha256,
                    "observations": len(document.observations),
                    "file": dg.MetadataValue.path(landed.folder / document.card.document.file),
                    **{
                        f"picture of {picture.stem}": dg.MetadataValue.path(picture)
                        for picture in page_pictures(pages, landed.source, landed.edition)
                    },
                },
            )
        )
    for traceback in intake.unforeseen.values():
        context.log.debug(traceback)
    for refused in intake.refused:
        context.log.error(f"{refused.key} is refused")  # the summary says why, once
