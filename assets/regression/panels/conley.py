"""Standard errors for units that depend on each other where they lie near each other.

Belongs here: the covariance of Conley, from any estimate's influence by unit. Not here: the
estimate (`two_way.py`), clusters that do not overlap (its `cluster`).
All years of two near units count as dependent, as in `vcov_conley` of fixest, whose kernel is the
uniform one: towns alone on an island keep the clustered error of their town.
Source: Conley (1999), Journal of Econometrics 92, 1-45, equation 5.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from assets.regression.panels.great_circle import EARTH_RADIUS_KM, kilometres, unit_vectors

Kernel = Literal["uniform", "bartlett"]


def conley(
    influence: NDArray[np.float64],
    longitude_deg: NDArray[np.float64],
    latitude_deg: NDArray[np.float64],
    cutoff_km: float,
    kernel: Kernel = "uniform",
) -> NDArray[np.float64]:
    """(cells, cells): sum over pairs of units of K(d) times their influences, over units squared.

    influence: (units, cells), estimate - truth = its mean, nearly; longitude_deg, latitude_deg:
    (units,). K is 1 up to cutoff_km (uniform) or 1 - d / cutoff_km (bartlett), and 0 beyond; each
    unit is a pair with itself. A small sample's factor within the influence stays. Neither kernel
    keeps variances positive on a plane: the diagonal may hold a negative number, which is no
    variance. Raises ValueError for a cutoff that is not above zero.
    """
    if not 0 < cutoff_km < np.pi * EARTH_RADIUS_KM:
        raise ValueError(f"cutoff_km is {cutoff_km}, expected more than 0 and less than half round")
    tree = cKDTree(unit_vectors(longitude_deg, latitude_deg))
    chord = 2 * np.sin(cutoff_km / EARTH_RADIUS_KM / 2)
    pairs = tree.query_pairs(chord, output_type="ndarray")
    left, right = pairs.T
    distance = kilometres(np.linalg.norm(tree.data[left] - tree.data[right], axis=1))
    weight = np.ones(len(pairs)) if kernel == "uniform" else 1 - distance / cutoff_km
    across = influence[left].T @ (weight[:, None] * influence[right])
    total = influence.T @ influence + across + across.T
    return np.asarray(total / len(influence) ** 2)
