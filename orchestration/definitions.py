"""Everything Dagster loads: assets, checks, jobs, sensors, schedule, resources.

Belongs here: putting the rooms together. Not here: what any of them does.
"""

from pathlib import Path

import dagster as dg

from assets.extracts.assets import landing_document, raw_tables
from assets.papers.assets import audit_papers
from assets.poverty.assets import (
    coefficients_have_not_drifted,
    compare_vintages,
    documents_before,
    evaluate_formulas,
    fit_known_years,
    fit_studies,
    predict_next_years,
    stress_fits,
    study_definitions,
    trace_revisions,
    vintage,
)
from assets.release.assets import as_of, data_dictionary, published_warehouse
from assets.towns.assets import (
    area_disclosure,
    compare_towns_inequality,
    estimate_town_effects,
    judge_claims,
    town_pictures,
    town_tables,
    try_policies,
)
from assets.warehouse.resource import Warehouse
from orchestration.alerts.sensor import alerts_sensor
from orchestration.automation_sensor import refit_sensor
from orchestration.checks.empty_queries import empty_query_check, load_empty_queries
from orchestration.checks.suite_checks import build_checks
from orchestration.jobs import ingest, refresh
from orchestration.landing_sensor import landing_sensor
from orchestration.progress import progress_logger
from orchestration.refresh_schedule import refresh_schedule
from orchestration.sql_models import load_models, sql_asset

EXPECTATIONS_FOLDER = Path(__file__).parents[1] / "expectations"

defs = dg.Definitions(
    assets=[
        landing_document,
        raw_tables,
        town_tables,
        area_disclosure,
        study_definitions,
        evaluate_formulas,
        documents_before,
        *map(sql_asset, load_models()),
        vintage,
        fit_studies,
        stress_fits,
        audit_papers,
        compare_vintages,
        predict_next_years,
        estimate_town_effects,
        fit_known_years,
        trace_revisions,
        compare_towns_inequality,
        try_policies,
        judge_claims,
        town_pictures,
        as_of,
        data_dictionary,
        published_warehouse,
    ],
    asset_checks=[
        coefficients_have_not_drifted,
        *map(empty_query_check, load_empty_queries()),
        *build_checks(EXPECTATIONS_FOLDER),
    ],
    jobs=[refresh, ingest],
    sensors=[landing_sensor, refit_sensor, alerts_sensor],
    schedules=[refresh_schedule],
    resources={"warehouse": Warehouse()},
    loggers={"console": dg.colored_console_logger, "progress": progress_logger},
    executor=dg.in_process_executor,
)
