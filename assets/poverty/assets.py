"""The poverty study's door: study definitions and the fits of all studies.

Belongs here: Dagster wiring. Not here: statistics (the modules beside it) and SQL (`sql/`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.papers.assets import paper_cards
from assets.poverty.backtest.backtest_rows import BacktestRow, KnownCoefficientRow, KnownFitRow
from assets.poverty.drift.drift_rows import DriftRow, StructuralBreakRow
from assets.poverty.fits.fit_rows import (
    CoefficientRow,
    DiagnosticRow,
    FitRow,
    InputRow,
)
from assets.poverty.revisions.revision_rows import (
    FirstPrintRow,
    RevisionCauseRow,
    RevisionEffectRow,
    RevisionHorizonRow,
)
from assets.poverty.robustness.robustness_rows import RobustnessRow, SpecificationRow
from assets.poverty.study_files.study_rows import (
    STUDY_TABLES,
    FormulaIndexRow,
    StudyDefinitionRow,
    StudySampleRow,
    definition_frame,
    study_frames,
)
from assets.vintages.current import append_results, current_vintage, vintage_before
from assets.vintages.failures import Failures
from assets.vintages.kept_tables import make_of_tables
from assets.warehouse.private import private_file
from assets.warehouse.queries import query_text
from assets.warehouse.resource import Warehouse
from assets.warehouse.tables.declared_asset import asset_key, table_spec
from assets.warehouse.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from assets.poverty.fits.sample_fits import SampleResult
    from assets.warehouse.tables.writes import Writes

RESULT_TABLES = (
    StudyDefinitionRow.table,
    InputRow.table,
    FitRow.table,
    CoefficientRow.table,
    DiagnosticRow.table,
)
ROBUSTNESS_TABLES = (RobustnessRow.table, SpecificationRow.table, StructuralBreakRow.table)


@dg.multi_asset(
    name="study_definitions", specs=[table_spec(table, "indices") for table in STUDY_TABLES]
)
def study_definitions(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The studies as their YAML files define them, as tables that the SQL models read."""
    from assets.poverty.study_files.study import load_studies

    frames = study_frames(load_studies())
    with warehouse.store.transaction() as writes:
        for table in STUDY_TABLES:
            empty = table is not StudySampleRow.table  # a study needs neither model nor own indices
            writes.replace(table, frames[table], allow_empty=empty)
    yield from warehouse.materialized(STUDY_TABLES)


# The landing folder may declare indicators: their units, which a formula converts, are in the last.
_EVALUATED_FROM = ["staging.formula_cell", "staging.study_year", "raw.indicator"]


@dg.multi_asset(
    name="evaluate_formulas",
    specs=[
        table_spec(
            FormulaIndexRow.table,
            "indices",
            ["study.formula_input", *_EVALUATED_FROM],
        )
    ],
)
def evaluate_formulas(warehouse: Warehouse) -> Iterator[dg.MaterializeResult[None]]:
    """The indices that studies define by formulas of their own."""
    from assets.poverty.study_files.formula_index import formula_frame
    from assets.poverty.study_files.study import load_studies

    table = FormulaIndexRow.table

    def make(writes: "Writes") -> None:
        cells = warehouse.frame("select * from staging.formula_cell")
        years = warehouse.frame("select * from staging.study_year order by all")
        writes.replace(table, formula_frame(load_studies(), cells, years), allow_empty=True)

    made = make_of_tables(warehouse, table.name, _EVALUATED_FROM, make)
    yield dg.MaterializeResult(asset_key=asset_key(table.name), metadata={**made.told()})


_FITTED_FROM = ["model.vintage", "indices.model_input", "indices.estimation_year"]


