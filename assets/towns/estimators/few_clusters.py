"""Intervals where few towns stand on one side of a comparison.

Belongs here: which quantile an interval takes. Not here: effective numbers of towns
(`panel/effective_clusters.py`), standard errors (each estimator).
"""

import math
from dataclasses import replace

from scipy.special import ndtr, stdtrit

from assets.towns.estimators.town_effect import LEVEL, TownEffect
from assets.towns.panel.effective_clusters import EffectiveClusters

FEW_CLUSTERS = 50.0  # effective, on the smaller side; from here on an interval's normal quantile
# Ways of inference whose interval is a standard error times a quantile.
_BY_QUANTILE = ("analytic", "jackknife", "bootstrap")


def degrees_of_freedom(clusters: EffectiveClusters) -> float | None:
    """Of Student's t: the effective number on the smaller side less one; None: the normal serves.

    A standard error from few towns varies and is too small on average, so that the normal quantile
    rejects too often: with 7 controls and 100 treated towns 10 % instead of 5 %. Sizes of both:
    `benchmarks/few_controls.py`. Source: Donald and Lang (2007), Review of Economics and Statistics
    89, 221-233; Bell and McCaffrey (2002), Survey Methodology 28, 169-181.
    """
    fewest = min(clusters.treated, clusters.controls)
    return _less_one(clusters) if fewest < FEW_CLUSTERS else None


def _less_one(clusters: EffectiveClusters) -> float:
    return max(min(clusters.treated, clusters.controls) - 1, 1.0)


def with_few_clusters(effect: TownEffect, clusters: EffectiveClusters) -> TownEffect:
    """The effect with the interval that its clusters allow; others' intervals stay as they are.

    A band's critical value becomes that quantile of Student's t which is as far out, with any
    number of towns: the further out, the more towns until the normal quantile serves.
    """
    way = effect.inference.split(",")[0]  # before what it says of dependence
    if way not in _BY_QUANTILE or not math.isfinite(effect.std_error):
        return effect
    df = degrees_of_freedom(clusters)
    if df is not None:
        reach = float(stdtrit(df, 0.5 + LEVEL / 2)) * effect.std_error
        effect = replace(effect, low=effect.estimate - reach, high=effect.estimate + reach)
    if not math.isfinite(effect.band_high):
        return effect
    critical = (effect.band_high - effect.estimate) / effect.std_error
    # By the lower tail, which keeps its digits however far out.
    band = -float(stdtrit(_less_one(clusters), ndtr(-critical))) * effect.std_error
    return replace(effect, band_low=effect.estimate - band, band_high=effect.estimate + band)
