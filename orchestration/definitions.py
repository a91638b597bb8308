"""Everything Dagster loads: assets, checks, jobs, sensors, schedule, resources.

Belongs here: putting the rooms together. Not here: what any of them does.
"""

from pathlib import Path

import dagster as dg

import assets.extracts.assets
import assets.papers.assets
import assets.poverty.assets
import assets.provinces.assets
import assets.release.assets
import assets.replication.assets
import assets.towns.assets
import assets.vintages.assets
from assets.warehouse.resource import Warehouse
from orchestration.alerts.sensor import alerts_sensor
from orchestration.automation_sensor import refit_sensor
from orchestration.checks.empty_queries import empty_query_check, load_empty_queries
from orchestration.checks.suite_checks import build_checks
from orchestration.jobs import ingest, refresh
from orchestration.landing_sensor import landing_sensor
from orchestration.refresh_schedule import refresh_schedule
from orchestration.runs.progress import progress_logger
from orchestration.sql_models import load_models, sql_asset

EXPECTATIONS_FOLDER = Path(__file__).parents[1] / "expectations"
DOORS = (
    assets.extracts.assets,
    assets.vintages.assets,
    assets.papers.assets,
    assets.poverty.assets,
    assets.towns.assets,
    assets.provinces.assets,
    assets.replication.assets,
    assets.release.assets,
)

defs = dg.Definitions(
    assets=[
        *dg.load_assets_from_modules(DOORS, include_specs=True),
        *map(sql_asset, load_models()),
    ],
    asset_checks=[
        *dg.load_asset_checks_from_modules(DOORS),
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
