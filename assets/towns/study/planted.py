"""What a simulation planted, in the terms of the findings.

Belongs here: from `truth.yaml` to the number that an estimate of a claim ought to find. Not here:
making the truth (`simulation/truth.py`), and any estimate: no estimator may read this.

Where a truth is an average over cells, it takes the weights of the estimate beside it
(`contrasts.py`): certified towns or town-years, each once.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from assets.towns.estimators.labels import LONG_RUN_FROM
from assets.towns.estimators.staggered.contrasts import mean_weights, slope_weights

Truth = Mapping[str, Any]
Effects = Mapping[int, Mapping[str, float]]  # by year, event time, ...: towns, town_years, effects


def planted(truth: Truth, name: str) -> float:
    """The number of that name, in the scale of the estimate. Raises KeyError for another name."""
    return float(TRUTHS[name](truth))


def _later_cohorts(truth: Truth) -> float:
    cells: Effects = truth["by_cohort_in_its_first_year"]
    if len(cells) < 2:
        return float("nan")
    size = {year: int(cell["towns"]) for year, cell in cells.items()}
    return _sum(cells, slope_weights({year: year for year in cells}, size))


def _covid_contrast(truth: Truth) -> float:
    first, cells = truth["parameters"]["covid_year"], truth["by_calendar_year"]
    before = _mean(cells, lambda year: year < first)
    return _mean(cells, lambda year: year >= first) - before


def _new_sellers(truth: Truth, group: str = "") -> float:
    """Log of new sellers with over without certification, in certified town-years.

    group: part of the groups' names (female_young, ...); all groups where it is empty.
    """
    entry = [cell for name, cell in truth["entry"].items() if group in name]
    new = sum(cell["new_sellers"] for cell in entry)
    return float(np.log(new / sum(cell["untreated_new_sellers"] for cell in entry)))


def _theil(truth: Truth, part: str) -> float:
    states = truth["theil_of_town_sales"]
    observed, without = (states[f"{state}_certification"]["province"] for state in _STATES)
    return float(observed[part] - without[part])


def _mean(cells: Effects, counts: Callable[[int], bool]) -> float:
    size = {key: int(cell["town_years"]) for key, cell in cells.items()}
    places = [key for key in cells if counts(key)]
    return _sum(cells, mean_weights(places, size)) if places else float("nan")


def _sum(cells: Effects, weights: Mapping[int, float]) -> float:
    return float(sum(weight * cells[key]["log_sales"] for key, weight in weights.items()))


_STATES = ("with", "without")
TRUTHS: Mapping[str, Callable[[Truth], float]] = {
    "sales": lambda truth: truth["att"]["log_sales"],
    "orders": lambda truth: truth["att"]["log_orders"],
    "later_cohorts": _later_cohorts,
    "long_run": lambda truth: _mean(
        truth["by_event_time"], lambda elapsed: elapsed >= LONG_RUN_FROM
    ),
    "development_contrast": lambda truth: (
        truth["by_development_tercile"][1]["log_sales"]
        - truth["by_development_tercile"][3]["log_sales"]
    ),
    "new_sellers": _new_sellers,
    "new_sellers_female_contrast": lambda truth: (
        _new_sellers(truth, "female") - _new_sellers(truth)
    ),
    "new_sellers_young_contrast": lambda truth: _new_sellers(truth, "young") - _new_sellers(truth),
    "nearest_ring": lambda truth: truth["spillover_by_ring"][0]["log_sales"],
    "theil_within_provinces": lambda truth: _theil(truth, "within"),
    "theil_between_provinces": lambda truth: _theil(truth, "between"),
    "covid_contrast": _covid_contrast,
}
