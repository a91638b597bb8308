"""How far towns lie from each other.

Belongs here: great-circle distances. Not here: what is done with them.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

EARTH_RADIUS_KM = 6371.0


def nearest_km(
    longitude_deg: NDArray[np.float64],
    latitude_deg: NDArray[np.float64],
    towns: NDArray[np.bool_],
    candidates: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Great-circle distance from each of `towns` to the nearest candidate, shape (towns.sum(),).

    All arguments (places,). inf where there is no candidate; a candidate is nearest to itself. On
    a sphere of radius 6,371 km: the chord between unit vectors has length 2 sin(angle / 2).
    """
    if not candidates.any():
        return np.full(int(towns.sum()), np.inf)
    longitude, latitude = np.radians(longitude_deg), np.radians(latitude_deg)
    flat = np.cos(latitude)
    unit = np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])
    chord, _ = cKDTree(unit[candidates]).query(unit[towns])
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)))
