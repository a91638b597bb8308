"""The door of the papers: the audit of their printed tables.

Belongs here: Dagster wiring. Not here: the rules of the audit (`audit/`), the recovery of samples
(`recovery/`; a command runs it), or SQL (`sql/queries/papers`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.papers.audit.audit_rows import AuditFindingRow
from assets.vintages.current import append_results
from assets.vintages.failures import Failures
from assets.warehouse.queries import query_text
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import table_spec
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from assets.extracts.cards.card import Card


@dg.multi_asset(
    name="audit_papers",
    specs=[
        table_spec(
            AuditFindingRow.table,
            "papers",
            ["model.vintage", "raw.published_statistic", "indices.index_value"],
        )
    ],
)
def audit_papers(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """What in the printed tables of a paper contradicts what, and what that changes."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.papers.audit.audited_papers import audit_frame

        printed = warehouse.frame("select * from raw.published_statistic")
        official = warehouse.frame(query_text("papers/official_eg"))
        cards = paper_cards(warehouse)
        return {AuditFindingRow.table: audit_frame(printed, cards, official, failures)}

    yield from append_results(warehouse, context.log, (AuditFindingRow.table,), results)


def paper_cards(warehouse: Warehouse) -> "list[Card]":
    """The cards, as they were read, of the documents that hold a paper's tables."""
    from assets.extracts.cards.card import Card

    rows = warehouse.store.rows("select card from raw.document where statistics > 0 order by all")
    return [Card.model_validate_json(card) for (card,) in rows]
