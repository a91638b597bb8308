"""What the study of poor counties counts, on what, what it judges, and what it cannot say.

Belongs here: the lists, as data, and the words that go with them. Not here: estimators
(poor_counties.py), figures (`sql/provinces/poor_county.sql`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.provinces.specification import Claim, Specification

if TYPE_CHECKING:  # the command line, which reads this file, loads no statsmodels
    from assets.regression.binomial import Link

STUDY = "poor_counties_2015_2020"
TITLE = "Enterprises' e-commerce and the exit of 832 poor counties from the national list"
DECREED = (
    "Exit was decreed: the plan of 2015 set the end of 2020 for all counties, and all had left by "
    "then. What a year brings to all provinces explains most of what differs; what is left to "
    "explain is the order in which provinces came to their exits, which they applied for "
    "themselves."
)
LABEL = "derived"
NOT_OFFICIAL = (
    "Counts by province are derived, not official: the project counted them from a list of the 832 "
    "counties with their years of exit. They add up to the announced counts of the nation, but for "
    "one county in 2018."
)
CANNOT = (
    "Not to be said of these counts: how many persons were poor, whether e-commerce made anybody "
    "leave poverty, or anything of single counties, whose own e-commerce is not published."
)


@dataclass(frozen=True, slots=True)
class CountModel:
    """Counts out of counts: columns of provinces.poor_county, and the link of their share."""

    specification: Specification
    successes: str
    trials: str
    link: "Link"
    method: str  # what its estimates are called
    scale: str  # what its slopes are in


REMAINING = CountModel(
    Specification("remaining", "remaining_share", "log_im", "log_gross_output"),
    "remaining",
    "listed",
    "logit",
    "fractional_logit",
    "log odds per log point of e-commerce",
)
EXIT = CountModel(
    Specification("exit", "exit_hazard", "log_im", "log_gross_output"),
    "left_list",
    "at_risk",
    "cloglog",
    "discrete_hazard",
    "log hazard per log point of e-commerce",
)
MODELS = (REMAINING, EXIT)
DRAWS = 9_999  # of bootstrap and randomisation, which fit nothing again
CLAIMS: Mapping[Claim, CountModel] = {
    Claim(
        "A7",
        "poor counties that remain",
        "E-commerce lowers the share of poor counties that remain",
        REMAINING.specification.name,
        "log_im",
        "not_above_zero",
    ): REMAINING,
    Claim(
        "A7",
        "exit of poor counties",
        "E-commerce brings the exit of poor counties forward",
        EXIT.specification.name,
        "log_im",
        "above_zero",
    ): EXIT,
}
LATER, FIRST_INCOME = "log_im_later", "log_first_rural_income"
