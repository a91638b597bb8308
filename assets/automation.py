"""When an asset is computed again without a person asking, and who owns it.

Belongs here: the automation condition and the owners that every room shares. Not here: sensors and
schedules (`orchestration/`).
"""

import dagster as dg

# A failed blocking check stops only its own run, so eager() alone would run what lies downstream in
# a run of its own: the second condition holds that back until the check passes.
REFIT = dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()

OWNERS = ["team:analysts"]