@dg.multi_asset(
    name="fit_studies",
    specs=[table_spec(table, "poverty", _FITTED_FROM) for table in RESULT_TABLES],
)
def fit_studies(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Fit every study on every sample and append the results under this vintage."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.fits.panel_fits import fit_panels
        from assets.poverty.fits.result_frames import result_frames
        from assets.poverty.study_files.study import load_studies

        studies = load_studies()
        fits = _fits(warehouse)
        panels = fit_panels(studies, warehouse.frame("select * from indices.model_input"))
        return {
            **result_frames(failures.vintage, fits, panels),
            StudyDefinitionRow.table: definition_frame(failures.vintage, studies),
        }

    yield from append_results(warehouse, context.log, RESULT_TABLES, results)


@dg.multi_asset(
    name="stress_fits",
    specs=[table_spec(table, "poverty", _FITTED_FROM) for table in ROBUSTNESS_TABLES],
)
def stress_fits(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """What survives of each fit: small-sample methods only, each with its limits."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.drift.structural_breaks import break_frame
        from assets.poverty.robustness.scrutiny import SEED, robustness_frames

        fits = _fits(warehouse)
        frames = robustness_frames(fits, paper_cards(warehouse), failures)
        return {**frames, StructuralBreakRow.table: break_frame(fits, SEED, failures)}

    curve = (SpecificationRow.table,)
    yield from append_results(warehouse, context.log, ROBUSTNESS_TABLES, results, curve)


@dg.multi_asset(
    name="compare_vintages",
    specs=[
        table_spec(
            DriftRow.table,
            "poverty",
            [t.name for t in (FitRow.table, CoefficientRow.table, InputRow.table)],
        )
    ],
)
def compare_vintages(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Each coefficient beside the same one of the vintage published before."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.drift.compared_fits import drift_frame, fits_of, refused_places

        vintage = failures.vintage
        before = vintage_before(warehouse, vintage)
        now, old = (
            [
                warehouse.store.frame(
                    f"select * from {table.name} where vintage = ? order by all", [name]
                )
                for table in (FitRow.table, CoefficientRow.table, InputRow.table)
            ]
            for name in (vintage, before)
        )
        refused = refused_places(now[0])
        frame = drift_frame(fits_of(*now), before, fits_of(*old), refused, failures)
        return {DriftRow.table: frame}

    yield from append_results(warehouse, context.log, (DriftRow.table,), results)


@dg.asset_check(
    asset=asset_key(DriftRow.table.name),
    name="coefficients_have_not_drifted",
    description="Whether a coefficient drifted from the vintage published before.",
)
def coefficients_have_not_drifted(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Shows every coefficient with its old and its new interval; blocks nothing."""
    from assets.poverty.drift.drift_plot import as_markdown, drift_plot
    from assets.poverty.drift.drift_text import drift_lines, drift_summary, drift_table, has_moved

    vintage = current_vintage(warehouse.store)
    rows = warehouse.store.frame(
        "select * from model.drift where vintage = ? order by all", [vintage]
    )
    lines = drift_lines(rows)
    metadata: dict[str, Any] = {"coefficients": dg.MetadataValue.md(drift_table(rows))}
    if has_moved(rows):
        title = f"Coefficients of vintage {vintage} beside those of {rows['vintage_before'][0]}"
        png = drift_plot(rows, title)
        private_file(warehouse.home.plots / f"drift-{vintage}.png").write_bytes(png)
        metadata["plot"] = dg.MetadataValue.md(as_markdown(png, title))
    if lines:  # the alert's cause is named for the vintage: each refit is told, and told once
        metadata["failed"] = {vintage: "coefficients moved"}
        metadata["failing_rows"] = dg.MetadataValue.md("\n".join(lines))
    return dg.AssetCheckResult(
        passed=not lines,
        severity=dg.AssetCheckSeverity.WARN,
        description=drift_summary(rows),
        metadata=metadata,
    )


@dg.multi_asset(
    name="predict_next_years",
    specs=[
        table_spec(
            BacktestRow.table,
            "poverty",
            ["model.vintage", "indices.known_by_input", "indices.model_input"],
        )
    ],
)
def predict_next_years(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Each year predicted from what was known by the edition before it was printed."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.backtest.backtest import backtest_frame
        from assets.poverty.study_files.study import load_studies

        known = warehouse.frame("select * from indices.known_by_input")
        printed = warehouse.frame("select * from indices.model_input")
        return {BacktestRow.table: backtest_frame(load_studies(), known, printed, failures)}

    yield from append_results(warehouse, context.log, (BacktestRow.table,), results)


_KNOWN_TABLES = (KnownFitRow.table, KnownCoefficientRow.table)
_KNOWN_FROM = ["model.vintage", "indices.known_by_input", "indices.known_by_gap"]


@dg.multi_asset(
    name="fit_known_years",
    specs=[table_spec(table, "poverty", _KNOWN_FROM) for table in _KNOWN_TABLES],
)
def fit_known_years(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Each study as it would have come out with the figures known in each year."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.backtest.known_fit import known_fit_frames
        from assets.poverty.study_files.study import load_studies

        known = warehouse.frame("select * from indices.known_by_input")
        gaps = warehouse.frame("select * from indices.known_by_gap")
        return known_fit_frames(load_studies(), known, gaps, failures)

    yield from append_results(warehouse, context.log, _KNOWN_TABLES, results)


@dg.multi_asset(
    name="trace_revisions",
    specs=[
        table_spec(
            RevisionEffectRow.table,
            "poverty",
            ["model.vintage", "indices.revised_value", "indices.generated_input"],
        )
    ],
)
def trace_revisions(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """What each new document alone moved, refitted with only that document added."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.revisions.revision_effect import effect_frame
        from assets.poverty.study_files.study import load_studies

        moved = warehouse.frame("select * from indices.revised_value")
        inputs = warehouse.frame("select * from indices.generated_input")
        return {RevisionEffectRow.table: effect_frame(load_studies(), moved, inputs, failures)}

    yield from append_results(warehouse, context.log, (RevisionEffectRow.table,), results)


_PRINT_TABLES = (RevisionCauseRow.table, RevisionHorizonRow.table, FirstPrintRow.table)


@dg.multi_asset(
    name="judge_first_prints",
    specs=[
        table_spec(table, "poverty", ["model.vintage", "staging.print_in_edition", "raw.document"])
        for table in _PRINT_TABLES
    ],
)
def judge_first_prints(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """How good first prints are, how far figures move after them, and why editions revise."""

    def results(failures: Failures) -> "dict[Table, pd.DataFrame]":
        from assets.poverty.revisions.print_quality import print_quality_frames

        prints = warehouse.frame("select * from staging.print_in_edition order by all")
        said = warehouse.frame(query_text("poverty/stated_causes"))
        return print_quality_frames(prints, said, failures)

    yield from append_results(warehouse, context.log, _PRINT_TABLES, results)


def _fits(warehouse: Warehouse) -> "tuple[SampleResult, ...]":
    from assets.poverty.fits.sample_fits import fit_samples
    from assets.poverty.study_files.study import load_studies

    inputs = warehouse.frame("select * from indices.model_input")
    return fit_samples(
        load_studies(), inputs, warehouse.frame("select * from indices.estimation_year")
    )
