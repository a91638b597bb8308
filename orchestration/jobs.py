"""The two jobs: taking documents in, and the whole refresh.

Belongs here: which assets a job runs. Not here: when (sensor and schedule) and what they do.
"""

import dagster as dg

_ENTRANCE = dg.AssetSelection.groups("raw", "study")

ingest = dg.define_asset_job(
    "ingest",
    selection=_ENTRANCE,
    description="Read new and changed documents; what lies downstream follows by automation.",
)

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("landing"),
    description="Documents in, checks, indices, fits and publication, in one run.",
)
