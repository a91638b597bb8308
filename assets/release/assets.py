"""The release's door: the data dictionary, the published warehouse and the report.

Belongs here: Dagster wiring. Not here: new numbers.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets.poverty.result_tables import MODEL_TABLES
from assets.release.current_views import OF_VINTAGES, create_current_views
from assets.release.dictionary import DictionaryRow
from assets.towns.study.result_rows import TOWN_STUDY_TABLES
from assets.vintages.current import current_vintage, published_vintage, published_vintages
from assets.vintages.failures import FailureRow
from assets.vintages.fingerprint import CODE_ROOT
from assets.vintages.read_by import refuse_two_codes
from assets.warehouse.queries import query_text
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.automation import OWNERS, REFIT
from assets.warehouse.tables.declared_asset import asset_key, table_spec

AS_OF = CODE_ROOT / "sql" / "macros" / "as_of.sql"


@dg.asset(
    key=["main", "as_of"],
    deps=[["raw", "observation"], ["staging", "print_order"]],
    group_name="release",
    kinds={"sql", "duckdb"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def as_of(warehouse: Warehouse) -> None:
    """The table macro as_of(edition): each figure as it was known by an edition."""
    with warehouse.store.transaction() as writes:
        writes.connection.execute(AS_OF.read_text(encoding="utf-8"))


_RESULTS = tuple(table.name for table in (*MODEL_TABLES, *TOWN_STUDY_TABLES))
_VIEWS = tuple(
    [schema, path.stem]
    for schema in ("catalog", "current", "latest")
    for path in sorted((CODE_ROOT / "sql" / schema).glob("*.sql"))
)


@dg.multi_asset(
    name="failures",
    specs=[
        table_spec(
            FailureRow.table,
            "release",
            [*_RESULTS, "release.town_pictures"],
            remark="Each step writes its own; this one shows that all have.",
        )
    ],
)
def failures(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """What was to be computed and was not, and why: the rows that every step left."""
    warehouse.store.ensure(FailureRow.table)
    yield from warehouse.materialized((FailureRow.table,))


@dg.asset(
    key=["current", "table_views"],
    deps=[asset_key(table.name) for table in OF_VINTAGES],
    group_name="release",
    kinds={"sql", "duckdb"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def table_views(warehouse: Warehouse) -> None:
    """Views `current.<table>`: each table of results, the vintage published last alone.

    They are for whoever asks what is found now: without them every result comes as often as it was
    computed. All studies in one view, with verdicts: `current.result`.
    """
    with warehouse.store.transaction() as writes:
        create_current_views(writes)


@dg.asset(
    key=["release", "data_dictionary"],
    deps=[
        ["current", "table_views"],
        *_VIEWS,
        ["release", "revision"],
    ],
    group_name="release",
    kinds={"duckdb"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def data_dictionary(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Every table and column of the warehouse with its meaning and unit."""
    rows = warehouse.store.replace(
        DictionaryRow.table, warehouse.frame(query_text("release/dictionary"))
    )
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})


@dg.asset(
    key=["release", "published_warehouse"],
    deps=[["release", "data_dictionary"], ["main", "as_of"]],
    group_name="release",
    kinds={"duckdb"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def published_warehouse(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """The file that readers open, replaced whole, after every blocking check has passed."""
    from assets.release.publication import publish_vintage

    vintage = current_vintage(warehouse.store)
    published = published_vintages(warehouse)
    is_new = vintage not in published
    if is_new:
        refuse_two_codes(warehouse)
        publish_vintage(warehouse.home, vintage, published)
    return dg.MaterializeResult(
        metadata={
            "vintage": vintage,
            "new": is_new,
            "file": dg.MetadataValue.path(warehouse.home.published),
        }
    )


@dg.asset(
    key=["release", "report"],
    deps=[["release", "published_warehouse"]],
    group_name="release",
    kinds={"html"},
    owners=OWNERS,
    automation_condition=REFIT,
    op_tags={"dagster/priority": "-2"},  # after all checks that wait beside it: it tells of them
)
def report(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """One page that answers: what is found, how sure, what changed, and where each number is from.

    It is drawn after publication, from the published file; whoever has the page needs nothing else.
    """
    from assets.release.report.drawn import draw_report

    home = warehouse.home
    path = draw_report(
        home, warehouse.store, context.instance, datetime.now(UTC), context.log.warning
    )
    return dg.MaterializeResult(
        metadata={
            "vintage": published_vintage(home),
            "page": dg.MetadataValue.url("/report"),
            "file": dg.MetadataValue.path(home.report),
            "bytes": path.stat().st_size,
        }
    )
