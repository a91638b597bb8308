"""The sensor that runs what lies downstream of new raw tables.

Belongs here: where and how often automation conditions are evaluated. Not here: the condition
(`assets/warehouse/tables/automation.py`).
"""

import dagster as dg

refit_sensor = dg.AutomationConditionSensorDefinition(
    "refit",
    target=dg.AssetSelection.all(),
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Refits whatever stands on raw tables or studies that were written anew.",
)
