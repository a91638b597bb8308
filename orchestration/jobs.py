"""The two jobs: taking documents in, and the whole refresh.

Belongs here: which assets a job runs. Not here: when (sensor and schedule) and what they do.
"""

import dagster as dg

from assets.extracts.assets import raw_tables
from assets.poverty.assets import study_definitions
from assets.replication.assets import replication_tables
from assets.towns.assets import town_tables

ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.assets(
        raw_tables, town_tables, replication_tables, study_definitions
    ),
    description="Read new and changed documents; what lies downstream follows by automation.",
)

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("documents"),
    description="Documents in, checks, indices, fits and publication, in one run.",
)
