"""The town study's door: data sets in, the raw tables and private views they fill, and results.

Belongs here: Dagster wiring. Not here: reading (the modules beside it) and SQL (`sql/`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.towns.records.contracts import CONTRACTS
from assets.towns.records.dataset_survey import datasets_before, survey_datasets, waiting_for_spark
from assets.towns.records.record_rows import (
    DATASET,
    ORDER_YEAR,
    RECORD_VIEWS,
    TOWN_TABLES,
    AreaDisclosureRow,
    TownDatasetRow,
)
from assets.towns.study.result_rows import (
    TownEstimateRow,
    TownEvidenceRow,
    TownFindingRow,
    TownInequalityRow,
    TownPolicyRow,
)
from assets.vintages.current import (
    CURRENT_VINTAGE,
    append_results,
    current_vintage,
    published_vintages,
    write_failures,
)
from assets.vintages.failures import Failures
from assets.vintages.kept_results import code_digest
from assets.vintages.kept_tables import make_of_tables
from assets.vintages.pieces import pieces_of
from assets.vintages.read_by import reading
from assets.warehouse.private import private_file
from assets.warehouse.queries import query_text
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.automation import OWNERS, REFIT
from assets.warehouse.tables.declared_asset import asset_key, table_spec
from assets.warehouse.tables.row import as_frame
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from assets.towns.study.study_data import StudyData
    from assets.warehouse.tables.writes import Writes


@dg.multi_asset(
    name="read_town_datasets",
    specs=[
        *(table_spec(table, "observations") for table in TOWN_TABLES),
        *(
            table_spec(
                Table(
                    name,
                    f"{CONTRACTS[contract].grain}, by data set",
                    (DATASET, *CONTRACTS[contract].columns),
                    (),
                ),
                "observations",
                remark="A view over Parquet files; private, never published.",
            )
            for contract, name in RECORD_VIEWS.items()
        ),
        table_spec(
            ORDER_YEAR,
            "observations",
            remark="A view over whole numbers kept beside the orders, to which one more month is "
            "added; private, never published.",
        ),
    ],
)
def town_tables(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Read every new or changed data set; a bad one is set aside and the others go on."""
    from assets.towns.records.dataset_intake import files_in_force, read_datasets
    from assets.towns.records.dataset_writing import (
        forget_gone_datasets,
        remove_kept_of_before,
        write_datasets,
    )
    from assets.towns.records.kept_sums import write_kept_sums
    from assets.towns.records.order_year_view import write_order_year

    home, store = warehouse.home, warehouse.store
    survey = survey_datasets(home, datasets_before(home, store))
    for_spark = waiting_for_spark(survey.refused)
    with reading(warehouse, TownDatasetRow.table.name) as again:
        waiting = survey.everything if again else survey.pending + for_spark
        code_sha256, anew = warehouse.once(code_digest), warehouse.full
        verified = {} if anew else files_in_force(home, store, code_sha256)
        intake = read_datasets(home, waiting, context.log.info, code_sha256, verified, anew)
        for line in intake.taken_up:
            context.log.warning(line)
        for refused in intake.refused:
            context.log.error(refused.message)
        write_datasets(home, store, intake)
        landed = [each.dataset for each in survey.everything]
        forget_gone_datasets(home, store, landed, _seen(warehouse))
        write_order_year(home, store)
        write_kept_sums(home, store, context.log.info, again)
        remove_kept_of_before(home, store)
    yield from warehouse.materialized(TOWN_TABLES)
    views = (*RECORD_VIEWS.values(), ORDER_YEAR.name)
    yield from (dg.MaterializeResult(asset_key=asset_key(name)) for name in views)


