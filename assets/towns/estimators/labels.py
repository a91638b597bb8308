"""What effects are called in `model.town_estimate`: samples, targets, cells and scales.

Belongs here: the names that the study's parts share. Not here: any estimation, or which row answers
which claim (`study/claims.yaml`).
"""

from typing import Literal

Scale = Literal["log points", "share", "count", "cny", "index"]

ALL_TOWNS = "all towns"  # sample: towns that lose the status apart
LOST_STAY = "all towns, also those that lost the status"  # as certified from their first year on
GAPS_STAY = "all towns, also those that lack a year"  # their panel has gaps
CLEAN_CONTROLS = "controls outside the rings"  # sample: towns near certified ones are no controls
NO_POOL = ""  # control_pool of estimators that have no such option
TOWN = "town"  # cluster: every town by itself
OVERALL = ""  # cell of the one number of a target

# Targets beside those of targets.py (att, event_time, cohort, calendar_year, group_time).
LATER_COHORTS = "cohort_slope"  # first-year effects of cohorts on cohort year, log points a year
LONG_RUN = "long_run"  # mean effect from LONG_RUN_FROM years after certification on
LONG_RUN_FROM = 3
DEVELOPMENT = "development_tercile"  # cells tercile=1 (least developed) .. tercile=3
GROUP_CONTRAST = "group_contrast"  # effect on a group's outcome less that on everybody's
COVID_CONTRAST = "covid_contrast"  # since the first Covid year less before
COVID_SAME_DURATION = "covid_contrast_same_duration"  # the same at equal years since certification
RULE_SAME_DURATION = "rule_contrast_same_duration"  # certified under the later rule less others
DOSE = "villages"  # cells more (than the median at certification), fewer; with _contrast, _gradient
STATUS_LOST = "status_lost"  # of towns that lost it, cells after, before; with _contrast
RING = "ring"  # cells ring=1 (innermost), ring=2, ...
COUNTY_TOTAL = "county_total"  # log sales of a county when one of its towns is certified
# Outcomes beside those of micro.town_outcome: inequality between towns' total sales in the last
# year, observed less without certification.
THEIL_BETWEEN_PROVINCES = "theil_between_provinces"
THEIL_WITHIN_PROVINCES = "theil_within_provinces"
INEQUALITY_CHANGE = "inequality_change"  # target of these two
