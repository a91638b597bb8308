"""What the town study estimates: which method, on which towns, against which controls, of what.

Belongs here: the list, as data, and the constants of the study. Not here: how a method is run
(`town_methods.py`) or any estimator.
"""

from dataclasses import dataclass

from assets.regression.panels.conley import Kernel
from assets.towns.estimators.labels import (
    ALL_TOWNS,
    CLEAN_CONTROLS,
    COVID_CONTRAST,
    COVID_SAME_DURATION,
    DOSE,
    GAPS_STAY,
    LATER_COHORTS,
    LONG_RUN,
    LOST_STAY,
    NO_POOL,
    RULE_SAME_DURATION,
    STATUS_LOST,
    THEIL_BETWEEN_PROVINCES,
    THEIL_WITHIN_PROVINCES,
    Scale,
)

RING_EDGES_KM = (10.0, 20.0, 40.0)  # around certified towns, by distance to the nearest
COVID_YEAR = 2020
SEED = 20_260  # of every drawn number of the study
INFERENCE_DRAWS = 20  # of the bootstrap and the placebo of the headline; its cost is theirs
# Methods that take more than half of the study's time, so that they are begun first.
LONGEST = frozenset({"synthetic_did_bootstrap", "synthetic_did_placebo"})
PLACEBO_TOWN_DRAWS = 199
SURVIVAL_YEARS = 3
ANTICIPATION_YEARS = 1  # how long before it towns may react to certification, where that is allowed
# Up to which distance towns depend on each other, in errors beside those of the data set's card:
# the width of the widest ring, and far more.
NEAR_KM: tuple[tuple[float, Kernel], ...] = (
    (RING_EDGES_KM[-1], "uniform"),
    (100.0, "uniform"),
    (100.0, "bartlett"),
)
THRESHOLD_FACTORS = (0.5, 2.0)  # of the sales threshold in force
NEXT_TOWNS = (20, 50)  # how many more are certified
FEWEST_TOWNS = 5  # certified towns behind an effect that is published
EFFECT_DRAWS = 999  # multiplier bootstrap behind counterfactual totals

SALES, ORDERS = "mean_log_sales", "mean_log_orders"
ENTRY, ENTRY_FEMALE, ENTRY_YOUNG = "new_sellers", "new_sellers_female", "new_sellers_young"
EXITS, SHOPS_BEFORE = "exits", "shops_open_the_year_before"  # the latter of StudyData
SALES_PER_SHOP, ACTIVE_SHARE = "sales_per_incumbent_cny", "active_share"
SALES_IF_POSITIVE, SALES_TOTAL = "mean_log_sales_if_positive", "sales_total_cny"

SCALE: dict[str, Scale] = {
    SALES: "log points",
    ORDERS: "log points",
    SALES_IF_POSITIVE: "log points",
    ACTIVE_SHARE: "share",
}
# Shops behind an outcome whose composition is shown, in words.
WHO = {
    SALES: "there with sales and orders in all years",
    SALES_IF_POSITIVE: (
        "opened before the first year and open in the last, in the years in which they sell"
    ),
}
# Counts and totals: every town once. The others are means over sellers, who are the weights.
COUNTS = frozenset({ENTRY, ENTRY_FEMALE, ENTRY_YOUNG, EXITS, SHOPS_BEFORE, SALES_TOTAL}) | {
    THEIL_WITHIN_PROVINCES,
    THEIL_BETWEEN_PROVINCES,
}


@dataclass(frozen=True, slots=True)
class Estimation:
    """One method on one sample and outcome."""

    method: str  # key of METHODS in town_methods.py
    outcome: str
    sample: str = ALL_TOWNS
    control_pool: str = NO_POOL

    def __str__(self) -> str:
        parts = (self.method, self.sample, self.control_pool, self.outcome)
        return ", ".join(part for part in parts if part)


HEADLINE = Estimation("synthetic_did", SALES, CLEAN_CONTROLS, "never")

