"""When an asset is computed again without a person asking, and who owns it.

Belongs here: the automation condition and the owners that every room shares. Not here: sensors and
schedules (`orchestration/`).
"""

import dagster as dg

# A failed blocking check stops only its own run, so eager() alone would run what lies downstream in
# a run of its own. What stands on the other raw tables and on the studies must wait as well:
# otherwise the figures that the check refused would be published from there.
_READ_IN_ANOTHER_RUN = dg.AssetKey(["raw", "observation"])
_FIGURES_PASSED = dg.AutomationCondition.asset_matches(
    _READ_IN_ANOTHER_RUN,
    dg.AutomationCondition.all_checks_match(
        dg.AutomationCondition.check_passed(), blocking_only=True
    ),
)

REFIT = (
    dg.AutomationCondition.eager()
    & dg.AutomationCondition.all_deps_blocking_checks_passed()
    & _FIGURES_PASSED
)

OWNERS = ["team:analysts"]
