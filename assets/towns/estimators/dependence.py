"""Standard errors where towns depend on each other: clusters above the town, and distance.

Belongs here: the same estimates with other errors, from the influence of each town. Not here: the
estimates, the covariance by distance itself (`assets/regression/panels/conley.py`), or which
dependence a data set is judged by (its card).
"""

import numpy as np
from numpy.typing import NDArray

from assets.regression.panels.conley import Kernel, conley
from assets.regression.panels.fixed_effects import sums_by
from assets.towns.estimators.town_effect import TownEffect, WithInfluence, with_errors
from assets.towns.panel.town_panel import PanelError

Floats = NDArray[np.float64]


def clustered(result: WithInfluence, cluster: NDArray[np.str_]) -> WithInfluence:
    """The result with errors clustered by groups of towns, whose influences are sums of theirs.

    cluster: (towns,) labels. The factor G/(G - 1) is that of the clusters in place of the towns',
    so that regressions have the errors of fixest. Raises PanelError for fewer than two clusters.
    """
    labels, position = np.unique(cluster, return_inverse=True)
    towns, clusters = len(result.town), len(labels)
    if clusters < 2:
        raise PanelError(f"all towns lie in {labels[0]}: errors cannot be clustered by it")
    factor = clusters / (clusters - 1) * (towns - 1) / towns
    influence = sums_by(result.influence, position, clusters) * clusters / towns * np.sqrt(factor)
    std_error = np.sqrt(np.sum(influence**2, axis=0)) / clusters
    return WithInfluence(
        with_errors(result, std_error), influence, tuple(str(label) for label in labels)
    )


def within_distance(
    result: WithInfluence,
    longitude_deg: Floats,
    latitude_deg: Floats,
    cutoff_km: float,
    kernel: Kernel,
) -> tuple[TownEffect, ...]:
    """The estimates with errors of Conley: towns depend on each other up to a distance.

    longitude_deg, latitude_deg: (towns,). A variance that comes out negative is none (nan). Raises
    PanelError for a town without a place.
    """
    lost = np.flatnonzero(~(np.isfinite(longitude_deg) & np.isfinite(latitude_deg)))
    if lost.size:
        raise PanelError(f"town {result.town[lost[0]]} has no place: no errors by distance")
    covariance = conley(result.influence, longitude_deg, latitude_deg, cutoff_km, kernel)
    variance = np.diag(covariance)
    return with_errors(result, np.sqrt(np.where(variance > 0, variance, np.nan)))