ESTIMATIONS = (
    HEADLINE,
    Estimation("synthetic_did", ORDERS, CLEAN_CONTROLS, "never"),
    *(Estimation("synthetic_did", outcome, ALL_TOWNS, "never") for outcome in (SALES, ORDERS)),
    Estimation("synthetic_did", SALES, ALL_TOWNS, "last"),
    Estimation("synthetic_did_bootstrap", SALES, CLEAN_CONTROLS, "never"),
    Estimation("synthetic_did_placebo", SALES, ALL_TOWNS, "never"),
    *(
        Estimation("callaway_santanna", SALES, sample, pool)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for pool in ("never", "not_yet")
    ),
    Estimation("callaway_santanna", ORDERS, CLEAN_CONTROLS, "not_yet"),
    Estimation("callaway_santanna", SALES, LOST_STAY, "not_yet"),
    Estimation("imputation", SALES, LOST_STAY),
    Estimation(STATUS_LOST, SALES, LOST_STAY),
    *(
        Estimation("callaway_santanna_anticipation", SALES, sample, "not_yet")
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
    ),
    *(
        Estimation(f"{method}_dependence", SALES, sample, pool)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for method, pool in (
            ("synthetic_did", "never"),
            ("callaway_santanna", "not_yet"),
            ("imputation", NO_POOL),
        )
    ),
    *(
        Estimation(f"callaway_santanna_{method}", SALES, CLEAN_CONTROLS, "not_yet")
        for method in ("regression", "weighting", "doubly_robust")
    ),
    *(
        Estimation(method, outcome, sample)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for outcome in (SALES, ORDERS)
        for method in ("imputation", "etwfe")
    ),
    *(
        Estimation(method, SALES, sample)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for method in ("sun_abraham", "twfe", "dcdh")
    ),
    *(
        Estimation(method, SALES, sample)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for method in (
            LATER_COHORTS,
            LONG_RUN,
            COVID_CONTRAST,
            COVID_SAME_DURATION,
            RULE_SAME_DURATION,
            "development",
            DOSE,
        )
    ),
    *(Estimation("poisson_etwfe", ENTRY), Estimation("poisson_etwfe", EXITS)),
    *(
        Estimation(method, outcome)
        for outcome in (ENTRY_FEMALE, ENTRY_YOUNG)
        for method in ("entry_contrast", "entry_share")
    ),
    Estimation("survival", EXITS),
    Estimation("poisson_etwfe", SALES_PER_SHOP),
    Estimation("imputation", ACTIVE_SHARE),
    Estimation("imputation", SALES_IF_POSITIVE),
    *(
        Estimation(method, SALES_IF_POSITIVE, GAPS_STAY, pool)
        for method, pool in (
            ("composition", NO_POOL),
            ("imputation", NO_POOL),
            ("etwfe", NO_POOL),
            ("sun_abraham", NO_POOL),
            ("twfe", NO_POOL),
            ("callaway_santanna", "not_yet"),
            ("synthetic_did", "never"),
            ("dcdh", NO_POOL),
        )
    ),
    Estimation("margins", SALES_PER_SHOP),
    Estimation("spillovers", SALES),
    Estimation("county_totals", SALES_TOTAL),
    *(
        Estimation("inequality", outcome)
        for outcome in (THEIL_WITHIN_PROVINCES, THEIL_BETWEEN_PROVINCES)
    ),
    *(
        Estimation(method, SALES, sample, "not_yet")
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for method in ("pre_trend", "relative_magnitudes")
    ),
    Estimation("smoothness", SALES, CLEAN_CONTROLS, "not_yet"),
    *(
        Estimation(method, SALES, sample)
        for sample in (CLEAN_CONTROLS, ALL_TOWNS)
        for method in ("placebo_dates", "placebo_towns")
    ),
    Estimation("composition", SALES),
    Estimation("composition", SALES_IF_POSITIVE),
    Estimation("density", SALES),
    Estimation("regression_discontinuity", SALES),
)
