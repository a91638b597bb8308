"""When an asset is computed again without a person asking, and who owns it.

Belongs here: the automation condition and the owners that every room shares. Not here: sensors and
schedules (`orchestration/`).
"""

from functools import reduce
from operator import and_

import dagster as dg

# What the intake run writes and checks. A failed blocking check stops only its own run, so eager()
# alone would run what lies downstream in a run of its own. What stands on the other raw tables and
# on the studies must wait as well: otherwise the figures that the check refused would be published
# from there.
READ_IN_ANOTHER_RUN = (
    dg.AssetKey(["raw", "observation"]),
    dg.AssetKey(["raw", "interval"]),
    dg.AssetKey(["raw", "town"]),
    dg.AssetKey(["micro", "order_year"]),
)


def _checks_passed(asset: dg.AssetKey) -> dg.AutomationCondition[dg.AssetKey]:
    """Every blocking check of an asset, whether or not one stands on it, has passed."""
    passed = dg.AutomationCondition.all_checks_match(
        dg.AutomationCondition.check_passed(), blocking_only=True
    )
    return dg.AutomationCondition.asset_matches(asset, passed)


REFIT = (
    dg.AutomationCondition.eager()
    & dg.AutomationCondition.all_deps_blocking_checks_passed()
    & reduce(and_, map(_checks_passed, READ_IN_ANOTHER_RUN))
)

OWNERS = ["team:analysts"]
