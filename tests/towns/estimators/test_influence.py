"""Influence functions against what they stand for: how an estimate moves with a town's weight."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from assets.towns.estimators.staggered.callaway_santanna import (
    by_calendar_year,
    by_cohort,
    by_event_time,
    cells,
    group_time,
    overall,
)
from assets.towns.estimators.staggered.etwfe import etwfe, sun_abraham
from assets.towns.estimators.staggered.imputation import imputation, pre_trend
from assets.towns.estimators.town_effect import WithInfluence
from assets.towns.estimators.twfe import event_study, twfe
from assets.towns.panel.town_panel import TownPanel

STEP = 1e-4  # of a weight; the central difference is then good to about 1e-8


def of_cells(result: WithInfluence) -> WithInfluence:
    """The cells (g, t) alone: other targets hold the shares fixed, which weights would change."""
    return result.take(np.array([one.target == "group_time" for one in result.estimates]))


ESTIMATORS: dict[str, Callable[[TownPanel], WithInfluence]] = {
    "cells": lambda panel: cells(group_time(panel, "never")),
    "cells, not yet, universal": lambda panel: cells(group_time(panel, "not_yet", "universal")),
    "overall": lambda panel: overall(group_time(panel, "not_yet")),
    "by event time": lambda panel: by_event_time(group_time(panel, "not_yet")),
    "by cohort": lambda panel: by_cohort(group_time(panel, "never")),
    "by calendar year": lambda panel: by_calendar_year(group_time(panel, "not_yet")),
    "imputation": lambda panel: of_cells(imputation(panel)),
    "pre-trend": pre_trend,
    "etwfe": lambda panel: of_cells(etwfe(panel)),
    "sun_abraham": lambda panel: of_cells(sun_abraham(panel)),
    "twfe": twfe,
    "event_study": event_study,
}
# These carry the root of the small-sample factor, so that errors follow from influence alone.
WITH_FACTOR = ("pre-trend", "etwfe", "sun_abraham", "twfe", "event_study")


def effects(estimator: Callable[[TownPanel], WithInfluence], panel: TownPanel) -> np.ndarray:
    return np.array([one.estimate for one in estimator(panel).estimates])


@pytest.mark.parametrize("name", ESTIMATORS)
def test_influence_is_the_derivative_by_weight(
    name: str, drawn_panel: Callable[..., TownPanel]
) -> None:
    # Imputation centres on squared weights: with equal weights that is the plain derivative.
    panel = drawn_panel(3, effect=1.0, weighted=name != "imputation")
    estimator = ESTIMATORS[name]
    expected = []
    for town in range(len(panel.town)):
        moved = []
        for sign in (1, -1):
            weight = panel.weight.copy()
            weight[town] *= 1 + sign * STEP
            moved.append(effects(estimator, replace(panel, weight=weight)))
        expected.append(len(panel.town) * (moved[0] - moved[1]) / (2 * STEP))
    found = estimator(panel).influence
    if name in WITH_FACTOR:
        found = found / np.linalg.norm(found) * np.linalg.norm(expected)
    np.testing.assert_allclose(found, expected, atol=1e-6)
