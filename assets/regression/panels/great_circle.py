"""Great-circle distances between places on a sphere.

Belongs here: unit vectors, and how chords and distances belong together. Not here: what is done
with distances (`conley.py`, the towns' rings).
"""

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0


def unit_vectors(
    longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(places, 3): places on the unit sphere, whose chords have length 2 sin(angle / 2)."""
    longitude, latitude = np.radians(longitude_deg), np.radians(latitude_deg)
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def kilometres(chord: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances of places whose unit vectors lie so far apart, any shape."""
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)))
