"""How far towns lie from each other.

Belongs here: great-circle distances. Not here: what is done with them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from assets.regression.panels.great_circle import kilometres, unit_vectors


def nearest_km(
    longitude_deg: NDArray[np.float64],
    latitude_deg: NDArray[np.float64],
    towns: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Great-circle distance from each of `towns` to the nearest candidate, shape (towns.sum(),).

    All arguments (places,). inf where there is no candidate; a candidate is nearest to itself.
    """
    if not candidates.any():
        return np.full(int(towns.sum()), np.inf)
    unit = unit_vectors(longitude_deg, latitude_deg)
    chord, _ = cKDTree(unit[candidates]).query(unit[towns])
    return kilometres(np.asarray(chord))