@dg.asset(
    key=asset_key(AreaDisclosureRow.table.name),
    deps=[["micro", "area_year"]],
    group_name="towns",
    kinds={"python", "duckdb"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def area_disclosure(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """What is shown of totals of towns, counties and provinces, so that no seller shows.

    A year of a data set that is published already stands as it was published.
    """
    from assets.towns.records.disclosing.disclosure import AreaYear, disclosure_rows
    from assets.towns.records.disclosing.published_periods import standing_content, standing_rows

    store, table = warehouse.store, AreaDisclosureRow.table

    def make(writes: "Writes") -> None:
        standing = standing_rows(warehouse.home, store)
        stand = sorted({f"{row.dataset} {row.year}" for row in standing})
        others = store.read(
            AreaYear,
            f"from ({query_text('towns/area_year')}) "
            "where not list_contains(?::varchar[], dataset || ' ' || year) order by all",
            [stand],
        )
        rows = disclosure_rows(others, standing)
        writes.replace(table, as_frame(AreaDisclosureRow, rows), allow_empty=True)

    standing = standing_content(warehouse.home)
    made = make_of_tables(warehouse, table.name, ["micro.area_year"], make, standing.digest)
    withheld = f"select count(*) from {table.name} where not is_published"
    ((n_withheld,),) = store.rows(withheld)
    return dg.MaterializeResult(
        metadata={**made.told(), "withheld": n_withheld, "standing": standing.n}
    )


_ESTIMATED_FROM = (
    "model.vintage",
    "raw.town_dataset",
    "raw.town",
    "raw.town_certification_regime",
    "micro.town_outcome",
    "micro.town_cohort",
    "micro.town_group_year",
    "micro.town_certification",
)
# The first step on these data begins the estimates beside the refresh, which asks for them once
# all is done that does not hang on them.
_BEFORE_OTHERS = {"dagster/priority": "1"}
_AFTER_OTHERS = {"dagster/priority": "-2"}


@dg.multi_asset(
    name="estimate_town_effects",
    specs=[
        table_spec(table, "towns", _ESTIMATED_FROM)
        for table in (TownEstimateRow.table, TownEvidenceRow.table)
    ],
    op_tags=_AFTER_OTHERS,
)
def estimate_town_effects(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Every estimator of the specification on every data set, and the evidence on what it needs."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        found = []
        for data in _datasets(warehouse):  # what is imported loads SciPy: only where there are any
            from assets.towns.study.town_estimates import town_rows
            from assets.towns.study.two_processes import in_two_processes

            found.append(town_rows(data, failures, context.log.info, run=in_two_processes))
        estimates = [row for each in found for row in each.estimates]
        evidence = [row for each in found for row in each.evidence]
        return {
            TownEstimateRow.table: as_frame(TownEstimateRow, estimates),
            TownEvidenceRow.table: as_frame(TownEvidenceRow, evidence),
        }

    yield from append_results(
        warehouse, context.log, (TownEstimateRow.table, TownEvidenceRow.table), results
    )


@dg.multi_asset(
    name="compare_towns_inequality",
    specs=[table_spec(TownInequalityRow.table, "towns", _ESTIMATED_FROM)],
    op_tags=_BEFORE_OTHERS,
)
def compare_towns_inequality(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """How unequal towns are, observed and as they would be without certification."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        rows: list[TownInequalityRow] = []
        for data in _datasets(warehouse):
            from assets.towns.study.town_estimates import asked_of
            from assets.towns.study.two_processes import begin_estimating
            from assets.towns.study.without_certification import inequality_rows

            begin_estimating(data, failures.vintage, asked_of(data))
            rows += inequality_rows(data, failures)
        return {TownInequalityRow.table: as_frame(TownInequalityRow, rows)}

    yield from append_results(warehouse, context.log, (TownInequalityRow.table,), results)


@dg.multi_asset(
    name="try_policies",
    specs=[table_spec(TownPolicyRow.table, "towns", _ESTIMATED_FROM)],
)
def try_policies(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """What other thresholds, or the next towns, would have given in the last year."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        rows: list[TownPolicyRow] = []
        for data in _datasets(warehouse):
            from assets.towns.study.scenarios import policy_rows

            rows += policy_rows(data, failures)
        return {TownPolicyRow.table: as_frame(TownPolicyRow, rows)}

    yield from append_results(warehouse, context.log, (TownPolicyRow.table,), results)


@dg.multi_asset(
    name="judge_claims",
    specs=[
        table_spec(
            TownFindingRow.table,
            "towns",
            (TownEstimateRow.table.name, TownEvidenceRow.table.name, "raw.town_dataset"),
        )
    ],
)
def judge_claims(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Each published claim beside the estimate here, and beside the truth of a simulation."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.towns.records.truth_file import read_truth
        from assets.towns.study.findings import finding_rows

        estimates, evidence = (  # without the name of the vintage they are read as last time
            warehouse.frame(
                f"select * exclude (vintage) from {table.name} "
                f"where vintage = ({CURRENT_VINTAGE}) order by all"
            )
            for table in (TownEstimateRow.table, TownEvidenceRow.table)
        )
        cards = "select dataset, simulated, simulation from raw.town_dataset order by dataset"
        rows = []
        for dataset, simulated, simulation in warehouse.store.rows(cards):
            truth = None
            with failures.entry(dataset, "planted truth"):
                truth = read_truth(warehouse.home, dataset, simulation)
            rows += finding_rows(estimates, evidence, truth, failures, dataset, simulated)
        return {TownFindingRow.table: as_frame(TownFindingRow, rows)}

    yield from append_results(warehouse, context.log, (TownFindingRow.table,), results)


@dg.asset(
    key=["release", "town_pictures"],
    deps=[
        asset_key(table.name)
        for table in (TownEstimateRow.table, TownFindingRow.table, TownInequalityRow.table)
    ],
    group_name="towns",
    kinds={"python"},
    owners=OWNERS,
    automation_condition=REFIT,
)
def town_pictures(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Event study, findings and Lorenz curves of each data set, as files in the home."""
    from assets.towns.study.pictures import as_markdown, pictures

    tables = (TownEstimateRow.table, TownFindingRow.table, TownInequalityRow.table)
    current = current_vintage(warehouse.store)
    estimates, findings, inequality = (
        warehouse.store.frame(
            f"select * from {table.name} where vintage = ? order by all", [current]
        )
        for table in tables
    )
    step, code_sha256 = "release.town_pictures", warehouse.once(code_digest)
    pieces = pieces_of(warehouse.store, step, code_sha256, warehouse.full)
    failures = Failures(current, step, pieces=pieces)
    drawn = pictures(estimates, findings, inequality, failures)
    with warehouse.store.transaction() as writes:
        if current not in published_vintages(warehouse):
            write_failures(writes, failures)
        pieces.keep(writes)
    for name, png in drawn.items():
        private_file(warehouse.home.plots / f"{name}.png").write_bytes(png)
    shown = {name: dg.MetadataValue.md(as_markdown(name, png)) for name, png in drawn.items()}
    return dg.MaterializeResult(metadata={**shown, **pieces.told()})


def _datasets(warehouse: Warehouse) -> "Iterator[StudyData]":
    """The data sets, one after the other, as the estimators want them."""
    store = warehouse.store
    for dataset, simulated, cluster in store.rows(
        "select dataset, simulated, cluster from raw.town_dataset order by dataset"
    ):
        from assets.towns.study.study_data import FRAMES, StudyData

        frames = {
            name: store.frame(query_text(f"towns/{name}"), {"dataset": dataset}) for name in FRAMES
        }
        yield StudyData(dataset, simulated, **frames, cluster=cluster)


def _seen(warehouse: Warehouse) -> list[str]:
    """Names of the data sets that readers have seen."""
    there = (
        "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = 'town_dataset'"
    )
    if not warehouse.published_rows(there):
        return []  # published before there was a town study
    rows = warehouse.published_rows("select dataset from raw.town_dataset")
    return [name for (name,) in rows]
